//! A small lazy interpreter for the part of TypeScript that schema files are written in. It runs no effects, reads no
//! package, and gives up on a value (never on a file) with a reason.

mod calls;
mod dates;
mod expressions;
mod globals;
mod interpreter;
mod methods;
mod modules;
mod paths;
mod statements;
mod text;
mod value;

pub(super) use dates::iso_date;
pub(super) use interpreter::{Environment, Interpreter};
pub(super) use modules::{ModuleSource, Package, Target};
pub(super) use text::{display, json, number_text};
pub(super) use value::{Native, Object, PropertyOrigin, Reason, Value};
