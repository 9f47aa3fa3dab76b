//! Migrations of several projects at once, and the command that needs no cursor.

use crate::generate::{SCHEMA, actions, apply, generated, project, save};
use crate::project::{PUBLISH, capabilities, start, start_with, uri};
use serde_json::{Value, json};

const GENERATE: &str = "driftlens.generate";

#[tokio::test(flavor = "multi_thread")]
async fn all_projects_get_their_migrations_in_one_edit() {
    let (first, second) = (project(SCHEMA), project(SCHEMA));
    let schema = uri(&first, "src/schema.ts");
    let mut client = start(&[&first, &second]).await;
    client.open(&schema, 1, SCHEMA).await;
    let found = client.published(&schema, json!(1)).await;
    let offered = actions(&mut client, &schema, &found).await;
    let all = offered.iter().find(|action| action["title"].as_str().unwrap().contains("all")).unwrap();
    assert_eq!(all["title"], "Generate migrations for all 2 projects with pending changes");
    assert!(offered[0]["title"].as_str().unwrap().starts_with("Generate migration for "), "{offered:?}");
    let resolved = client.request("codeAction/resolve", all.clone()).await;
    let changes = apply(&resolved["edit"]);
    client.notify("workspace/didChangeWatchedFiles", json!({"changes": changes})).await;
    for folder in [&first, &second] {
        assert!(folder.path().join("drizzle/0000_create_users.sql").exists());
    }
    assert_eq!(client.published(&schema, json!(1)).await, Vec::<Value>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_project_with_an_open_question_is_named_and_left_out() {
    let (first, second) = (project(SCHEMA), project(SCHEMA));
    let schema = uri(&first, "src/schema.ts");
    let mut client = start(&[&first, &second]).await;
    generated(&mut client, &first).await;
    let renamed = SCHEMA.replace("name: text(\"name\")", "fullName: text(\"full_name\")");
    save(&mut client, &first, &schema, 2, &renamed).await;

    client.request("workspace/executeCommand", json!({"command": GENERATE})).await;
    let asked = client.call_from_server("workspace/applyEdit").await;
    assert_eq!(apply(&asked["params"]["edit"]).len(), 3);
    client.reply(&asked, json!({"applied": true})).await;
    let told = client.call_from_server("window/showMessage").await["params"]["message"].clone();
    let told = told.as_str().unwrap();
    assert!(told.starts_with("No migration was made for ") && told.contains("what is renamed"), "{told}");
    assert!(second.path().join("drizzle/0000_create_users.sql").exists());
    assert!(!first.path().join("drizzle/meta/0001_snapshot.json").exists());

    // With the answer it is made.
    let config = first.path().canonicalize().unwrap().join("drizzle.config.ts");
    let renames = json!([["users.name", "full_name"]]);
    let arguments = json!([{"version": 1, "source": config, "renames": renames}]);
    client.request("workspace/executeCommand", json!({"command": GENERATE, "arguments": arguments})).await;
    let asked = client.call_from_server("workspace/applyEdit").await;
    let sql = &asked["params"]["edit"]["documentChanges"][1]["edits"][0]["newText"];
    assert!(sql.as_str().unwrap().contains("RENAME COLUMN"), "{sql}");
    client.reply(&asked, json!({"applied": false, "failureReason": "no"})).await;
    let told = client.call_from_server("window/showMessage").await["params"]["message"].clone();
    assert_eq!(told, "The migration was not created: no");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_for_nothing_or_for_a_client_without_files_says_so() {
    let folder = project(SCHEMA);
    let mut client = start(&[&folder]).await;
    generated(&mut client, &folder).await;
    client.request("workspace/executeCommand", json!({"command": GENERATE, "arguments": []})).await;
    let told = client.call_from_server("window/showMessage").await["params"]["message"].clone();
    assert_eq!(told, "Nothing is pending: the migrations have every change.");

    let mut plain = capabilities();
    plain["workspace"]["workspaceEdit"] = json!({});
    let mut client = start_with(&[&folder], plain).await;
    let refusal = client.refusal("workspace/executeCommand", json!({"command": GENERATE})).await;
    assert_eq!(refusal, "this editor's edits cannot create files: run `driftlens generate` in a terminal");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_generated_by_a_command_from_what_is_not_saved() {
    let folder = project(SCHEMA);
    let schema = uri(&folder, "src/schema.ts");
    let mut client = start(&[&folder]).await;
    client.open(&schema, 1, &SCHEMA.replace("users", "people")).await;
    client.wait(|message| message["method"] == PUBLISH && message["params"]["version"] == 1).await;
    let refusal = client.refusal("workspace/executeCommand", json!({"command": GENERATE})).await;
    assert!(refusal.ends_with(": save schema.ts first: a migration is made of what is saved"), "{refusal}");
}
