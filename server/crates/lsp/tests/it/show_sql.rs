//! "Show SQL": a preview, a file, or the name of a file; and what stands in it.

use crate::generate::{SCHEMA, actions, generated, project, titles};
use crate::harness::Client;
use crate::project::{capabilities, start, start_with, uri};
use serde_json::{Value, json};
use std::path::PathBuf;
use tempfile::TempDir;

const SHOW: &str = "driftlens.showSql";

/// A client whose schema has the one pending table, and the action that shows it.
async fn offered(folder: &TempDir, capabilities: Value) -> (Client<i32>, Value) {
    let schema = uri(folder, "src/schema.ts");
    let mut client = start_with(&[folder], capabilities).await;
    client.open(&schema, 1, SCHEMA).await;
    let found = client.published(&schema, json!(1)).await;
    let offered = actions(&mut client, &schema, &found).await;
    let action = offered.iter().find(|action| action["title"] == "Show SQL").unwrap().clone();
    assert_eq!(action["command"]["command"], SHOW);
    (client, action)
}

async fn execute(client: &mut Client<i32>, arguments: Value) -> Value {
    client.request("workspace/executeCommand", json!({"command": SHOW, "arguments": arguments})).await
}

fn path_of(uri: &Value) -> PathBuf {
    PathBuf::from(uri.as_str().unwrap().strip_prefix("file://").unwrap())
}

/// The text that the server shows as a file.
async fn shown_text(client: &mut Client<i32>) -> String {
    let shown = client.call_from_server("window/showDocument").await;
    client.reply(&shown, json!({"success": true})).await;
    std::fs::read_to_string(path_of(&shown["params"]["uri"])).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_shows_previews_gets_a_uri_and_asks_for_its_text() {
    let folder = project(SCHEMA);
    let mut previewing = capabilities();
    previewing["experimental"] = json!({"driftlensPreview": true});
    let (mut client, action) = offered(&folder, previewing).await;
    assert_eq!(execute(&mut client, action["command"]["arguments"].clone()).await, Value::Null);
    let shown = client.call_from_server("window/showDocument").await;
    client.reply(&shown, json!({"success": true})).await;
    let uri = shown["params"]["uri"].as_str().unwrap();
    assert!(uri.starts_with("driftlens-preview:/") && uri.contains(".sql?"), "{uri}");
    let answer = client.request("driftlens/previewText", json!({"uri": uri})).await;
    let text = answer["text"].as_str().unwrap();
    assert!(text.contains("drizzle.config.ts: the pending changes as SQL. Nothing of this is written."), "{text}");
    assert!(text.contains("-- migration: 0000_create_users\n\nCREATE TABLE `users` (\n"), "{text}");

    let refusal = client.refusal("driftlens/previewText", json!({})).await;
    assert_eq!(refusal, "`uri` is missing: the document's, as it was shown");
    let refusal = client.refusal("driftlens/previewText", json!({"uri": "file:///a.sql"})).await;
    assert_eq!(refusal, "file:///a.sql is no preview of driftlens");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_client_gets_a_file_that_is_written_over() {
    let folder = project(SCHEMA);
    let (mut client, action) = offered(&folder, capabilities()).await;
    let mut files = Vec::new();
    for _ in 0..2 {
        execute(&mut client, action["command"]["arguments"].clone()).await;
        let shown = client.call_from_server("window/showDocument").await;
        client.reply(&shown, json!({"success": true})).await;
        files.push(path_of(&shown["params"]["uri"]));
    }
    assert_eq!(files[0], files[1]);
    assert!(files[0].starts_with(std::env::temp_dir()));
    assert_eq!(files[0].extension().unwrap(), "sql");
    assert!(std::fs::metadata(&files[0]).unwrap().permissions().readonly());
    client.shut_down().await;
    assert!(!files[0].exists(), "it goes with the server");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_shows_nothing_is_told_where_the_file_is() {
    let folder = project(SCHEMA);
    let mut silent = capabilities();
    silent["window"] = json!({});
    let (mut client, action) = offered(&folder, silent).await;
    execute(&mut client, action["command"]["arguments"].clone()).await;
    let told = client.call_from_server("window/showMessage").await;
    let message = told["params"]["message"].as_str().unwrap();
    let file = message.strip_prefix("The SQL is in ").unwrap();
    assert!(std::fs::read_to_string(file).unwrap().contains("CREATE TABLE"), "{message}");

    // One that could, and does not.
    let (mut client, action) = offered(&folder, capabilities()).await;
    execute(&mut client, action["command"]["arguments"].clone()).await;
    let shown = client.call_from_server("window/showDocument").await;
    client.reply(&shown, json!({"success": false})).await;
    client.call_from_server("window/showMessage").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn both_answers_to_an_open_question_are_shown_with_what_is_lost() {
    let folder = project(SCHEMA);
    let schema = uri(&folder, "src/schema.ts");
    let mut client = start(&[&folder]).await;
    generated(&mut client, &folder).await;
    let renamed = SCHEMA.replace("name: text(\"name\")", "fullName: text(\"full_name\")");
    // What is not saved is shown too: nothing is written of it.
    client.replace(&schema, 2, &renamed).await;
    client.published(&schema, json!(2)).await;
    execute(&mut client, json!([])).await;
    let text = shown_text(&mut client).await;
    let (start, answers) = text.split_once("\n\n").unwrap();
    assert!(start.ends_with("both answers are shown: only one of them is to be run."), "{text}");
    let (first, second) = answers.split_once("-- ======== drop column `users.name` ========").unwrap();
    assert!(first.starts_with("-- ======== rename column `users.name` to `full_name` ========"), "{text}");
    assert!(first.contains("RENAME COLUMN") && !first.contains("DROP COLUMN"), "{text}");
    assert!(second.contains("-- loses data: The values of `users`.`name` are lost.\n"), "{text}");
    assert!(second.contains("DROP COLUMN"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_planned_says_why() {
    let unknown = SCHEMA.replace("text(\"name\")", "text(process.argv[2])");
    let folder = project(&unknown);
    let schema = uri(&folder, "src/schema.ts");
    let mut client = start(&[&folder]).await;
    client.open(&schema, 1, &unknown).await;
    client.published(&schema, json!(1)).await;
    execute(&mut client, json!([])).await;
    let text = shown_text(&mut client).await;
    assert!(text.contains("-- Not planned, because not everything is known:\n-- schema.ts: "), "{text}");
    assert!(text.lines().all(|line| line.is_empty() || line.starts_with("--")), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn arguments_may_be_missing_and_wrong_ones_are_refused() {
    let (first, second) = (project(SCHEMA), project(SCHEMA));
    let mut client = start(&[&first, &second]).await;
    client.published(&uri(&first, "src/schema.ts"), Value::Null).await;
    for params in [json!({"command": SHOW}), json!({"command": SHOW, "arguments": [null]})] {
        client.request("workspace/executeCommand", params).await;
        let text = shown_text(&mut client).await;
        assert_eq!(text.matches("CREATE TABLE").count(), 2, "every project's: {text}");
    }
    let wrong = json!({"command": SHOW, "arguments": [{"version": 9}]});
    let refusal = client.refusal("workspace/executeCommand", wrong).await;
    assert_eq!(refusal, "arguments of version 9 are not known; this server knows version 1");
    let gone = json!({"command": SHOW, "arguments": [{"source": "/nowhere/drizzle.config.ts"}]});
    assert_eq!(client.refusal("workspace/executeCommand", gone).await, "the project is no longer open");
    let refusal = client.refusal("workspace/executeCommand", json!({"command": "driftlens.what"})).await;
    assert_eq!(refusal, "there is no command driftlens.what");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_cannot_create_files_is_shown_sql_all_the_same() {
    let folder = project(SCHEMA);
    let schema = uri(&folder, "src/schema.ts");
    let mut plain = capabilities();
    plain["workspace"]["workspaceEdit"] = json!({});
    let mut client = start_with(&[&folder], plain).await;
    client.open(&schema, 1, SCHEMA).await;
    let found = client.published(&schema, json!(1)).await;
    assert_eq!(titles(&actions(&mut client, &schema, &found).await), ["Show SQL"]);
}
