//! The real server without a project: start, negotiation, documents that are none of its business, end.

use crate::harness::{Client, start};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

pub(crate) fn server() -> Client<i32> {
    start(|input, output| async { lsp::serve(input, output).await })
}

async fn encoding(offered: Value) -> Value {
    let mut client = server();
    let capabilities = json!({"general": {"positionEncodings": offered}});
    let result = client.initialize(json!({"capabilities": capabilities})).await;
    assert_eq!(client.shut_down().await, 0);
    result["capabilities"]["positionEncoding"].clone()
}

#[tokio::test]
async fn initialize_is_answered_at_once_with_what_we_can_do() {
    let folder = tempfile::tempdir().unwrap();
    let mut client = server();
    let started = Instant::now();
    let root = format!("file://{}", folder.path().display());
    let params = json!({"processId": null, "rootUri": root, "capabilities": {}, "workspaceFolders": null});
    let result = client.request("initialize", params).await;
    assert!(started.elapsed() < Duration::from_millis(50), "{:?}", started.elapsed());
    assert_eq!(result["serverInfo"]["name"], "driftlens");
    let capabilities = &result["capabilities"];
    assert_eq!(
        capabilities["textDocumentSync"],
        json!({"openClose": true, "change": 2, "save": {"includeText": false}})
    );
    for provider in ["hover", "definition", "references", "documentSymbol", "workspaceSymbol"] {
        assert_eq!(capabilities[format!("{provider}Provider")], true, "{provider}");
    }
    let folders = json!({"supported": true, "changeNotifications": true});
    assert_eq!(capabilities["workspace"]["workspaceFolders"], folders);
    client.shut_down().await;
}

#[tokio::test]
async fn the_best_encoding_the_client_knows_is_taken() {
    assert_eq!(encoding(Value::Null).await, "utf-16");
    assert_eq!(encoding(json!(["utf-16"])).await, "utf-16");
    assert_eq!(encoding(json!(["utf-16", "utf-32"])).await, "utf-32");
    assert_eq!(encoding(json!(["utf-16", "utf-32", "utf-8"])).await, "utf-8");
}

#[tokio::test]
async fn the_exit_code_says_whether_the_client_was_polite() {
    let mut client = server();
    client.initialize(json!({"capabilities": {}})).await;
    assert_eq!(client.shut_down().await, 0);

    let mut client = server();
    client.initialize(json!({"capabilities": {}})).await;
    client.notify("exit", Value::Null).await;
    assert_eq!(client.ended().await, 1);

    let client = server();
    assert_eq!(client.hang_up().await, 1);
}

#[tokio::test]
async fn requests_before_initialize_and_after_shutdown_are_refused() {
    let mut client = server();
    let id = client.ask("driftlens/status", json!({})).await;
    assert_eq!(client.answer(id).await["error"]["code"], -32002);
    client.initialize(json!({"capabilities": {}})).await;
    client.request("shutdown", json!({})).await;
    let id = client.ask("driftlens/status", json!({})).await;
    assert_eq!(client.answer(id).await["error"]["code"], -32600);
    client.notify("exit", Value::Null).await;
    assert_eq!(client.ended().await, 0);
}

#[tokio::test]
async fn an_unknown_method_is_said_to_be_unknown_and_an_unknown_notification_ignored() {
    let mut client = server();
    client.initialize(json!({"capabilities": {}})).await;
    client.notify("$/setTrace", json!({"value": "off"})).await;
    client.notify("nobody/knows", json!({})).await;
    client.notify("workspace/didChangeConfiguration", json!({"settings": null})).await;
    let id = client.ask("nobody/knows", json!({})).await;
    assert_eq!(client.answer(id).await["error"]["code"], -32601);
    client.shut_down().await;
}

#[tokio::test]
async fn documents_that_are_no_files_or_not_open_are_none_of_our_business() {
    let mut client = server();
    client.initialize(json!({"capabilities": {}})).await;
    for uri in
        ["git:/a.ts?%7B%7D", "untitled:Untitled-1", "vscode-notebook-cell:/a.ipynb#1", "file:///nowhere/a%20b.ts"]
    {
        let document = json!({"uri": uri, "version": 2});
        let edit =
            json!({"range": {"start": {"line": 9, "character": 9}, "end": {"line": 1, "character": 1}}, "text": "x"});
        client.notify("textDocument/didChange", json!({"textDocument": document, "contentChanges": [edit]})).await;
        client.notify("textDocument/didSave", json!({"textDocument": document})).await;
        client.notify("textDocument/didClose", json!({"textDocument": document})).await;
        let at = json!({"textDocument": document, "position": {"line": 4_000_000_000_u32, "character": 7}});
        assert_eq!(client.request("textDocument/hover", at.clone()).await, Value::Null, "{uri}");
        assert_eq!(client.request("textDocument/definition", at).await, Value::Null, "{uri}");
    }
    assert_eq!(client.request("driftlens/status", Value::Null).await, json!({"projects": []}));
    client.expect_none(Duration::ZERO, |message| message["method"] == "textDocument/publishDiagnostics").await;
    assert_eq!(client.shut_down().await, 0);
}

#[tokio::test]
async fn parameters_may_be_missing_null_or_empty() {
    let mut client = server();
    client.request("initialize", json!({"capabilities": {}})).await;
    client.send(json!({"jsonrpc": "2.0", "method": "initialized"})).await;
    for params in [json!(null), json!({}), json!([])] {
        assert_eq!(client.request("driftlens/status", params).await, json!({"projects": []}));
    }
    client.request("shutdown", json!([])).await;
    client.notify("exit", json!(null)).await;
    assert_eq!(client.ended().await, 0);
}
