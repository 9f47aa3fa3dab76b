//! Text in, statements out, a statement on a line behind `=>`.
//!
//! Names stand bare. A snippet is in backquotes, a type has its name behind a colon, a place is in ‹› where it says anything new.

mod alter;
mod broken;
mod do_blocks;
mod objects;
mod print;
mod settings;
mod split;
mod tables;

use expect_test::Expect;

use super::super::statement::Statement;

/// The statements of a text, printed.
fn check(text: &str, expect: Expect) {
    // A NUL would make this file one that no tool reads.
    expect.assert_eq(&printed(text, &super::statements(text)).replace('\0', "␀"));
}

fn printed(text: &str, statements: &[Statement]) -> String {
    let print = |it: &Statement| print::print(text, it.span, &format!("{:?}", it.kind));
    statements.iter().map(print).collect()
}
