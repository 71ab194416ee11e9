//! Pixels in, lines of text with boxes out: PP-OCRv6 in pure Rust.
//!
//! This crate knows nothing of records. It is given one page as an image and
//! answers with what is written on it, upright and in reading order.
//!
//! # The map
//!
//! | module | holds |
//! |---|---|
//! | `engine` | [`Engine`]: the stages of reading one page, in order |
//! | `sheet` | the pixels a stage looks at: colour page, red channel, red ink alone |
//! | `ink` | where on the page there is anything to read, and how much of it is red |
//! | `detect` | first model: where the lines are |
//! | `neck` | that model in two halves, and what is computed between them |
//! | `depthwise` | each channel of an image convolved with a small square of its own |
//! | `components` | connected regions of the model's probability map |
//! | `geometry` | points, convex hulls, slanted rectangles |
//! | `orient` | which way up the page is; third model |
//! | `standing` | whether tall lines are writing that runs downwards |
//! | `crop` | one slanted line cut out of the page as model input |
//! | `recognise` | second model: what a line says |
//! | `steps` | what the model makes of a few pixels, and what else it may be |
//! | `ctc` | from the model's time steps to text and the place of each character |
//! | `opinion` | lines read with doubt are read again, and two readings made one |
//! | `rules` | the ruled lines of tables, and the cell a line is in |
//! | `order` | lines sorted as a person reads them, cell by cell |
//! | `slope` | how crooked the page lies |
//! | `columns` | writing that runs downwards, column by column |
//! | `crew` | the threads the models run on, and the time they may take |
//!
//! # Example
//!
//! ```no_run
//! use yidang_ocr::{Engine, Models, Settings};
//!
//! let engine = Engine::load(&Models::in_dir(".local/models"), 2)?;
//! let image = image::RgbImage::new(1654, 2339);
//! let page = engine.read(&image, &Settings::default())?;
//! for line in &page.lines {
//!     println!("{:?} {}", line.bbox, line.text);
//! }
//! # Ok::<(), yidang_ocr::Error>(())
//! ```

mod columns;
mod components;
mod crew;
mod crop;
mod ctc;
mod depthwise;
mod detect;
mod engine;
mod error;
mod geometry;
mod ink;
mod models;
mod neck;
mod opinion;
mod order;
mod orient;
mod page;
mod recognise;
mod rules;
mod sheet;
mod slope;
mod standing;
mod steps;

pub use engine::{Engine, Settings};
pub use error::Error;
pub use models::Models;
pub use orient::turn;
pub use page::{Alternative, Line, Page};
