//! Behaviour across crates, in one binary.
