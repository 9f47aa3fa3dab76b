//! Folders of each format in, what the tool makes of them out.

use expect_test::{Expect, expect};
use schema::Dialect;
use source::{FilePath, Files, LineIndex, Location, MemoryFiles};

use std::path::Path;

use super::detect::{detect, detect_dialect};
use super::{FORMATS, Format, read};

/// Detects the format of `/p/migrations` in the fixture, reads it and shows migrations and findings.
fn check(fixture: &str, expected: Expect) {
    expected.assert_eq(&shown("/p/migrations", None, Dialect::Postgres, &MemoryFiles::new(fixture)));
}

/// The same for any folder, format and dialect.
fn shown(folder: &str, format: Option<Format>, dialect: Dialect, files: &MemoryFiles) -> String {
    let path = FilePath::from(Path::new(folder));
    let Some(format) = format.or_else(|| detect(&path, files)) else { return String::from("no format\n") };
    let folder = read(format, dialect, &path, files);
    let mut shown = format!("{format:?}{}\n", if folder.unreadable { ", unreadable" } else { "" });
    for migration in &folder.migrations {
        let text = files.read(&migration.file).unwrap_or_default();
        let up = format.up(&text).text(&text);
        shown += &format!("{} version {}: {:?}", migration.tag, migration.version, up);
        shown += if folder.is_in_transaction(migration, &text) { "" } else { ", no transaction" };
        if let Some(down) = &migration.down {
            shown += &format!(", down {}", down.strip_prefix("/p").unwrap().display());
        }
        if let Some(down) = format.down(&text) {
            shown += &format!(", down {:?}", down.text(&text));
        }
        shown += "\n";
    }
    for finding in &folder.diagnostics {
        shown += &format!("{}: {}: {}\n", place(files, &finding.location), finding.code, finding.message);
        for related in &finding.related {
            shown += &format!("  {}: {}\n", place(files, &related.location), related.message);
        }
    }
    shown
}

/// The path below `/p` with line and column, from 1, and the text there.
fn place(files: &MemoryFiles, location: &Location) -> String {
    let text = files.read(&location.file).unwrap_or_default();
    let start = LineIndex::new(&text).line_column(location.span.start);
    let covered = location.span.text(&text);
    let covered = if covered.is_empty() { String::new() } else { format!(" {covered:?}") };
    let path = location.file.strip_prefix("/p").unwrap().display().to_string();
    format!("{path}:{}:{}{covered}", start.line + 1, start.column + 1)
}

/// A file of the fixture for each path below `/p/migrations`.
fn files(paths: &[&str]) -> String {
    paths.iter().map(|path| format!("//- /p/migrations/{path}\nSELECT 1;\n")).collect()
}

const RUST: &str = "//- /p/Cargo.toml\n";

#[test]
fn sqlx_orders_by_number_and_pairs_up_with_down() {
    let paths = ["10_c.sql", "0002_b.up.sql", "0002_b.down.sql", "-1_a.sql", "README.md", "sub/3_x.sql", "users.sql"];
    check(
        &(RUST.to_owned() + &files(&paths)),
        expect![[r#"
        Sqlx
        -1_a version -1: "SELECT 1;\n"
        0002_b version 2: "SELECT 1;\n", down migrations/0002_b.down.sql
        10_c version 10: "SELECT 1;\n"
        migrations/users.sql:1:1: history/unlisted-file: sqlx never runs users.sql: it takes <version>_<description>.sql
    "#]],
    );
}

#[test]
fn sqlx_refuses_a_name_without_a_number_and_a_version_twice() {
    let paths = ["1_a.sql", "01_b.sql", "add_users.sql", "99999999999999999999_big.sql"];
    check(
        &(RUST.to_owned() + &files(&paths)),
        expect![[r#"
        Sqlx
        01_b version 1: "SELECT 1;\n"
        1_a version 1: "SELECT 1;\n"
        migrations/99999999999999999999_big.sql:1:1: history/malformed-migration: sqlx refuses the folder: 99999999999999999999_big.sql does not start with a whole number and _
        migrations/add_users.sql:1:1: history/malformed-migration: sqlx refuses the folder: add_users.sql does not start with a whole number and _
        migrations/1_a.sql:1:1: history/duplicate-entry: 1_a has the version 1 of 01_b
          migrations/01_b.sql:1:1: the other migration
    "#]],
    );
}

#[test]
fn sqlx_runs_outside_of_a_transaction_where_the_first_line_says_so() {
    let fixture = "//- /p/Cargo.toml\n//- /p/migrations/1_a.sql\n-- no-transaction\nSELECT 1;\n\
                   //- /p/migrations/2_b.sql\n\n-- no-transaction\n";
    check(
        fixture,
        expect![[r#"
        Sqlx
        1_a version 1: "-- no-transaction\nSELECT 1;\n", no transaction
        2_b version 2: "\n-- no-transaction\n"
    "#]],
    );
}

#[test]
fn diesel_orders_by_the_name_without_its_dashes() {
    let paths = [
        "2020-01-02-000000_b/up.sql",
        "2020-01-02-000000_b/down.sql",
        "20200101000000_a/up.sql",
        "00000000000000_diesel_initial_setup/up.sql",
        "00000000000000_diesel_initial_setup/down.sql",
        ".hidden/x.sql",
        "loose.sql",
    ];
    let metadata = "//- /p/migrations/2020-01-02-000000_b/metadata.toml\nrun_in_transaction = false\n";
    check(
        &(files(&paths) + metadata),
        expect![[r#"
        Diesel
        00000000000000_diesel_initial_setup version 00000000000000: "SELECT 1;\n", down migrations/00000000000000_diesel_initial_setup/down.sql
        20200101000000_a version 20200101000000: "SELECT 1;\n"
        2020-01-02-000000_b version 20200102000000: "SELECT 1;\n", no transaction, down migrations/2020-01-02-000000_b/down.sql
        migrations/loose.sql:1:1: history/unlisted-file: Diesel never runs loose.sql: it takes folders, <version>_<name>/up.sql
    "#]],
    );
}

#[test]
fn diesel_stops_at_a_folder_without_up_and_at_an_empty_file() {
    let fixture = files(&["1_a/up.sql", "1_b/up.sql", "2_c/down.sql"]) + "//- /p/migrations/3_d/up.sql\n";
    check(
        &fixture,
        expect![[r#"
        Diesel
        1_a version 1: "SELECT 1;\n"
        1_b version 1: "SELECT 1;\n"
        3_d version 3: ""
        migrations/2_c/down.sql:1:1: history/missing-file: 2_c holds no up.sql
        migrations/3_d/up.sql:1:1: history/malformed-migration: 3_d is empty, and Diesel stops at it
        migrations/1_b/up.sql:1:1: history/duplicate-entry: 1_b has the version 1 of 1_a
          migrations/1_a/up.sql:1:1: the other migration
    "#]],
    );
}

#[test]
fn a_metadata_file_without_the_entry_says_no_transaction_and_a_broken_one_nothing() {
    let fixture = files(&["1_a/up.sql", "2_b/up.sql", "3_c/up.sql"])
        + "//- /p/migrations/1_a/metadata.toml\n//- /p/migrations/2_b/metadata.toml\nrun_in_transaction =\n";
    check(
        &fixture,
        expect![[r#"
        Diesel
        1_a version 1: "SELECT 1;\n", no transaction
        2_b version 2: "SELECT 1;\n"
        3_c version 3: "SELECT 1;\n"
    "#]],
    );
}

#[test]
fn golang_migrate_takes_the_last_direction_in_a_name() {
    let paths = ["000002_b.up.sql", "000002_b.down.sql", "1_x.down.y.up.sql", "3_c.sql", "add.up.sql", "30_d.up.sql"];
    check(
        &files(&paths),
        expect![[r#"
        GolangMigrate
        1_x.down.y version 1: "SELECT 1;\n", no transaction
        000002_b version 2: "SELECT 1;\n", no transaction, down migrations/000002_b.down.sql
        30_d version 30: "SELECT 1;\n", no transaction
        migrations/3_c.sql:1:1: history/unlisted-file: golang-migrate never runs 3_c.sql: it takes <version>_<title>.up.sql and .down.sql
        migrations/add.up.sql:1:1: history/unlisted-file: golang-migrate never runs add.up.sql: it takes <version>_<title>.up.sql and .down.sql
    "#]],
    );
    let sqlite = MemoryFiles::new(&files(&["1_a.up.sql"]));
    expect![[r#"
        GolangMigrate
        1_a version 1: "SELECT 1;\n"
    "#]]
    .assert_eq(&shown("/p/migrations", None, Dialect::Sqlite, &sqlite));
}

#[test]
fn golang_migrate_refuses_a_version_twice_in_one_direction_whatever_the_ending() {
    check(
        &files(&["1_a.up.sql", "01_b.up.sql", "1_a.down.sql", "1_a.down.sql.bak", "2_c.up.sql"]),
        expect![[r#"
        GolangMigrate
        01_b version 1: "SELECT 1;\n", no transaction, down migrations/1_a.down.sql
        1_a version 1: "SELECT 1;\n", no transaction
        2_c version 2: "SELECT 1;\n", no transaction
        migrations/1_a.down.sql.bak:1:1: history/duplicate-entry: 1_a.down.sql.bak has the version 1 of 1_a.down.sql
          migrations/1_a.down.sql:1:1: the other migration
        migrations/1_a.up.sql:1:1: history/duplicate-entry: 1_a has the version 1 of 01_b
          migrations/01_b.up.sql:1:1: the other migration
    "#]],
    );
}

#[test]
fn goose_orders_by_number_and_reads_sections() {
    let fixture = "//- /p/migrations/2_b.sql\n-- what it does\n-- +goose NO TRANSACTION\n-- +goose Up\nCREATE INDEX CONCURRENTLY i ON a (x);\n\
                   //- /p/migrations/00001_a.sql\n-- +goose up\n-- +goose StatementBegin\nCREATE FUNCTION f() AS $$ BEGIN; END $$\n-- +goose StatementEnd\n\
                   -- +goose Down\nDROP FUNCTION f;\n\
                   //- /p/migrations/3_c.go\n//- /p/migrations/4_d.go\n//- /p/migrations/5_e_test.go\n//- /p/migrations/0_zero.sql\n//- /p/migrations/embed.go\n";
    check(
        fixture,
        expect![[r#"
            Goose
            00001_a version 1: "-- +goose StatementBegin\nCREATE FUNCTION f() AS $$ BEGIN; END $$\n-- +goose StatementEnd\n", down "DROP FUNCTION f;\n"
            2_b version 2: "CREATE INDEX CONCURRENTLY i ON a (x);\n", no transaction
            migrations/0_zero.sql:1:1: history/unlisted-file: goose never runs 0_zero.sql: it takes <version>_<name>.sql with a version above zero, and the goose command stops at any other name
            migrations/3_c.go:1:1: history/partly-unknown: 3_c and 1 more are written in Go, and what that does to the schema is not known
        "#]],
    );
}

#[test]
fn goose_stops_at_a_text_that_is_not_in_sections() {
    let good = "//- /p/migrations/1_a.sql\n-- +goose Up\nSELECT 1;\n";
    let cases = [
        ("2_before", "SELECT 1;\n-- +goose Up\n"),
        ("3_none", "SELECT 1;\n"),
        ("4_twice", "-- +goose Up\n-- +goose Up\n"),
        ("5_down", "-- +goose Down\nSELECT 1;\n"),
        ("6_open", "-- +goose Up\n-- +goose StatementBegin\nSELECT 1;\n"),
        ("7_unended", "-- +goose Up\nSELECT 1;\nSELECT 2 -- two;\n-- +goose Down\nSELECT 3;\n"),
        ("8_moved", "-- +goose Up\n  -- +goose Down\n"),
        ("9_unknown", "-- +goose Upward\n"),
        ("10_fine", "--+goose   UP\r\nSELECT 1; -- one\r\n\r\n--+goose DOWN\r\n"),
        ("2_again", "-- +goose Up\n"),
    ];
    let fixture: String = cases.iter().map(|(name, text)| format!("//- /p/migrations/{name}.sql\n{text}")).collect();
    check(
        &(good.to_owned() + &fixture),
        expect![[r#"
            Goose
            1_a version 1: "SELECT 1;\n"
            2_again version 2: ""
            2_before version 2: ""
            3_none version 3: ""
            4_twice version 4: "-- +goose Up\n"
            5_down version 5: ""
            6_open version 6: "-- +goose StatementBegin\nSELECT 1;\n"
            7_unended version 7: "SELECT 1;\nSELECT 2 -- two;\n", down "SELECT 3;\n"
            8_moved version 8: "", down ""
            9_unknown version 9: ""
            10_fine version 10: "SELECT 1; -- one\r\n\r\n", down ""
            migrations/2_before.sql:1:1 "SELECT 1;": history/malformed-migration: a statement stands before `-- +goose Up`
            migrations/3_none.sql:1:1 "SELECT 1;": history/malformed-migration: a statement stands before `-- +goose Up`
            migrations/4_twice.sql:2:1 "-- +goose Up": history/malformed-migration: the file has a second `-- +goose Up`
            migrations/5_down.sql:1:1 "-- +goose Down": history/malformed-migration: `-- +goose Down` does not follow a `-- +goose Up`
            migrations/6_open.sql:4:1: history/malformed-migration: the file ends before `-- +goose StatementEnd`
            migrations/7_unended.sql:3:1 "SELECT 2 -- two;\n": history/malformed-migration: the last statement of the section lacks its semicolon
            migrations/8_moved.sql:2:1 "  -- +goose Down": history/malformed-migration: goose takes an annotation only at the start of a line
            migrations/9_unknown.sql:1:1 "-- +goose Upward": history/malformed-migration: goose does not know this annotation
            migrations/2_before.sql:1:1: history/duplicate-entry: 2_before has the version 2 of 2_again
              migrations/2_again.sql:1:1: the other migration
        "#]],
    );
}

#[test]
fn dbmate_orders_by_name_and_reads_sections() {
    let fixture = "//- /p/migrations/2_b.sql\n-- about\n\n--migrate:up transaction:false\nSELECT 2;\n--migrate:down\nSELECT -2;\n\
                   //- /p/migrations/10_a.sql\n-- migrate:up\r\nSELECT 1;\r\n-- migrate:down transaction:false\r\n\
                   //- /p/migrations/users.sql\n//- /p/migrations/3.sql\n-- migrate:up transaction:false transaction:true\n-- migrate:down\n";
    check(
        fixture,
        expect![[r#"
        Dbmate
        10_a version 10: "-- migrate:up\r\nSELECT 1;\r\n", down "-- migrate:down transaction:false\r\n"
        2_b version 2: "--migrate:up transaction:false\nSELECT 2;\n", no transaction, down "--migrate:down\nSELECT -2;\n"
        3 version 3: "-- migrate:up transaction:false transaction:true\n", down "-- migrate:down\n"
        migrations/users.sql:1:1: history/unlisted-file: dbmate never runs users.sql: it takes <version>_<name>.sql
    "#]],
    );
}

#[test]
fn dbmate_stops_at_a_text_without_its_sections_and_at_a_version_twice() {
    let cases = [
        ("1_fine", "-- migrate:up\n-- migrate:down\n"),
        ("2_none", "SELECT 1;\n"),
        ("3_before", "-- why\nSELECT 1;\n-- migrate:up\n-- migrate:down\n"),
        ("4_no_down", "-- migrate:up\nSELECT 1;\n"),
        ("5_two_downs", "-- migrate:up\n-- migrate:down\n-- migrate:down\n"),
        (
            "6_pairs",
            "-- migrate:up\nSELECT 1;\n-- migrate:down\nSELECT 2;\n-- migrate:up\nSELECT 3;\n-- migrate:down\nSELECT 4;\n",
        ),
        ("7_mark", "\u{feff}-- migrate:up\n-- migrate:down\n"),
        ("8_other", "-- migrate:upwards\n"),
        ("1_again", "-- migrate:up\n-- migrate:down\n"),
    ];
    let fixture: String = cases.iter().map(|(name, text)| format!("//- /p/migrations/{name}.sql\n{text}")).collect();
    check(
        &fixture,
        expect![[r#"
        Dbmate
        1_again version 1: "-- migrate:up\n", down "-- migrate:down\n"
        1_fine version 1: "-- migrate:up\n", down "-- migrate:down\n"
        2_none version 2: ""
        3_before version 3: "-- migrate:up\n", down "-- migrate:down\n"
        4_no_down version 4: "-- migrate:up\nSELECT 1;\n"
        5_two_downs version 5: "-- migrate:up\n", down "-- migrate:down\n-- migrate:down\n"
        6_pairs version 6: "-- migrate:up\nSELECT 1;\n", down "-- migrate:down\nSELECT 2;\n"
        7_mark version 7: ""
        8_other version 8: ""
        migrations/2_none.sql:1:1: history/malformed-migration: the file has no line `-- migrate:up`
        migrations/3_before.sql:2:1 "SELECT 1;": history/malformed-migration: a statement stands before `-- migrate:up`
        migrations/4_no_down.sql:1:1 "-- migrate:up": history/malformed-migration: the section has no `-- migrate:down`
        migrations/5_two_downs.sql:3:1 "-- migrate:down": history/malformed-migration: a second `-- migrate:down` follows one `-- migrate:up`
        migrations/6_pairs.sql:5:1 "-- migrate:up": history/malformed-migration: a second `-- migrate:up`: dbmate cannot record its version again, and rolls it back
        migrations/7_mark.sql:1:1: history/malformed-migration: the file has no line `-- migrate:up`
        migrations/8_other.sql:1:1: history/malformed-migration: the file has no line `-- migrate:up`
        migrations/1_fine.sql:1:1: history/duplicate-entry: 1_fine has the version 1 of 1_again
          migrations/1_again.sql:1:1: the other migration
    "#]],
    );
}

#[test]
fn supabase_takes_digits_and_skips_other_names() {
    let text = |name: &str| format!("//- /p/supabase/migrations/{name}\nSELECT 1;\n");
    let names = ["20211201000000_init.sql", "20240102000000_b.sql", "20240101000000_a.sql", "20240101000000_again.sql"];
    let fixture: String = names.iter().chain(&["seed.sql", "7_short.sql"]).map(|name| text(name)).collect();
    expect![[r#"
        Supabase
        20240101000000_a version 20240101000000: "SELECT 1;\n"
        20240101000000_again version 20240101000000: "SELECT 1;\n"
        20240102000000_b version 20240102000000: "SELECT 1;\n"
        7_short version 7: "SELECT 1;\n"
        supabase/migrations/20211201000000_init.sql:1:1: history/unlisted-file: the Supabase CLI never runs 20211201000000_init.sql: it skips a first migration named init from before December 2021
        supabase/migrations/seed.sql:1:1: history/unlisted-file: the Supabase CLI never runs seed.sql: it takes <timestamp>_<name>.sql
        supabase/migrations/20240101000000_again.sql:1:1: history/duplicate-entry: 20240101000000_again has the version 20240101000000 of 20240101000000_a
          supabase/migrations/20240101000000_a.sql:1:1: the other migration
    "#]].assert_eq(&shown("/p/supabase/migrations", None, Dialect::Postgres, &MemoryFiles::new(&fixture)));
}

#[test]
fn flyway_compares_versions_part_by_part_and_runs_repeatable_ones_last() {
    let paths = [
        "V1_10__c.sql",
        "V1.2__b.sql",
        "V001__a.sql",
        "U1.2__b.sql",
        "R__views.sql",
        "R__a_view.sql",
        "beforeMigrate.sql",
        "deep/er/V20240101__d.SQL",
        ".git/V9__x.sql",
        "V2.sql",
        "V3_x.sql",
        "v4__x.sql",
        "users.sql",
    ];
    check(
        &files(&paths),
        expect![[r#"
        Flyway
        V001__a version 001: "SELECT 1;\n"
        V1.2__b version 1.2: "SELECT 1;\n", down migrations/U1.2__b.sql
        V1_10__c version 1.10: "SELECT 1;\n"
        V2 version 2: "SELECT 1;\n"
        V20240101__d version 20240101: "SELECT 1;\n"
        R__a_view version R__a_view: "SELECT 1;\n"
        R__views version R__views: "SELECT 1;\n"
        migrations/V3_x.sql:1:1: history/unlisted-file: Flyway never runs V3_x.sql: it takes V<version>__<description>.sql, with two underscores, and R__<description>.sql
        migrations/users.sql:1:1: history/unlisted-file: Flyway never runs users.sql: it takes V<version>__<description>.sql, with two underscores, and R__<description>.sql
        migrations/v4__x.sql:1:1: history/unlisted-file: Flyway never runs v4__x.sql: it takes V<version>__<description>.sql, with two underscores, and R__<description>.sql
    "#]],
    );
}

#[test]
fn flyway_starts_an_empty_database_at_the_newest_baseline() {
    check(
        &files(&["V1__a.sql", "V2__b.sql", "V3__c.sql", "B2__base.sql", "B1__base.sql"]),
        expect![[r#"
        Flyway
        B2__base version 2: "SELECT 1;\n"
        V3__c version 3: "SELECT 1;\n"
    "#]],
    );
}

#[test]
fn flyway_refuses_equal_versions_and_equal_descriptions() {
    check(
        &files(&["V1__a.sql", "V01.0__b.sql", "R__x_y.sql", "sub/R__x_y.sql", "B1__a.sql"]),
        expect![[r#"
            Flyway
            B1__a version 1: "SELECT 1;\n"
            R__x_y version R__x_y: "SELECT 1;\n"
            R__x_y version R__x_y: "SELECT 1;\n"
            migrations/V1__a.sql:1:1: history/duplicate-entry: V1__a has the version 01.0 of V01.0__b
              migrations/V01.0__b.sql:1:1: the other migration
            migrations/sub/R__x_y.sql:1:1: history/duplicate-entry: R__x_y has the description of another repeatable migration
              migrations/R__x_y.sql:1:1: the other migration
        "#]],
    );
}

#[test]
fn flyway_runs_some_statements_and_configured_files_outside_of_a_transaction() {
    let cases = [
        ("V1__a.sql", "/* c */ -- d\ncreate index concurrently i on a (x);\n"),
        ("V2__b.sql", "CREATE INDEX i ON a (x);\n"),
        ("V3__c.sql", "PRAGMA foreign_keys=OFF;\n"),
        ("V4__d.sql", "SELECT 1;\n"),
        ("V4__d.sql.conf", "executeInTransaction=false\n"),
        ("V5__e.sql", "VACUUM;\n"),
        ("V5__e.sql.conf", "executeInTransaction = true\n"),
    ];
    let fixture: String = cases.iter().map(|(name, text)| format!("//- /p/migrations/{name}\n{text}")).collect();
    check(
        &fixture,
        expect![[r#"
        Flyway
        V1__a version 1: "/* c */ -- d\ncreate index concurrently i on a (x);\n", no transaction
        V2__b version 2: "CREATE INDEX i ON a (x);\n"
        V3__c version 3: "PRAGMA foreign_keys=OFF;\n", no transaction
        V4__d version 4: "SELECT 1;\n", no transaction
        V5__e version 5: "VACUUM;\n"
    "#]],
    );
}

#[test]
fn prisma_takes_every_folder_in_the_order_of_names() {
    let paths = [
        "20240102000000_b/migration.sql",
        "20240101000000_Z/migration.sql",
        "20240101000000_a/migration.sql",
        "0_init/migration.sql",
        "20240103000000_c/notes.md",
        "loose.sql",
    ];
    check(
        &(files(&paths) + "//- /p/migrations/migration_lock.toml\nprovider = \"sqlite\"\n"),
        expect![[r#"
        Prisma
        0_init version 0_init: "SELECT 1;\n", no transaction
        20240101000000_a version 20240101000000_a: "SELECT 1;\n", no transaction
        20240101000000_Z version 20240101000000_Z: "SELECT 1;\n", no transaction
        20240102000000_b version 20240102000000_b: "SELECT 1;\n", no transaction
        migrations/20240103000000_c/notes.md:1:1: history/missing-file: 20240103000000_c holds no migration.sql
        migrations/loose.sql:1:1: history/unlisted-file: Prisma never runs loose.sql: it takes folders, <timestamp>_<name>/migration.sql
    "#]],
    );
}

#[test]
fn plain_files_come_in_the_order_of_their_numbers() {
    let paths = [
        "10-c.sql",
        "9_b.sql",
        "009_a.sql",
        "1.sql",
        "2_x.up.sql",
        "2_x.down.sql",
        "3_y_rollback.sql",
        "3_y.sql",
        "seed.sql",
    ];
    let numbered = MemoryFiles::new(&files(&paths));
    expect![[r#"
        Plain
        1 version 1: "SELECT 1;\n", no transaction
        2_x version 2: "SELECT 1;\n", no transaction, down migrations/2_x.down.sql
        3_y version 3: "SELECT 1;\n", no transaction, down migrations/3_y_rollback.sql
        009_a version 009: "SELECT 1;\n", no transaction
        9_b version 9: "SELECT 1;\n", no transaction
        10-c version 10: "SELECT 1;\n", no transaction
    "#]]
    .assert_eq(&shown("/p/migrations", None, Dialect::Postgres, &numbered));
    let unnumbered = MemoryFiles::new(&files(&["b.sql", "a.sql"]));
    expect![[r#"
        Plain
        a version a: "SELECT 1;\n", no transaction
        b version b: "SELECT 1;\n", no transaction
    "#]]
    .assert_eq(&shown("/p/migrations", Some(Format::Plain), Dialect::Postgres, &unnumbered));
}

#[test]
fn checksums_are_those_of_the_tools() {
    // `sha384sum`, `sha256sum`, and Java's CRC32 over the lines of a BufferedReader.
    let text = "CREATE TABLE a (id int);\n";
    let sha384 = "52dcffb424aeb77cd96de966de88547001ad9656d3d53e03c8907e0f31653840336ff6b02aeb25a48ef7d46e1ce5f7f9";
    assert_eq!(Format::Sqlx.checksum(text).as_deref(), Some(sha384));
    assert_eq!(
        Format::Prisma.checksum("hello").as_deref(),
        Some("2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824")
    );
    assert_eq!(Format::Flyway.checksum(text).as_deref(), Some("-623083431"));
    assert_eq!(Format::Flyway.checksum("CREATE TABLE a (id int);").as_deref(), Some("-623083431"));
    let lines = "CREATE TABLE a (id int);\r\nCREATE TABLE b (\rid int);\n\n";
    assert_eq!(Format::Flyway.checksum(lines).as_deref(), Some("-956080171"));
    assert_eq!(Format::Flyway.checksum("\u{feff}CREATE TABLE é (id int);\n").as_deref(), Some("-1590035312"));
    assert_eq!(Format::Flyway.checksum("").as_deref(), Some("0"));
    for format in [Format::Diesel, Format::Dbmate, Format::GolangMigrate, Format::Goose, Format::Supabase] {
        assert_eq!(format.checksum(text), None);
    }
}

#[test]
fn a_folder_that_cannot_be_listed_is_unreadable_and_a_missing_one_is_empty() {
    for (_, format) in FORMATS {
        let path = FilePath::from(Path::new("/p/migrations"));
        let missing = read(*format, Dialect::Postgres, &path, &MemoryFiles::new(""));
        assert!(missing.migrations.is_empty() && missing.diagnostics.is_empty() && !missing.unreadable, "{format:?}");
        let file = read(*format, Dialect::Postgres, &path, &MemoryFiles::new("//- /p/migrations\n"));
        assert!(file.unreadable && file.diagnostics.len() == 1, "{format:?}");
    }
}

#[test]
fn no_prefix_of_a_text_or_a_name_breaks_a_reader() {
    let texts = [
        "-- +goose NO TRANSACTION\n-- +goose Up\n-- +goose StatementBegin\né $$;\n-- +goose StatementEnd\r\n-- +goose Down\nX;\n",
        "\u{feff}-- é\n-- migrate:up transaction:false é\nSELECT 'é';\n-- migrate:down\nX\n-- migrate:up\n-- migrate:down\n",
        "/* é */ -- x\nCREATE UNIQUE INDEX CONCURRENTLY é ON $x$ 'a' \"b\" `c` ::$",
    ];
    let names =
        ["001_aé.up.sql", "V1_2.3__é.sql", "20211208000000_init.sql", "1_a_rollback.SQL", "R__é.sql", "1é_x.sql"];
    let ends = |text: &str| (0..=text.len()).filter(|end| text.is_char_boundary(*end)).collect::<Vec<_>>();
    for text in texts {
        for end in ends(text) {
            let text = &text[..end];
            for name in ["1_a.sql", "V1__a.sql", "1_a/up.sql", "1_a/migration.sql", "1_a/metadata.toml"] {
                everything(&[(name, text)]);
            }
        }
    }
    for name in names {
        for end in ends(name).into_iter().filter(|end| *end > 0) {
            everything(&[(&name[..end], "SELECT 1;"), (&format!("{}.sql", &name[..end]), "")]);
        }
    }
}

/// Reads the folder in every format; spans lie in their texts.
fn everything(files: &[(&str, &str)]) {
    let mut memory = MemoryFiles::default();
    for (name, text) in files {
        memory.set(format!("/p/migrations/{name}"), *text);
        for (_, format) in FORMATS {
            let (up, down) = (format.up(text), format.down(text));
            assert!(text.get(up.start as usize..up.end as usize).is_some(), "{format:?} {text:?}");
            let down = down.unwrap_or_default();
            assert!(text.get(down.start as usize..down.end as usize).is_some(), "{format:?} {text:?}");
        }
    }
    for (_, format) in FORMATS {
        shown("/p/migrations", Some(*format), Dialect::Sqlite, &memory);
        detect_dialect(*format, &FilePath::from(Path::new("/p/migrations")), &memory);
    }
}
