//! What is known of the object under the cursor, from memory alone.

use schema::{Column, ObjectKind, ObjectPath, Schema, Table};
use source::Span;
use std::fmt::Write as _;
use std::path::Path;

use super::symbols::key_text;
use crate::live::NameInHistory;
use crate::{Project, ProjectId, words};

/// Markdown about an object, and the span it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hover {
    pub markdown: String,
    pub span: Span,
    pub about: About,
}

/// The object that a hover is about, for what a database has to say of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct About {
    pub project: ProjectId,
    pub object: ObjectPath,
    /// Where a migration names it.
    pub in_history: Option<NameInHistory>,
}

pub(crate) fn hover(project: &Project, file: &Path, offset: u32) -> Option<Hover> {
    let found = project.use_at(file, offset)?;
    of_object(project, &found.object, found.location.span)
}

/// What the project says of an object that `span` names.
pub(super) fn of_object(project: &Project, object: &ObjectPath, span: Span) -> Option<Hover> {
    let schema = &project.desired.as_ref()?.schema;
    let mut markdown = match object.kind {
        ObjectKind::Column => column(object, schema)?,
        ObjectKind::Table => table(schema.tables.get(&object.name)?, project),
        ObjectKind::Enum => enumeration(object, schema)?,
        _ => format!("{}\n", words::object(object)),
    };
    markdown.push_str(&super::since::lines(project, object));
    for pending in project.pending.iter().filter(|pending| pending.change.object == *object) {
        let _ = write!(markdown, "\n**Pending:** {}\n", pending.diagnostic.message);
    }
    let about = About { project: project.id.clone(), object: object.clone(), in_history: None };
    Some(Hover { markdown, span, about })
}

pub(super) fn column(path: &ObjectPath, schema: &Schema) -> Option<String> {
    let column = words::column_of(path, schema)?;
    let mut text = format!("```sql\n{} {}\n```\n", path.short(), words::type_and_facts(column));
    let mut line = |label: &str, value: &str| {
        let _ = writeln!(text, "- {label}: {value}");
    };
    line("column", &format!("`{}`", column.name));
    line("type", &if column.unknown.sql_type { String::from("unknown") } else { code(&column.sql_type.text) });
    line("null", if column.not_null { "not allowed" } else { "allowed" });
    match &column.default {
        _ if column.unknown.default => line("default", "unknown"),
        Some(default) => line("default", &code(&default.text)),
        None => line("default", "none"),
    }
    if let Some(generated) = &column.generated {
        let kind = if generated.stored { "stored" } else { "virtual" };
        line("generated", &format!("{} ({kind})", code(&generated.expression.text)));
    }
    if let Some(identity) = &column.identity {
        line("identity", if identity.always { "always" } else { "by default" });
    }
    if let Some(table) = schema.tables.get(&path.name) {
        memberships(table, column).iter().for_each(|(label, value)| line(label, value));
    }
    Some(text)
}

/// The keys, constraints and indexes that a column is part of.
fn memberships(table: &Table, column: &Column) -> Vec<(&'static str, String)> {
    let name = &column.name;
    let mut found = Vec::new();
    if table.primary_key.as_ref().is_some_and(|key| key.columns.contains(name)) {
        found.push(("key", String::from("primary key")));
    }
    for unique in table.uniques.values().filter(|unique| unique.columns.contains(name)) {
        found.push(("unique", format!("`{}`", unique.name)));
    }
    for index in table.indexes.values() {
        if index.columns.iter().any(|column| key_text(&column.key) == name) {
            found.push((if index.unique { "unique index" } else { "index" }, format!("`{}`", index.name)));
        }
    }
    for key in table.foreign_keys.values().filter(|key| key.columns.contains(name)) {
        let to = ObjectPath::new(ObjectKind::Table, &key.to).short();
        let actions = format!("on delete {}, on update {}", key.on_delete.as_str(), key.on_update.as_str());
        found.push(("references", format!("`{to}({})`, {actions}", key.to_columns.join(", "))));
    }
    found
}

fn table(table: &Table, project: &Project) -> String {
    let path = ObjectPath::new(ObjectKind::Table, &table.name);
    let mut text = format!("```sql\ntable {}\n```\n", path.short());
    let _ = writeln!(text, "- columns: {}", table.columns.len());
    if let Some(key) = &table.primary_key {
        let _ = writeln!(text, "- primary key: `{}`", key.columns.join(", "));
    }
    for index in table.indexes.values() {
        let keys: Vec<&str> = index.columns.iter().map(|column| key_text(&column.key)).collect();
        let kind = if index.unique { "unique index" } else { "index" };
        let _ = writeln!(text, "- {kind}: `{}` on `{}`", index.name, keys.join(", "));
    }
    for key in table.foreign_keys.values() {
        let to = ObjectPath::new(ObjectKind::Table, &key.to).short();
        let _ = writeln!(text, "- references: `{}` → `{to}({})`", key.columns.join(", "), key.to_columns.join(", "));
    }
    let pending = project.pending.iter().filter(|pending| pending.change.object.owner() == path).count();
    let state = if pending == 0 { String::from("none") } else { pending.to_string() };
    let _ = writeln!(text, "- pending changes: {state}");
    text
}

pub(super) fn enumeration(path: &ObjectPath, schema: &Schema) -> Option<String> {
    let found = schema.enums.get(&path.name)?;
    let values = if found.values_unknown {
        String::from("unknown")
    } else {
        found.values.iter().map(|value| code(value)).collect::<Vec<String>>().join(", ")
    };
    Some(format!("```sql\nenum {}\n```\n- values: {values}\n", path.short()))
}

/// Code inside a line of Markdown: on one line, and fenced by more backticks than it holds in a row.
fn code(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<&str>>().join(" ");
    let longest = text.split(|character| character != '`').map(str::len).max().unwrap_or_default();
    if longest == 0 {
        return format!("`{text}`");
    }
    let fence = "`".repeat(longest + 1);
    format!("{fence} {text} {fence}")
}

#[cfg(test)]
mod tests {
    use super::code;

    #[test]
    fn code_stays_code_whatever_is_in_it() {
        assert_eq!(code("'x'"), "`'x'`");
        assert_eq!(code("(\n  now()\n)"), "`( now() )`");
        assert_eq!(code("'a``b`'"), "``` 'a``b`' ```");
    }
}
