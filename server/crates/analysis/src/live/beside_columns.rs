//! What a database says of the columns of a schema file, where it is something else than the file says: for text beside them.

use schema::{Column, ObjectKind, ObjectPath};
use source::Span;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use super::hover::{alone, differences, one_line, printed_type};
use super::{LivePicture, comparable};
use crate::{Project, words};

/// Something to show behind a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiveHint {
    /// Where it is shown: behind the column's declaration, in SQL behind its name.
    pub at: u32,
    /// The column as the database has it.
    pub label: String,
    /// What is otherwise, in words.
    pub differs: String,
}

/// The columns declared within a part of a file that the database has otherwise, in the order of the file.
pub fn live_hints(project: &Project, file: &Path, within: Span, picture: &LivePicture) -> Vec<LiveHint> {
    let Some(desired) = project.desired.as_deref() else { return Vec::new() };
    let declared = project.uses_in(file).iter().filter(|found| {
        found.is_declaration && found.object.kind == ObjectKind::Column && within.touches(found.location.span.start)
    });
    let mut by_table: BTreeMap<ObjectPath, Vec<&ObjectPath>> = BTreeMap::new();
    for found in declared {
        by_table.entry(found.object.owner()).or_default().push(&found.object);
    }
    let mut hints = Vec::new();
    for (table, columns) in by_table {
        let (ours, theirs) = comparable(&alone(&table, &desired.schema), &alone(&table, &picture.schema));
        hints.extend(columns.into_iter().filter_map(|path| {
            let origin = desired.origins.get(path).filter(|origin| *origin.focus.file == *file)?;
            let (ours, there) = (words::column_of(path, &ours)?, words::column_of(path, &theirs)?);
            let differs = differences(ours, there);
            let live = words::column_of(path, &picture.schema)?;
            // Behind a spread stand several columns.
            let name = if origin.related.is_empty() { String::new() } else { format!("{} ", live.name) };
            let label = format!("live: {name}{}", printed(live, ours));
            (!differs.is_empty()).then(|| LiveHint { at: origin.full.end, label, differs: differs.join("; ") })
        }));
    }
    hints.sort_by(|a, b| (a.at, &a.label).cmp(&(b.at, &b.label)));
    hints.dedup();
    hints
}

/// The type, and of the rest what is not the same here.
fn printed(live: &Column, ours: &Column) -> String {
    let mut text = printed_type(live).to_owned();
    if live.not_null != ours.not_null {
        text.push_str(if live.not_null { " NOT NULL" } else { " NULL" });
    }
    match &live.default {
        Some(default) if ours.default.as_ref().map(|it| &it.canonical) != Some(&default.canonical) => {
            let _ = write!(text, " DEFAULT {}", one_line(&default.text));
        }
        None if ours.default.is_some() => text.push_str(" without a default"),
        _ => {}
    }
    text
}
