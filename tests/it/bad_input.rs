//! Bad input on a real disk: each gives a finding that names the file, the place and what to do, and nothing panics.

use std::path::Path;

use analysis::{Analysis, Host};
use source::Diagnostic;
use workspace::Disk;

const CONFIG: &str = "export default { dialect: 'sqlite', schema: './schema.ts', out: './drizzle' };\n";
const SCHEMA: &str = "import { integer, sqliteTable } from 'drizzle-orm/sqlite-core';\n\
    export const users = sqliteTable('users', { id: integer('id').primaryKey() });\n";
const JOURNAL: &str = r#"{"version":"7","dialect":"sqlite","entries":[{"idx":0,"version":"6","when":1,"tag":"0000_init","breakpoints":true}]}"#;
const SNAPSHOT: &str = r#"{"version":"6","dialect":"sqlite","id":"a","prevId":"00000000-0000-0000-0000-000000000000","tables":{},"views":{},"enums":{},"_meta":{"schemas":{},"tables":{},"columns":{}},"internal":{"indexes":{}}}"#;

/// A project with one migration that makes nothing; `change` spoils it.
fn analyze(change: impl Fn(&Path)) -> (tempfile::TempDir, Analysis) {
    let folder = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| {
        let file = folder.path().join(path);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, text).unwrap();
    };
    write("drizzle.config.ts", CONFIG);
    write("schema.ts", SCHEMA);
    write("drizzle/0000_init.sql", "select 1;");
    write("drizzle/meta/_journal.json", JOURNAL);
    write("drizzle/meta/0000_snapshot.json", SNAPSHOT);
    change(folder.path());
    let disk = Disk::new().trusting_changes();
    let config = Disk::normalize(&folder.path().join("drizzle.config.ts"));
    let analysis = Host::new().analyze(&[config], &disk);
    (folder, analysis)
}

/// Every finding as `file code message`, pending changes included; each has a remedy.
fn findings(change: impl Fn(&Path)) -> String {
    let (_folder, analysis) = analyze(change);
    let mut lines = Vec::new();
    for (file, diagnostics) in analysis.diagnostics() {
        for Diagnostic { code, message, help, .. } in diagnostics {
            assert!(help.is_some(), "{code} says what to do");
            lines.push(format!("{} {code} {message}", file.file_name().unwrap().to_string_lossy()));
        }
    }
    lines.join("\n")
}

fn check(change: impl Fn(&Path), expected: &str) {
    let found = findings(change);
    assert!(found.contains(expected), "expected {expected:?} in:\n{found}");
}

fn spoil(path: &'static str, text: impl AsRef<[u8]>) -> impl Fn(&Path) {
    move |folder| std::fs::write(folder.join(path), text.as_ref()).unwrap()
}

#[test]
fn an_unspoiled_project_has_only_its_pending_change() {
    assert_eq!(findings(|_| {}), "schema.ts schema/missing-migration table `users` is in no migration");
}

#[test]
fn a_schema_that_cannot_be_parsed_is_told() {
    check(spoil("schema.ts", &SCHEMA[..SCHEMA.len() - 8]), "schema.ts schema/syntax-error");
}

/// Half of what it passes on may be lost, though it is no schema file.
#[test]
fn a_file_that_a_schema_uses_and_that_cannot_be_parsed_is_told() {
    let change = |folder: &Path| {
        std::fs::write(folder.join("shared.ts"), "export const length = 20;\nexport const more = {").unwrap();
        std::fs::write(folder.join("schema.ts"), format!("export * from './shared';\n{SCHEMA}")).unwrap();
    };
    check(change, "shared.ts schema/syntax-error the file cannot be parsed from here");
}

#[test]
fn a_file_of_five_megabytes_is_not_read() {
    check(
        spoil("schema.ts", " ".repeat(5 * 1024 * 1024)),
        "schema/unreadable-file this schema file cannot be read: is too large",
    );
}

#[test]
fn a_cyclic_import_is_followed() {
    let change = |folder: &Path| {
        let schema = format!("export * from './other';\n{SCHEMA}");
        std::fs::write(folder.join("schema.ts"), schema).unwrap();
        let other = "export * from './schema';\nexport { users as people } from './schema';\n";
        std::fs::write(folder.join("other.ts"), other).unwrap();
    };
    assert_eq!(findings(change), "schema.ts schema/missing-migration table `users` is in no migration");
}

#[test]
fn an_endless_recursion_is_unknown() {
    let text = SCHEMA.replace("{ id: integer('id').primaryKey() }", "{ id: integer('id').default(again(1)) }")
        + "function again(n: number): number { return again(n + 1); }\n";
    check(spoil("schema.ts", text), "schema.ts schema/not-static the default of users.id cannot be told");
    let own = "export const users: any = users;\nconst a = b, b = a;\nexport const c = a;\n";
    check(spoil("schema.ts", own), "is defined by itself");
}

#[test]
fn deep_nesting_is_unknown_and_not_a_crash() {
    let deep = format!("export const x = {}1{};\n{SCHEMA}", "(".repeat(50_000), ")".repeat(50_000));
    check(spoil("schema.ts", deep), "table `users` is in no migration");
    let calls = format!("export const x = {}1{};\n{SCHEMA}", "f(".repeat(20_000), ")".repeat(20_000));
    check(spoil("schema.ts", calls), "table `users` is in no migration");
}

#[test]
fn invalid_utf_8_is_told_with_its_place() {
    let mut bytes = SCHEMA.as_bytes().to_vec();
    bytes.insert(10, 0xff);
    check(
        spoil("schema.ts", bytes),
        "schema/unreadable-file this schema file cannot be read: is not UTF-8 (first bad byte at offset 10)",
    );
}

#[test]
fn crlf_and_a_byte_order_mark_change_nothing() {
    let text = format!("\u{feff}{}", SCHEMA.replace('\n', "\r\n"));
    assert_eq!(
        findings(spoil("schema.ts", text)),
        "schema.ts schema/missing-migration table `users` is in no migration"
    );
}

#[test]
fn a_missing_schema_file_is_told_at_the_configuration() {
    check(
        |folder| std::fs::remove_file(folder.join("schema.ts")).unwrap(),
        "drizzle.config.ts config/no-schema-files `./schema.ts` names no schema file",
    );
}

#[test]
fn a_journal_that_cannot_be_read_hides_everything_pending() {
    for text in ["", "not json", "[1", "{\"entries\":{}}"] {
        let found = findings(spoil("drizzle/meta/_journal.json", text));
        assert!(found.contains("_journal.json history/unreadable-journal"), "{text:?}: {found}");
        assert!(!found.contains("missing-migration"), "{text:?}: {found}");
    }
}

#[test]
fn an_empty_list_of_entries_is_an_empty_history() {
    let text = r#"{"version":"7","dialect":"sqlite","entries":[]}"#;
    check(spoil("drizzle/meta/_journal.json", text), "table `users` is in no migration");
}

#[test]
fn a_snapshot_of_an_unknown_version_is_told() {
    let found = findings(spoil("drizzle/meta/0000_snapshot.json", SNAPSHOT.replace("\"6\"", "\"99\"")));
    assert!(found.contains("0000_snapshot.json history/unreadable-snapshot"), "{found}");
    assert!(!found.contains("missing-migration"), "{found}");
}

#[test]
fn a_directory_where_a_file_is_expected_is_told() {
    let change = |folder: &Path| {
        let journal = folder.join("drizzle/meta/_journal.json");
        std::fs::remove_file(&journal).unwrap();
        std::fs::create_dir(&journal).unwrap();
    };
    check(change, "_journal.json history/unreadable-journal");
    let change = |folder: &Path| {
        std::fs::remove_file(folder.join("drizzle.config.ts")).unwrap();
        std::fs::create_dir(folder.join("drizzle.config.ts")).unwrap();
    };
    check(change, "drizzle.config.ts config/unreadable the configuration cannot be read: it is a directory");
}

#[cfg(unix)]
#[test]
fn a_symlink_loop_is_told() {
    let change = |folder: &Path| {
        std::fs::remove_file(folder.join("schema.ts")).unwrap();
        std::os::unix::fs::symlink(folder.join("schema.ts"), folder.join("schema.ts")).unwrap();
    };
    let found = findings(change);
    assert!(found.contains("schema"), "{found}");
    assert!(!found.contains("missing-migration"), "{found}");
}

#[test]
fn a_configuration_without_a_schema_is_told() {
    check(
        spoil("drizzle.config.ts", "export default { dialect: 'sqlite' };"),
        "config/invalid the configuration has no `schema`",
    );
    check(spoil("drizzle.config.ts", "export default 5;"), "config/invalid the configuration exports no object");
    check(
        spoil("drizzle.config.ts", "export default { schema: './schema.ts' };"),
        "config/invalid the configuration has no `dialect`",
    );
    check(
        spoil("drizzle.config.ts", "export default { dialect: 'mysql', schema: './schema.ts' };"),
        "config/unsupported-dialect",
    );
}
