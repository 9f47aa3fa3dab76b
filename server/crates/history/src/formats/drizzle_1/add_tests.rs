//! New migrations: what drizzle-kit 1.0 wrote is written again.

use std::path::Path;

use expect_test::expect;
use schema::{Dialect, Name, ObjectKind, ObjectPath, Schema};
use serde_json::Value;
use source::{FilePath, MemoryFiles};

use crate::formats::{self, Addition, Content, Format, Manner, Moment};

macro_rules! data {
    ($name:literal) => {
        include_str!(concat!("../../../tests_data/drizzle_1/", $name))
    };
}

/// The files of a folder with these snapshots.
fn folder(snapshots: &[&str]) -> MemoryFiles {
    let mut files = MemoryFiles::new("");
    for (number, text) in snapshots.iter().enumerate() {
        files.set(format!("/p/drizzle/2025010112000{number}_x/migration.sql"), "select 1;");
        files.set(format!("/p/drizzle/2025010112000{number}_x/snapshot.json"), *text);
    }
    files
}

fn path() -> FilePath {
    FilePath::from(Path::new("/p/drizzle"))
}

fn state(dialect: Dialect, files: &MemoryFiles) -> Schema {
    let folder = formats::read(Format::Drizzle1, dialect, &path(), files);
    let last = folder.migrations.len() - 1;
    folder.read_snapshot(last, files).unwrap().unwrap()
}

fn added(dialect: Dialect, content: Content<'_>, manner: &Manner, files: &MemoryFiles) -> Addition {
    let folder = formats::read(Format::Drizzle1, dialect, &path(), files);
    let moment = Moment { unix_ms: 0, id: String::from("an-id") };
    formats::add(&folder, "name", content, manner, &moment, files).unwrap()
}

fn content<'c>(schema: Option<&'c Schema>, renames: &'c [(ObjectPath, ObjectPath)]) -> Content<'c> {
    Content { statements: &[], down: None, schema, renames }
}

fn snapshot(addition: &Addition) -> Value {
    let file = addition.files.iter().find(|file| file.path.ends_with("snapshot.json")).unwrap();
    serde_json::from_str(&file.text).unwrap()
}

/// Rows in an order of their own: drizzle-kit has that of the exports.
fn rows(snapshot: &Value) -> String {
    let mut rows: Vec<String> = snapshot["ddl"].as_array().unwrap().iter().map(|row| format!("{row}\n")).collect();
    rows.sort();
    rows.concat()
}

#[test]
fn what_drizzle_kit_wrote_is_written_again() {
    for (dialect, text) in
        [(Dialect::Postgres, data!("postgres_9_base.json")), (Dialect::Sqlite, data!("sqlite_7.json"))]
    {
        let schema = state(dialect, &folder(&[text]));
        let addition = added(dialect, content(Some(&schema), &[]), &Manner::default(), &folder(&[]));
        assert_eq!(rows(&snapshot(&addition)), rows(&serde_json::from_str(text).unwrap()));
    }
}

#[test]
fn what_changed_is_noted_as_drizzle_kit_notes_it() {
    let base = folder(&[data!("postgres_9_base.json")]);
    let schema = state(
        Dialect::Postgres,
        &folder(&[data!("postgres_9_base.json"), data!("postgres_9_custom.json"), data!("postgres_9_diff.json")]),
    );
    let addition = added(Dialect::Postgres, content(Some(&schema), &[]), &Manner::default(), &base);
    let kit: Value = serde_json::from_str(data!("postgres_9_diff.json")).unwrap();
    let deltas = |snapshot: &Value| {
        let mut all: Vec<String> = snapshot["deltas"].as_array().unwrap().iter().map(Value::to_string).collect();
        all.sort();
        all.join("\n")
    };
    let ours = snapshot(&addition);
    assert_eq!(deltas(&ours), deltas(&kit));
    assert_eq!(ours["prevIds"][0], "302c2e33-d176-4ecd-a60b-d9d19f22a307");
    // What follows is one line with what was there.
    let same = added(Dialect::Postgres, content(None, &[]), &Manner::default(), &base);
    assert_eq!(snapshot(&same)["deltas"], serde_json::json!([]));
}

#[test]
fn a_renamed_table_is_noted_as_such() {
    let files = folder(&[data!("postgres_9_base.json")]);
    let mut schema = state(Dialect::Postgres, &files);
    let (old, new) = (Name::new("public", "named"), Name::new("public", "called"));
    let mut table = schema.tables.shift_remove(&old).unwrap().as_ref().clone();
    table.name = new.clone();
    schema.tables.insert(new.clone(), table.into());
    let renames = [(ObjectPath::new(ObjectKind::Table, &old), ObjectPath::new(ObjectKind::Table, &new))];
    let ours = snapshot(&added(Dialect::Postgres, content(Some(&schema), &renames), &Manner::default(), &files));
    expect![[r#"[{"op":"rename","key":"tables\u0000[\"public\",\"named\"]","set":{"name":"called"}}]"#]]
        .assert_eq(&ours["deltas"].to_string());
    expect![[r#"[{"statementType":"rename_table","statementTarget":["table","public","named"],"writes":["s|tbl|public.named","n|tbl|public.named","n|rel|public.named","n|type|public.named","s|tbl|public.called","n|tbl|public.called","n|rel|public.called","n|type|public.called"],"reads":["n|sch|public"]}]"#]]
        .assert_eq(&ours["footprints"].to_string());
}

#[test]
fn the_folder_is_later_than_all_and_has_a_way_back_and_a_bundle() {
    let files = folder(&[data!("sqlite_7.json")]);
    let (up, down) = ([String::from("SELECT 1;")], [String::from("SELECT 2;")]);
    let content = Content { statements: &up, down: Some(&down), schema: None, renames: &[] };
    let manner = Manner { breakpoints: true, driver: Some(String::from("expo")), ..Manner::default() };
    let addition = added(Dialect::Sqlite, content, &manner, &files);
    let mut files = files;
    let mut shown = String::new();
    for file in &addition.files {
        let name = file.path.strip_prefix("/p/drizzle").unwrap().display().to_string();
        let text = if name.ends_with("json") { "…\n" } else { &file.text };
        // The bundle ends with spaces, which no literal here could keep.
        shown.push_str(&format!("-- {name}\n{}\n", text.trim_end_matches(' ')));
        files.set(&*file.path, file.text.as_str());
    }
    expect![[r#"
        -- 20250101120001_name/snapshot.json
        …

        -- 20250101120001_name/down.sql
        SELECT 2;

        -- migrations.js
        // This file is required for Expo/React Native SQLite migrations - https://orm.drizzle.team/quick-sqlite/expo

        import m0000 from './20250101120000_x/migration.sql';
        import m0001 from './20250101120001_name/migration.sql';

          export default {
            migrations: {
              "20250101120000_x": m0000,
        "20250101120001_name": m0001
        }
          }

        -- 20250101120001_name/migration.sql
        SELECT 1;
    "#]]
    .assert_eq(&shown);
    let after = formats::read(Format::Drizzle1, Dialect::Sqlite, &path(), &files);
    assert_eq!(after.diagnostics, []);
    assert!(after.migrations.last().unwrap().down.is_some());
}
