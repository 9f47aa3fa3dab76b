//! Folders in, formats and dialects out.

use source::{FilePath, MemoryFiles};

use std::path::Path;

use super::super::Format;
use super::{detect, detect_dialect};

#[test]
fn a_format_is_detected_by_what_only_it_has() {
    let matrix: &[(&str, &[&str])] = &[
        ("Drizzle", &["/p/m/meta/_journal.json", "/p/m/0000_a.sql", "/p/Cargo.toml"]),
        ("Drizzle1", &["/p/m/20240101000000_a/migration.sql", "/p/m/20240101000000_a/snapshot.json"]),
        ("Prisma", &["/p/m/20240101000000_a/migration.sql"]),
        ("Prisma", &["/p/m/migration_lock.toml"]),
        ("Diesel", &["/p/m/2024-01-01-000000_a/up.sql"]),
        ("Diesel", &["/p/m/1_a/up.sql", "/p/m/1_a/down.sql", "/p/Cargo.toml"]),
        ("Flyway", &["/p/m/V1__a.sql"]),
        ("Flyway", &["/p/m/R__a.sql", "/p/m/2024/V1_1__a.sql"]),
        ("none", &["/p/m/R__a.sql"]),
        ("GolangMigrate", &["/p/m/000001_a.up.sql", "/p/m/000001_a.down.sql"]),
        ("Sqlx", &["/p/m/1_a.up.sql", "/p/m/1_a.down.sql", "/p/Cargo.toml"]),
        ("GolangMigrate", &["/p/m/1_a.up.sql", "/p/go.mod", "/Cargo.toml"]),
        ("Sqlx", &["/p/m/1_a.sql", "/Cargo.toml"]),
        ("Plain", &["/p/m/1_a.sql", "/p/package.json", "/Cargo.toml"]),
        ("Sqlx", &["/p/m/1_a.sql", "/p/package.json", "/p/Cargo.toml"]),
        ("Plain", &["/p/m/1_a.sql"]),
        ("Plain", &["/p/m/1.sql", "/p/Cargo.toml"]),
        ("none", &["/p/m/a.sql"]),
        ("none", &["/p/m/README.md"]),
        ("none", &[]),
    ];
    for (expected, paths) in matrix {
        let files = MemoryFiles::new(&paths.iter().map(|path| format!("//- {path}\n")).collect::<String>());
        let found = detect(&FilePath::from(Path::new("/p/m")), &files);
        assert_eq!(found.map_or(String::from("none"), |format| format!("{format:?}")), *expected, "{paths:?}");
    }
    let supabase =
        MemoryFiles::new("//- /p/supabase/migrations/1_a.sql\n//- /p/supabase/schemas/a.sql\n//- /p/Cargo.toml\n");
    assert_eq!(detect(&FilePath::from(Path::new("/p/supabase/migrations")), &supabase), Some(Format::Supabase));
    assert_eq!(detect(&FilePath::from(Path::new("/p/supabase/schemas")), &supabase), None);
}

#[test]
fn a_dialect_is_detected_by_words_that_only_it_knows() {
    let check = |text: &str, expected: &str| {
        let files = MemoryFiles::new(&format!("//- /p/migrations/1_a.sql\n{text}\n"));
        let found = detect_dialect(Format::Plain, &FilePath::from(Path::new("/p/migrations")), &files);
        assert_eq!(format!("{found:?}"), expected, "{text}");
    };
    let (postgres, sqlite, mysql) = ("Some(Known(Postgres))", "Some(Known(Sqlite))", "Some(Unsupported(\"mysql\"))");
    check("CREATE TABLE a (id serial)", postgres);
    check("SELECT '1'::int", postgres);
    check("DO $x$ BEGIN END $x$", postgres);
    check("CREATE INDEX i ON a USING btree (x)", postgres);
    check("CREATE TABLE a (id INTEGER PRIMARY KEY AUTOINCREMENT)", sqlite);
    check("CREATE TABLE a (id INTEGER) WITHOUT ROWID", sqlite);
    check("PRAGMA foreign_keys = OFF", sqlite);
    check("CREATE TABLE `a` (`id` int AUTO_INCREMENT) ENGINE=InnoDB", mysql);
    check("CREATE TABLE a (`engine` text); SELECT 1 -- serial\n/* jsonb */ 'pragma' \"bytea\"", "None");
    check("CREATE TABLE a (id int)", "None");
    check("", "None");
}

#[test]
fn a_dialect_is_detected_by_what_the_folder_says_of_itself() {
    let check = |format: Format, folder: &str, fixture: &str, expected: &str| {
        let found = detect_dialect(format, &FilePath::from(Path::new(folder)), &MemoryFiles::new(fixture));
        assert_eq!(format!("{found:?}"), expected, "{fixture}");
    };
    let lock = |provider: &str| format!("//- /p/m/migration_lock.toml\n# keep\nprovider = \"{provider}\"\n");
    check(Format::Prisma, "/p/m", &lock("postgresql"), "Some(Known(Postgres))");
    check(Format::Prisma, "/p/m", &lock("sqlite"), "Some(Known(Sqlite))");
    check(Format::Prisma, "/p/m", &lock("mongodb"), "Some(Unsupported(\"mongodb\"))");
    check(Format::Supabase, "/p/m", "", "Some(Known(Postgres))");
    let journal = "//- /p/m/meta/_journal.json\n{\"version\":\"7\",\"dialect\":\"turso\",\"entries\":[]}\n";
    check(Format::Drizzle, "/p/m", journal, "Some(Known(Sqlite))");
    check(Format::Diesel, "/p/mysql/m", "//- /p/mysql/m/1_a/up.sql\n", "Some(Unsupported(\"mysql\"))");
    check(Format::Diesel, "/p/SQLite", "//- /p/SQLite/1_a/up.sql\n", "Some(Known(Sqlite))");
    check(Format::Sqlx, "/p/server-sqlite/m", "", "Some(Known(Sqlite))");
    check(Format::Diesel, "/p/m", "//- /p/m/1_a/up.sql\n", "None");
    let cargo =
        |features: &str| format!("//- /p/Cargo.toml\nsqlx = {{ version = \"0.9\", features = [{features}] }}\n");
    check(Format::Sqlx, "/p/m", &cargo("\"sqlite\""), "Some(Known(Sqlite))");
    check(Format::Sqlx, "/p/m", &cargo("\"sqlite\", \"postgres\""), "None");
    check(Format::Goose, "/p/m", "//- /p/go.mod\nrequire github.com/jackc/pgx/v5 v5.7.0\n", "Some(Known(Postgres))");
}
