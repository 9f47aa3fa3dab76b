//! `cargo xtask replay FOLDER`: a folder of migrations run by a real PostgreSQL and replayed, compared after each file.
fn main() {}
