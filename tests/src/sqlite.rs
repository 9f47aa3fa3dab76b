//! Real SQLite, which comes with the tests, and what it holds.
