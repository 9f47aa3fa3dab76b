//! Plans on real SQLite: steps run on a database with rows, and what it holds then.

use std::collections::BTreeMap;

use languages::sql::{State, apply, statements};
use plan::{Hazard, Plan, Rename};
use schema::{Action, Aspect, Dialect, Name, ObjectKind, ObjectPath, Schema, Table};
use source::Severity;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, ConnectOptions, Executor, Row};

use crate::interpreter::replay;
use crate::sqlite::kept_texts;

const SQLITE: Dialect = Dialect::Sqlite;

/// An empty database in memory, its foreign keys on.
pub struct Database {
    connection: SqliteConnection,
}

impl Database {
    pub async fn open() -> Database {
        let options = SqliteConnectOptions::new().filename(":memory:").foreign_keys(true);
        Database { connection: options.connect().await.unwrap() }
    }

    pub async fn run(&mut self, sql: &str) -> Result<(), String> {
        let ran = self.connection.execute(sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))).await;
        ran.map(|_| ()).map_err(|error| error.to_string())
    }

    /// What the texts make that it keeps.
    pub async fn schema(&mut self) -> Schema {
        let texts = kept_texts(&mut self.connection).await;
        replay(SQLITE, &[&texts]).schema
    }

    /// What its own checks find wrong.
    pub async fn faults(&mut self) -> Vec<String> {
        let mut faults = Vec::new();
        let is_on: i64 = sqlx::query_scalar("PRAGMA foreign_keys").fetch_one(&mut self.connection).await.unwrap();
        if is_on != 1 {
            faults.push(String::from("foreign keys are off"));
        }
        let is_legacy: i64 =
            sqlx::query_scalar("PRAGMA legacy_alter_table").fetch_one(&mut self.connection).await.unwrap();
        if is_legacy != 0 {
            faults.push(String::from("legacy_alter_table is on"));
        }
        match sqlx::query("PRAGMA foreign_key_check").fetch_all(&mut self.connection).await {
            Ok(rows) => {
                faults.extend(rows.iter().map(|row| format!("{} refers to no row", row.get::<String, _>(0))));
            }
            Err(error) => faults.push(error.to_string()),
        }
        let found: Vec<String> =
            sqlx::query_scalar("PRAGMA integrity_check").fetch_all(&mut self.connection).await.unwrap();
        faults.extend(found.into_iter().filter(|line| line != "ok"));
        faults
    }

    /// The one value that a query gives, as text.
    pub async fn value(&mut self, query: &str) -> Result<String, String> {
        let query = format!("SELECT CAST(({}) AS TEXT)", query.trim().trim_end_matches(';'));
        let found = sqlx::query_scalar::<_, Option<String>>(AssertSqlSafe(query)).fetch_one(&mut self.connection).await;
        found.map(|value| value.unwrap_or_else(|| String::from("NULL"))).map_err(|error| error.to_string())
    }

    /// What AUTOINCREMENT of a table has come to.
    async fn number(&mut self, table: &str) -> Result<String, String> {
        let table = table.replace('\'', "''");
        self.value(&format!("SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = '{table}'")).await
    }

    /// The rows of a table, by their values as text, in order. `3.0` counts as `3`: columns turn one into the other.
    pub async fn rows(&mut self, table: &str, columns: &[String]) -> Result<Vec<Vec<String>>, String> {
        let values: Vec<String> = columns.iter().map(|name| format!("CAST({} AS TEXT)", quoted(name))).collect();
        let values = if values.is_empty() { String::from("''") } else { values.join(", ") };
        let query = format!("SELECT {values} FROM {}", quoted(table));
        let rows = sqlx::query(AssertSqlSafe(query)).fetch_all(&mut self.connection).await;
        let text = |row: &sqlx::sqlite::SqliteRow, at: usize| match row.try_get::<Option<Vec<u8>>, _>(at) {
            Ok(Some(bytes)) => {
                let text = String::from_utf8_lossy(&bytes).into_owned();
                text.strip_suffix(".0").map(str::to_owned).unwrap_or(text)
            }
            _ => String::from("NULL"),
        };
        let rows = rows.map_err(|error| error.to_string())?;
        let mut rows: Vec<Vec<String>> =
            rows.iter().map(|row| (0..row.columns().len()).map(|at| text(row, at)).collect()).collect();
        rows.sort();
        Ok(rows)
    }
}

fn quoted(name: &str) -> String {
    dialects::quote_identifier(SQLITE, name)
}

/// `a->b` for a table, `t.a->u.b` for a column.
pub fn rename(text: &str) -> Rename {
    let (from, to) = text.split_once("->").unwrap();
    let path = |text: &str| match text.split_once('.') {
        Some((table, column)) => ObjectPath::part(ObjectKind::Column, &Name::new("", table), column),
        None => ObjectPath::new(ObjectKind::Table, &Name::new("", text)),
    };
    Rename { from: path(from.trim()), to: path(to.trim()) }
}

/// The plan as text: each step below its hazards, obstacles instead of them.
pub fn text(plan: &Plan) -> String {
    let mut text = String::new();
    for obstacle in &plan.obstacles {
        text.push_str(&format!("-- obstacle: {}: {}\n", obstacle.object, obstacle.reason));
    }
    for step in &plan.steps {
        for hazard in &step.hazards {
            text.push_str(&format!("-- {}\n", hazard_text(hazard)));
        }
        text.push_str(&format!("{}\n", step.sql));
    }
    text
}

fn hazard_text(hazard: &Hazard) -> String {
    match hazard {
        Hazard::Rewrites(table) => format!("rewrites {table}"),
        Hazard::Scans(table) => format!("scans {table}"),
        Hazard::BuildsIndex(table) => format!("builds an index of {table}"),
        Hazard::LosesData(what) => format!("loses data: {what}"),
        Hazard::MayFail(when) => format!("may fail: {when}"),
        Hazard::NotInTransaction(why) => format!("not in a transaction: {why}"),
    }
}

/// Proof in memory: the steps over `before` give `after`.
pub fn replays(plan: &Plan, before: &Schema, after: &Schema) -> Result<(), String> {
    let mut state = State::from_schema(before.clone());
    for step in &plan.steps {
        for statement in statements(SQLITE, &step.sql) {
            apply(&mut state, &statement);
        }
        let findings = state.take_diagnostics();
        if let Some(finding) = findings.iter().find(|finding| finding.severity == Severity::Error) {
            return Err(format!("replayed, {} says: {}", step.sql, finding.message));
        }
    }
    equal("replayed", state.schema(), after)
}

/// No difference, whichever of the two comes first. A collation that `expected` does not state may be there: it says nothing about it.
pub fn equal(what: &str, found: &Schema, expected: &Schema) -> Result<(), String> {
    for (before, after) in [(found, expected), (expected, found)] {
        let mut changes = diff::diff(before, after).changes;
        changes.retain(|change| match &change.action {
            Action::Alter(alterations) => {
                alterations.iter().any(|it| it.aspect != Aspect::Collation || std::ptr::eq(after, expected))
            }
            _ => true,
        });
        if !changes.is_empty() {
            return Err(format!("{what}, it differs: {changes:?}"));
        }
    }
    if !found.unknown.is_empty() {
        return Err(format!("{what}, names are unknown: {:?}", found.unknown));
    }
    Ok(())
}

/// What running steps on real SQLite comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ran {
    /// All ran; what was to stay did.
    Well,
    /// A step failed on the rows, as it said that it may.
    AsForetold(String),
}

/// Proof on real SQLite: `database`, which holds `before` and rows, takes the steps, reads back as `after`, and keeps every row.
pub async fn runs(
    database: &mut Database,
    plan: &Plan,
    before: &Schema,
    after: &Schema,
    renames: &[Rename],
) -> Result<Ran, String> {
    let kept = kept_columns(before, after, renames);
    let counts = |schema: &Schema, table: &str| {
        let table = schema.tables.get(&Name::new("", table));
        table.is_some_and(|table| table.columns.values().any(|column| column.autoincrement))
    };
    let mut numbers = Vec::new();
    for ((from, _), (to, _)) in kept.iter().filter(|((from, _), (to, _))| counts(before, from) && counts(after, to)) {
        numbers.push((to.clone(), database.number(from).await?));
    }
    let mut rows_before = Vec::new();
    for ((from, columns), (to, _)) in &kept {
        rows_before.push((to, database.rows(from, columns).await?));
    }
    for step in &plan.steps {
        if let Err(error) = database.run(&step.sql).await {
            let foretold = step.hazards.iter().any(|hazard| match hazard {
                Hazard::MayFail(when) => when.starts_with("Fails where") && !when.contains("foreign keys are on"),
                _ => false,
            });
            return match foretold {
                true => Ok(Ran::AsForetold(format!("{}: {error}", step.kind))),
                false => Err(format!("{error}\n  at {}", step.sql)),
            };
        }
    }
    equal("read back", &database.schema().await, after)?;
    let faults = database.faults().await;
    let steps = plan.steps.iter();
    let is_orphan = |text: &String| text.contains("refers to no row");
    let says_so = steps.flat_map(|it| &it.hazards).any(|it| matches!(it, Hazard::MayFail(when) if is_orphan(when)));
    if says_so && !faults.is_empty() && faults.iter().all(is_orphan) {
        return Ok(Ran::AsForetold(faults.join(", ")));
    }
    if !faults.is_empty() {
        return Err(format!("faults: {faults:?}"));
    }
    for (table, number) in numbers {
        let found = database.number(&table).await?;
        if found != number {
            return Err(format!("AUTOINCREMENT of `{table}` was at {number}, and is at {found}"));
        }
    }
    for ((_, (to, columns)), (_, rows)) in kept.iter().zip(rows_before) {
        let found = database.rows(to, columns).await?;
        if found != rows {
            return Err(format!("`{to}` held {rows:?} in {columns:?}, and holds {found:?}"));
        }
    }
    Ok(Ran::Well)
}

fn loses_by_keys(hazard: &Hazard) -> bool {
    matches!(hazard, Hazard::LosesData(what) if what.contains("foreign keys are on"))
}

/// Proof of the hazards: what goes wrong inside a transaction, where foreign keys stay on, is what the steps say. True where
/// something does.
pub async fn foretells_transaction(
    database: &mut Database,
    plan: &Plan,
    before: &Schema,
    after: &Schema,
    renames: &[Rename],
) -> Result<bool, String> {
    let kept = kept_columns(before, after, renames);
    let mut rows_before = Vec::new();
    for ((from, columns), _) in &kept {
        rows_before.push(database.rows(from, columns).await?);
    }
    let hazards = || plan.steps.iter().flat_map(|step| &step.hazards);
    database.run("BEGIN").await?;
    for step in &plan.steps {
        if let Err(error) = database.run(&step.sql).await {
            // A unique index may fail on what became of the rows before.
            let is_foretold =
                step.hazards.iter().any(|it| matches!(it, Hazard::MayFail(_))) || hazards().any(loses_by_keys);
            let says_why = |it: &Hazard| matches!(it, Hazard::MayFail(when) if when.contains("is not unique yet"));
            let is_foretold = match error.contains("foreign key mismatch") {
                true => step.hazards.iter().any(says_why),
                false => is_foretold,
            };
            return match is_foretold {
                true => Ok(true),
                false => Err(format!("in a transaction: {error}\n  at {}", step.sql)),
            };
        }
    }
    if let Err(error) = database.run("COMMIT").await {
        let is_keys = |it: &Hazard| matches!(it, Hazard::MayFail(when) if when.contains("foreign keys are on"));
        return if hazards().any(is_keys) { Ok(true) } else { Err(format!("COMMIT: {error}")) };
    }
    for ((_, (to, columns)), rows) in kept.iter().zip(rows_before) {
        let found = database.rows(to, columns).await?;
        if found != rows {
            let reason = || format!("in a transaction: `{to}` held {rows:?} in {columns:?}, and holds {found:?}");
            return if hazards().any(loses_by_keys) { Ok(true) } else { Err(reason()) };
        }
    }
    Ok(false)
}

type Columns = (String, Vec<String>);

/// Tables that stay, by both names, with the columns that stay.
fn kept_columns(before: &Schema, after: &Schema, renames: &[Rename]) -> Vec<(Columns, Columns)> {
    let mut kept = Vec::new();
    for table in before.tables.values() {
        let renamed = renames.iter().find(|it| it.from.kind == ObjectKind::Table && it.from.name == table.name);
        let name = renamed.map_or(&table.name, |it| &it.to.name);
        let is_taken =
            renamed.is_none() && renames.iter().any(|it| it.to.kind == ObjectKind::Table && it.to.name == table.name);
        let Some(new) = after.tables.get(name).filter(|_| !is_taken) else { continue };
        let columns = kept_pairs(table, new, renames);
        let from = columns.keys().cloned().collect();
        let to = columns.values().cloned().collect();
        kept.push(((table.name.name.clone(), from), (new.name.name.clone(), to)));
    }
    kept
}

fn kept_pairs(old: &Table, new: &Table, renames: &[Rename]) -> BTreeMap<String, String> {
    let of_table = |it: &&Rename| it.from.kind == ObjectKind::Column && it.from.name == old.name;
    let renamed = |name: &String| {
        let rename = renames.iter().filter(of_table).find(|it| it.from.part.as_ref() == Some(name));
        match rename {
            Some(rename) => rename.to.part.clone(),
            None => {
                let is_taken = renames.iter().filter(of_table).any(|it| it.to.part.as_ref() == Some(name));
                (!is_taken).then(|| name.clone())
            }
        }
    };
    let pairs = old.columns.keys().filter_map(|name| {
        let to = renamed(name)?;
        let column = new.columns.get(&to).filter(|column| column.generated.is_none())?;
        Some((name.clone(), column.name.clone()))
    });
    pairs.collect()
}

/// Rows for every table: in row `n` each column holds what stands for `n` in its type, so that keys are unique and references lead
/// somewhere. AUTOINCREMENT has come further than the rows that are left.
pub fn filling(schema: &Schema, n_rows: usize) -> Vec<String> {
    let mut inserts = Vec::new();
    for table in schema.tables.values() {
        let columns: Vec<&schema::Column> =
            table.columns.values().filter(|column| column.generated.is_none()).collect();
        let names: Vec<String> = columns.iter().map(|column| quoted(&column.name)).collect();
        for row in 1..=n_rows {
            let values: Vec<String> =
                columns.iter().map(|column| value(key_type(schema, table, column), row)).collect();
            let table = quoted(&table.name.name);
            inserts.push(format!("INSERT INTO {table} ({}) VALUES ({});", names.join(", "), values.join(", ")));
        }
        if n_rows > 0 && table.columns.values().any(|column| column.autoincrement) {
            let name = table.name.name.replace('\'', "''");
            inserts.push(format!("UPDATE sqlite_sequence SET seq = 5000 WHERE name = '{name}';"));
        }
    }
    inserts
}

/// A column that refers to another holds what that one holds.
fn key_type<'a>(schema: &'a Schema, table: &'a Table, column: &'a schema::Column) -> &'a str {
    let key = table.foreign_keys.values().find(|key| key.columns.contains(&column.name));
    let target = key.and_then(|key| {
        let at = key.columns.iter().position(|it| *it == column.name)?;
        schema.tables.get(&key.to)?.columns.get(key.to_columns.get(at)?)
    });
    target.map_or(&column.sql_type.text, |it| &it.sql_type.text)
}

fn value(declared: &str, row: usize) -> String {
    use dialects::Affinity;
    let row = row + 100;
    match dialects::affinity(declared) {
        Affinity::Integer | Affinity::Numeric => row.to_string(),
        Affinity::Real => format!("{row}.5"),
        Affinity::Text => format!("'t{row}'"),
        Affinity::Blob => format!("CAST('b{row}' AS BLOB)"),
    }
}
