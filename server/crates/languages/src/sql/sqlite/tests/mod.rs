//! The front end, statement by statement: text in, text out.

mod columns;
mod hostile;
mod other_statements;
mod print;
mod queries;
mod splitting;
mod tables;
mod unreadable;
