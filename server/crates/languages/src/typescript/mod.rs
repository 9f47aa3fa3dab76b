//! TypeScript and JavaScript as a tree that can be evaluated: types are gone, every node has its span.

mod expressions;
mod fields;
mod lower;
mod parse;
mod patterns;
mod scopes;
mod statements;
pub mod syntax;
pub mod tokens;

pub use parse::{Parsed, parse, variable_statement};
pub use scopes::{NamePath, name_at};
