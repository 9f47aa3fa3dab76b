//! Statements one after another, as people like to read them.

use schema::Dialect;

/// A text of statements and comments. What takes several lines has a blank line around it, and so has each section.
pub(crate) struct Script {
    dialect: Dialect,
    text: String,
    was_long: bool,
}

impl Script {
    pub(crate) fn new(dialect: Dialect) -> Script {
        Script { dialect, text: String::new(), was_long: false }
    }

    /// What follows belongs to something else.
    pub(crate) fn section(&mut self) {
        self.was_long = true;
    }

    /// A statement without its semicolon.
    pub(crate) fn statement(&mut self, statement: &str) {
        self.add(super::closed(self.dialect, statement), ";");
    }

    /// A statement that has its semicolon.
    pub(crate) fn whole_statement(&mut self, statement: &str) {
        self.add(statement, "");
    }

    /// A comment, a line of it for each line of the text.
    pub(crate) fn comment(&mut self, text: &str) {
        let lines: Vec<String> = text.split(['\n', '\r']).map(|line| format!("-- {line}")).collect();
        self.add(lines.join("\n"), "");
    }

    /// A statement that cannot run, because what it names is not made.
    pub(crate) fn statement_as_comment(&mut self, statement: &str) {
        self.comment(&format!("{statement};"));
    }

    pub(crate) fn into_text(self) -> String {
        self.text
    }

    fn add(&mut self, text: impl AsRef<str>, end: &str) {
        let text = text.as_ref();
        let is_long = text.contains('\n') && !text.starts_with("--");
        if !self.text.is_empty() && (is_long || self.was_long) {
            self.text.push('\n');
        }
        self.text.push_str(text);
        self.text.push_str(end);
        self.text.push('\n');
        self.was_long = is_long;
    }
}
