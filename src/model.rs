//! Plain values and rules: no I/O, no clock, no async, nothing of ours imported.

pub mod access;
pub mod act;
pub mod canonical;
pub mod correction;
pub mod cover;
pub mod document;
pub mod file_state;
pub mod id;
pub mod lending;
pub mod look;
pub mod lookup;
pub mod mask;
pub mod money;
pub mod notice;
pub mod number;
pub mod people;
pub mod places;
pub mod profile;
pub mod propose;
pub mod rights;
pub mod text;
pub mod volume;
