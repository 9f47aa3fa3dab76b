//! cargo xtask: the tasks around the code.
fn main() {}
