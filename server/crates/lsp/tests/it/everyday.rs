//! What editors do all day and servers get wrong: other encodings, links in paths, echoes, huge files, files that go, restarts.

use crate::harness::Client;
use crate::lifecycle::server;
use crate::project::{ENCODINGS, PUBLISH, capabilities, codes, start, start_with, uri, write};
use serde_json::{Value, json};
use std::time::Duration;
use tempfile::TempDir;

const CONFIG: &str = "export default { dialect: 'sqlite', schema: './schema.ts', out: './drizzle' };\n";
/// Lines end with CRLF, and before what is pointed at stand characters of two, three and four bytes.
const SCHEMA: &str = "import { integer, sqliteTable } from 'drizzle-orm/sqlite-core';\r\n\
    /* é€😀 */ export const users = sqliteTable('users', { /* 😀 */ id: integer('id') });\r\n";

fn project() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "drizzle.config.ts", CONFIG);
    write(folder.path(), "schema.ts", SCHEMA);
    folder
}

async fn watched(client: &mut Client<i32>, uri: &str, kind: i32) {
    client.notify("workspace/didChangeWatchedFiles", json!({"changes": [{"uri": uri, "type": kind}]})).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn places_are_right_in_every_encoding() {
    let folder = project();
    let schema = uri(&folder, "schema.ts");
    for (encoding, count) in ENCODINGS {
        let mut capabilities = capabilities();
        capabilities["general"] = json!({"positionEncodings": [encoding]});
        let mut client = start_with(&[&folder], capabilities).await;
        client.open(&schema, 1, SCHEMA).await;
        let line = SCHEMA.lines().nth(1).unwrap();
        let column = |wanted: &str| count(&line[..line.find(wanted).unwrap()]);
        let found = client.published(&schema, json!(1)).await;
        assert_eq!(
            found[0]["range"]["start"],
            json!({"line": 1, "character": column("users")}),
            "{encoding}: {found:?}"
        );

        let at = json!({"textDocument": {"uri": schema}, "position": {"line": 1, "character": column("id:") + 1}});
        let hover = client.request("textDocument/hover", at).await;
        let range = json!({"start": {"line": 1, "character": column("id:")}, "end": {"line": 1, "character": column(": integer")}});
        assert_eq!(hover["range"], range, "{encoding}: {hover}");

        // The edit of a part of the line leaves the rest as it was.
        let change = json!({"range": {"start": {"line": 1, "character": column("id')")}, "end": {"line": 1, "character": column("')")}}, "text": "ü"});
        let change = json!({"textDocument": {"uri": schema, "version": 2}, "contentChanges": [change]});
        client.notify("textDocument/didChange", change).await;
        let at = json!({"textDocument": {"uri": schema}, "position": {"line": 1, "character": column("id:")}});
        let hover = client.request("textDocument/hover", at).await;
        assert!(hover["contents"]["value"].as_str().unwrap().contains("users."), "{encoding}: {hover}");
        assert_eq!(client.shut_down().await, 0);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn positions_past_the_end_and_documents_never_opened_are_answered() {
    let folder = project();
    let mut client = start(&[&folder]).await;
    let past = json!({"line": 4_000_000_000_u32, "character": 4_000_000_000_u32});
    for name in ["schema.ts", "nowhere.ts"] {
        let document = json!({"uri": uri(&folder, name)});
        let at = json!({"textDocument": document, "position": past});
        for method in ["hover", "definition", "completion", "prepareRename"] {
            assert_eq!(
                client.request(&format!("textDocument/{method}"), at.clone()).await,
                Value::Null,
                "{method} {name}"
            );
        }
        let mut references = at.clone();
        references["context"] = json!({"includeDeclaration": true});
        client.request("textDocument/references", references).await;
        for method in ["documentSymbol", "codeLens", "foldingRange", "documentLink"] {
            client.request(&format!("textDocument/{method}"), json!({"textDocument": document})).await;
        }
        let backwards = json!({"start": past, "end": {"line": 0, "character": 0}});
        let params = json!({"textDocument": document, "range": backwards, "context": {"diagnostics": []}});
        client.request("textDocument/codeAction", params).await;
    }
    assert_eq!(client.shut_down().await, 0);
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_project_behind_a_link_keeps_the_clients_spelling() {
    let (folder, links) = (project(), tempfile::tempdir().unwrap());
    let link = links.path().canonicalize().unwrap().join("link");
    std::os::unix::fs::symlink(folder.path(), &link).unwrap();
    let root = format!("file://{}", link.display());
    let schema = format!("{root}/schema.ts");
    let mut client = server();
    client.initialize(json!({"capabilities": capabilities(), "workspaceFolders": [{"uri": root, "name": "x"}]})).await;
    let asked = client.call_from_server("client/registerCapability").await;
    client.reply(&asked, Value::Null).await;
    // Of a file that is not open too.
    let found = client.published(&schema, Value::Null).await;
    assert_eq!(codes(&found), ["schema/missing-migration"]);
    client.open(&schema, 3, &SCHEMA.replace("'id'", "'key'")).await;
    let symbols = client.request("textDocument/documentSymbol", json!({"textDocument": {"uri": schema}})).await;
    assert_eq!(symbols[0]["children"][0]["name"], "key", "{symbols}");
    client
        .expect_none(Duration::from_millis(300), |message| {
            message["method"] == PUBLISH && !message["params"]["uri"].as_str().unwrap_or_default().starts_with(&root)
        })
        .await;
    assert_eq!(client.shut_down().await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_echo_of_what_was_written_says_nothing_new() {
    let folder = project();
    let schema = uri(&folder, "schema.ts");
    let mut client = start(&[&folder]).await;
    let changed = SCHEMA.replace("'id'", "'key'");
    client.open(&schema, 1, &changed).await;
    assert_eq!(codes(&client.published(&schema, json!(1)).await), ["schema/missing-migration"]);
    // Saved, and then seen by the watcher several times.
    write(folder.path(), "schema.ts", &changed);
    client.notify("textDocument/didSave", json!({"textDocument": {"uri": schema}})).await;
    for kind in [2, 1, 2] {
        watched(&mut client, &schema, kind).await;
    }
    client.none_published(&schema).await;
    assert_eq!(client.shut_down().await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_goes_takes_its_findings_with_it() {
    let folder = project();
    let schema = uri(&folder, "schema.ts");
    let mut client = start(&[&folder]).await;
    assert_eq!(client.published(&schema, Value::Null).await.len(), 1);
    std::fs::remove_file(folder.path().join("schema.ts")).unwrap();
    watched(&mut client, &schema, 3).await;
    assert_eq!(client.published(&schema, Value::Null).await, [] as [Value; 0]);
    assert_eq!(client.shut_down().await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_huge_file_is_told_and_holds_nobody_up() {
    let folder = project();
    write(folder.path(), "schema.ts", &format!("{SCHEMA}// {}\n", "x".repeat(source::MAX_FILE_BYTES)));
    let schema = uri(&folder, "schema.ts");
    let mut client = start(&[&folder]).await;
    assert_eq!(codes(&client.published(&schema, Value::Null).await), ["schema/unreadable-file"]);
    let status = client.request("driftlens/status", Value::Null).await;
    assert_eq!(status["projects"].as_array().unwrap().len(), 1);
    assert_eq!(client.shut_down().await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_restarted_server_says_the_same() {
    let folder = project();
    let schema = uri(&folder, "schema.ts");
    let mut said = Vec::new();
    for is_polite in [false, true, true] {
        let mut client = start(&[&folder]).await;
        client.open(&schema, 1, SCHEMA).await;
        said.push(client.published(&schema, json!(1)).await);
        assert_eq!(if is_polite { client.shut_down().await } else { client.hang_up().await }, i32::from(!is_polite));
    }
    assert!(!said[0].is_empty());
    assert_eq!((&said[0], &said[0]), (&said[1], &said[2]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn settings_that_come_late_or_never_hold_nobody_up() {
    let folder = project();
    let schema = uri(&folder, "schema.ts");
    let mut capabilities = capabilities();
    capabilities["workspace"]["configuration"] = json!(true);
    let mut client = start_with(&[&folder], capabilities).await;
    let asked = client.call_from_server("workspace/configuration").await;
    assert!(!client.published(&schema, Value::Null).await.is_empty());
    client.expect_none(Duration::from_millis(200), |message| message["method"] == "window/showMessage").await;
    // An answer that is none, then a change that is asked about again.
    client.reply(&asked, json!([null])).await;
    client.notify("workspace/didChangeConfiguration", json!({"settings": null})).await;
    let asked = client.call_from_server("workspace/configuration").await;
    client.reply(&asked, json!("nonsense")).await;
    assert_eq!(client.request("driftlens/status", Value::Null).await["projects"].as_array().unwrap().len(), 1);
    assert_eq!(client.shut_down().await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_command_is_answered_without_arguments() {
    let folder = project();
    let mut client = start(&[&folder]).await;
    let told = {
        let mut other = server();
        let told = other.initialize(json!({"capabilities": {}})).await;
        other.shut_down().await;
        told["capabilities"]["executeCommandProvider"]["commands"].clone()
    };
    let commands = told.as_array().unwrap();
    assert!(commands.len() >= 2, "{told}");
    for command in commands {
        for arguments in [None, Some(json!([])), Some(json!([null])), Some(json!([{}]))] {
            let mut params = json!({"command": command});
            if let Some(arguments) = arguments {
                params["arguments"] = arguments;
            }
            let id = client.ask("workspace/executeCommand", params).await;
            let answer = client.answer(id).await;
            // Done, or refused with a reason; never an internal error.
            assert!(answer.get("error").is_none_or(|error| error["code"] != -32603), "{command}: {answer}");
        }
    }
    assert_eq!(client.shut_down().await, 0);
}

/// A project that takes a while on any machine.
fn large_project() -> TempDir {
    let folder = project();
    let table = |n: usize| {
        let columns: String = (0..20).map(|column| format!("  c{column}: integer('c{column}').notNull(),\n")).collect();
        format!("export const t{n} = sqliteTable('t{n}', {{\n{columns}}});\n")
    };
    let tables: String = (0..3_000).map(table).collect();
    write(folder.path(), "schema.ts", &format!("{SCHEMA}{tables}"));
    folder
}

fn progressing() -> Value {
    let mut capabilities = capabilities();
    capabilities["window"]["workDoneProgress"] = json!(true);
    capabilities
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reading_that_takes_long_is_shown_until_it_ends() {
    let folder = large_project();
    let mut client = start_with(&[&folder], progressing()).await;
    let asked = client.call_from_server("window/workDoneProgress/create").await;
    let token = asked["params"]["token"].clone();
    client.reply(&asked, Value::Null).await;
    for kind in ["begin", "end"] {
        let told = client.call_from_server("$/progress").await;
        assert_eq!((&told["params"]["token"], &told["params"]["value"]["kind"]), (&token, &json!(kind)), "{told}");
    }
    assert_eq!(client.shut_down().await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_shown_where_the_client_refuses_or_cannot() {
    let folder = large_project();
    let mut client = start_with(&[&folder], progressing()).await;
    let asked = client.call_from_server("window/workDoneProgress/create").await;
    let error = json!({"code": -32601, "message": "no"});
    client.send(json!({"jsonrpc": "2.0", "id": asked["id"], "error": error})).await;
    let schema = uri(&folder, "schema.ts");
    assert!(!client.published(&schema, Value::Null).await.is_empty());
    client.expect_none(Duration::ZERO, |message| message["method"] == "$/progress").await;
    assert_eq!(client.shut_down().await, 0);

    let mut client = start_with(&[&folder], capabilities()).await;
    assert!(!client.published(&schema, Value::Null).await.is_empty());
    client.expect_none(Duration::ZERO, |message| message["method"] == "window/workDoneProgress/create").await;
    assert_eq!(client.shut_down().await, 0);
}
