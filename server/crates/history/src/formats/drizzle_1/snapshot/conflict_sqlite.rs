//! Whether two branches of SQLite snapshots can both be right. drizzle-kit 1.0 asks which statements lead to each, and which of them
//! bear no other on the same object (its `dialects/sqlite/{diff,commutativity}.ts`): a table that is made anew loses a column that the
//! other branch adds.

use std::collections::HashSet;

use serde_json::Value;

use super::delta::with_kept_names;
use super::state::Row;
use super::statement::{list, text};

/// A statement: what it does, to which table or view, and to which part of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Statement {
    action: &'static str,
    object: String,
    part: String,
}

const TABLES: [&str; 3] = ["create_table", "drop_table", "recreate_table"];
const COLUMNS: [&str; 3] = ["add_column", "drop_column", "recreate_column"];
const INDEXES: [&str; 2] = ["create_index", "drop_index"];
const VIEWS: [&str; 2] = ["create_view", "drop_view"];

/// What both branches touch so that it matters which runs first.
pub(super) fn clash(from: &[Row], first: &[Row], second: &[Row]) -> Option<String> {
    let (first, second) = (statements(from, first), statements(from, second));
    let bears_not = |statement: &Statement, other: &Statement| {
        let is_part = !statement.part.is_empty() && TABLES.contains(&other.action);
        let targets_meet = other.object == statement.object && (other.part == statement.part || is_part);
        targets_meet && excluded(other.action).any(|it| it == statement.action)
    };
    let meets = |a: &Statement, b: &Statement| bears_not(a, b) || bears_not(b, a);
    let pair = first.iter().find_map(|a| second.iter().find(|b| meets(a, b)).map(|b| (a, b)));
    // The table, where one is about a part of it.
    pair.map(|(a, b)| if b.part.is_empty() { b.shown() } else { a.shown() })
}

impl Statement {
    fn shown(&self) -> String {
        let kind = self.action.split_once('_').map_or(self.action, |(_, kind)| kind);
        match self.part.as_str() {
            "" => format!("{kind} {}", self.object),
            part => format!("{kind} {}.{part}", self.object),
        }
    }
}

/// The actions that may not run on the same object in the other branch.
fn excluded(action: &str) -> impl Iterator<Item = &'static str> {
    let lists: &[&[&'static str]] = match action {
        "create_table" => &[&TABLES],
        "drop_table" | "recreate_table" => &[&TABLES, &COLUMNS, &INDEXES],
        "create_index" | "drop_index" => &[&INDEXES],
        "create_view" | "drop_view" => &[&VIEWS],
        _ => &[&COLUMNS],
    };
    lists.iter().flat_map(|list| list.iter().copied())
}

/// The statements that lead from one state to another, renames unknown.
fn statements(from: &[Row], to: &[Row]) -> Vec<Statement> {
    let to = &with_kept_names(from, to.to_vec());
    let diff = Diff { from, to };
    let created = diff.only(to, from, "tables").map(|row| text(row, "name")).collect::<HashSet<String>>();
    let dropped = diff.only(from, to, "tables").map(|row| text(row, "name")).collect::<HashSet<String>>();
    let anew: HashSet<String> =
        diff.made_anew().into_iter().filter(|it| !created.contains(it) && !dropped.contains(it)).collect();
    let statement = |action, object: String, part: String| Statement { action, object, part };
    let whole = |action, names: &HashSet<String>| {
        names.iter().map(move |name| statement(action, name.clone(), String::new())).collect::<Vec<_>>()
    };
    let part = |action, row: &Row| statement(action, text(row, "table"), text(row, "name"));
    let stays = |row: &&Row| !created.contains(&text(row, "table")) && !dropped.contains(&text(row, "table"));
    let in_place = |row: &&Row| stays(row) && !anew.contains(&text(row, "table"));

    let mut all = whole("create_table", &created);
    all.extend(whole("drop_table", &dropped));
    all.extend(whole("recreate_table", &anew));
    all.extend(
        diff.only(to, from, "columns").filter(stays).filter(|it| !is_stored(it)).map(|it| part("add_column", it)),
    );
    all.extend(diff.only(from, to, "columns").filter(in_place).map(|it| part("drop_column", it)));
    all.extend(diff.changed("columns").map(|(_, it)| it).filter(in_place).map(|it| part("recreate_column", it)));
    let of_anew = to.iter().filter(|row| row.kind == "indexes" && anew.contains(&text(row, "table")));
    let new = diff.only(to, from, "indexes").chain(diff.changed("indexes").map(|(_, it)| it));
    all.extend(of_anew.chain(new).map(|it| part("create_index", it)));
    let gone = diff.only(from, to, "indexes").chain(diff.changed("indexes").map(|(it, _)| it));
    all.extend(gone.map(|it| part("drop_index", it)));
    let view = |action, row: &Row| statement(action, text(row, "name"), String::new());
    let views = |rows: &mut dyn Iterator<Item = &Row>, action| rows.map(|it| view(action, it)).collect::<Vec<_>>();
    all.extend(views(&mut diff.only(to, from, "views").chain(diff.changed("views").map(|(_, it)| it)), "create_view"));
    all.extend(views(&mut diff.only(from, to, "views").chain(diff.changed("views").map(|(it, _)| it)), "drop_view"));
    let mut seen = HashSet::new();
    all.retain(|it| seen.insert(it.clone()));
    all
}

fn is_stored(column: &Row) -> bool {
    column.fields.get("generated").and_then(|it| it.get("type")?.as_str()) == Some("stored")
}

struct Diff<'d> {
    from: &'d [Row],
    to: &'d [Row],
}

impl<'d> Diff<'d> {
    /// The rows of one state that the other does not have.
    fn only(&self, rows: &'d [Row], others: &'d [Row], kind: &'static str) -> impl Iterator<Item = &'d Row> {
        let known: HashSet<_> = others.iter().filter(|row| row.kind == kind).map(Row::key).collect();
        rows.iter().filter(move |row| row.kind == kind && !known.contains(&row.key()))
    }

    /// The rows that are not as they were, before and after; that a name is chosen now does not count.
    fn changed(&self, kind: &'static str) -> impl Iterator<Item = (&'d Row, &'d Row)> {
        let to = self.to;
        let plain = |row: &Row| {
            let mut fields = row.fields.clone();
            fields.remove("nameExplicit");
            fields
        };
        let pair = move |row: &'d Row| Some((row, to.iter().find(|it| it.kind == kind && it.key() == row.key())?));
        let rows = self.from.iter().filter(move |row| row.kind == kind).filter_map(pair);
        rows.filter(move |(before, after)| plain(before) != plain(after))
    }

    /// The tables that are made anew, as SQLite alters little.
    fn made_anew(&self) -> HashSet<String> {
        let (from, to) = (self.from, self.to);
        let of = |row: &Row| text(row, "table");
        let added: Vec<(String, String)> =
            self.only(to, from, "columns").filter(|it| !is_stored(it)).map(|it| (of(it), text(it, "name"))).collect();
        // A reference of a new column is added with it.
        let is_with_column = |key: &&Row| {
            list(key, "columns").into_iter().next().is_some_and(|column| added.contains(&(of(key), column)))
        };
        let mut tables: HashSet<String> = HashSet::new();
        for kind in ["pks", "uniques", "checks", "fks"] {
            let differing = self.only(to, from, kind).chain(self.only(from, to, kind));
            tables.extend(differing.filter(|it| kind != "fks" || !is_with_column(it)).map(of));
        }
        for kind in ["uniques", "checks", "fks"] {
            tables.extend(self.changed(kind).map(|(_, row)| of(row)));
        }
        let sorted = |row: &Row| {
            let mut columns = list(row, "columns");
            columns.sort();
            columns
        };
        tables.extend(self.changed("pks").filter(|(old, new)| sorted(old) != sorted(new)).map(|(_, row)| of(row)));
        tables.extend(self.only(to, from, "columns").filter(|it| is_stored(it)).map(of));
        tables.extend(self.changed("columns").filter(|(old, new)| self.needs_anew(old, new)).map(|(_, row)| of(row)));
        tables
    }

    fn needs_anew(&self, old: &Row, new: &Row) -> bool {
        let differs = |field: &str| {
            let value = |row: &Row| row.fields.get(field).cloned().unwrap_or(Value::Null);
            value(old) != value(new)
        };
        let is_key = self.to.iter().any(|row| {
            row.kind == "pks" && text(row, "table") == text(new, "table") && list(row, "columns") == [text(new, "name")]
        });
        let becomes_stored = differs("generated") && is_stored(new);
        differs("type")
            || differs("default")
            || differs("autoincrement")
            || (differs("notNull") && !is_key)
            || becomes_stored
    }
}
