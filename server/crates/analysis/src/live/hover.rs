//! What the database says of the object under the cursor, in Markdown. Made of what was read before: nobody waits for a database here.

use std::fmt::Write as _;

use history::MigrationState;
use schema::{Column, ObjectKind, ObjectPath, Schema, Table};

use super::in_history::Meant;
use super::{LivePicture, LiveState, Statistics, comparable};
use crate::{About, Project, words};

/// The lines below a hover: where they come from and how old they are, then the facts. `migrations` is how the project's migrations stand
/// to the database; empty where that is not known.
pub fn live_block(project: &Project, about: &About, state: &LiveState, migrations: &[MigrationState]) -> String {
    let facts_and = |picture: &LivePicture, unproved: &[ObjectPath]| {
        let all = |object: &ObjectPath| facts(project, object, picture) + &doubt(object, unproved);
        match about.in_history.as_ref().map(|name| name.meant(migrations)) {
            None => all(&about.object),
            Some(Meant::Object(object, remark)) => {
                let remark = remark.map(|remark| format!("- {remark}\n")).unwrap_or_default();
                format!("{remark}{}", all(&object))
            }
            Some(Meant::Nothing(reason)) => format!("- {reason}\n"),
        }
    };
    let facts = |picture: &LivePicture| facts_and(picture, &[]);
    match state {
        LiveState::Off(reason) => format!("\n---\n*Database:* {reason}\n"),
        LiveState::Connecting { environment, last } => {
            format!("\n---\n*Database* `{environment}`: connecting …\n{}", last_facts(last.as_ref(), facts))
        }
        LiveState::Connected { environment, picture, unproved, age } => {
            let head = format!("\n---\n*Database* `{environment}` ({}, {})\n\n", picture.server, ago(*age));
            format!("{head}{}", facts_and(picture, unproved))
        }
        LiveState::Unreachable { environment, reason, next_try, last } => {
            let head = format!("\n---\n*Database* `{environment}`: {reason}; next try in {next_try} s\n");
            format!("{head}{}", last_facts(last.as_ref(), facts))
        }
    }
}

/// What was read some time before, where it was.
fn last_facts(last: Option<&(LivePicture, u64)>, facts: impl Fn(&LivePicture) -> String) -> String {
    let Some((picture, age)) = last else { return String::new() };
    let when = if *age == 0 { String::from("a moment ago") } else { ago(*age) };
    format!("\nAs it was {when} ({}):\n\n{}", picture.server, facts(picture))
}

fn ago(seconds: u64) -> String {
    match seconds {
        0 => String::from("now"),
        1..=119 => format!("{seconds} s ago"),
        120..=7_199 => format!("{} min ago", seconds / 60),
        7_200..=172_799 => format!("{} h ago", seconds / 3_600),
        _ => format!("{} days ago", seconds / 86_400),
    }
}

fn facts(project: &Project, object: &ObjectPath, picture: &LivePicture) -> String {
    let schema = &picture.schema;
    let found = match object.kind {
        ObjectKind::Column => column(object, schema, &picture.statistics),
        ObjectKind::Table => schema.tables.get(&object.name).map(|table| self::table(table, &picture.statistics)),
        ObjectKind::Enum => schema.enums.get(&object.name).map(|found| {
            let values: Vec<String> = found.values.iter().map(|value| format!("`{value}`")).collect();
            format!("- values: {}\n", values.join(", "))
        }),
        _ if schema.contains(object) => Some(String::from("- is there\n")),
        _ => None,
    };
    let Some(mut text) = found else { return format!("- {} is not there\n", words::object(object)) };
    if let Some(difference) = difference(project, object, schema) {
        let _ = writeln!(text, "- **differs from the schema:** {difference}");
    }
    text
}

/// What is said of an object with an expression of which nobody knows whether it means the same; of a table it may be a default, a check,
/// an index or a policy.
fn doubt(object: &ObjectPath, unproved: &[ObjectPath]) -> String {
    match unproved.contains(object) {
        true => String::from(
            "- **unproved:** an expression of it is spelled otherwise here, and may mean the same or not: a connection that only reads \
             cannot have the server tell\n",
        ),
        false => String::new(),
    }
}

fn column(path: &ObjectPath, schema: &Schema, statistics: &Statistics) -> Option<String> {
    let column = words::column_of(path, schema)?;
    let mut text = String::new();
    let null = if column.not_null { " NOT NULL" } else { "" };
    let _ = writeln!(text, "- type: `{}{null}`", printed_type(column));
    if let Some(default) = &column.default {
        let _ = writeln!(text, "- default: `{}`", one_line(&default.text));
    }
    if let Some(comment) = &column.comment {
        let _ = writeln!(text, "- comment: {}", one_line(comment));
    }
    let part = path.part.clone().unwrap_or_default();
    let rows = statistics.tables.get(&path.name).and_then(|table| table.rows);
    if let Some(found) = statistics.columns.get(&(path.name.clone(), part)) {
        let distinct = match (found.distinct, rows) {
            (share, Some(rows)) if share < 0.0 => format!("about {}", count((-share * rows as f64).round() as u64)),
            (share, None) if share < 0.0 => format!("{:.0} % of the rows", -share * 100.0),
            (number, _) => format!("about {}", count(number.round() as u64)),
        };
        let _ =
            writeln!(text, "- null: {:.1} % of the rows; different values: {distinct}", found.null_fraction * 100.0);
    }
    if let Some(rows) = rows {
        let _ = writeln!(text, "- rows: about {}", count(rows));
    }
    Some(text)
}

/// The type as the server prints it.
pub(super) fn printed_type(column: &Column) -> &str {
    if column.sql_type.text.is_empty() { &column.sql_type.canonical } else { &column.sql_type.text }
}

fn table(table: &Table, statistics: &Statistics) -> String {
    let mut text = String::new();
    if let Some(found) = statistics.tables.get(&table.name) {
        let rows = found.rows.map_or_else(|| String::from("not counted yet"), |rows| format!("about {}", count(rows)));
        let size = found.bytes.map(|bytes| format!(", {}", size(bytes))).unwrap_or_default();
        let when = found.analyzed.as_ref().map(|when| format!(", analyzed {when}")).unwrap_or_default();
        let _ = writeln!(text, "- rows: {rows}{size}{when}");
    }
    let _ = writeln!(text, "- columns: {}", table.columns.len());
    for index in table.indexes.values() {
        let name = schema::Name::new(table.name.namespace.as_str(), index.name.as_str());
        let use_of = match statistics.indexes.get(&name) {
            Some(found) if found.scans == 0 => String::from(": never used"),
            Some(found) => format!(": used {} times", count(found.scans)),
            None => String::new(),
        };
        let _ = writeln!(text, "- index `{}`{use_of}", index.name);
    }
    text
}

/// What of the object is otherwise in the schema files.
fn difference(project: &Project, object: &ObjectPath, live: &Schema) -> Option<String> {
    let desired = &project.desired.as_ref()?.schema;
    if !desired.contains(object) {
        return None;
    }
    // Of a large schema the rest has nothing to say here, and a hover is not to wait for it.
    let (ours, theirs) = comparable(&alone(object, desired), &alone(object, live));
    match object.kind {
        ObjectKind::Column => {
            let found = differences(words::column_of(object, &ours)?, words::column_of(object, &theirs)?);
            (!found.is_empty()).then(|| found.join("; "))
        }
        ObjectKind::Table => {
            let (ours, theirs) = (ours.tables.get(&object.name)?, theirs.tables.get(&object.name)?);
            let names = |only: &Table, other: &Table| -> Vec<String> {
                let missing = only.columns.keys().filter(|name| !other.columns.contains_key(*name));
                missing.map(|name| format!("`{name}`")).collect()
            };
            let (here, there) = (names(ours, theirs), names(theirs, ours));
            let mut found = Vec::new();
            if !here.is_empty() {
                found.push(format!("only here: {}", here.join(", ")));
            }
            if !there.is_empty() {
                found.push(format!("only there: {}", there.join(", ")));
            }
            (!found.is_empty()).then(|| found.join("; "))
        }
        ObjectKind::Enum => {
            let (ours, theirs) = (ours.enums.get(&object.name)?, theirs.enums.get(&object.name)?);
            (ours.values != theirs.values).then(|| String::from("other values"))
        }
        _ => None,
    }
}

/// What a database has otherwise of a column, in words; both in one shape.
pub(super) fn differences(ours: &Column, theirs: &Column) -> Vec<String> {
    let mut found = Vec::new();
    if !ours.unknown.sql_type && ours.sql_type.canonical != theirs.sql_type.canonical {
        found.push(format!("`{}` there, `{}` here", theirs.sql_type.canonical, ours.sql_type.canonical));
    }
    match (ours.not_null, theirs.not_null) {
        (true, false) => found.push(String::from("NULL is allowed there, not here")),
        (false, true) => found.push(String::from("NULL is allowed here, not there")),
        _ => {}
    }
    if let Some((here, there)) = other_defaults(ours, theirs).filter(|_| !ours.unknown.default) {
        found.push(format!("default {there} there, {here} here"));
    }
    found
}

/// The object's table or enum, in a schema without anything else.
pub(super) fn alone(object: &ObjectPath, whole: &Schema) -> Schema {
    let mut schema = Schema::new(whole.dialect);
    if let Some(table) = whole.tables.get(&object.name) {
        schema.tables.insert(object.name.clone(), table.clone());
    }
    if let Some(found) = whole.enums.get(&object.name) {
        schema.enums.insert(object.name.clone(), found.clone());
    }
    schema
}

/// The defaults in words, where they are two for certain. The server spells an expression in its own way, so two that are no plain
/// values can mean the same.
fn other_defaults(ours: &Column, theirs: &Column) -> Option<(String, String)> {
    let shown = |column: &Column| match &column.default {
        Some(default) => format!("`{}`", one_line(&default.text)),
        None => String::from("none"),
    };
    let is_certain = match (&ours.default, &theirs.default) {
        (None, None) => false,
        (Some(_), None) | (None, Some(_)) => true,
        (Some(ours), Some(theirs)) => {
            ours.canonical != theirs.canonical && is_plain(&ours.canonical) && is_plain(&theirs.canonical)
        }
    };
    is_certain.then(|| (shown(ours), shown(theirs)))
}

/// A number, a word of the language, or a string that is no document: in JSON and in arrays, spelling means nothing.
fn is_plain(canonical: &str) -> bool {
    let value = canonical.split("::").next().unwrap_or_default();
    match value.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')) {
        Some(inner) => !inner.contains(['{', '[', '\'']) && !inner.starts_with(|first: char| first.is_ascii_digit()),
        None => value.parse::<i64>().is_ok() || value == "true" || value == "false",
    }
}

pub(super) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<&str>>().join(" ").replace('`', "'")
}

/// `1 234 567`.
pub(super) fn count(number: u64) -> String {
    let digits = number.to_string();
    let grouped: Vec<&str> =
        digits.as_bytes().rchunks(3).rev().filter_map(|chunk| std::str::from_utf8(chunk).ok()).collect();
    grouped.join(" ")
}

pub(super) fn size(bytes: u64) -> String {
    const UNITS: [&str; 5] = ["bytes", "kB", "MB", "GB", "TB"];
    let mut value = bytes as f64;
    let mut unit = 0;
    while value >= 1024.0 && unit + 1 < UNITS.len() {
        value /= 1024.0;
        unit += 1;
    }
    let name = UNITS.get(unit).copied().unwrap_or_default();
    if unit == 0 { format!("{bytes} {name}") } else { format!("{value:.1} {name}") }
}

#[cfg(test)]
mod tests {
    use super::{ago, count, is_plain, size};

    #[test]
    fn numbers_are_for_people() {
        assert_eq!([count(7), count(1234), count(1_234_567)], ["7", "1 234", "1 234 567"]);
        assert_eq!([size(12), size(2048), size(3_500_000)], ["12 bytes", "2.0 kB", "3.3 MB"]);
        assert_eq!([ago(0), ago(12), ago(600), ago(10_000)], ["now", "12 s ago", "10 min ago", "2 h ago"]);
    }

    #[test]
    fn two_defaults_are_two_only_where_spelling_means_something() {
        for (default, expected) in [
            ("'new'", true),
            ("'new'::text", true),
            ("-12", true),
            ("false", true),
            ("now()", false),
            ("'{\"a\": 1}'::jsonb", false),
            ("'2020-01-01'::date", false),
            ("nextval('s')", false),
        ] {
            assert_eq!(is_plain(default), expected, "{default}");
        }
    }
}
