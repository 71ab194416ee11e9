//! The one test program.
mod api;
mod extract;
mod schemas;
