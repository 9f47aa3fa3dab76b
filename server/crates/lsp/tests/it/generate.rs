//! From a pending change to its migration, over the light bulb.

use crate::harness::Client;
use crate::project::{PUBLISH, codes, start, uri, write};
use serde_json::{Value, json};
use tempfile::TempDir;

const CONFIG: &str = r#"import { defineConfig } from "drizzle-kit";
export default defineConfig({ dialect: "sqlite", schema: "./src/schema.ts", out: "./drizzle" });
"#;
const SCHEMA: &str = r#"import { sqliteTable, integer, text } from "drizzle-orm/sqlite-core";
export const users = sqliteTable("users", {
  id: integer("id").primaryKey(),
  name: text("name"),
});
"#;

fn project(schema: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "drizzle.config.ts", CONFIG);
    write(folder.path(), "src/schema.ts", schema);
    folder
}

/// The actions that are offered for the findings of a file.
async fn actions(client: &mut Client<i32>, uri: &str, diagnostics: &[Value]) -> Vec<Value> {
    let params = json!({
        "textDocument": {"uri": uri},
        "range": diagnostics[0]["range"],
        "context": {"diagnostics": diagnostics},
    });
    let answer = client.request("textDocument/codeAction", params).await;
    answer.as_array().cloned().unwrap_or_default()
}

fn titles(actions: &[Value]) -> Vec<&str> {
    actions.iter().map(|action| action["title"].as_str().unwrap()).collect()
}

/// Does to the disk what a client does with an edit. Returns the changes that it tells the server.
fn apply(edit: &Value) -> Vec<Value> {
    let mut changes = Vec::new();
    for operation in edit["documentChanges"].as_array().unwrap() {
        if operation["kind"] == "create" {
            assert_eq!(operation["options"], json!({"overwrite": false, "ignoreIfExists": false}));
            let path = operation["uri"].as_str().unwrap().strip_prefix("file://").unwrap();
            assert!(!std::path::Path::new(path).exists(), "{path}");
            std::fs::create_dir_all(std::path::Path::new(path).parent().unwrap()).unwrap();
            changes.push(json!({"uri": operation["uri"], "type": 1}));
            continue;
        }
        let uri = operation["textDocument"]["uri"].as_str().unwrap();
        let [edit] = operation["edits"].as_array().unwrap().as_slice() else { panic!("{operation}") };
        if !changes.iter().any(|change| change["uri"] == uri) {
            changes.push(json!({"uri": uri, "type": 2}));
        }
        std::fs::write(uri.strip_prefix("file://").unwrap(), edit["newText"].as_str().unwrap()).unwrap();
    }
    changes
}

async fn save(client: &mut Client<i32>, folder: &TempDir, uri: &str, version: i32, text: &str) -> Vec<Value> {
    client.replace(uri, version, text).await;
    write(folder.path(), "src/schema.ts", text);
    client.notify("textDocument/didSave", json!({"textDocument": {"uri": uri}})).await;
    client.published(uri, json!(version)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pending_change_gets_its_migration_and_is_gone() {
    let folder = project(SCHEMA);
    let schema = uri(&folder, "src/schema.ts");
    let mut client = start(&[&folder]).await;
    client.open(&schema, 1, SCHEMA).await;
    let found = client.published(&schema, json!(1)).await;
    assert_eq!(codes(&found), ["schema/missing-migration"]);

    let offered = actions(&mut client, &schema, &found).await;
    assert_eq!(titles(&offered), ["Generate migration"]);
    assert!(offered[0].get("edit").is_none(), "the edit is made when it is asked for");
    let resolved = client.request("codeAction/resolve", offered[0].clone()).await;
    let changes = apply(&resolved["edit"]);
    let names: Vec<&str> = changes.iter().map(|it| it["uri"].as_str().unwrap().rsplit('/').next().unwrap()).collect();
    assert_eq!(names, ["0000_create_users.sql", "0000_snapshot.json", "_journal.json"]);
    client.notify("workspace/didChangeWatchedFiles", json!({"changes": changes})).await;
    assert_eq!(client.published(&schema, json!(1)).await, Vec::<Value>::new());

    // The same again on top of it: the journal is replaced, not made.
    let with_email = SCHEMA.replace("  name:", "  email: text(\"email\"),\n  name:");
    let found = save(&mut client, &folder, &schema, 2, &with_email).await;
    let offered = actions(&mut client, &schema, &found).await;
    let resolved = client.request("codeAction/resolve", offered[0].clone()).await;
    let changes = apply(&resolved["edit"]);
    assert_eq!(changes[2]["type"], 2);
    client.notify("workspace/didChangeWatchedFiles", json!({"changes": changes})).await;
    assert_eq!(client.published(&schema, json!(2)).await, Vec::<Value>::new());
    assert!(folder.path().join("drizzle/0001_users_add_email.sql").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_possible_rename_is_two_actions() {
    let folder = project(SCHEMA);
    let schema = uri(&folder, "src/schema.ts");
    let mut client = start(&[&folder]).await;
    client.open(&schema, 1, SCHEMA).await;
    let found = client.published(&schema, json!(1)).await;
    let offered = actions(&mut client, &schema, &found).await;
    let changes = apply(&client.request("codeAction/resolve", offered[0].clone()).await["edit"]);
    client.notify("workspace/didChangeWatchedFiles", json!({"changes": changes})).await;
    client.wait(|message| message["method"] == PUBLISH && message["params"]["uri"] == schema).await;

    let renamed = SCHEMA.replace("name: text(\"name\")", "fullName: text(\"full_name\")");
    let found = save(&mut client, &folder, &schema, 2, &renamed).await;
    let offered = actions(&mut client, &schema, &found).await;
    assert_eq!(
        titles(&offered),
        [
            "Generate migration: rename column `users.name` to `full_name`",
            "Generate migration: drop column `users.name`"
        ]
    );
    for (action, expected) in offered.iter().zip(["RENAME COLUMN", "DROP COLUMN"]) {
        let resolved = client.request("codeAction/resolve", action.clone()).await;
        let sql = &resolved["edit"]["documentChanges"][1]["edits"][0]["newText"];
        assert!(sql.as_str().unwrap().contains(expected), "{sql}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_made_of_what_is_not_saved_or_has_changed_since() {
    let folder = project(SCHEMA);
    let schema = uri(&folder, "src/schema.ts");
    let mut client = start(&[&folder]).await;
    client.open(&schema, 1, SCHEMA).await;
    let found = client.published(&schema, json!(1)).await;
    let offered = actions(&mut client, &schema, &found).await;
    client.replace(&schema, 2, &SCHEMA.replace("users", "people")).await;
    let found = client.published(&schema, json!(2)).await;
    let id = client.ask("codeAction/resolve", offered[0].clone()).await;
    let message = client.answer(id).await["error"]["message"].as_str().unwrap().to_owned();
    assert_eq!(message, "files changed since the action was offered; ask for it again");
    let offered = actions(&mut client, &schema, &found).await;
    assert_eq!(offered[0]["disabled"]["reason"], "save schema.ts first: a migration is made of what is saved");
}
