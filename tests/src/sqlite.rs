//! Real SQLite, which comes with the tests: SQL run by it and replayed, and what comes of both compared.
//!
//! SQLite tells what it holds in two ways, each of which leaves something out. The text it keeps of every object, changed as ALTER
//! changes it, is replayed by itself: that must give the same schema. Its pragmas tell what it makes of that text; they know nothing of
//! checks, of expressions and predicates, of AUTOINCREMENT, of deferral and of the names of constraints, for which ours stand in there.

use std::sync::Arc;

use dialects::{default, option_value, sql_type};
use schema::{
    Column, ColumnFacts, Dialect, Expression, ForeignKey, ForeignKeyAction, Form, Generated, Index, IndexColumn,
    IndexKey, Map, Name, OpaqueKey, OpaqueKind, OpaqueObject, PrimaryKey, Schema, Table, Unique, View,
};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, ConnectOptions, Executor};

use crate::comparison::{LeftOut, differences, normalize};
use crate::interpreter::{replay, shown};

const SQLITE: Dialect = Dialect::Sqlite;
const PROBE: &str = "driftlens_probe";

/// What comes of texts.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// SQLite does not take one of them, and says why.
    Refused(String),
    /// What the replay finds wrong with texts that SQLite takes, and the facts that differ; empty where all is equal.
    Compared { failures: Vec<String>, left_out: LeftOut },
}

/// Runs the texts on an empty database in memory, and compares their replay with what it holds.
pub async fn check(texts: &[&str]) -> Outcome {
    let options = SqliteConnectOptions::new().filename(":memory:").foreign_keys(false);
    let mut connection = options.connect().await.unwrap();
    for text in texts {
        if let Err(error) = connection.execute(sqlx::raw_sql(AssertSqlSafe((*text).to_owned()))).await {
            return Outcome::Refused(error.to_string());
        }
    }
    let ours = replay(SQLITE, texts);
    let mut failures: Vec<String> = ours.findings.iter().map(|finding| shown(finding, texts)).collect();
    let kept = kept_texts(&mut connection).await;
    let (mut our_schema, mut theirs) = (ours.schema.clone(), replay(SQLITE, &[&kept]).schema);
    normalize(&mut our_schema, &mut theirs);
    failures.extend(differences(&our_schema, &theirs).iter().map(|it| format!("kept text: {it}")));
    let (mut our_schema, mut theirs) = (ours.schema.clone(), read(&mut connection, &ours.schema).await);
    let left_out = normalize(&mut our_schema, &mut theirs);
    imply_not_null(&mut our_schema);
    failures.extend(differences(&our_schema, &theirs).iter().map(|it| format!("pragma: {it}")));
    Outcome::Compared { failures, left_out }
}

/// The statements that SQLite keeps, tables before what is about them.
pub async fn kept_texts(connection: &mut SqliteConnection) -> String {
    let query = "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' \
        AND name NOT IN (SELECT name FROM pragma_table_list WHERE type = 'shadow') ORDER BY type <> 'table', rowid";
    let texts: Vec<String> = sqlx::query_scalar(query).fetch_all(connection).await.unwrap();
    texts.join(";\n")
}

/// SQLite lets a key be NULL, but not that of a table WITHOUT ROWID: the pragma says so without its being written.
fn imply_not_null(schema: &mut Schema) {
    for table in schema.tables.values_mut().map(Arc::make_mut) {
        if table.options.contains_key("without rowid") {
            for column in table.primary_key.iter().flat_map(|key| &key.columns) {
                table.columns.get_mut(column).unwrap().not_null = true;
            }
        }
    }
}

/// What the pragmas tell; `ours` stands in for what they do not.
async fn read(connection: &mut SqliteConnection, ours: &Schema) -> Schema {
    let mut schema = Schema::new(SQLITE);
    let query = "SELECT name, type, wr, strict FROM pragma_table_list WHERE schema = 'main' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'";
    let list: Vec<(String, String, bool, bool)> = sqlx::query_as(query).fetch_all(&mut *connection).await.unwrap();
    for (name, kind, without_rowid, strict) in list {
        let name = Name::new("", name);
        match kind.as_str() {
            "table" => {
                let mut table = Table::new(name.clone());
                for (option, _) in
                    [("strict", strict), ("without rowid", without_rowid)].iter().filter(|(_, is_set)| *is_set)
                {
                    table.options.insert((*option).to_owned(), option_value("true", Form::Boolean));
                }
                let our_table =
                    ours.tables.get(&name).map(|table| Table::clone(table)).unwrap_or(Table::new(name.clone()));
                read_columns(connection, &mut table, &our_table).await;
                read_indexes(connection, &mut table, &our_table).await;
                read_foreign_keys(connection, &mut table, &our_table).await;
                table.checks = our_table.checks;
                schema.tables.insert(name, Arc::new(table));
            }
            "virtual" => {
                let table = Table { opaque: true, ..Table::new(name.clone()) };
                schema.tables.insert(name, Arc::new(table));
            }
            "view" => {
                schema.views.insert(name.clone(), Arc::new(read_view(connection, name).await));
            }
            _ => {}
        }
    }
    let query = "SELECT name, tbl_name, sql FROM sqlite_schema WHERE type = 'trigger'";
    let triggers: Vec<(String, String, String)> = sqlx::query_as(query).fetch_all(&mut *connection).await.unwrap();
    for (name, table, text) in triggers {
        let key = OpaqueKey { kind: OpaqueKind::Trigger, name: Name::new("", name), on: Some(Name::new("", table)) };
        let definition = dialects::definition(SQLITE, OpaqueKind::Trigger, &text).map(Arc::new);
        schema.opaque.insert(key.clone(), Arc::new(OpaqueObject { definition, ..OpaqueObject::by_name(key) }));
    }
    schema
}

async fn read_columns(connection: &mut SqliteConnection, table: &mut Table, ours: &Table) {
    let query = "SELECT name, type, \"notnull\", dflt_value, pk, hidden FROM pragma_table_xinfo(?)";
    type Row = (String, String, bool, Option<String>, i64, i64);
    let rows: Vec<Row> = sqlx::query_as(query).bind(&table.name.name).fetch_all(&mut *connection).await.unwrap();
    let mut key: Vec<(i64, String)> = Vec::new();
    let collations = collations(connection, &table.name.name, rows.iter().map(|row| row.0.as_str())).await;
    for ((name, written, not_null, default_text, key_position, hidden), collation) in rows.into_iter().zip(collations) {
        let our_column = ours.columns.get(&name);
        let sql_type = sql_type(SQLITE, &written, None);
        let is_generated = hidden == 2 || hidden == 3;
        let our_expression = our_column.and_then(|column| column.generated.as_ref()).map(|it| it.expression.clone());
        let generated = is_generated.then(|| Generated {
            expression: our_expression.unwrap_or(Expression { text: String::new(), canonical: String::from("?") }),
            stored: hidden == 3,
        });
        if key_position > 0 {
            key.push((key_position, name.clone()));
        }
        let column = Column {
            name: name.clone(),
            default: default_text.map(|text| default(SQLITE, &text, Form::Sql, &sql_type)),
            sql_type,
            not_null,
            generated,
            identity: None,
            autoincrement: our_column.is_some_and(|column| column.autoincrement),
            collation: collation.filter(|collation| collation != "BINARY").map(|it| match our_column {
                Some(Column { collation: Some(ours), .. }) if ours.eq_ignore_ascii_case(&it) => ours.clone(),
                _ => it,
            }),
            comment: None,
            unknown: ColumnFacts::default(),
        };
        table.columns.insert(name, column);
    }
    key.sort();
    if !key.is_empty() {
        let name = ours.primary_key.as_ref().and_then(|key| key.name.clone());
        let mut primary_key = PrimaryKey::new(name, key.into_iter().map(|(_, name)| name).collect());
        primary_key.server_name = ours.primary_key.as_ref().and_then(|key| key.server_name.clone());
        table.primary_key = Some(primary_key);
    }
}

/// The collations of a table's columns, which an index on them tells.
async fn collations(
    connection: &mut SqliteConnection,
    table: &str,
    columns: impl Iterator<Item = &str>,
) -> Vec<Option<String>> {
    let mut found = Vec::new();
    for column in columns {
        let sql = format!("SAVEPOINT {PROBE}; CREATE INDEX {PROBE} ON {} ({})", quoted(table), quoted(column));
        let is_made = connection.execute(sqlx::raw_sql(AssertSqlSafe(sql))).await.is_ok();
        let query = format!("SELECT coll FROM pragma_index_xinfo('{PROBE}') WHERE seqno = 0");
        let collation = sqlx::query_scalar(AssertSqlSafe(query)).fetch_optional(&mut *connection).await.unwrap();
        found.push(collation.filter(|_| is_made));
        connection
            .execute(sqlx::raw_sql(AssertSqlSafe(format!("ROLLBACK TO {PROBE}; RELEASE {PROBE}"))))
            .await
            .unwrap();
    }
    found
}

async fn read_indexes(connection: &mut SqliteConnection, table: &mut Table, ours: &Table) {
    let query = "SELECT name, \"unique\", origin, partial FROM pragma_index_list(?) ORDER BY seq DESC";
    let rows: Vec<(String, bool, String, bool)> =
        sqlx::query_as(query).bind(&table.name.name).fetch_all(&mut *connection).await.unwrap();
    for (name, unique, origin, is_partial) in rows {
        let query = "SELECT name, \"desc\", coll FROM pragma_index_xinfo(?) WHERE key ORDER BY seqno";
        let keys: Vec<(Option<String>, bool, Option<String>)> =
            sqlx::query_as(query).bind(&name).fetch_all(&mut *connection).await.unwrap();
        match origin.as_str() {
            "u" => {
                let columns: Vec<String> = keys.into_iter().filter_map(|(column, ..)| column).collect();
                let is_it = |it: &&Unique| it.columns == columns && !table.uniques.contains_key(&it.name);
                let name = ours.uniques.values().find(is_it).map_or(name, |it| it.name.clone());
                table.uniques.insert(name.clone(), Unique::new(name, columns, false));
            }
            "c" => {
                let our_index = ours.indexes.get(&name);
                let predicate = our_index.and_then(|index| index.predicate.clone());
                let unknown = Expression { text: String::new(), canonical: String::from("?") };
                let columns = keys.into_iter().enumerate().map(|(position, key)| {
                    let our_column = our_index.and_then(|index| index.columns.get(position));
                    index_column(table, key, our_column, &unknown)
                });
                let index = Index {
                    name: name.clone(),
                    unique,
                    method: String::new(),
                    columns: columns.collect(),
                    include: Vec::new(),
                    predicate: is_partial.then(|| predicate.unwrap_or(unknown.clone())),
                    with: Map::default(),
                    nulls_not_distinct: false,
                    concurrently: None,
                };
                table.indexes.insert(name, index);
            }
            _ => {}
        }
    }
}

fn index_column(
    table: &Table,
    (column, is_descending, collation): (Option<String>, bool, Option<String>),
    ours: Option<&IndexColumn>,
    unknown: &Expression,
) -> IndexColumn {
    let of_the_column =
        column.as_ref().and_then(|name| table.columns.get(name)?.collation.as_deref()).unwrap_or("BINARY");
    let own = collation.filter(|collation| column.is_some() && !collation.eq_ignore_ascii_case(of_the_column));
    // A collation that says what would be anyway leaves no trace.
    let ours_says = ours.and_then(|it| it.collation.clone());
    let says_the_same =
        |it: &String| it.eq_ignore_ascii_case(own.as_deref().unwrap_or(of_the_column)) || column.is_none();
    let collation = ours_says.filter(says_the_same).or(own);
    let key = match (column, ours.map(|it| &it.key)) {
        (Some(column), _) => IndexKey::Column(column),
        (None, Some(IndexKey::Expression(expression))) => IndexKey::Expression(expression.clone()),
        (None, _) => IndexKey::Expression(unknown.clone()),
    };
    IndexColumn { key, ascending: !is_descending, nulls_first: false, opclass: None, collation }
}

async fn read_foreign_keys(connection: &mut SqliteConnection, table: &mut Table, ours: &Table) {
    let query = "SELECT id, \"table\", \"from\", \"to\", on_update, on_delete, match FROM pragma_foreign_key_list(?) ORDER BY id DESC, seq";
    type Row = (i64, String, String, Option<String>, String, String, String);
    let rows: Vec<Row> = sqlx::query_as(query).bind(&table.name.name).fetch_all(&mut *connection).await.unwrap();
    let mut keys: Map<i64, ForeignKey> = Map::default();
    for (id, to, from, to_column, on_update, on_delete, matched) in rows {
        let key = keys.entry(id).or_insert_with(|| ForeignKey {
            name: format!("({id})"),
            unnamed: true,
            columns: Vec::new(),
            to: Name::new("", to),
            to_columns: Vec::new(),
            on_delete: ForeignKeyAction::parse(&on_delete).unwrap(),
            on_update: ForeignKeyAction::parse(&on_update).unwrap(),
            match_full: matched.eq_ignore_ascii_case("full"),
            deferral: Default::default(),
            not_valid: false,
        });
        key.columns.push(from);
        key.to_columns.extend(to_column);
    }
    for (_, mut key) in keys {
        if key.to_columns.is_empty() {
            let query = "SELECT name FROM pragma_table_xinfo(?) WHERE pk > 0 ORDER BY pk";
            key.to_columns = sqlx::query_scalar(query).bind(&key.to.name).fetch_all(&mut *connection).await.unwrap();
        }
        // The names are kept as written, and mean what they mean whatever their case.
        let is_name = |a: &String, b: &String| a.eq_ignore_ascii_case(b);
        let are_names = |a: &[String], b: &[String]| a.len() == b.len() && a.iter().zip(b).all(|(a, b)| is_name(a, b));
        let is_it = |it: &&ForeignKey| {
            are_names(&it.columns, &key.columns)
                && is_name(&it.to.name, &key.to.name)
                && are_names(&it.to_columns, &key.to_columns)
                && !table.foreign_keys.contains_key(&it.name)
        };
        if let Some(our_key) = ours.foreign_keys.values().find(is_it).cloned() {
            (key.name, key.deferral) = (our_key.name, our_key.deferral);
            (key.columns, key.to, key.to_columns) = (our_key.columns, our_key.to, our_key.to_columns);
        }
        table.foreign_keys.insert(key.name.clone(), key);
    }
}

async fn read_view(connection: &mut SqliteConnection, name: Name) -> View {
    let query = "SELECT name FROM pragma_table_xinfo(?)";
    let names: Vec<String> = sqlx::query_scalar(query).bind(&name.name).fetch_all(connection).await.unwrap_or_default();
    let column = |name: String| {
        let column = Column {
            name: name.clone(),
            sql_type: sql_type(SQLITE, "", None),
            not_null: false,
            default: None,
            generated: None,
            identity: None,
            autoincrement: false,
            collation: None,
            comment: None,
            unknown: ColumnFacts::ALL,
        };
        (name, column)
    };
    View {
        indexes: schema::Map::default(),
        name,
        materialized: false,
        existing: false,
        definition: None,
        opaque: true,
        reads: Vec::new(),
        columns: names.into_iter().map(column).collect(),
        primary_key: Vec::new(),
        with: Map::default(),
        with_no_data: None,
        using: None,
        tablespace: None,
    }
}

fn quoted(name: &str) -> String {
    dialects::quote_identifier(SQLITE, name)
}
