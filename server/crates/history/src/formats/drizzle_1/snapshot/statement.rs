//! drizzle-kit 1.0's statements for the changes between two states of PostgreSQL rows: which there are, and what each is about (its
//! `dialects/postgres/diff.ts`). They are not what a migration runs: its SQL is `plan`'s.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::delta::Delta;
use super::state::Row;
use super::statement_column::{changed_facts, recreated};

/// One statement.
#[derive(Debug)]
pub(super) struct Statement {
    /// drizzle-kit's word for what it does.
    pub(super) name: String,
    /// The row as it is afterwards; of a drop as it was.
    pub(super) row: Row,
    /// Of a change and a rename.
    pub(super) before: Option<Row>,
    /// The fields that a change is about.
    pub(super) changed: Vec<&'static str>,
    /// Rows that the statement concerns too: the columns of an enum, the columns that a check reads, what a moved table takes along.
    pub(super) with: Vec<Row>,
    /// The columns that a check read before.
    pub(super) with_before: Vec<Row>,
    /// What a change of a column's type or key depends on.
    pub(super) facts: Facts,
}

/// What the SQL of a few statements depends on beside their rows.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Facts {
    pub(super) is_enum: bool,
    pub(super) was_enum: bool,
    /// The column is the whole primary key.
    pub(super) is_key: bool,
    /// A column of the primary key went, and the key with it.
    pub(super) key_is_gone: bool,
}

impl Statement {
    pub(super) fn new(name: &str, row: &Row) -> Statement {
        Statement {
            name: name.to_owned(),
            row: row.clone(),
            before: None,
            changed: Vec::new(),
            with: Vec::new(),
            with_before: Vec::new(),
            facts: Facts::default(),
        }
    }

    fn of(name: &str, before: &Row, after: &Row) -> Statement {
        Statement { before: Some(before.clone()), ..Statement::new(name, after) }
    }

    pub(super) fn is_changed(&self, field: &str) -> bool {
        self.changed.contains(&field)
    }
}

pub(super) fn text(row: &Row, field: &str) -> String {
    row.fields.get(field).and_then(Value::as_str).unwrap_or_default().to_owned()
}

pub(super) fn list(row: &Row, field: &str) -> Vec<String> {
    let items = row.fields.get(field).and_then(Value::as_array).into_iter().flatten();
    items.filter_map(Value::as_str).map(str::to_owned).collect()
}

pub(super) fn is_true(row: &Row, field: &str) -> bool {
    row.fields.get(field) == Some(&Value::Bool(true))
}

pub(super) fn differs(before: &Row, after: &Row, field: &str) -> bool {
    let value = |row: &Row| row.fields.get(field).cloned().unwrap_or_default();
    value(before) != value(after)
}

/// The rows of a state.
pub(super) struct Rows<'s> {
    pub(super) all: &'s [Row],
    parts: HashMap<(String, String), Vec<&'s Row>>,
}

impl<'s> Rows<'s> {
    fn new(all: &'s [Row]) -> Rows<'s> {
        let mut parts: HashMap<(String, String), Vec<&Row>> = HashMap::new();
        for row in all.iter().filter(|row| row.fields.contains_key("table")) {
            parts.entry((text(row, "schema"), text(row, "table"))).or_default().push(row);
        }
        Rows { all, parts }
    }

    /// The rows of a kind that belong to a table.
    pub(super) fn of_table(&self, kind: &'s str, table: &Row) -> impl Iterator<Item = &'s Row> {
        self.of((text(table, "schema"), text(table, "name")), kind)
    }

    /// The rows of a kind that belong to the table of `part`.
    pub(super) fn beside(&self, kind: &'s str, part: &Row) -> impl Iterator<Item = &'s Row> {
        self.of((text(part, "schema"), text(part, "table")), kind)
    }

    fn of(&self, table: (String, String), kind: &'s str) -> impl Iterator<Item = &'s Row> {
        let rows = self.parts.get(&table).cloned().unwrap_or_default();
        rows.into_iter().filter(move |row| row.kind == kind)
    }
}

/// Both states, the first with everything renamed, and what leads from one to the other.
pub(super) struct Step<'s> {
    pub(super) before: Rows<'s>,
    pub(super) after: Rows<'s>,
    pub(super) deltas: &'s [Delta],
}

impl<'s> Step<'s> {
    pub(super) fn new(before: &'s [Row], after: &'s [Row], deltas: &'s [Delta]) -> Step<'s> {
        Step { before: Rows::new(before), after: Rows::new(after), deltas }
    }

    pub(super) fn created(&self, kind: &'static str) -> impl Iterator<Item = &'s Row> {
        let row = |delta: &'s Delta| if let Delta::Create(row) = delta { Some(row) } else { None };
        self.deltas.iter().filter_map(row).filter(move |row| row.kind == kind)
    }

    pub(super) fn dropped(&self, kind: &'static str) -> impl Iterator<Item = &'s Row> {
        let row = |delta: &'s Delta| if let Delta::Drop(row) = delta { Some(row) } else { None };
        self.deltas.iter().filter_map(row).filter(move |row| row.kind == kind)
    }
}

/// The statements of a step.
pub(super) fn statements(step: &Step<'_>) -> Vec<Statement> {
    let tables = |rows: &mut dyn Iterator<Item = &Row>| -> HashSet<(String, String)> {
        rows.map(|row| (text(row, "schema"), text(row, "name"))).collect()
    };
    let created = tables(&mut step.created("tables"));
    let dropped = tables(&mut step.dropped("tables"));
    let is_of = |row: &Row, tables: &HashSet<(String, String)>, table: &str, schema: &str| {
        tables.contains(&(text(row, schema), text(row, table)))
    };
    let mut all = Vec::new();
    for delta in step.deltas {
        match delta {
            // Columns and most constraints are made with their table, and most parts go with it.
            Delta::Create(row) if is_part_of_create(row) && is_of(row, &created, "table", "schema") => {}
            Delta::Drop(row) if row.kind == "fks" && is_of(row, &dropped, "table", "schema") => {
                if text(row, "table") != text(row, "tableTo") && is_of(row, &dropped, "tableTo", "schemaTo") {
                    all.push(Statement::new("drop_fk", row));
                }
            }
            Delta::Drop(row) if row.kind != "policies" && is_of(row, &dropped, "table", "schema") => {}
            Delta::Create(row) => all.push(made(step, row)),
            Delta::Drop(row) => all.push(gone(step, row)),
            Delta::Rename { before, after, .. } => all.extend(renamed(step, before, after)),
            Delta::Alter { before, after, .. } => all.extend(altered(step, before, after)),
        }
    }
    all.extend(security_of_policies(step, &created));
    recreated(step, all)
}

fn is_part_of_create(row: &Row) -> bool {
    matches!(&*row.kind, "columns" | "pks" | "uniques" | "checks")
}

pub(super) fn noun(row: &Row) -> &str {
    match row.kind.as_str() {
        "indexes" => "index",
        "policies" => "policy",
        plural => plural.strip_suffix('s').unwrap_or(plural),
    }
}

fn made(step: &Step<'_>, row: &Row) -> Statement {
    let name = match row.kind.as_str() {
        "privileges" => String::from("grant_privilege"),
        _ if is_part_of_create(row) => format!("add_{}", noun(row)),
        _ => format!("create_{}", noun(row)),
    };
    let with = if row.kind == "checks" { named_in(&step.after, row) } else { Vec::new() };
    Statement { with, ..Statement::new(&name, row) }
}

fn gone(step: &Step<'_>, row: &Row) -> Statement {
    let name = match row.kind.as_str() {
        "privileges" => String::from("revoke_privilege"),
        _ => format!("drop_{}", noun(row)),
    };
    let with = if row.kind == "checks" { named_in(&step.before, row) } else { Vec::new() };
    Statement { with, ..Statement::new(&name, row) }
}

/// The columns of a check's table that the check names, in its order.
fn named_in(state: &Rows<'_>, check: &Row) -> Vec<Row> {
    let columns: Vec<&Row> = state.beside("columns", check).collect();
    let mut found: Vec<Row> = Vec::new();
    for name in names(&text(check, "value")) {
        if let Some(column) = columns.iter().find(|column| text(column, "name") == name)
            && !found.contains(column)
        {
            found.push((*column).clone());
        }
    }
    found
}

/// What may be a name in an expression: quoted text, and words.
fn names(expression: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut rest = expression;
    while let Some(start) = rest.find(|it: char| it == '"' || it == '_' || it.is_ascii_alphabetic()) {
        let from = rest.get(start..).unwrap_or_default();
        let quoted = from.strip_prefix('"').and_then(|inner| inner.split_once('"'));
        match quoted {
            Some((name, after)) if !name.is_empty() => {
                names.push(name.to_owned());
                rest = after;
            }
            _ if from.starts_with('"') => rest = from.get(1..).unwrap_or_default(),
            _ => {
                let is_other = |it: char| !(it == '_' || it == '$' || it.is_ascii_alphanumeric());
                let end = from.find(is_other).unwrap_or(from.len());
                names.push(from.get(..end).unwrap_or_default().to_owned());
                rest = from.get(end..).unwrap_or_default();
            }
        }
    }
    names
}

/// A rename and a move are two statements.
fn renamed(step: &Step<'_>, before: &Row, after: &Row) -> Vec<Statement> {
    let with = |row: &Row, field: &str, from: &Row| {
        let mut row = row.clone();
        row.fields.insert(field.to_owned(), from.fields.get(field).cloned().unwrap_or_default());
        row
    };
    let noun = noun(before);
    let (is_renamed, is_moved) = (differs(before, after, "name"), differs(before, after, "schema"));
    let (rename, move_to) = (format!("rename_{noun}"), format!("move_{noun}"));
    let mut statements = Vec::new();
    match (before.kind.as_str(), is_renamed, is_moved) {
        ("sequences" | "enums", true, true) => {
            // An enum's move names where it ends.
            let moved = if noun == "enum" { after.clone() } else { with(after, "name", before) };
            statements.push(Statement::of(&move_to, before, &moved));
            statements.push(Statement::of(&rename, &with(before, "schema", after), after));
        }
        (_, true, true) => {
            statements.push(Statement::of(&rename, before, &with(after, "schema", before)));
            statements.push(Statement::of(&move_to, &with(before, "name", after), after));
        }
        (_, true, false) => statements.push(Statement::of(&rename, before, after)),
        _ => statements.push(Statement::of(&move_to, before, after)),
    }
    for moved in statements.iter_mut().filter(|it| it.name == "move_table") {
        let part = |row: &&Row| {
            matches!(&*row.kind, "indexes" | "pks" | "uniques")
                && (text(row, "schema"), text(row, "table")) == (text(after, "schema"), text(after, "name"))
        };
        moved.with = step.before.all.iter().filter(part).cloned().collect();
        moved.with.sort_by_key(|row| text(row, "name"));
    }
    statements
}

fn altered(step: &Step<'_>, before: &Row, after: &Row) -> Vec<Statement> {
    let differs = |field: &str| differs(before, after, field);
    let changed = |fields: &[&'static str]| fields.iter().copied().filter(|field| differs(field)).collect::<Vec<_>>();
    let when = |name: &str, fields: &[&'static str]| -> Vec<Statement> {
        let changed = changed(fields);
        match changed.is_empty() {
            true => Vec::new(),
            false => vec![Statement { changed, ..Statement::of(name, before, after) }],
        }
    };
    match before.kind.as_str() {
        "columns" => changed_facts(step, before, after)
            .into_iter()
            .map(|(changed, facts)| Statement { changed, facts, ..Statement::of("alter_column", before, after) })
            .collect(),
        "tables" => when("alter_rls", &["isRlsEnabled"]),
        "indexes" if differs("table") => {
            vec![Statement::new("drop_index", before), Statement::new("create_index", after)]
        }
        "indexes" => {
            let columns: Vec<String> = plain_columns(before);
            let lost = step.dropped("columns").any(|it| {
                (text(it, "schema"), text(it, "table")) == (text(before, "schema"), text(before, "table"))
                    && columns.contains(&text(it, "name"))
            });
            let name = if lost { "create_index" } else { "recreate_index" };
            when(name, &["isUnique", "method", "with", "columns", "where"])
        }
        "fks" => when("recreate_fk", &["columns", "schemaTo", "tableTo", "columnsTo", "onUpdate", "onDelete"]),
        "pks" => {
            let mut statements = when("alter_pk", &["columns"]);
            let old = list(before, "columns");
            let key_is_gone = step.dropped("columns").any(|it| old.contains(&text(it, "name")));
            statements.iter_mut().for_each(|it| it.facts.key_is_gone = key_is_gone);
            statements
        }
        "uniques" => when("alter_unique", &["columns", "nullsNotDistinct"]),
        "checks" => {
            let mut statements = when("alter_check", &["value"]);
            for statement in &mut statements {
                // drizzle-kit looks both up in the later state.
                statement.with = named_in(&step.after, after);
                statement.with_before = named_in(&step.after, before);
            }
            statements
        }
        "policies" => {
            let is_parenthesized = |inner: &str, outer: &str| !inner.is_empty() && format!("({inner})") == outer;
            let (old, new) = (text(before, "withCheck"), text(after, "withCheck"));
            let is_same = is_parenthesized(&old, &new) || is_parenthesized(&new, &old);
            let fields = ["as", "for", "roles", "using", "withCheck"];
            let fields: Vec<&'static str> = fields.into_iter().filter(|it| !(is_same && *it == "withCheck")).collect();
            let name = if differs("for") || differs("as") { "recreate_policy" } else { "alter_policy" };
            when(name, &fields)
        }
        "enums" => vec![enumeration(step, before, after)],
        "views" if differs("definition") || differs("materialized") => {
            vec![Statement::new("drop_view", before), Statement::new("create_view", after)]
        }
        "views" => {
            let is_default = after.fields.get("using").is_none_or(Value::is_null) && text(before, "using") == "heap";
            let fields = ["with", "withNoData", "using", "tablespace"];
            let fields: Vec<&'static str> = fields.into_iter().filter(|it| !(is_default && *it == "using")).collect();
            when("alter_view", &fields)
        }
        "privileges" => when("regrant_privilege", &["isGrantable"]),
        _ => vec![Statement::of(&format!("alter_{}", noun(before)), before, after)],
    }
}

/// New values are added where they stand; when one went, or stands elsewhere, the type is made anew, and each column that has it is
/// brought over.
fn enumeration(step: &Step<'_>, before: &Row, after: &Row) -> Statement {
    let (old, new) = (list(before, "values"), list(after, "values"));
    let mut rest = new.iter();
    if old.iter().all(|value| rest.any(|it| it == value)) {
        return Statement::of("alter_enum", before, after);
    }
    let (schema, name) = (text(after, "schema"), text(after, "name"));
    let mut statement = Statement::of("recreate_enum", before, after);
    for column in step.before.all.iter().filter(|row| row.kind == "columns" && text(row, "type") == name) {
        let later = step.after.beside("columns", column).find(|it| text(it, "name") == text(column, "name"));
        let Some(later) = later else { continue };
        let namespace = match text(column, "typeSchema") {
            own if !own.is_empty() => own,
            _ if text(later, "type") == name => text(later, "typeSchema"),
            _ => continue,
        };
        if namespace == schema {
            statement.with_before.push(column.clone());
            statement.with.push(later.clone());
        }
    }
    statement
}

/// The plain columns of an index.
pub(super) fn plain_columns(index: &Row) -> Vec<String> {
    let items = index.fields.get("columns").and_then(Value::as_array).into_iter().flatten();
    let plain = items.filter(|item| item.get("isExpression") != Some(&Value::Bool(true)));
    plain.filter_map(|item| item.get("value").and_then(Value::as_str)).map(str::to_owned).collect()
}

/// A table gets row level security with its first policy and loses it with the last, where its own row does not say so.
fn security_of_policies(step: &Step<'_>, created: &HashSet<(String, String)>) -> Vec<Statement> {
    let mut statements: Vec<Statement> = Vec::new();
    let table = |state: &Rows<'_>, policy: &Row| {
        let name = (text(policy, "schema"), text(policy, "table"));
        let is_it = |row: &&Row| row.kind == "tables" && (text(row, "schema"), text(row, "name")) == name;
        state.all.iter().find(is_it).cloned()
    };
    let policies = step.dropped("policies").chain(step.created("policies"));
    for policy in policies {
        if created.contains(&(text(policy, "schema"), text(policy, "table"))) {
            continue;
        }
        let (Some(old), Some(new)) = (table(&step.before, policy), table(&step.after, policy)) else { continue };
        let has = |state: &Rows<'_>| state.beside("policies", policy).next().is_some();
        let (had, has) = (has(&step.before), has(&step.after));
        let is_silent = !differs(&old, &new, "isRlsEnabled") && !is_true(&new, "isRlsEnabled");
        if had == has || !is_silent || statements.iter().any(|it| it.row.key() == new.key()) {
            continue;
        }
        let mut row = new.clone();
        row.fields.insert(String::from("isRlsEnabled"), Value::Bool(has));
        statements.push(Statement { changed: vec!["isRlsEnabled"], ..Statement::of("alter_rls", &old, &row) });
    }
    statements
}
