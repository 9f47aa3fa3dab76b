//! From a pending change to its migration, over the light bulb.

use crate::harness::Client;
use crate::project::{PUBLISH, capabilities, codes, start, start_with, uri, write};
use serde_json::{Value, json};
use tempfile::TempDir;

const CONFIG: &str = r#"import { defineConfig } from "drizzle-kit";
export default defineConfig({ dialect: "sqlite", schema: "./src/schema.ts", out: "./drizzle" });
"#;
pub(crate) const SCHEMA: &str = r#"import { sqliteTable, integer, text } from "drizzle-orm/sqlite-core";
export const users = sqliteTable("users", {
  id: integer("id").primaryKey(),
  name: text("name"),
});
"#;

pub(crate) fn project(schema: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "drizzle.config.ts", CONFIG);
    write(folder.path(), "src/schema.ts", schema);
    folder
}

/// The actions that are offered for the findings of a file.
pub(crate) async fn actions(client: &mut Client<i32>, uri: &str, diagnostics: &[Value]) -> Vec<Value> {
    let params = json!({
        "textDocument": {"uri": uri},
        "range": diagnostics[0]["range"],
        "context": {"diagnostics": diagnostics},
    });
    let answer = client.request("textDocument/codeAction", params).await;
    answer.as_array().cloned().unwrap_or_default()
}

pub(crate) fn titles(actions: &[Value]) -> Vec<&str> {
    actions.iter().map(|action| action["title"].as_str().unwrap()).collect()
}

/// Does to the disk what a client does with an edit. Returns the changes that it tells the server.
pub(crate) fn apply(edit: &Value) -> Vec<Value> {
    let mut changes: Vec<Value> = Vec::new();
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

pub(crate) async fn save(
    client: &mut Client<i32>,
    folder: &TempDir,
    uri: &str,
    version: i32,
    text: &str,
) -> Vec<Value> {
    client.replace(uri, version, text).await;
    write(folder.path(), "src/schema.ts", text);
    client.notify("textDocument/didSave", json!({"textDocument": {"uri": uri}})).await;
    client.published(uri, json!(version)).await
}

/// A project whose one migration has everything, its schema open in version 1.
pub(crate) async fn generated(client: &mut Client<i32>, folder: &TempDir) {
    let schema = uri(folder, "src/schema.ts");
    client.open(&schema, 1, SCHEMA).await;
    let found = client.published(&schema, json!(1)).await;
    let offered = actions(client, &schema, &found).await;
    let changes = apply(&client.request("codeAction/resolve", offered[0].clone()).await["edit"]);
    client.notify("workspace/didChangeWatchedFiles", json!({"changes": changes})).await;
    assert_eq!(client.published(&schema, json!(1)).await, Vec::<Value>::new());
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
    assert_eq!(titles(&offered), ["Generate migration", "Show SQL"]);
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
            "Generate migration: drop column `users.name`",
            "Show SQL"
        ]
    );
    for (action, expected) in offered.iter().zip(["RENAME COLUMN", "DROP COLUMN"]) {
        let resolved = client.request("codeAction/resolve", action.clone()).await;
        let sql = &resolved["edit"]["documentChanges"][1]["edits"][0]["newText"];
        assert!(sql.as_str().unwrap().contains(expected), "{sql}");
    }
}

/// As in Neovim, which shows neither that an action is disabled nor why.
#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_done_is_said_by_an_action_that_does_nothing_else() {
    let folder = project(SCHEMA);
    let schema = uri(&folder, "src/schema.ts");
    let mut able = capabilities();
    able["textDocument"]["codeAction"].as_object_mut().unwrap().remove("disabledSupport");
    let mut client = start_with(&[&folder], able).await;
    let text = SCHEMA.replace("users", "people");
    client.open(&schema, 1, &text).await;
    let found = client.published(&schema, json!(1)).await;
    let offered = actions(&mut client, &schema, &found).await;
    let [generate, ..] = offered.as_slice() else { panic!("{offered:?}") };
    assert_eq!(generate["title"], "Generate migration (save schema.ts first)", "{generate}");
    assert!(generate["disabled"].is_null() && generate["edit"].is_null(), "{generate}");
    let id = client.ask("workspace/executeCommand", generate["command"].clone()).await;
    let message = client.answer(id).await["error"]["message"].as_str().unwrap().to_owned();
    assert!(message.ends_with("save schema.ts first: a migration is made of what is saved"), "{message}");
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

/// The edit of the action that drops the column `name`, for a client that can do this.
async fn edit_that_loses(capabilities: Value) -> Value {
    let folder = project(SCHEMA);
    let schema = uri(&folder, "src/schema.ts");
    let mut client = start_with(&[&folder], capabilities).await;
    generated(&mut client, &folder).await;
    let found = save(&mut client, &folder, &schema, 2, &SCHEMA.replace("  name: text(\"name\"),\n", "")).await;
    let offered = actions(&mut client, &schema, &found).await;
    client.request("codeAction/resolve", offered[0].clone()).await["edit"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_lost_is_confirmed_where_the_client_can() {
    let mut annotating = capabilities();
    annotating["workspace"]["workspaceEdit"]["changeAnnotationSupport"] = json!({});
    let edit = edit_that_loses(annotating).await;
    let annotations = edit["changeAnnotations"].as_object().unwrap();
    let [(id, annotation)] = annotations.iter().collect::<Vec<_>>()[..] else { panic!("{edit}") };
    assert_eq!(
        *annotation,
        json!({
            "label": "The values of `users`.`name` are lost.",
            "needsConfirmation": true,
            "description": "0001_users_drop_name",
        })
    );
    for operation in edit["documentChanges"].as_array().unwrap() {
        let annotated = if operation["kind"] == "create" { operation } else { &operation["edits"][0] };
        assert_eq!(annotated["annotationId"], **id, "half a migration cannot be chosen: {operation}");
    }
    let edit = edit_that_loses(capabilities()).await;
    assert!(edit.get("changeAnnotations").is_none(), "{edit}");
    assert!(edit["documentChanges"][0].get("annotationId").is_none(), "{edit}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_loses_nothing_is_not_confirmed() {
    let folder = project(SCHEMA);
    let schema = uri(&folder, "src/schema.ts");
    let mut annotating = capabilities();
    annotating["workspace"]["workspaceEdit"]["changeAnnotationSupport"] = json!({});
    let mut client = start_with(&[&folder], annotating).await;
    client.open(&schema, 1, SCHEMA).await;
    let found = client.published(&schema, json!(1)).await;
    let offered = actions(&mut client, &schema, &found).await;
    let edit = client.request("codeAction/resolve", offered[0].clone()).await["edit"].clone();
    let annotation = edit["changeAnnotations"].as_object().unwrap().values().next().unwrap().clone();
    let label = json!({"label": "Generate migration", "needsConfirmation": false, "description": "0000_create_users"});
    assert_eq!(annotation, label);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_source_action_needs_no_finding_under_the_cursor() {
    let folder = project(SCHEMA);
    let schema = uri(&folder, "src/schema.ts");
    let mut client = start(&[&folder]).await;
    client.open(&schema, 1, SCHEMA).await;
    client.published(&schema, json!(1)).await;
    let at_the_start = json!({"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 0}});
    let asked = |only: Value| {
        let context = json!({"diagnostics": [], "only": only});
        json!({"textDocument": {"uri": schema}, "range": at_the_start, "context": context})
    };
    let offered = client.request("textDocument/codeAction", asked(json!(["source"]))).await;
    let offered = offered.as_array().unwrap().clone();
    assert_eq!(titles(&offered), ["Generate migration", "Show SQL"]);
    assert_eq!(offered[0]["kind"], "source.driftlens.generate");
    let resolved = client.request("codeAction/resolve", offered[0].clone()).await;
    assert_eq!(apply(&resolved["edit"]).len(), 3);
    for only in [json!(["source.fixAll"]), json!(["quickfix"]), json!(["refactor"])] {
        assert_eq!(client.request("textDocument/codeAction", asked(only)).await, Value::Null);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_was_only_touched_is_no_reason_to_refuse() {
    let folder = project(SCHEMA);
    let schema = uri(&folder, "src/schema.ts");
    let mut client = start(&[&folder]).await;
    client.open(&schema, 1, SCHEMA).await;
    let found = client.published(&schema, json!(1)).await;
    let offered = actions(&mut client, &schema, &found).await;
    client.notify("textDocument/didSave", json!({"textDocument": {"uri": schema}})).await;
    let changes = json!([{"uri": schema, "type": 2}]);
    client.notify("workspace/didChangeWatchedFiles", json!({"changes": changes})).await;
    let resolved = client.request("codeAction/resolve", offered[0].clone()).await;
    assert_eq!(resolved["edit"]["documentChanges"][0]["kind"], "create");
    // One line more, and the finding stands elsewhere.
    write(folder.path(), "src/schema.ts", &format!("\n{SCHEMA}"));
    client.replace(&schema, 2, &format!("\n{SCHEMA}")).await;
    let refusal = client.refusal("codeAction/resolve", offered[0].clone()).await;
    assert_eq!(refusal, "files changed since the action was offered; ask for it again");
}
