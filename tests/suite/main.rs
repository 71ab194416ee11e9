//! The one test program.
mod extract;
