//! The web edge: what a person sees in a browser.
//!
//! `page` holds a typed struct for every page, with sample data, and turns it
//! into HTML through the templates in `templates/`. Pages know no capability and
//! no use case: they are filled by handlers. `keys` declares every key once;
//! that table binds the keys, prints the hints and fills the help. `assets`
//! serves the style sheet and the scripts out of the binary.

pub mod assets;
pub(crate) mod filters;
pub mod keys;
pub mod lang;
pub mod page;
pub mod text;
