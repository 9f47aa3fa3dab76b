//! The engine: what a project says, as data. Knows no editor protocol and does no I/O.
