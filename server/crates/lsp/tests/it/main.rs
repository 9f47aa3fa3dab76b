//! The language server over raw frames: faults of the transport, and the protocol of the real server.

mod faults;
mod harness;
mod lifecycle;
mod project;
mod watching;
