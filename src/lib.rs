//! The map.

pub mod web;
