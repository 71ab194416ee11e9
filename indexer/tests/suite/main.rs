//! The index from the outside, each file one promise.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod acceptance;
mod chains;
mod exactness;
mod fields;
mod filters;
mod folder;
mod harness;
mod indexes;
mod keyed;
mod orders;
mod ranking;
mod signs;
mod tolerance;
