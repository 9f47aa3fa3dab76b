//! Schema languages: text to tree to declarations with spans to Schema.

pub mod configuration;
pub mod drizzle;
mod origins;
pub mod sql;
mod typescript;
mod words;

pub use typescript::tokens as typescript_tokens;

pub use origins::{Desired, Origin, Origins, Places, Unknown, Use};
pub use words::word_offsets;
