//! The map.

pub mod extract;
