//! A schema printed as SQL and read again is the same schema.
//!
//! What is known by name only is not in the printed text: it is left out of the comparison.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use expect_test::{Expect, expect};
use languages::drizzle::Reader;
use schema::{Dialect, ObjectKind, Schema};
use source::{FilePath, MemoryFiles};

/// The schema of a SQL text as it is printed, which reads as the same schema.
fn check(dialect: Dialect, text: &str, expected: Expect) {
    let (schema, findings) = read(dialect, text);
    assert_eq!(findings, Vec::<String>::new());
    expected.assert_eq(&dialects::sql_text(&schema));
    round_trip(&schema).unwrap_or_else(|difference| panic!("{difference}"));
}

/// The schema that a SQL text makes, and what is found wrong in it.
fn read(dialect: Dialect, text: &str) -> (Schema, Vec<String>) {
    let mut files = MemoryFiles::new("");
    files.set("/schema.sql", text);
    let desired = languages::sql::read_schema(dialect, &[FilePath::from(Path::new("/schema.sql"))], &files);
    (desired.schema, desired.diagnostics.into_iter().map(|finding| finding.message).collect())
}

fn round_trip(schema: &Schema) -> Result<(), String> {
    let text = dialects::sql_text(schema);
    let (again, findings) = read(schema.dialect, &text);
    let (before, after) = (comparable(schema), comparable(&again));
    if before == after && json(&before) == json(&after) && findings.is_empty() {
        return Ok(());
    }
    let (before, after) = (json(&before), json(&after));
    let (before, after): (Vec<&str>, Vec<&str>) = (before.lines().collect(), after.lines().collect());
    let only = |sign: &str, these: &[&str], those: &[&str]| {
        let lines = these.iter().filter(|line| !those.contains(line)).map(|line| format!("{sign} {}\n", line.trim()));
        lines.take(12).collect::<String>()
    };
    let differences = only("-", &before, &after) + &only("+", &after, &before);
    Err(format!("{}\n{differences}\nprinted:\n{text}", findings.join("\n")))
}

/// Maps in the order of their keys.
fn json(schema: &Schema) -> String {
    fn sorted(value: &serde_json::Value) -> serde_json::Value {
        match value {
            serde_json::Value::Object(map) => {
                let mut entries: Vec<_> = map.iter().map(|(key, value)| (key.clone(), sorted(value))).collect();
                entries.sort_by(|a, b| a.0.cmp(&b.0));
                serde_json::Value::Object(entries.into_iter().collect())
            }
            serde_json::Value::Array(items) => serde_json::Value::Array(items.iter().map(sorted).collect()),
            other => other.clone(),
        }
    }
    serde_json::to_string_pretty(&sorted(&serde_json::to_value(schema).unwrap())).unwrap()
}

/// What of a schema can be printed, in the one form that its printed text has.
fn comparable(schema: &Schema) -> Schema {
    let mut schema = schema.clone();
    schema.opaque.clear();
    schema.unknown.clear();
    schema.tables.retain(|_, table| !table.opaque);
    schema.views.retain(|_, view| !view.opaque && !view.existing);
    for table in schema.tables.values_mut() {
        let table = Arc::make_mut(table);
        // Policies stand for the switch.
        table.row_level_security |= !table.policies.is_empty();
        if let Some(key) = &mut table.primary_key {
            // The server's name is stated where it is another one than usual.
            let usual = dialects::implicit_names::choose(&table.name.name, "", "pkey", |_| false);
            let server_name = key.server_name.take();
            key.name = key.name.take().or(server_name).filter(|name| *name != usual);
        }
    }
    let (tables, views) = (schema.tables.clone(), schema.views.clone());
    let is_made = |path: &schema::ObjectPath| match path.kind {
        ObjectKind::Opaque => false,
        ObjectKind::Table => tables.contains_key(&path.name),
        ObjectKind::View => views.contains_key(&path.name),
        ObjectKind::Column => tables.contains_key(&path.name) || views.contains_key(&path.name),
        _ => true,
    };
    schema.grants.retain(|(path, _), _| is_made(path));
    schema.grants.sort_keys();
    schema.comments.retain(|path, _| is_made(path));
    schema
}

#[test]
fn sqldefs_schemas_come_back() {
    for (file, dialect) in [("sqldef_pg.json", Dialect::Postgres), ("sqldef_sqlite.json", Dialect::Sqlite)] {
        let Some(path) = sqldef(file) else {
            println!("not run: no {file}; set DRIFTLENS_CONFORMANCE to its folder");
            continue;
        };
        let contents: serde_json::Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
        let (mut n_texts, mut n_unsound, mut failures) = (0, 0, Vec::new());
        for case in contents["cases"].as_array().unwrap() {
            let text = |side: &str| case[side].as_str().unwrap_or_default().to_owned();
            let (current, up, desired) = (text("current"), text("up"), text("desired"));
            for (side, text) in [("current", current.clone()), ("up", current + "\n" + &up), ("desired", desired)] {
                let (schema, findings) = read(dialect, &text);
                n_texts += 1;
                n_unsound += usize::from(!findings.is_empty());
                if let (true, Err(difference)) = (findings.is_empty(), round_trip(&schema)) {
                    let (file, name) = (&case["file"], &case["name"]);
                    failures.push(format!("--- {file} {name} {side}\n{text}\n{difference}"));
                }
            }
        }
        println!(
            "{file}: {n_texts} texts, {n_unsound} of them unsound; {} come back as something else",
            failures.len()
        );
        assert!(failures.is_empty(), "{}", failures.join("\n"));
    }
}

fn sqldef(file: &str) -> Option<PathBuf> {
    let folder = match std::env::var_os("DRIFTLENS_CONFORMANCE") {
        Some(folder) => PathBuf::from(folder),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/conformance/sqldef"),
    };
    let paths = [folder.join(file), folder.join("sqldef").join(file), folder.join("../sqldef").join(file)];
    paths.into_iter().find(|path| path.is_file())
}

#[test]
fn drizzle_schemas_come_back() {
    let projects = Path::new(env!("CARGO_MANIFEST_DIR")).join("drizzle");
    let mut failures = Vec::new();
    let mut n_projects = 0;
    for entry in fs::read_dir(&projects).unwrap() {
        let folder = entry.unwrap().path();
        let disk = workspace::Disk::new();
        let mut reader = Reader::new();
        let reading = reader.read_config(&workspace::Disk::normalize(&folder.join("drizzle.config.ts")), &disk);
        let Some(config) = reading.config else { continue };
        let desired = reader.read_schema(&config, &disk);
        n_projects += 1;
        let text = dialects::sql_text(&desired.schema);
        let (again, findings) = read(desired.schema.dialect, &text);
        let (before, after) = (dialects::as_stored(&desired.schema), dialects::as_stored(&again));
        let mut changes = diff::diff(&before, &after).changes;
        changes.extend(diff::diff(&after, &before).changes);
        if !changes.is_empty() || !findings.is_empty() {
            let changes: Vec<String> = changes.iter().map(|change| format!("{change:?}")).collect();
            failures.push(format!(
                "--- {}\n{}\n{}\nprinted:\n{text}",
                folder.display(),
                findings.join("\n"),
                changes.join("\n")
            ));
        }
    }
    assert!(n_projects > 100, "only {n_projects} projects");
    assert!(failures.is_empty(), "{} of {n_projects} projects:\n{}", failures.len(), failures.join("\n"));
}
