//! Behaviour across crates, in one binary.

mod conformance;
mod layers;
mod oracle;
