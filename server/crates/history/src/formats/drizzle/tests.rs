//! Folders in, history out.

use expect_test::{Expect, expect};
use schema::Dialect;
use source::{FilePath, LineIndex, Location, MemoryFiles};

use std::path::Path;

use crate::{Format, read};

/// Reads `/p/drizzle` of the fixture and shows migrations, state and findings.
fn check(fixture: &str, expected: Expect) {
    let files = MemoryFiles::new(fixture);
    let folder = FilePath::from(Path::new("/p/drizzle"));
    let history = read(Format::Drizzle, Dialect::Postgres, &folder, &files);
    let mut shown = String::new();
    for migration in &history.folder.migrations {
        let snapshot = if migration.snapshot.is_some() { "" } else { ", no snapshot" };
        shown += &format!("{} when {}{snapshot}\n", migration.tag, migration.version);
    }
    let tables: Vec<String> = history.schema.tables.keys().map(ToString::to_string).collect();
    let snapshot = history.snapshot.as_ref().map_or(String::from("nothing"), |file| file.display().to_string());
    shown += &format!("state of {snapshot}: {tables:?}{}\n", if history.unreadable { ", unreadable" } else { "" });
    for finding in &history.diagnostics {
        shown += &format!("{}: {}: {}\n", place(&files, &finding.location), finding.code, finding.message);
        shown += &format!("  help: {}\n", finding.help.as_deref().unwrap_or("none"));
        for related in &finding.related {
            shown += &format!("  {}: {}\n", place(&files, &related.location), related.message);
        }
    }
    expected.assert_eq(&shown);
}

/// `path:line:column`, from 1, and the text there.
fn place(files: &MemoryFiles, location: &Location) -> String {
    use source::Files;
    let text = files.read(&location.file).unwrap_or_default();
    let start = LineIndex::new(&text).line_column(location.span.start);
    let covered = location.span.text(&text);
    let covered = if covered.is_empty() { String::new() } else { format!(" {covered:?}") };
    format!("{}:{}:{}{covered}", location.file.display(), start.line + 1, start.column + 1)
}

fn journal(entries: &[(u64, u64, &str)]) -> String {
    let entries: Vec<String> = entries
        .iter()
        .map(|(idx, when, tag)| format!("{{\"idx\":{idx},\"version\":\"7\",\"when\":{when},\"tag\":\"{tag}\"}}"))
        .collect();
    let entries = entries.join(",\n");
    format!(
        "//- /p/drizzle/meta/_journal.json\n{{\"version\":\"7\",\"dialect\":\"postgresql\",\"entries\":[\n{entries}]}}\n"
    )
}

fn sql(tag: &str) -> String {
    format!("//- /p/drizzle/{tag}.sql\nCREATE TABLE \"{tag}\" ();\n")
}

fn snapshot(prefix: &str, id: &str, previous: &str, table: &str) -> String {
    format!(
        "//- /p/drizzle/meta/{prefix}_snapshot.json\n{{\"id\":\"{id}\",\"prevId\":\"{previous}\",\"version\":\"7\",\
         \"dialect\":\"postgresql\",\"tables\":{{\"public.{table}\":{{\"name\":\"{table}\",\"schema\":\"\",\"columns\":{{}}}}}}}}\n"
    )
}

#[test]
fn a_sound_folder_has_the_state_of_its_last_entry() {
    let fixture = [
        journal(&[(0, 1, "0000_a"), (1, 2, "0001_b")]),
        sql("0000_a"),
        sql("0001_b"),
        snapshot("0000", "i0", "zero", "old"),
        snapshot("0001", "i1", "i0", "new"),
    ];
    check(
        &fixture.concat(),
        expect![[r#"
            0000_a when 1
            0001_b when 2
            state of /p/drizzle/meta/0001_snapshot.json: ["public.new"]
            /p/drizzle/0001_b.sql:1:1: history/snapshot-stale: the SQL up to 0001_b does not make table `new`, but the snapshot has it
              help: The database follows the SQL, drizzle-kit's next `generate` follows the snapshot. Make the two say the same: write what is missing into a new migration, or generate the snapshot of 0001_b again.
              /p/drizzle/meta/0001_snapshot.json:1:74 "public.new": table `new` is here (0001_snapshot.json)
        "#]],
    );
}

#[test]
fn a_folder_that_is_missing_or_new_is_an_empty_history() {
    check(
        "",
        expect![[r#"
        state of nothing: []
    "#]],
    );
    check(
        &journal(&[]),
        expect![[r#"
        state of nothing: []
    "#]],
    );
    check(
        "//- /p/drizzle/relations.ts\n",
        expect![[r#"
        state of nothing: []
    "#]],
    );
}

#[test]
fn sql_files_without_a_journal_are_reported_once() {
    check(
        &[sql("0000_a"), sql("0001_b")].concat(),
        expect![[r#"
        state of nothing: []
        /p/drizzle/0000_a.sql:1:1: history/unlisted-file: this folder has .sql files but no meta/_journal.json, so no migrator runs them
          help: Restore meta/ from version control, or move the files elsewhere: the next `drizzle-kit generate` starts from an empty database.
          /p/drizzle/0001_b.sql:1:1: not in a journal either
    "#]],
    );
}

#[test]
fn an_unreadable_journal_is_reported_where_it_breaks() {
    check(
        "//- /p/drizzle/meta/_journal.json\n",
        expect![[r#"
        state of nothing: [], unreadable
        /p/drizzle/meta/_journal.json:1:1: history/unreadable-journal: the migrations journal is empty
          help: Restore meta/_journal.json from version control, or repair it: without it neither drizzle-kit nor the migrator knows the migrations.
    "#]],
    );
    check(
        "//- /p/drizzle/meta/_journal.json\n{\"entries\": [\n  oops]}",
        expect![[r#"
        state of nothing: [], unreadable
        /p/drizzle/meta/_journal.json:2:3: history/unreadable-journal: the migrations journal is not a journal: expected value
          help: Restore meta/_journal.json from version control, or repair it: without it neither drizzle-kit nor the migrator knows the migrations.
    "#]],
    );
    check(
        "//- /p/drizzle/meta/_journal.json\n{\"dialect\": \"mysql\", \"entries\": []}",
        expect![[r#"
        state of nothing: [], unreadable
        /p/drizzle/meta/_journal.json:1:14 "mysql": history/unreadable-journal: the migrations journal is of mysql, the configuration of postgresql
          help: Give each dialect an `out` folder of its own, or start a new folder after a change of dialect.
    "#]],
    );
    check(
        "//- /p/drizzle/meta/_journal.json/x\n",
        expect![[r#"
        state of nothing: [], unreadable
        /p/drizzle/meta/_journal.json:1:1: history/unreadable-journal: the migrations journal is a directory where a file is expected
          help: Restore meta/_journal.json from version control, or repair it: without it neither drizzle-kit nor the migrator knows the migrations.
    "#]],
    );
    check(
        "//- /p/drizzle\n",
        expect![[r#"
        state of nothing: [], unreadable
        /p/drizzle:1:1: history/unreadable-journal: the migrations folder is a file where a directory is expected
          help: Check the `out` entry of the Drizzle configuration and the folder's permissions.
    "#]],
    );
}

#[test]
fn the_snapshot_is_found_by_number_then_by_prefix() {
    let fixture = [
        journal(&[(0, 1, "0001_second_first"), (1, 2, "20240101000000_dated"), (7, 3, "_bare")]),
        sql("0001_second_first"),
        sql("20240101000000_dated"),
        sql("_bare"),
        snapshot("0000", "i0", "zero", "by_number"),
        snapshot("20240101000000", "i1", "i0", "by_prefix"),
        snapshot("", "i2", "i1", "without_prefix"),
    ];
    check(
        &fixture.concat(),
        expect![[r#"
            0001_second_first when 1
            20240101000000_dated when 2
            _bare when 3
            state of /p/drizzle/meta/_snapshot.json: ["public.without_prefix"]
            /p/drizzle/_bare.sql:1:1: history/snapshot-stale: the SQL up to _bare does not make table `without_prefix`, but the snapshot has it
              help: The database follows the SQL, drizzle-kit's next `generate` follows the snapshot. Make the two say the same: write what is missing into a new migration, or generate the snapshot of _bare again.
              /p/drizzle/meta/_snapshot.json:1:74 "public.without_prefix": table `without_prefix` is here (_snapshot.json)
        "#]],
    );
}

#[test]
fn entries_after_the_last_snapshot_are_kept_as_text() {
    let fixture = [
        journal(&[(0, 1, "0000_a"), (1, 2, "0001_b"), (2, 3, "0002_c")]),
        sql("0000_a"),
        sql("0001_b"),
        sql("0002_C"),
        "//- /p/drizzle/0002_c.sql\nALTER TABLE \"Old\" ADD c int;\n".to_owned(),
        snapshot("0000", "i0", "zero", "old"),
    ];
    check(
        &fixture.concat(),
        expect![[r#"
            0000_a when 1
            0001_b when 2, no snapshot
            0002_c when 3, no snapshot
            state of /p/drizzle/meta/0000_snapshot.json: ["public.old", "public.0001_b"]
            /p/drizzle/meta/_journal.json:3:40 "0001_b": history/missing-snapshot: 0001_b and one later migration have no snapshot
              help: Driftlens replays its SQL, but drizzle-kit compares with the last snapshot: its next `generate` repeats what the SQL made wherever the schema files have it. `driftlens generate --repair` makes the missing snapshots from the SQL.
              /p/drizzle/meta/_journal.json:4:40 "0002_c": no snapshot either
            /p/drizzle/0002_C.sql:1:1: history/unlisted-file: the journal does not name 0002_C.sql, so the migrator never runs it
              help: Restore its entry in meta/_journal.json, move its statements to a migration made by `drizzle-kit generate --custom`, or delete the file.
            /p/drizzle/0002_c.sql:1:13 "\"Old\"": sql/contradiction: table `Old` does not exist at this point, so this statement fails
              help: No earlier statement makes it, or one drops it. Nothing is told about it from here on.
            /p/drizzle/0000_a.sql:1:1: history/snapshot-stale: the SQL up to 0000_a does not make table `old`, but the snapshot has it
              help: The database follows the SQL, drizzle-kit's next `generate` follows the snapshot. Make the two say the same: write what is missing into a new migration, or generate the snapshot of 0000_a again.
              /p/drizzle/meta/0000_snapshot.json:1:76 "public.old": table `old` is here (0000_snapshot.json)
        "#]],
    );
}

#[test]
fn entries_without_a_snapshot_in_the_middle_are_one_finding() {
    let fixture = [
        journal(&[(0, 1, "0000_a"), (1, 2, "0001_b"), (2, 3, "0002_c")]),
        sql("0000_a"),
        sql("0001_b"),
        sql("0002_c"),
        snapshot("0002", "i2", "zero", "new"),
    ];
    check(
        &fixture.concat(),
        expect![[r#"
            0000_a when 1, no snapshot
            0001_b when 2, no snapshot
            0002_c when 3
            state of /p/drizzle/meta/0002_snapshot.json: ["public.new"]
            /p/drizzle/meta/_journal.json:2:40 "0000_a": history/missing-snapshot: 0000_a and one later migration have no snapshot
              help: The next snapshot was made without it: where the schema files hold what its SQL made, a later migration repeated it, and a new database fails there. Nothing is wrong where the SQL made only what schema files do not describe (functions, triggers, data).
              /p/drizzle/meta/_journal.json:3:40 "0001_b": no snapshot either
            /p/drizzle/0002_c.sql:1:1: history/snapshot-stale: the SQL up to 0002_c does not make table `new`, but the snapshot has it
              help: The database follows the SQL, drizzle-kit's next `generate` follows the snapshot. Make the two say the same: write what is missing into a new migration, or generate the snapshot of 0002_c again.
              /p/drizzle/meta/0002_snapshot.json:1:76 "public.new": table `new` is here (0002_snapshot.json)
        "#]],
    );
}

#[test]
fn files_and_entries_that_miss_each_other_are_reported() {
    let fixture = [
        journal(&[(0, 1, "0000_a"), (1, 2, "0001_gone")]),
        sql("0000_a"),
        sql("0002_stray"),
        snapshot("0000", "i0", "zero", "a"),
        snapshot("0001", "i1", "i0", "b"),
    ];
    check(
        &fixture.concat(),
        expect![[r#"
            0000_a when 1
            0001_gone when 2
            state of /p/drizzle/meta/0001_snapshot.json: ["public.b"]
            /p/drizzle/meta/_journal.json:3:40 "0001_gone": history/missing-file: the journal names 0001_gone, but there is no 0001_gone.sql
              help: The migrator stops at this entry, before it applies anything. Restore the file from version control, or take the entry out.
            /p/drizzle/0002_stray.sql:1:1: history/unlisted-file: the journal does not name 0002_stray.sql, so the migrator never runs it
              help: Restore its entry in meta/_journal.json, move its statements to a migration made by `drizzle-kit generate --custom`, or delete the file.
        "#]],
    );
}

#[test]
fn times_and_numbers_that_clash_are_reported() {
    let fixture = [
        journal(&[(0, 10, "0000_a"), (1, 30, "0001_b"), (1, 20, "0001_c"), (2, 40, "0000_a")]),
        sql("0000_a"),
        sql("0001_b"),
        sql("0001_c"),
        snapshot("0000", "i0", "zero", "a"),
        snapshot("0001", "i1", "i0", "b"),
        snapshot("0002", "i2", "i1", "c"),
    ];
    check(
        &fixture.concat(),
        expect![[r#"
            0000_a when 10
            0001_b when 30
            0001_c when 20
            0000_a when 40
            state of /p/drizzle/meta/0002_snapshot.json: ["public.c"]
            /p/drizzle/meta/_journal.json:4:41 "0001_c": history/duplicate-entry: 0001_c has the number 1 of 0001_b
              help: Two branches each added a migration. Both find the same snapshot, so the recorded state misses one of them: `driftlens rebase --onto BRANCH` puts one behind the other, or delete the later migration with its snapshot and generate it again.
              /p/drizzle/meta/_journal.json:3:41 "0001_b": the earlier entry
            /p/drizzle/meta/_journal.json:5:41 "0000_a": history/duplicate-entry: the journal names 0000_a twice
              help: A new database runs its statements twice, and the second run fails. Take one entry out.
              /p/drizzle/meta/_journal.json:2:41 "0000_a": the earlier entry
            /p/drizzle/meta/_journal.json:4:41 "0001_c": history/out-of-order: 0001_c is older than 0001_b, which stands before it
              help: The migrator runs only entries newer than the newest applied one: a database that holds 0001_b skips this one silently. Set "when" to a time after 30.
              /p/drizzle/meta/_journal.json:3:41 "0001_b": its time is 30
            /p/drizzle/0000_a.sql:1:14 "\"0000_a\"": sql/contradiction: relation `0000_a` exists already at this point, so this statement fails
              help: An earlier statement makes it. Nothing is told about it from here on.
            /p/drizzle/0000_a.sql:1:1: history/snapshot-stale: the SQL up to 0000_a does not make table `c`, but the snapshot has it
              help: The database follows the SQL, drizzle-kit's next `generate` follows the snapshot. Make the two say the same: write what is missing into a new migration, or generate the snapshot of 0000_a again.
              /p/drizzle/meta/0002_snapshot.json:1:74 "public.c": table `c` is here (0002_snapshot.json)
        "#]],
    );
}

#[test]
fn two_snapshots_that_continue_one_are_a_conflict() {
    let fixture = [
        journal(&[(0, 1, "0000_a"), (1, 2, "0001_b"), (2, 3, "0002_c")]),
        sql("0000_a"),
        sql("0001_b"),
        sql("0002_c"),
        snapshot("0000", "i0", "zero", "a"),
        snapshot("0001", "i1", "i0", "b"),
        snapshot("0002", "i2", "i0", "c"),
    ];
    check(
        &fixture.concat(),
        expect![[r#"
            0000_a when 1
            0001_b when 2
            0002_c when 3
            state of /p/drizzle/meta/0002_snapshot.json: ["public.c"]
            /p/drizzle/meta/0002_snapshot.json:1:1: history/branch-conflict: 0002_snapshot.json and 0001_snapshot.json continue the same snapshot
              help: Two branches each generated a migration, and the later one does not know the earlier. `drizzle-kit generate` refuses to run until this is resolved: `driftlens rebase --onto BRANCH` puts one behind the other, or delete the later migration (its .sql file, snapshot and journal entry) and generate it again.
              /p/drizzle/meta/0001_snapshot.json:1:1: the other branch
            /p/drizzle/0002_c.sql:1:1: history/snapshot-stale: the SQL up to 0002_c does not make table `c`, but the snapshot has it
              help: The database follows the SQL, drizzle-kit's next `generate` follows the snapshot. Make the two say the same: write what is missing into a new migration, or generate the snapshot of 0002_c again.
              /p/drizzle/meta/0002_snapshot.json:1:74 "public.c": table `c` is here (0002_snapshot.json)
        "#]],
    );
}

#[test]
fn an_unreadable_last_snapshot_makes_the_history_unreadable() {
    let start = [journal(&[(0, 1, "0000_a")]), sql("0000_a")].concat();
    check(
        &format!(
            "{start}//- /p/drizzle/meta/0000_snapshot.json\n{{\"version\":\"7\",\"dialect\":\"postgresql\",\n\"tables\":7}}"
        ),
        expect![[r#"
            0000_a when 1
            state of nothing: [], unreadable
            /p/drizzle/meta/0000_snapshot.json:2:10: history/unreadable-snapshot: the snapshot cannot be read: invalid type: integer `7`, expected a map
              help: Restore the file from version control, or repair it at this place.
        "#]],
    );
    check(
        &format!(
            "{start}//- /p/drizzle/meta/0000_snapshot.json\n{{\"version\":\"6\",\"dialect\":\"sqlite\",\"tables\":{{}}}}"
        ),
        expect![[r#"
            0000_a when 1
            state of nothing: [], unreadable
            /p/drizzle/meta/0000_snapshot.json:1:1: history/unreadable-snapshot: the snapshot is of sqlite, the configuration of postgresql
              help: Give each dialect an `out` folder of its own.
        "#]],
    );
    check(
        &format!(
            "{start}//- /p/drizzle/meta/0000_snapshot.json\n{{\"version\":\"9\",\"dialect\":\"postgres\",\"ddl\":[]}}"
        ),
        expect![[r#"
            0000_a when 1
            state of nothing: [], unreadable
            /p/drizzle/meta/0000_snapshot.json:1:1: history/unreadable-snapshot: the snapshot has version 9 of dialect postgres; Driftlens reads PostgreSQL 5 to 9 and SQLite 5 to 7, which drizzle-kit 0.20 to 1.0 write
              help: A newer drizzle-kit wrote it: update Driftlens, or keep to the drizzle-kit that wrote the other snapshots.
        "#]],
    );
}

#[test]
fn ids_that_a_formatter_moved_behind_the_tables_still_tell_branches() {
    let moved = |prefix: &str, id: &str| {
        let columns = format!("\"{}\":{{\"type\":\"text\"}}", "c".repeat(2000));
        format!(
            "//- /p/drizzle/meta/{prefix}_snapshot.json\n{{\"dialect\":\"postgresql\",\"tables\":{{\"t\":{{\"columns\":{{{columns}}}}}}},\
             \"id\":\"{id}\",\"prevId\":\"zero\",\"version\":\"7\"}}\n"
        )
    };
    let fixture = [
        journal(&[(0, 1, "0000_a"), (1, 2, "0001_b")]),
        sql("0000_a"),
        sql("0001_b"),
        moved("0000", "i0"),
        moved("0001", "i1"),
    ];
    check(
        &fixture.concat(),
        expect![[r#"
            0000_a when 1
            0001_b when 2
            state of /p/drizzle/meta/0001_snapshot.json: ["public.t"]
            /p/drizzle/meta/0001_snapshot.json:1:1: history/branch-conflict: 0001_snapshot.json and 0000_snapshot.json continue the same snapshot
              help: Two branches each generated a migration, and the later one does not know the earlier. `drizzle-kit generate` refuses to run until this is resolved: `driftlens rebase --onto BRANCH` puts one behind the other, or delete the later migration (its .sql file, snapshot and journal entry) and generate it again.
              /p/drizzle/meta/0000_snapshot.json:1:1: the other branch
            /p/drizzle/0000_a.sql:1:1: history/snapshot-stale: the SQL up to 0000_a does not make table `t`, but the snapshot has it
              help: The database follows the SQL, drizzle-kit's next `generate` follows the snapshot. Make the two say the same: write what is missing into a new migration, or generate the snapshot of 0000_a again.
              /p/drizzle/meta/0000_snapshot.json:1:36 "t": table `t` is here (0000_snapshot.json)
        "#]],
    );
}

#[test]
fn no_prefix_of_a_journal_is_a_sound_history() {
    let text = journal(&[(0, 1, "0000_a"), (1, 2, "0001_b")]);
    let (header, body) = text.trim_end().split_once('\n').unwrap();
    let folder = FilePath::from(Path::new("/p/drizzle"));
    for end in 0..body.len() {
        let files = MemoryFiles::new(&format!("{header}\n{}", &body[..end]));
        let history = read(Format::Drizzle, Dialect::Postgres, &folder, &files);
        assert!(history.unreadable && history.diagnostics.len() == 1, "{end}");
    }
}
