//! What the migrations have to say to an object of the schema files: who introduced it, and what else the database has.

use schema::{ObjectKind, ObjectPath};
use std::fmt::Write as _;

use crate::{Project, trail, words};

/// Lines of Markdown for a hover.
pub(crate) fn lines(project: &Project, object: &ObjectPath) -> String {
    let mut text = String::new();
    let Some(history) = project.history.as_deref() else { return text };
    let tag = |position: usize| history.folder.migrations.get(position).map_or("", |migration| migration.tag.as_str());
    if let Some((position, old_name)) = trail::introduced(history, object) {
        let old_name = old_name.map(|name| format!(", first as `{}`", name.short())).unwrap_or_default();
        let _ = writeln!(text, "- since: `{}`{old_name}", tag(position));
    }
    if object.kind == ObjectKind::Table {
        for unmanaged in history.unmanaged.iter().filter(|it| it.object.owner() == *object && it.object != *object) {
            let made_by = unmanaged.made_by.map(|position| format!(" (`{}`)", tag(position))).unwrap_or_default();
            let (kind, name) = (words::kind_word(unmanaged.object.kind), unmanaged.object.last_name());
            let _ = writeln!(text, "- only in the database, by hand-written SQL: {kind} `{name}`{made_by}");
        }
    }
    text
}
