//! One folder or file a migrations-folder format.

pub mod drizzle;
