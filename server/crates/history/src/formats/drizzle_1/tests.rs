//! Folders in, history out.

use expect_test::{Expect, expect};
use schema::Dialect;
use source::{FilePath, LineIndex, Location, MemoryFiles};

use std::path::Path;

use crate::formats::drizzle_format;
use crate::read;

/// Reads `/p/drizzle` of the fixture and shows migrations, state and findings.
fn check(fixture: &str, expected: Expect) {
    let files = MemoryFiles::new(fixture);
    let folder = FilePath::from(Path::new("/p/drizzle"));
    let history = read(drizzle_format(&folder, &files), Dialect::Sqlite, &folder, &files);
    let mut shown = format!("{:?}\n", history.folder.format);
    for migration in &history.folder.migrations {
        let snapshot = if migration.snapshot.is_some() { "" } else { ", no snapshot" };
        shown += &format!("{} when {:?}{snapshot}\n", migration.version, migration.when);
    }
    let names = history.schema.tables.values().map(|table| {
        let columns: Vec<&str> = table.columns.keys().map(String::as_str).collect();
        format!(" {}({})", table.name, columns.join(" "))
    });
    let snapshot = history.snapshot.as_ref().map_or(String::from("nothing"), |file| file.display().to_string());
    let names: String = names.collect();
    shown += &format!("state of {snapshot}:{names}{}\n", if history.unreadable { ", unreadable" } else { "" });
    for finding in &history.diagnostics {
        shown += &format!("{}: {}: {}\n", place(&files, &finding.location), finding.code, finding.message);
        shown += &format!("  help: {}\n", finding.help.as_deref().unwrap_or("none"));
        for related in &finding.related {
            shown += &format!("  {}: {}\n", place(&files, &related.location), related.message);
        }
    }
    expected.assert_eq(&shown);
}

/// `path:line:column`, from 1.
fn place(files: &MemoryFiles, location: &Location) -> String {
    use source::Files;
    let text = files.read(&location.file).unwrap_or_default();
    let start = LineIndex::new(&text).line_column(location.span.start);
    format!("{}:{}:{}", location.file.display(), start.line + 1, start.column + 1)
}

fn sql(tag: &str) -> String {
    format!("//- /p/drizzle/{tag}/migration.sql\nSELECT 1;\n")
}

/// A SQLite snapshot; each table is written `t(a b)`.
fn snapshot(tag: &str, id: &str, previous: &[&str], tables: &[&str]) -> String {
    let mut rows = Vec::new();
    for table in tables {
        let (name, columns) = table.trim_end_matches(')').split_once('(').unwrap();
        rows.push(format!("{{\"name\":\"{name}\",\"entityType\":\"tables\"}}"));
        rows.extend(columns.split_whitespace().map(|column| {
            let (column, kind) = column.split_once(':').unwrap_or((column, "text"));
            format!("{{\"table\":\"{name}\",\"name\":\"{column}\",\"type\":\"{kind}\",\"notNull\":false,\"entityType\":\"columns\"}}")
        }));
    }
    format!(
        "//- /p/drizzle/{tag}/snapshot.json\n{{\"version\":\"7\",\"dialect\":\"sqlite\",\"id\":\"{id}\",\"prevIds\":{previous:?},\"ddl\":[{}]}}\n",
        rows.join(",\n")
    )
}

const NOTHING: &str = "00000000-0000-0000-0000-000000000000";
const FIRST: &str = "20250101120000_first";
const SECOND: &str = "20250102120000_second";
const THIRD: &str = "20250103120000_third";
const FOURTH: &str = "20250104120000_fourth";

#[test]
fn a_sound_folder_has_the_state_of_its_last_snapshot() {
    let fixture = [
        sql(SECOND),
        snapshot(SECOND, "i2", &["i1"], &["t(a b)"]),
        sql(FIRST),
        snapshot(FIRST, "i1", &[NOTHING], &["t(a)"]),
        String::from("//- /p/drizzle/relations.ts\n\n//- /p/drizzle/seeds/one.sql\nSELECT 1;\n"),
    ];
    check(
        &fixture.concat(),
        expect![[r#"
            Drizzle1
            20250101120000_first when Some(1735732800000)
            20250102120000_second when Some(1735819200000)
            state of /p/drizzle/20250102120000_second/snapshot.json: t(a b)
            /p/drizzle/20250101120000_first/migration.sql:1:1: history/snapshot-stale: the SQL up to 20250101120000_first does not make table `t`, but the snapshot has it
              help: The database follows the SQL, drizzle-kit's next `generate` follows the snapshot. Make the two say the same: write what is missing into a new migration, or generate the snapshot of 20250101120000_first again.
              /p/drizzle/20250101120000_first/snapshot.json:1:1: table `t` is here (snapshot.json)
        "#]],
    );
}

#[test]
fn the_format_is_told_by_what_lies_in_the_folder() {
    check(
        "",
        expect![[r#"
        Drizzle
        state of nothing:
    "#]],
    );
    check(
        "//- /p/drizzle/20250101_first/migration.sql\nSELECT 1;\n",
        expect![[r#"
        Drizzle
        state of nothing:
    "#]],
    );
    check(
        "//- /p/drizzle/20250101120000_first/notes.md\nx\n",
        expect![[r#"
        Drizzle
        state of nothing:
    "#]],
    );
}

#[test]
fn a_folder_of_1_0_beside_a_journal_never_runs() {
    check(
        "//- /p/drizzle/meta/_journal.json\n{\"version\":\"7\",\"dialect\":\"sqlite\",\"entries\":[]}\n//- /p/drizzle/20250101120000_first/migration.sql\nSELECT 1;\n",
        expect![[r#"
            Drizzle
            state of nothing:
            /p/drizzle/20250101120000_first/migration.sql:1:1: history/unsupported-format: this folder has migrations of drizzle-kit 1.0 beside the journal of 0.x: each runs its own and no other
              help: drizzle-orm 0.x runs what meta/_journal.json lists, and 1.0 stops where it finds that file. Run `drizzle-kit up` of 1.0 to move all migrations, or delete this one.
              /p/drizzle/meta/_journal.json:1:1: the journal
        "#]],
    );
    let files = MemoryFiles::new("//- /p/drizzle/meta/_journal.json\n{}\n");
    let folder = super::read(Dialect::Sqlite, &FilePath::from(Path::new("/p/drizzle")), &files);
    assert!(folder.unreadable);
    expect!["this folder has the journal of drizzle-kit 0.x, and drizzle-kit and drizzle-orm 1.0 refuse it"]
        .assert_eq(&folder.diagnostics[0].message);
}

#[test]
fn files_that_are_missing_are_told() {
    let fixture = [
        sql(FIRST),
        snapshot(SECOND, "i2", &["i1"], &["t(a b)"]),
        sql(THIRD),
        sql(FOURTH),
        snapshot(FOURTH, "i4", &["i2"], &["t(a b c)"]),
        sql("20250105120000_fifth"),
    ];
    check(
        &fixture.concat(),
        expect![[r#"
            Drizzle1
            20250101120000_first when Some(1735732800000), no snapshot
            20250102120000_second when Some(1735819200000)
            20250103120000_third when Some(1735905600000), no snapshot
            20250104120000_fourth when Some(1735992000000)
            20250105120000_fifth when Some(1736078400000), no snapshot
            state of /p/drizzle/20250104120000_fourth/snapshot.json: t(a b c)
            /p/drizzle/20250102120000_second/snapshot.json:1:1: history/missing-file: 20250102120000_second has a snapshot but no migration.sql
              help: The migrator skips the folder, while drizzle-kit takes its changes for made. Restore the file from version control, or delete the folder.
            /p/drizzle/20250102120000_second/snapshot.json:1:1: history/missing-snapshot: the snapshot that 20250102120000_second continues is not in this folder
              help: Restore the folder whose snapshot has the id i1 from version control: a new database lacks what its migration made.
            /p/drizzle/20250101120000_first/migration.sql:1:1: history/missing-snapshot: 20250101120000_first and one later migration have no snapshot
              help: The next snapshot was made without it: where the schema files hold what its SQL made, a later migration repeated it, and a new database fails there. `drizzle-kit generate --custom` makes a migration for hand-written SQL together with its snapshot.
              /p/drizzle/20250103120000_third/migration.sql:1:1: no snapshot either
        "#]],
    );
}

#[test]
fn a_migration_before_the_one_it_continues_is_out_of_order() {
    let fixture = [
        sql(FIRST),
        snapshot(FIRST, "i1", &["i2"], &["t(a b)"]),
        sql(SECOND),
        snapshot(SECOND, "i2", &[NOTHING], &["t(a)"]),
    ];
    check(
        &fixture.concat(),
        expect![[r#"
            Drizzle1
            20250101120000_first when Some(1735732800000)
            20250102120000_second when Some(1735819200000)
            state of /p/drizzle/20250102120000_second/snapshot.json: t(a b)
            /p/drizzle/20250101120000_first/snapshot.json:1:1: history/out-of-order: 20250101120000_first sorts before 20250102120000_second, which it continues
              help: The migrator runs it first. Rename the folder so that it sorts after 20250102120000_second.
              /p/drizzle/20250102120000_second/snapshot.json:1:1: what it continues
            /p/drizzle/20250101120000_first/migration.sql:1:1: history/snapshot-stale: the SQL up to 20250101120000_first does not make table `t`, but the snapshot has it
              help: The database follows the SQL, drizzle-kit's next `generate` follows the snapshot. Make the two say the same: write what is missing into a new migration, or generate the snapshot of 20250101120000_first again.
              /p/drizzle/20250101120000_first/snapshot.json:1:1: table `t` is here (snapshot.json)
        "#]],
    );
}

#[test]
fn a_copied_folder_has_an_id_twice() {
    let fixture = [
        sql(FIRST),
        snapshot(FIRST, "i1", &["i2"], &["t(a b)"]),
        sql(SECOND),
        snapshot(SECOND, "i2", &[NOTHING], &["t(a)"]),
        sql(THIRD),
        snapshot(THIRD, "i1", &["i2"], &["t(a b)"]),
    ];
    check(
        &fixture.concat(),
        expect![[r#"
            Drizzle1
            20250101120000_first when Some(1735732800000)
            20250102120000_second when Some(1735819200000)
            20250103120000_third when Some(1735905600000)
            state of /p/drizzle/20250103120000_third/snapshot.json: t(a b)
            /p/drizzle/20250103120000_third/snapshot.json:1:1: history/duplicate-entry: the snapshot of 20250103120000_third has the id of that of 20250101120000_first
              help: drizzle-kit takes the two for one and loses the earlier. Delete the folder that was copied, and generate its migration again.
              /p/drizzle/20250101120000_first/snapshot.json:1:1: the other one
            /p/drizzle/20250101120000_first/migration.sql:1:1: history/snapshot-stale: the SQL up to 20250101120000_first does not make table `t`, but the snapshot has it
              help: The database follows the SQL, drizzle-kit's next `generate` follows the snapshot. Make the two say the same: write what is missing into a new migration, or generate the snapshot of 20250101120000_first again.
              /p/drizzle/20250101120000_first/snapshot.json:1:1: table `t` is here (snapshot.json)
        "#]],
    );
}

fn branches(third: &[&str], second: &[&str]) -> String {
    [
        sql(FIRST),
        snapshot(FIRST, "i1", &[NOTHING], &["t(a b)", "u(x)"]),
        sql(SECOND),
        snapshot(SECOND, "i2", &["i1"], second),
        sql(THIRD),
        snapshot(THIRD, "i3", &["i1"], third),
    ]
    .concat()
}

#[test]
fn branches_that_touch_different_things_make_one_state() {
    check(
        &branches(&["t(a b c)", "u(x)"], &["t(a)", "u(x y)"]),
        expect![[r#"
            Drizzle1
            20250101120000_first when Some(1735732800000)
            20250102120000_second when Some(1735819200000)
            20250103120000_third when Some(1735905600000)
            state of /p/drizzle/20250103120000_third/snapshot.json: t(a c) u(x y)
            /p/drizzle/20250101120000_first/migration.sql:1:1: history/snapshot-stale: the SQL up to 20250101120000_first does not make table `t`, but the snapshot has it
              help: The database follows the SQL, drizzle-kit's next `generate` follows the snapshot. Make the two say the same: write what is missing into a new migration, or generate the snapshot of 20250101120000_first again.
              /p/drizzle/20250101120000_first/snapshot.json:1:1: table `t` is here (snapshot.json)
            /p/drizzle/20250101120000_first/migration.sql:1:1: history/snapshot-stale: the SQL up to 20250101120000_first does not make table `u`, but the snapshot has it
              help: The database follows the SQL, drizzle-kit's next `generate` follows the snapshot. Make the two say the same: write what is missing into a new migration, or generate the snapshot of 20250101120000_first again.
              /p/drizzle/20250101120000_first/snapshot.json:1:1: table `u` is here (snapshot.json)
        "#]],
    );
}

#[test]
fn branches_that_touch_one_thing_are_in_conflict_until_they_are_joined() {
    let fixture = branches(&["t(a b:integer)", "u(x)"], &["t(a b:real)", "u(x)"]);
    check(
        &fixture,
        expect![[r#"
            Drizzle1
            20250101120000_first when Some(1735732800000)
            20250102120000_second when Some(1735819200000)
            20250103120000_third when Some(1735905600000)
            state of /p/drizzle/20250103120000_third/snapshot.json: t(a b) u(x)
            /p/drizzle/20250103120000_third/snapshot.json:1:1: history/branch-conflict: 20250102120000_second and 20250103120000_third are of two branches, and both change the table t
              help: Two branches each generated a migration without the other, and what they leave depends on which runs first. `drizzle-kit generate` refuses to run until this is resolved: delete the folder of the later one and generate it again.
              /p/drizzle/20250102120000_second/snapshot.json:1:1: the other branch
            /p/drizzle/20250101120000_first/migration.sql:1:1: history/snapshot-stale: the SQL up to 20250101120000_first does not make table `t`, but the snapshot has it
              help: The database follows the SQL, drizzle-kit's next `generate` follows the snapshot. Make the two say the same: write what is missing into a new migration, or generate the snapshot of 20250101120000_first again.
              /p/drizzle/20250101120000_first/snapshot.json:1:1: table `t` is here (snapshot.json)
            /p/drizzle/20250101120000_first/migration.sql:1:1: history/snapshot-stale: the SQL up to 20250101120000_first does not make table `u`, but the snapshot has it
              help: The database follows the SQL, drizzle-kit's next `generate` follows the snapshot. Make the two say the same: write what is missing into a new migration, or generate the snapshot of 20250101120000_first again.
              /p/drizzle/20250101120000_first/snapshot.json:1:1: table `u` is here (snapshot.json)
        "#]],
    );
    let joined = [fixture, sql(FOURTH), snapshot(FOURTH, "i4", &["i3", "i2"], &["t(a b:real)", "u(x)"])];
    check(
        &joined.concat(),
        expect![[r#"
            Drizzle1
            20250101120000_first when Some(1735732800000)
            20250102120000_second when Some(1735819200000)
            20250103120000_third when Some(1735905600000)
            20250104120000_fourth when Some(1735992000000)
            state of /p/drizzle/20250104120000_fourth/snapshot.json: t(a b) u(x)
            /p/drizzle/20250101120000_first/migration.sql:1:1: history/snapshot-stale: the SQL up to 20250101120000_first does not make table `t`, but the snapshot has it
              help: The database follows the SQL, drizzle-kit's next `generate` follows the snapshot. Make the two say the same: write what is missing into a new migration, or generate the snapshot of 20250101120000_first again.
              /p/drizzle/20250101120000_first/snapshot.json:1:1: table `t` is here (snapshot.json)
            /p/drizzle/20250101120000_first/migration.sql:1:1: history/snapshot-stale: the SQL up to 20250101120000_first does not make table `u`, but the snapshot has it
              help: The database follows the SQL, drizzle-kit's next `generate` follows the snapshot. Make the two say the same: write what is missing into a new migration, or generate the snapshot of 20250101120000_first again.
              /p/drizzle/20250101120000_first/snapshot.json:1:1: table `u` is here (snapshot.json)
        "#]],
    );
}

#[test]
fn branches_without_a_common_beginning_are_in_conflict() {
    let fixture = [
        sql(FIRST),
        snapshot(FIRST, "i1", &[NOTHING], &["t(a)"]),
        sql(SECOND),
        snapshot(SECOND, "i2", &[NOTHING], &["u(a)"]),
        sql(THIRD),
        snapshot(THIRD, "i3", &["gone"], &["u(a)"]),
    ];
    check(
        &fixture.concat(),
        expect![[r#"
            Drizzle1
            20250101120000_first when Some(1735732800000)
            20250102120000_second when Some(1735819200000)
            20250103120000_third when Some(1735905600000)
            state of /p/drizzle/20250103120000_third/snapshot.json: u(a) t(a)
            /p/drizzle/20250103120000_third/snapshot.json:1:1: history/missing-snapshot: the snapshot that 20250103120000_third continues is not in this folder
              help: Restore the folder whose snapshot has the id gone from version control: a new database lacks what its migration made.
            /p/drizzle/20250102120000_second/snapshot.json:1:1: history/branch-conflict: 20250101120000_first and 20250102120000_second have no first migration in common
              help: Two branches each generated a migration without the other, and what they leave depends on which runs first. `drizzle-kit generate` refuses to run until this is resolved: delete the folder of the later one and generate it again.
              /p/drizzle/20250101120000_first/snapshot.json:1:1: the other branch
            /p/drizzle/20250102120000_second/migration.sql:1:1: history/snapshot-stale: the SQL up to 20250102120000_second does not make table `u`, but the snapshot has it
              help: The database follows the SQL, drizzle-kit's next `generate` follows the snapshot. Make the two say the same: write what is missing into a new migration, or generate the snapshot of 20250102120000_second again.
              /p/drizzle/20250102120000_second/snapshot.json:1:1: table `u` is here (snapshot.json)
            /p/drizzle/20250101120000_first/migration.sql:1:1: history/snapshot-stale: the SQL up to 20250101120000_first does not make table `t`, but the snapshot has it
              help: The database follows the SQL, drizzle-kit's next `generate` follows the snapshot. Make the two say the same: write what is missing into a new migration, or generate the snapshot of 20250101120000_first again.
              /p/drizzle/20250101120000_first/snapshot.json:1:1: table `t` is here (snapshot.json)
        "#]],
    );
}

#[test]
fn a_broken_snapshot_is_reported_where_it_breaks() {
    let with = |text: &str| format!("{}//- /p/drizzle/{FIRST}/snapshot.json\n{text}\n", sql(FIRST));
    check(
        &with(
            "{\"version\":\"7\",\"dialect\":\"sqlite\",\"id\":\"i\",\"prevIds\":[],\n\"ddl\":[{},\n{\"entityType\":]}",
        ),
        expect![[r#"
        Drizzle1
        20250101120000_first when Some(1735732800000)
        state of nothing:, unreadable
        /p/drizzle/20250101120000_first/snapshot.json:3:15: history/unreadable-snapshot: the snapshot cannot be read: expected value
          help: Restore the file from version control, or repair it at this place.
    "#]],
    );
    check(
        &with("<<<<<<< HEAD\n"),
        expect![[r#"
        Drizzle1
        20250101120000_first when Some(1735732800000)
        state of nothing:, unreadable
        /p/drizzle/20250101120000_first/snapshot.json:1:1: history/unreadable-snapshot: the snapshot holds the markers of an unresolved merge
          help: Restore the file from version control, or repair it at this place.
    "#]],
    );
    check(
        &with("{\"version\":\"8\",\"dialect\":\"postgres\",\"id\":\"i\",\"prevIds\":[],\"ddl\":[]}"),
        expect![[r#"
        Drizzle1
        20250101120000_first when Some(1735732800000)
        state of nothing:, unreadable
        /p/drizzle/20250101120000_first/snapshot.json:1:1: history/unreadable-snapshot: the snapshot is of postgresql, the configuration of sqlite
          help: Give each dialect an `out` folder of its own.
    "#]],
    );
    check(
        &with("{\"version\":\"12\",\"dialect\":\"sqlite\",\"id\":\"i\",\"prevIds\":[],\"ddl\":[]}"),
        expect![[r#"
        Drizzle1
        20250101120000_first when Some(1735732800000)
        state of nothing:, unreadable
        /p/drizzle/20250101120000_first/snapshot.json:1:1: history/unreadable-snapshot: the snapshot has version 12 of dialect sqlite; Driftlens reads PostgreSQL 5 to 9 and SQLite 5 to 7, which drizzle-kit 0.20 to 1.0 write
          help: A newer drizzle-kit wrote it: update Driftlens, or keep to the drizzle-kit that wrote the other snapshots.
    "#]],
    );
    check(
        &with(
            "{\"version\":\"7\",\"dialect\":\"sqlite\",\"id\":\"i\",\"prevIds\":[],\"ddl\":[{\"entityType\":\"tables\",\"name\":\"t\"},\n{\"entityType\":\"columns\",\"table\":\"t\",\"name\":\"a\"}]}",
        ),
        expect![[r#"
            Drizzle1
            20250101120000_first when Some(1735732800000)
            state of nothing:, unreadable
            /p/drizzle/20250101120000_first/snapshot.json:2:1: history/unreadable-snapshot: the snapshot has a row of `columns` that cannot be read: missing field `type`
              help: Restore the file from version control, or repair it at this place.
        "#]],
    );
}

#[test]
fn a_snapshot_of_0_x_that_was_only_moved_is_read() {
    let text = "{\"version\":\"6\",\"dialect\":\"sqlite\",\"id\":\"i1\",\"prevId\":\"\",\"tables\":{\"t\":{\"name\":\"t\",\"columns\":{}}}}";
    check(
        &format!("{}//- /p/drizzle/{FIRST}/snapshot.json\n{text}\n", sql(FIRST)),
        expect![[r#"
            Drizzle1
            20250101120000_first when Some(1735732800000)
            state of /p/drizzle/20250101120000_first/snapshot.json: t()
            /p/drizzle/20250101120000_first/migration.sql:1:1: history/snapshot-stale: the SQL up to 20250101120000_first does not make table `t`, but the snapshot has it
              help: The database follows the SQL, drizzle-kit's next `generate` follows the snapshot. Make the two say the same: write what is missing into a new migration, or generate the snapshot of 20250101120000_first again.
              /p/drizzle/20250101120000_first/snapshot.json:1:68: table `t` is here (snapshot.json)
        "#]],
    );
}

#[test]
fn constraints_that_sqlite_names_only_in_its_text_are_the_same_under_any_name() {
    let rows = r#"{"name":"t","entityType":"tables"},
        {"table":"t","name":"a","type":"text","notNull":false,"entityType":"columns"},
        {"table":"t","name":"b","type":"text","notNull":false,"entityType":"columns"},
        {"table":"t","name":"old_a_unique","columns":["a"],"nameExplicit":false,"entityType":"uniques"},
        {"table":"t","name":"fk_old_b","columns":["b"],"tableTo":"t","columnsTo":["a"],"onUpdate":"NO ACTION","onDelete":"CASCADE","nameExplicit":false,"entityType":"fks"}"#;
    let fixture = |sql: &str| {
        format!(
            "//- /p/drizzle/{FIRST}/migration.sql\n{sql}\n//- /p/drizzle/{FIRST}/snapshot.json\n\
             {{\"version\":\"7\",\"dialect\":\"sqlite\",\"id\":\"i\",\"prevIds\":[\"{NOTHING}\"],\"ddl\":[{rows}]}}\n"
        )
    };
    check(
        &fixture(
            "CREATE TABLE `t` (`a` text UNIQUE, `b` text, CONSTRAINT `fk_t_b` FOREIGN KEY (`b`) REFERENCES `t`(`a`) ON DELETE CASCADE);",
        ),
        expect![[r#"
            Drizzle1
            20250101120000_first when Some(1735732800000)
            state of /p/drizzle/20250101120000_first/snapshot.json: t(a b)
        "#]],
    );
    // Other columns, another action: not the same.
    check(
        &fixture(
            "CREATE TABLE `t` (`a` text, `b` text UNIQUE, CONSTRAINT `fk_t_b` FOREIGN KEY (`b`) REFERENCES `t`(`a`));",
        ),
        expect![[r#"
            Drizzle1
            20250101120000_first when Some(1735732800000)
            state of /p/drizzle/20250101120000_first/snapshot.json: t(a b)
            /p/drizzle/20250101120000_first/migration.sql:1:1: history/snapshot-stale: the SQL up to 20250101120000_first does not make unique constraint `t.old_a_unique`, but the snapshot has it
              help: The database follows the SQL, drizzle-kit's next `generate` follows the snapshot. Make the two say the same: write what is missing into a new migration, or generate the snapshot of 20250101120000_first again.
              /p/drizzle/20250101120000_first/snapshot.json:1:1: unique constraint `t.old_a_unique` is here (snapshot.json)
            /p/drizzle/20250101120000_first/migration.sql:1:1: history/snapshot-stale: the SQL up to 20250101120000_first does not make foreign key `t.fk_old_b`, but the snapshot has it
              help: The database follows the SQL, drizzle-kit's next `generate` follows the snapshot. Make the two say the same: write what is missing into a new migration, or generate the snapshot of 20250101120000_first again.
              /p/drizzle/20250101120000_first/snapshot.json:1:1: foreign key `t.fk_old_b` is here (snapshot.json)
        "#]],
    );
}

#[test]
fn a_table_that_one_branch_makes_anew_is_in_conflict_with_every_change_of_it() {
    let conflict = |third: &[&str], second: &[&str]| {
        let files = MemoryFiles::new(&branches(third, second));
        let folder = FilePath::from(Path::new("/p/drizzle"));
        let history = read(drizzle_format(&folder, &files), Dialect::Sqlite, &folder, &files);
        let found = history.diagnostics.iter().find(|it| it.code == source::codes::BRANCH_CONFLICT);
        found.map_or("none", |it| it.message.rsplit(" change the ").next().unwrap()).to_owned()
    };
    assert_eq!(conflict(&["t(a:integer b)", "u(x)"], &["t(a b c)", "u(x)"]), "table t");
    assert_eq!(conflict(&["t(a:integer b)", "u(x)"], &["u(x)"]), "table t");
    assert_eq!(conflict(&["t(a b c)", "u(x)"], &["t(a b c)", "u(x)"]), "column t.c");
    assert_eq!(conflict(&["t(a b)", "u(x)", "v(a)"], &["t(a b)", "u(x)", "v(a)"]), "table v");
    assert_eq!(conflict(&["t(a:integer b)", "u(x)"], &["t(a b)", "u(x y)"]), "none");
    assert_eq!(conflict(&["t(a b c)", "u(x)"], &["t(a b d)", "u(x)"]), "none");
}
