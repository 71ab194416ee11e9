//! yidang
fn main() {}
