//! Fixes of findings over the light bulb.

use crate::generate::{SCHEMA, actions, apply, generated, project, titles};
use crate::project::{capabilities, codes, start, start_with, uri, write};
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_exported_gets_its_export() {
    let folder = project(SCHEMA);
    let schema = uri(&folder, "src/schema.ts");
    let mut client = start(&[&folder]).await;
    generated(&mut client, &folder).await;
    let hidden = SCHEMA.replace("export const", "const") + "export const other = 1;\n";
    client.replace(&schema, 2, &hidden).await;
    let found = client.published(&schema, json!(2)).await;
    assert_eq!(codes(&found), ["schema/not-exported"]);
    let offered = actions(&mut client, &schema, &found).await;
    assert_eq!(titles(&offered), ["Export it"]);
    assert_eq!(offered[0]["diagnostics"].as_array().unwrap().len(), 1);
    assert!(offered[0].get("edit").is_none());
    let resolved = client.request("codeAction/resolve", offered[0].clone()).await;
    let at = json!({"line": 1, "character": 0});
    let edits = json!([{"range": {"start": at, "end": at}, "newText": "export "}]);
    let change = &resolved["edit"]["documentChanges"][0];
    assert_eq!((&change["edits"], &change["textDocument"]["version"]), (&edits, &json!(2)));
    client.replace(&schema, 3, &hidden.replacen("const users", "export const users", 1)).await;
    assert_eq!(client.published(&schema, json!(3)).await, Vec::<Value>::new());

    let refusal = client.refusal("codeAction/resolve", offered[0].clone()).await;
    assert_eq!(refusal, "files changed since the action was offered; ask for it again");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_resolves_nothing_gets_the_fix_at_once_and_none_where_it_would_be_wrong() {
    let folder = project(SCHEMA);
    let schema = uri(&folder, "src/schema.ts");
    let mut client = start(&[&folder]).await;
    generated(&mut client, &folder).await;
    client.shut_down().await;

    let mut plain = capabilities();
    plain["textDocument"]["codeAction"] = json!({});
    plain["workspace"]["workspaceEdit"] = json!({});
    let mut client = start_with(&[&folder], plain).await;
    let chained = SCHEMA.replace("export const users", "const one = 1, users") + "export const other = 1;\n";
    client.open(&schema, 1, &chained).await;
    let found = client.published(&schema, json!(1)).await;
    let offered = actions(&mut client, &schema, &found).await;
    let edit = &offered[0]["edit"]["changes"][&schema][0];
    assert_eq!(edit["newText"], "\nexport { users };");

    // In CommonJS nothing is exported by a word.
    let common = SCHEMA.replace("export const", "const") + "module.exports = { other: 1 };\n";
    client.replace(&schema, 2, &common).await;
    let found = client.published(&schema, json!(2)).await;
    assert_eq!(codes(&found), ["schema/not-exported"]);
    assert_eq!(titles(&actions(&mut client, &schema, &found).await), Vec::<&str>::new());
}

/// The titles of the fixes of a journal whose second migration has this SQL and an older time than the first; and the first's edit.
async fn out_of_order(sql: &str) -> (Vec<String>, Value) {
    let folder = project("export const nothing = 1;\n");
    let entry =
        |number: u32, when: u64| json!({"idx": number, "version": "6", "when": when, "tag": format!("000{number}_x")});
    let entries = json!([entry(0, 2_000), entry(1, 1_000)]);
    let journal = json!({"version": "7", "dialect": "sqlite", "entries": entries}).to_string();
    write(folder.path(), "drizzle/meta/_journal.json", &journal);
    write(folder.path(), "drizzle/0000_x.sql", "CREATE TABLE a (id integer);");
    write(folder.path(), "drizzle/0001_x.sql", sql);
    let file = uri(&folder, "drizzle/meta/_journal.json");
    let mut client = start(&[&folder]).await;
    client.open(&file, 1, &journal).await;
    let found = client.published(&file, json!(1)).await;
    let found: Vec<Value> = found.into_iter().filter(|it| it["code"] == "history/out-of-order").collect();
    let offered = actions(&mut client, &file, &found).await;
    let names = titles(&offered).into_iter().map(str::to_owned).collect();
    let Some(first) = offered.first() else { return (names, Value::Null) };
    let edit = client.request("codeAction/resolve", first.clone()).await["edit"]["documentChanges"][0].clone();
    let new_text = edit["edits"][0]["newText"].as_str().unwrap();
    client.replace(&file, 2, &journal.replace("\"when\":1000", &format!("\"when\":{new_text}"))).await;
    let left = client.published(&file, json!(2)).await;
    assert!(!codes(&left).contains(&"history/out-of-order"), "{left:?}");
    (names, edit["edits"][0].clone())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_time_that_is_too_old_is_set_where_running_the_migration_again_does_nothing() {
    let again = "-- again\nCREATE TABLE IF NOT EXISTS b (id integer);\n--> statement-breakpoint\nCREATE UNIQUE INDEX IF NOT EXISTS c ON b (id);";
    let (offered, edit) = out_of_order(again).await;
    assert_eq!(offered, ["Set its time after the migrations before it"]);
    assert_eq!(edit["newText"], "2001");
    for sql in [
        "CREATE TABLE b (id integer);",
        "CREATE TABLE IF NOT EXISTS b (id integer);\nINSERT INTO b VALUES (1);",
        "DROP TABLE IF EXISTS a;",
        "",
    ] {
        assert_eq!(out_of_order(sql).await.0, Vec::<String>::new(), "{sql}");
    }
}

/// A migration of a folder, as a journal lists it.
fn journal(tags: &[&str]) -> String {
    let entry = |(number, tag): (usize, &&str)| json!({"idx": number, "version": "6", "when": number + 1, "tag": tag, "breakpoints": true});
    let entries: Vec<Value> = tags.iter().enumerate().map(entry).collect();
    json!({"version": "7", "dialect": "sqlite", "entries": entries}).to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn missing_snapshots_are_made_from_the_sql() {
    let folder = project(&SCHEMA.replace("});", "  mail: text(\"mail\"),\n});"));
    write(
        folder.path(),
        "drizzle/0000_first.sql",
        "CREATE TABLE `users` (`id` integer PRIMARY KEY NOT NULL, `name` text);",
    );
    write(folder.path(), "drizzle/0001_hand.sql", "ALTER TABLE users ADD COLUMN mail text;");
    write(folder.path(), "drizzle/meta/_journal.json", &journal(&["0000_first", "0001_hand"]));
    let column = |name: &str, is_key: bool| json!({"name": name, "type": if is_key { "integer" } else { "text" }, "primaryKey": is_key, "notNull": is_key, "autoincrement": false});
    let table = json!({"name": "users", "columns": {"id": column("id", true), "name": column("name", false)}, "indexes": {}, "foreignKeys": {}, "compositePrimaryKeys": {}, "uniqueConstraints": {}, "checkConstraints": {}});
    let zero = "00000000-0000-0000-0000-000000000000";
    let snapshot = json!({"version": "6", "dialect": "sqlite", "id": "a", "prevId": zero, "tables": {"users": table}, "views": {}, "enums": {}, "_meta": {"schemas": {}, "tables": {}, "columns": {}}, "internal": {"indexes": {}}});
    write(folder.path(), "drizzle/meta/0000_snapshot.json", &snapshot.to_string());
    let mut client = start(&[&folder]).await;
    let file = uri(&folder, "drizzle/meta/_journal.json");
    client.open(&file, 1, &journal(&["0000_first", "0001_hand"])).await;
    let found = client.published(&file, json!(1)).await;
    assert_eq!(codes(&found), ["history/missing-snapshot"]);
    let offered = actions(&mut client, &file, &found).await;
    assert_eq!(titles(&offered), ["Make the missing snapshots from the SQL"]);
    let resolved = client.request("codeAction/resolve", offered[0].clone()).await;
    let changed = apply(&resolved["edit"]);
    assert_eq!(changed.len(), 1, "{changed:?}");
    assert!(folder.path().join("drizzle/meta/0001_snapshot.json").exists());
    client.notify("workspace/didChangeWatchedFiles", json!({"changes": changed})).await;
    assert_eq!(client.published(&file, json!(1)).await, Vec::<Value>::new());
}

/// Both branches have a second migration, and git stands in the middle of their merge.
#[tokio::test(flavor = "multi_thread")]
async fn in_the_middle_of_a_merge_the_branch_goes_behind_the_other() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().to_owned();
    let git = |arguments: &[&str]| {
        let identity = ["-c", "user.name=t", "-c", "user.email=t@example.org"];
        let run = std::process::Command::new("git").current_dir(&root).args(identity).args(arguments).output().unwrap();
        run.status.success()
    };
    write(folder.path(), "driftlens.toml", "dialect = \"sqlite\"\nmigrations = \"drizzle\"\nformat = \"drizzle\"\n");
    let commit = |tags: &[&str], sql: (&str, &str)| {
        write(&root, "drizzle/meta/_journal.json", &journal(tags));
        write(&root, &format!("drizzle/{}.sql", sql.0), sql.1);
        assert!(git(&["add", "-A"]) && git(&["commit", "-qm", "x"]));
    };
    assert!(git(&["init", "-q", "-b", "main"]));
    commit(&["0000_first"], ("0000_first", "CREATE TABLE a (id integer);"));
    assert!(git(&["checkout", "-qb", "work"]));
    commit(&["0000_first", "0001_ours"], ("0001_ours", "CREATE TABLE b (id integer);"));
    assert!(git(&["checkout", "-q", "main"]));
    commit(&["0000_first", "0001_theirs"], ("0001_theirs", "CREATE TABLE c (id integer);"));
    assert!(git(&["checkout", "-q", "work"]));
    assert!(!git(&["merge", "main"]), "a conflict in the journal");
    let mut client = start(&[&folder]).await;
    let file = uri(&folder, "drizzle/meta/_journal.json");
    let text = std::fs::read_to_string(root.join("drizzle/meta/_journal.json")).unwrap();
    client.open(&file, 1, &text).await;
    let found = client.published(&file, json!(1)).await;
    assert_eq!(codes(&found), ["history/unreadable-journal"]);
    let offered = actions(&mut client, &file, &found).await;
    assert_eq!(titles(&offered), ["Put this branch's migrations behind the other's"]);
    let edit = client.request("codeAction/resolve", offered[0].clone()).await["edit"].clone();
    let operations = edit["documentChanges"].as_array().unwrap();
    let deleted: Vec<&Value> = operations.iter().filter(|it| it["kind"] == "delete").collect();
    assert_eq!(deleted.len(), 1);
    assert!(deleted[0]["uri"].as_str().unwrap().ends_with("drizzle/0001_ours.sql"));
    let journal = operations.iter().find(|it| it["textDocument"]["uri"] == file.as_str()).unwrap();
    let text = journal["edits"][0]["newText"].as_str().unwrap();
    assert!(text.contains("0001_theirs") && text.contains("0002_ours"), "{text}");
}
