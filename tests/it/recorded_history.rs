//! A generated project with a long history, as drizzle-kit writes it: the replay of its SQL against every snapshot, and against the
//! schema files. `DRIFTLENS_N_MIGRATIONS=300` makes it as long as the benchmark's.

use std::path::Path;
use std::process::Command;

use history::Format;
use languages::drizzle::Reader;
use schema::{Dialect, Schema};
use workspace::Disk;

const N_MIGRATIONS: usize = 60;

#[test]
fn the_replay_of_each_migration_is_what_its_snapshot_records() {
    let n_migrations = std::env::var("DRIFTLENS_N_MIGRATIONS").map_or(N_MIGRATIONS, |text| text.parse().unwrap());
    let folder = tempfile::tempdir().unwrap();
    generate(folder.path(), n_migrations);
    let disk = Disk::new();
    let out = Disk::normalize(&folder.path().join("drizzle"));
    let history = history::Reader::default().read(Format::Drizzle, Dialect::Postgres, &out, &disk);
    assert!(history.diagnostics.is_empty(), "{:#?}", history.diagnostics);
    assert_eq!(history.steps.len(), n_migrations);
    for position in 0..n_migrations {
        let recorded = history.folder.read_snapshot(position, &disk).expect("each has a snapshot").unwrap();
        same(&format!("migration {position}"), &dialects::as_stored(&recorded), &history.schema_at(position));
    }

    let mut reader = Reader::new();
    let config = Disk::normalize(&folder.path().join("drizzle.config.ts"));
    let config = reader.read_config(&config, &disk).config.expect("the configuration is read");
    let desired = reader.read_schema(&config, &disk);
    assert!(desired.unknown.is_empty(), "{:#?}", desired.unknown);
    same("the schema files", &dialects::as_stored(&desired.schema), &history.schema_at(n_migrations - 1));
}

/// Both ways: what only one side has shows as a drop in one of them.
fn same(what: &str, recorded: &Schema, replayed: &Schema) {
    for (from, to) in [(recorded, replayed), (replayed, recorded)] {
        let changes = diff::diff(from, to).changes;
        assert!(changes.is_empty(), "{what}: {changes:#?}");
    }
    assert!(!replayed.tables.is_empty() && replayed.unknown.is_empty());
}

fn generate(folder: &Path, n_migrations: usize) {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    let modules = tests.join("node_modules");
    assert!(modules.join("drizzle-kit").exists(), "run cargo xtask test, which installs drizzle-kit");
    let n_migrations = n_migrations.to_string();
    let output = Command::new("node")
        .arg(tests.join("../server/xtask/bench/project.mjs"))
        .args(["--tables", &n_migrations, "--files", "6", "--migrations", &n_migrations])
        .arg("--out")
        .arg(folder)
        .arg("--modules")
        .arg(modules)
        .output()
        .expect("node is needed to run drizzle-kit");
    assert!(output.status.success(), "no project is generated: {}", String::from_utf8_lossy(&output.stderr));
}
