//! What a database says of the tables of a schema file, in a line above each.

use schema::{ObjectKind, ObjectPath};
use source::Span;
use std::path::Path;

use super::hover::{count, size};
use super::{LivePicture, Statistics};
use crate::{Project, words};

/// A table of a file as a database has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiveTable {
    /// The short part that names it.
    pub span: Span,
    /// It says nothing of its age, so that it stays the same for as long as the facts do.
    pub line: String,
}

/// The tables that a file declares, in its order. `drifted` is what somebody changed beside the migrations.
pub fn live_tables(
    project: &Project,
    file: &Path,
    environment: &str,
    picture: &LivePicture,
    drifted: &[ObjectPath],
) -> Vec<LiveTable> {
    let declared = project.uses_in(file).iter().filter(|it| it.is_declaration && it.object.kind == ObjectKind::Table);
    let line = |table: &ObjectPath| {
        if !picture.schema.contains(table) {
            return format!("not in {environment}");
        }
        let mut parts = counted(table, &picture.statistics);
        parts.push(format!("in {environment}"));
        parts.extend(drift(table, drifted));
        parts.join(" · ")
    };
    declared.map(|it| LiveTable { span: it.location.span, line: line(&it.object) }).collect()
}

/// Rows and size, as far as they are known.
fn counted(table: &ObjectPath, statistics: &Statistics) -> Vec<String> {
    let Some(found) = statistics.tables.get(&table.name) else { return Vec::new() };
    let rows = found.rows.map(|rows| match rows {
        1 => String::from("≈ 1 row"),
        rows => format!("≈ {} rows", count(rounded(rows))),
    });
    let rows = rows.unwrap_or_else(|| String::from("rows not counted yet"));
    std::iter::once(rows).chain(found.bytes.map(size)).collect()
}

fn drift(table: &ObjectPath, drifted: &[ObjectPath]) -> Option<String> {
    let mut own: Vec<&ObjectPath> = drifted.iter().filter(|object| object.owner() == *table).collect();
    own.sort();
    own.dedup();
    match own.as_slice() {
        [] => None,
        [only] if only.part.is_none() => Some(String::from("drift")),
        [only] => Some(format!("drift: {} {}", words::kind_word(only.kind), only.last_name())),
        several => Some(format!("drift in {} places", several.len())),
    }
}

/// An estimate to three digits.
fn rounded(rows: u64) -> u64 {
    let mut unit = 1;
    while rows / unit >= 1_000 {
        unit *= 10;
    }
    (rows + unit / 2) / unit * unit
}

impl Statistics {
    /// True where the lines above tables would be the same with the other ones.
    pub fn shows_the_same(&self, other: &Statistics) -> bool {
        let lines = |statistics: &Statistics| {
            let tables = statistics.tables.keys().map(|name| ObjectPath::new(ObjectKind::Table, name));
            tables.map(|table| (counted(&table, statistics), table)).collect::<Vec<_>>()
        };
        lines(self) == lines(other)
    }
}

#[cfg(test)]
mod tests {
    use super::rounded;

    #[test]
    fn an_estimate_has_three_digits() {
        assert_eq!([rounded(0), rounded(999), rounded(1_004), rounded(12_345)], [0, 999, 1_000, 12_300]);
        assert_eq!(rounded(999_500), 1_000_000);
    }
}
