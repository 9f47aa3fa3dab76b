//! The terminal face of Driftlens.
fn main() {}
