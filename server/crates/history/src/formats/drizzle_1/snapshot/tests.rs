//! Snapshots that drizzle-kit 1.0 wrote, without their footprints, in; the model out.

use std::path::Path;

use expect_test::{Expect, expect, expect_file};
use schema::{Dialect, Schema};
use source::{FilePath, MemoryFiles};

use super::super::super::{Folder, Format};

const BASE: &str = include_str!("../../../../tests_data/drizzle_1/postgres_9_base.json");
const CUSTOM: &str = include_str!("../../../../tests_data/drizzle_1/postgres_9_custom.json");
const DIFF: &str = include_str!("../../../../tests_data/drizzle_1/postgres_9_diff.json");
const RENAMES: &str = include_str!("../../../../tests_data/drizzle_1/postgres_9_renames.json");
const AT_ONCE: &str = include_str!("../../../../tests_data/drizzle_1/postgres_9_at_once.json");
const SQLITE: &str = include_str!("../../../../tests_data/drizzle_1/sqlite_7.json");

/// A folder with a migration for each of these snapshots.
fn folder(dialect: Dialect, snapshots: &[&str]) -> (Folder, MemoryFiles) {
    let fixture = snapshots.iter().enumerate().map(|(number, text)| {
        let folder = format!("/p/2025010112000{number}_x");
        format!("//- {folder}/migration.sql\n\n//- {folder}/snapshot.json\n{text}\n")
    });
    let files = MemoryFiles::new(&fixture.collect::<String>());
    let folder = super::super::read(dialect, &FilePath::from(Path::new("/p")), &files);
    assert_eq!(folder.format, Format::Drizzle1);
    (folder, files)
}

/// The state after the last of these snapshots, or what is wrong.
fn state(dialect: Dialect, snapshots: &[&str]) -> Result<Schema, String> {
    let shown = |finding: source::Diagnostic| {
        let place = format!("{} at {}", finding.location.file.display(), finding.location.span.start);
        format!("{place}: {}\n{}\n", finding.message, finding.help.unwrap_or_default())
    };
    let (folder, files) = folder(dialect, snapshots);
    folder.read_snapshot(folder.migrations.len() - 1, &files).unwrap().map_err(shown)
}

fn check(snapshots: &[&str], expected: Expect) {
    let shown = match state(Dialect::Postgres, snapshots) {
        Ok(schema) => serde_json::to_string_pretty(&schema).unwrap(),
        Err(error) => error,
    };
    expected.assert_eq(&shown);
}

#[test]
fn a_base_and_its_changes_are_what_one_snapshot_at_once_is() {
    let folded = state(Dialect::Postgres, &[BASE, CUSTOM, DIFF]).unwrap();
    let at_once = state(Dialect::Postgres, &[AT_ONCE]).unwrap();
    assert_eq!(folded, at_once);
    assert_ne!(folded, state(Dialect::Postgres, &[BASE, CUSTOM]).unwrap());
}

#[test]
fn version_8_says_the_same_in_every_snapshot() {
    let eight = AT_ONCE.replacen("\"version\": \"9\"", "\"version\": \"8\"", 1).replacen("\"type\": \"base\",", "", 1);
    assert_eq!(state(Dialect::Postgres, &[&eight]), state(Dialect::Postgres, &[AT_ONCE]));
}

#[test]
fn every_kind_of_postgresql_object_is_read() {
    let schema = state(Dialect::Postgres, &[BASE]).unwrap();
    expect_file!["../../../../tests_data/drizzle_1/postgres_9_base.model.json"]
        .assert_eq(&(serde_json::to_string_pretty(&schema).unwrap() + "\n"));
    let key =
        |table: &str| schema.tables.values().find(|it| it.name.name == table).unwrap().primary_key.clone().unwrap();
    assert_eq!((key("users").name, key("users").server_name.as_deref()), (None, Some("users_pkey")));
    assert_eq!((key("named").name.as_deref(), key("named").server_name), (Some("named_key"), None));
}

#[test]
fn every_kind_of_sqlite_object_is_read() {
    let schema = state(Dialect::Sqlite, &[SQLITE]).unwrap();
    expect_file!["../../../../tests_data/drizzle_1/sqlite_7.model.json"]
        .assert_eq(&(serde_json::to_string_pretty(&schema).unwrap() + "\n"));
}

#[test]
fn a_renamed_table_takes_its_parts_along_and_its_constraints_keep_their_names() {
    let schema = state(Dialect::Postgres, &[BASE, CUSTOM, DIFF, RENAMES]).unwrap();
    let mut shown = String::new();
    for table in schema.tables.values() {
        shown += &format!("{} ({})\n", table.name, table.columns.keys().cloned().collect::<Vec<_>>().join(" "));
        for unique in table.uniques.values() {
            shown += &format!("  {} on {}\n", unique.name, unique.columns.join(" "));
        }
        for key in table.foreign_keys.values() {
            shown += &format!("  {} to {} ({})\n", key.name, key.to, key.to_columns.join(" "));
        }
        for column in table.columns.values().filter(|column| column.sql_type.enum_name.is_some()) {
            shown += &format!("  {} is {}\n", column.name, column.sql_type.canonical);
        }
    }
    shown += &format!(
        "{:?}\n",
        schema.sequences.keys().chain(schema.views.keys()).map(ToString::to_string).collect::<Vec<_>>()
    );
    expect![[r#"
        app.members (a b level parent)
          members_a_users_id_fkey to public.people (id)
          parent_fk to app.members (a b)
          level is app.rank
        public.named (a b c d)
          b_unique on b
        public.people (id email label mood moods grid tags meta at day n age ok up v token iv added)
          users_full_name_age_unique on label age
          users_email_key on email
          users_added_key on added
          users_added_named_b_fkey to public.named (b)
          mood is public.mood
          moods is public.mood[]
        ["app.counter", "public.adults", "public.raw2", "public.stats"]
    "#]]
    .assert_eq(&shown);
}

fn small(kind: &str, id: &str, previous: &str, rest: &str) -> String {
    format!(r#"{{"type":"{kind}","version":"9","dialect":"postgres","id":"{id}","prevIds":[{previous}],{rest}}}"#)
}

const TABLE: &str = r#""ddl":[{"schema":"public","name":"t","isRlsEnabled":false,"entityType":"tables"}]"#;

fn column(name: &str) -> String {
    format!(
        r#"{{"op":"create","row":{{"schema":"public","table":"t","name":"{name}","type":"text","typeSchema":null,"notNull":false,"dimensions":0,"default":null,"generated":null,"identity":null,"entityType":"columns"}}}}"#
    )
}

fn columns(snapshots: &[String]) -> String {
    let snapshots: Vec<&str> = snapshots.iter().map(String::as_str).collect();
    match state(Dialect::Postgres, &snapshots) {
        Ok(schema) => {
            schema.tables.values().flat_map(|table| table.columns.keys()).cloned().collect::<Vec<_>>().join(" ")
        }
        Err(error) => error,
    }
}

#[test]
fn branches_are_folded_together_before_and_after_they_are_joined() {
    let deltas = |names: &[&str]| {
        format!(r#""deltas":[{}]"#, names.iter().map(|name| column(name)).collect::<Vec<_>>().join(","))
    };
    let mut snapshots = vec![
        small("base", "i0", "", TABLE),
        small("diff", "i1", r#""i0""#, &deltas(&["a"])),
        small("diff", "i2", r#""i0""#, &deltas(&["b"])),
        small("diff", "i3", r#""i1""#, &deltas(&["c"])),
    ];
    expect!["a c b"].assert_eq(&columns(&snapshots));
    snapshots.push(small("diff", "i4", r#""i3","i2""#, &deltas(&["d"])));
    expect!["a c b d"].assert_eq(&columns(&snapshots));
}

#[test]
fn branches_are_in_conflict_where_one_writes_what_the_other_reads() {
    let footprint = |writes: &str, reads: &str, hash: &str| {
        let target = r#""statementType":"alter_column","statementTarget":["column","public","t","a"]"#;
        format!(r#""footprints":[{{{target},"writes":[{writes}],"reads":[{reads}],"sqlHash":"{hash}"}}],"deltas":[]"#)
    };
    let found = |first: &str, second: &str| {
        let snapshots = [
            small("base", "i0", "", TABLE),
            small("diff", "i1", r#""i0""#, first),
            small("diff", "i2", r#""i0""#, second),
        ];
        let snapshots: Vec<&str> = snapshots.iter().map(String::as_str).collect();
        let (folder, _) = folder(Dialect::Postgres, &snapshots);
        folder.diagnostics.into_iter().map(|finding| finding.message).collect::<String>()
    };
    let (a, b, none) = (r#""s|col|t.a""#, r#""s|col|t.b""#, "");
    expect![""].assert_eq(&found(&footprint(a, none, "1"), &footprint(b, none, "2")));
    expect![""].assert_eq(&found(&footprint(none, a, "1"), &footprint(none, a, "2")));
    expect!["20250101120001_x and 20250101120002_x are of two branches, and both change the column public.t.a"]
        .assert_eq(&found(&footprint(b, a, "1"), &footprint(a, none, "2")));
    // The same statement on both sides.
    expect![""].assert_eq(&found(&footprint(a, none, "1"), &footprint(a, none, "1")));
}

#[test]
fn a_change_that_cannot_be_followed_is_told() {
    expect![[r#"
        /p/20250101120000_x/snapshot.json at 0: the snapshot of 20250101120000_x holds only what changed, and the snapshot it continues is not in this folder
        Restore the missing migration folder from version control, or delete this one and every later one and generate again.
    "#]].assert_eq(&columns(&[small("diff", "i1", r#""i0""#, r#""deltas":[]"#)]));
    expect![[r#"
        /p/20250101120000_x/snapshot.json at 0: the snapshot of 20250101120000_x continues itself
        Restore the missing migration folder from version control, or delete this one and every later one and generate again.
    "#]].assert_eq(&columns(&[small("diff", "i1", r#""i1""#, r#""deltas":[]"#)]));
    let unknown = small("diff", "i1", r#""i0""#, r#""deltas":[{"op":"swap","key":"tables"}]"#);
    expect![[r#"
        /p/20250101120001_x/snapshot.json at 87: the snapshot cannot be read: the change `swap` is not known or not whole
        Restore the file from version control, or update Driftlens if a newer drizzle-kit wrote it.
    "#]].assert_eq(&columns(&[small("base", "i0", "", TABLE), unknown]));
}

#[test]
fn unknown_kinds_and_fields_are_ignored() {
    let rest = r#""ddl":[{"schema":"public","name":"t","color":1,"entityType":"tables"},{"entityType":"triggers"},{"x":1}],"later":{}"#;
    check(
        &[&small("base", "i0", "", rest)],
        expect![[r#"
        {
          "dialect": "postgresql",
          "namespaces": [],
          "enums": {},
          "domains": {},
          "sequences": {},
          "tables": {
            "public.t": {
              "name": "public.t",
              "columns": {},
              "row_level_security": false
            }
          },
          "views": {},
          "roles": {},
          "policies": {},
          "extensions": {},
          "opaque": [],
          "open": false
        }"#]],
    );
}
