//! How the server asks the client to watch files.

use crate::lifecycle::server;
use serde_json::{Value, json};
use std::time::Duration;

fn capabilities(relative: bool) -> Value {
    json!({"workspace": {"didChangeWatchedFiles": {"dynamicRegistration": true, "relativePatternSupport": relative}}})
}

#[tokio::test]
async fn watchers_are_registered_for_the_folders_and_again_when_they_change() {
    let (first, second) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let folder = |path: &std::path::Path| json!({"uri": format!("file://{}", path.display()), "name": "x"});
    let mut client = server();
    let folders = json!([folder(first.path())]);
    client.initialize(json!({"capabilities": capabilities(true), "workspaceFolders": folders})).await;
    let asked = client.call_from_server("client/registerCapability").await;
    let watchers = asked["params"]["registrations"][0]["registerOptions"]["watchers"].as_array().unwrap().clone();
    assert_eq!(watchers[0]["globPattern"]["baseUri"], folder(first.path())["uri"]);
    assert!(watchers.iter().any(|watcher| watcher["globPattern"]["pattern"] == "**/*.sql"));
    client.send(json!({"jsonrpc": "2.0", "id": asked["id"], "result": null})).await;

    let event = json!({"added": [folder(second.path())], "removed": []});
    client.notify("workspace/didChangeWorkspaceFolders", json!({"event": event})).await;
    let taken_back = client.call_from_server("client/unregisterCapability").await;
    let registration = &asked["params"]["registrations"][0];
    assert_eq!(taken_back["params"]["unregisterations"][0]["id"], registration["id"]);
    client.send(json!({"jsonrpc": "2.0", "id": taken_back["id"], "result": null})).await;
    let again = client.call_from_server("client/registerCapability").await;
    let n_watchers = again["params"]["registrations"][0]["registerOptions"]["watchers"].as_array().unwrap().len();
    assert_eq!(n_watchers, 2 * watchers.len());
    client.shut_down().await;
}

#[tokio::test]
async fn a_client_that_refuses_or_never_answers_is_served_all_the_same() {
    let mut client = server();
    client.initialize(json!({"capabilities": capabilities(false)})).await;
    let asked = client.call_from_server("client/registerCapability").await;
    let error = json!({"code": -32601, "message": "no", "extra": 1});
    client.send(json!({"jsonrpc": "2.0", "id": asked["id"], "error": error})).await;
    assert_eq!(client.request("driftlens/status", Value::Null).await, json!({"projects": []}));

    let event = json!({"added": [], "removed": []});
    client.notify("workspace/didChangeWorkspaceFolders", json!({"event": event})).await;
    client.call_from_server("client/registerCapability").await;
    assert_eq!(client.request("driftlens/status", Value::Null).await, json!({"projects": []}));
    assert_eq!(client.shut_down().await, 0);
}

#[tokio::test]
async fn a_client_that_cannot_watch_is_not_asked() {
    let mut client = server();
    client.initialize(json!({"capabilities": {}})).await;
    client.expect_none(Duration::from_millis(200), |message| message["method"] == "client/registerCapability").await;
    client.shut_down().await;
}
