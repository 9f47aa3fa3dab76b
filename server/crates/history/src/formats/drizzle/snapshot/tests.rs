//! Snapshots in, model out, and the way back, against what drizzle-kit itself wrote.

use std::path::PathBuf;

use expect_test::{Expect, expect};
use serde_json::Value;

use super::{Head, read, write};

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
fn what_drizzle_kit_wrote_is_written_again_byte_for_byte() {
    assert!(round_trip(POSTGRES_SMALL).is_none());
    for text in [POSTGRES, SQLITE] {
        let head = Head::scan(text);
        let value = write(&read(text).unwrap(), &head.id.unwrap(), &head.previous_ids.unwrap()[0]);
        assert_eq!(serde_json::to_string_pretty(&value).unwrap(), text);
    }
}

#[test]
fn every_recorded_case_of_drizzle_kits_own_tests_survives_the_round_trip() {
    let default = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../../shared/conformance");
    #[allow(clippy::disallowed_methods, reason = "the recorded cases lie outside the repository")]
    let root = std::env::var_os("DRIFTLENS_CONFORMANCE").map_or(default, PathBuf::from).join("drizzle-kit");
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

#[test]
fn no_prefix_of_a_snapshot_is_read_wrongly() {
    for text in [POSTGRES_SMALL.trim_end(), SQLITE.trim_end()] {
        for end in (0..text.len()).filter(|end| text.is_char_boundary(*end)) {
            let error = read(&text[..end]).unwrap_err();
            assert!(error.offset.is_some_and(|offset| offset <= end), "{end}: {error:?}");
        }
    }
}

#[test]
fn a_broken_snapshot_is_an_error_at_its_place() {
    check(
        "",
        expect![[r#"
        at Some(0): cannot be read: EOF while parsing a value
        help: Restore the file from version control, or repair it at this place."#]],
    );
    check(
        "[]",
        expect![[r#"
        at Some(0): is not a drizzle-kit snapshot: it names no dialect and version
        help: Restore the file from version control, or generate the migration again."#]],
    );
    check(
        "{\"id\": \"x\"}",
        expect![[r#"
        at Some(0): is not a drizzle-kit snapshot: it names no dialect and version
        help: Restore the file from version control, or generate the migration again."#]],
    );
    check(
        "{\"version\":\"7\",\"dialect\":\"postgresql\",\n\"tables\":{\"public.a\":{\"columns\":[]}}}",
        expect![[r#"
        at Some(70): cannot be read: invalid type: sequence, expected a map
        help: Restore the file from version control, or repair it at this place."#]],
    );
    check(
        "{\"version\":\"7\",\"dialect\":\"postgresql\",\n<<<<<<< HEAD\n",
        expect![[r#"
            at Some(39): holds the markers of an unresolved merge
            help: Restore the file from version control, or repair it at this place."#]],
    );
    check(
        "\u{feff}{\"version\":\"7\",\"dialect\":\"postgresql\",,}",
        expect![[r#"
        at Some(41): cannot be read: key must be a string
        help: Restore the file from version control, or repair it at this place."#]],
    );
}

#[test]
fn an_unknown_version_is_named_with_a_remedy() {
    check(
        "{\"version\":\"9\",\"dialect\":\"postgres\",\"ddl\":[]}",
        expect![[r#"
            at Some(0): has version 9 of dialect postgres; Driftlens reads PostgreSQL 5 to 9 and SQLite 5 to 7, which drizzle-kit 0.20 to 1.0 write
            help: A newer drizzle-kit wrote it: update Driftlens, or keep to the drizzle-kit that wrote the other snapshots."#]],
    );
    check(
        "{\"version\":\"7\",\"dialect\":\"sqlite\",\"ddl\":[]}",
        expect![[r#"
            at Some(0): has version 7 of dialect sqlite; Driftlens reads PostgreSQL 5 to 9 and SQLite 5 to 7, which drizzle-kit 0.20 to 1.0 write
            help: A newer drizzle-kit wrote it: update Driftlens, or keep to the drizzle-kit that wrote the other snapshots."#]],
    );
    check(
        "{\"version\":\"5\",\"dialect\":\"mysql\",\"tables\":{}}",
        expect![[r#"
            at Some(0): has version 5 of dialect mysql; Driftlens reads PostgreSQL 5 to 9 and SQLite 5 to 7, which drizzle-kit 0.20 to 1.0 write
            help: Driftlens knows PostgreSQL and SQLite only: take this configuration out of its project."#]],
    );
    check(
        "{\"version\":\"4\",\"dialect\":\"pg\",\"tables\":{}}",
        expect![[r#"
            at Some(0): has version 4 of dialect pg; Driftlens reads PostgreSQL 5 to 9 and SQLite 5 to 7, which drizzle-kit 0.20 to 1.0 write
            help: Run `drizzle-kit up` of a 0.2x release to upgrade the snapshot."#]],
    );
}

#[test]
fn a_postgres_snapshot_of_version_5_reads_as_one_of_version_7() {
    check(
        r#"{ "id": "a", "prevId": "b", "version": "5", "dialect": "pg", "future": 1,
  "tables": { "users": { "name": "users", "schema": "", "columns": {
      "id": { "name": "id", "type": "serial", "primaryKey": true, "notNull": true },
      "email": { "name": "email", "type": "text", "primaryKey": false, "notNull": true, "isUnique": true, "uniqueName": "users_email_key" },
      "moods": { "name": "moods", "type": "mood[]", "primaryKey": false, "notNull": false, "default": null } },
    "indexes": { "i": { "name": "i", "columns": ["email", "id"], "isUnique": true } },
    "foreignKeys": {}, "compositePrimaryKeys": {} } },
  "enums": { "mood": { "name": "mood", "values": { "ok": "ok", "sad": "sad" } } },
  "schemas": {}, "_meta": { "schemas": {}, "tables": {}, "columns": {} } }"#,
        expect![[r#"
            {
              "dialect": "postgresql",
              "namespaces": [],
              "enums": {
                "public.mood": {
                  "name": "public.mood",
                  "values": [
                    "ok",
                    "sad"
                  ]
                }
              },
              "domains": {},
              "sequences": {},
              "tables": {
                "public.users": {
                  "name": "public.users",
                  "columns": {
                    "id": {
                      "name": "id",
                      "type": {
                        "text": "serial"
                      },
                      "not_null": true
                    },
                    "email": {
                      "name": "email",
                      "type": {
                        "text": "text"
                      },
                      "not_null": true
                    },
                    "moods": {
                      "name": "moods",
                      "type": {
                        "text": "mood[]",
                        "enum_name": "public.mood"
                      },
                      "not_null": false,
                      "default": {
                        "text": "NULL",
                        "form": "null"
                      }
                    }
                  },
                  "primary_key": {
                    "columns": [
                      "id"
                    ]
                  },
                  "uniques": {
                    "users_email_key": {
                      "name": "users_email_key",
                      "columns": [
                        "email"
                      ],
                      "nulls_not_distinct": false
                    }
                  },
                  "indexes": {
                    "i": {
                      "name": "i",
                      "unique": true,
                      "method": "btree",
                      "columns": [
                        {
                          "key": {
                            "column": "email"
                          },
                          "ascending": true,
                          "nulls_first": false
                        },
                        {
                          "key": {
                            "column": "id"
                          },
                          "ascending": true,
                          "nulls_first": false
                        }
                      ],
                      "nulls_not_distinct": false,
                      "concurrently": false
                    }
                  },
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

#[test]
fn a_sqlite_snapshot_of_version_5_may_have_objects_for_defaults() {
    check(
        r#"{ "version": "5", "dialect": "sqlite", "id": "a", "prevId": "b", "enums": {}, "tables": { "t": { "name": "t", "columns": {
      "a": { "name": "a", "type": "text", "primaryKey": false, "notNull": false, "default": { "x": [1, 2] } },
      "b": { "name": "b", "type": "integer", "primaryKey": false, "notNull": false, "autoincrement": false, "default": 1.50 } },
    "indexes": {}, "foreignKeys": {}, "compositePrimaryKeys": { "t_a_b_pk": { "columns": ["a", "b"] } }, "uniqueConstraints": {} } } }"#,
        expect![[r#"
            {
              "dialect": "sqlite",
              "namespaces": [],
              "enums": {},
              "domains": {},
              "sequences": {},
              "tables": {
                "t": {
                  "name": "t",
                  "columns": {
                    "a": {
                      "name": "a",
                      "type": {
                        "text": "text"
                      },
                      "not_null": false,
                      "default": {
                        "text": "'{\"x\":[1,2]}'",
                        "form": "sql"
                      }
                    },
                    "b": {
                      "name": "b",
                      "type": {
                        "text": "integer"
                      },
                      "not_null": false,
                      "default": {
                        "text": "1.50",
                        "form": "number"
                      }
                    }
                  },
                  "primary_key": {
                    "name": "t_a_b_pk",
                    "columns": [
                      "a",
                      "b"
                    ]
                  },
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

#[test]
fn null_large_and_fractional_defaults_survive_the_round_trip() {
    let text = r#"{"id":"a","prevId":"b","version":"7","dialect":"postgresql","tables":{"public.t":{"name":"t","schema":"","columns":{
        "a":{"name":"a","type":"text","primaryKey":false,"notNull":false,"default":null},
        "b":{"name":"b","type":"bigint","primaryKey":false,"notNull":false,"default":9007199254740993},
        "c":{"name":"c","type":"double precision","primaryKey":false,"notNull":false,"default":1.5e-7},
        "d":{"name":"d","type":"text","primaryKey":false,"notNull":false,"default":"null"}},
        "indexes":{},"foreignKeys":{"f":{"name":"f","tableFrom":"t","tableTo":"u","schemaTo":"s","columnsFrom":["a"],"columnsTo":["b"],"onDelete":"set null","onUpdate":"no action"}},
        "compositePrimaryKeys":{},"uniqueConstraints":{},"policies":{},"checkConstraints":{},"isRLSEnabled":true}},
        "enums":{},"schemas":{},"sequences":{},"roles":{},"policies":{},"views":{},"_meta":{"schemas":{},"tables":{},"columns":{}}}"#;
    assert_eq!(round_trip(text), None);
}
