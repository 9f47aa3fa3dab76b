//! Snapshots in, model out, and the way back, against what drizzle-kit itself wrote.

use std::path::PathBuf;

use expect_test::{Expect, expect};
use serde_json::Value;

use super::{read, write};

const ZERO: &str = "00000000-0000-0000-0000-000000000000";
const POSTGRES: &str = include_str!("../../../../tests_data/postgres_7.json");
const POSTGRES_SMALL: &str = include_str!("../../../../tests_data/postgres_7_small.json");
const SQLITE: &str = include_str!("../../../../tests_data/sqlite_6.json");

/// Reads a snapshot and shows the model, or what is wrong.
fn check(text: &str, expected: Expect) {
    let shown = match read(text) {
        Ok(schema) => serde_json::to_string_pretty(&schema).unwrap(),
        Err(error) => format!("at {:?}: {}\nhelp: {}", error.offset, error.message, error.help),
    };
    expected.assert_eq(&shown);
}

/// None where writing what was read gives the snapshot again, else both texts. drizzle-kit's programming interface leaves
/// `_meta.schemas` out of a SQLite snapshot, its command line writes it.
fn round_trip(text: &str) -> Option<(String, String)> {
    let mut before: Value = serde_json::from_str(text).unwrap();
    let id = |value: &Value, key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let (first, second) = (id(&before, "id"), id(&before, "prevId"));
    let schema = read(text).unwrap();
    let after = write(&schema, &first, &second);
    if before["dialect"] == "sqlite" {
        before["_meta"]["schemas"] = Value::Object(serde_json::Map::new());
    }
    (before != after)
        .then(|| (serde_json::to_string_pretty(&before).unwrap(), serde_json::to_string_pretty(&after).unwrap()))
}

#[test]
fn what_drizzle_kit_wrote_survives_the_round_trip() {
    for text in [POSTGRES, POSTGRES_SMALL, SQLITE] {
        if let Some((before, after)) = round_trip(text) {
            assert_eq!(after, before);
        }
    }
}

#[test]
fn a_postgres_snapshot_is_written_byte_for_byte() {
    for text in [POSTGRES, POSTGRES_SMALL] {
        let written = serde_json::to_string_pretty(&write(&read(text).unwrap(), ZERO, ZERO)).unwrap();
        assert_eq!(written, text.trim_end());
    }
}

#[test]
fn a_sqlite_snapshot_starts_as_drizzle_kit_starts_it() {
    let written = serde_json::to_string(&write(&read(SQLITE).unwrap(), ZERO, ZERO)).unwrap();
    expect![[r#"{"version":"6","dialect":"sqlite","id":"00000000-0000-0000-0000-000000000000","prevId":"00000000-0000-0000-0000-000000000000","tables":{"j"#]]
        .assert_eq(&written[..138]);
}

#[test]
fn every_recorded_case_of_drizzle_kits_own_tests_survives_the_round_trip() {
    let default = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../../shared/conformance");
    let root = option_env!("DRIFTLENS_CONFORMANCE").map_or(default, PathBuf::from).join("drizzle-kit");
    #[allow(clippy::disallowed_methods, reason = "the recorded cases lie outside the repository")]
    let entries = std::fs::read_dir(&root);
    let Ok(entries) = entries else {
        println!(
            "not checked: there is no {}; name the folder of recorded cases in DRIFTLENS_CONFORMANCE",
            root.display()
        );
        return;
    };
    let mut snapshots = 0;
    for path in entries.flatten().map(|entry| entry.path()) {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if !["pg-", "rls_", "sqlite-"].iter().any(|start| name.starts_with(start)) {
            continue;
        }
        #[allow(clippy::disallowed_methods, reason = "the recorded cases lie outside the repository")]
        let cases: Vec<Value> = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        for case in cases {
            for side in ["prev", "cur"] {
                snapshots += 1;
                if let Some((before, after)) = round_trip(&case[side].to_string()) {
                    assert_eq!(after, before, "{name}: {} ({side})", case["test"]);
                }
            }
        }
    }
    assert!(snapshots > 500, "only {snapshots} snapshots in {}", root.display());
}
