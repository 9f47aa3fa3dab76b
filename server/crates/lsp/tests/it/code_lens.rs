//! The lines above tables with pending changes.

use crate::generate::{SCHEMA, generated, project, save};
use crate::harness::Client;
use crate::lifecycle::server;
use crate::project::{capabilities, start_with, uri};
use serde_json::{Value, json};

async fn lenses(client: &mut Client<i32>, uri: &str) -> Vec<(String, Value)> {
    let answer = client.request("textDocument/codeLens", json!({"textDocument": {"uri": uri}})).await;
    let lens = |lens: &Value| (lens["command"]["title"].as_str().unwrap().to_owned(), lens.clone());
    answer.as_array().map(|lenses| lenses.iter().map(lens).collect()).unwrap_or_default()
}

fn titles(lenses: &[(String, Value)]) -> Vec<&str> {
    lenses.iter().map(|(title, _)| title.as_str()).collect()
}

/// A client that can be told to ask for lenses again, and for its settings.
fn refreshing() -> Value {
    let mut capabilities = capabilities();
    capabilities["workspace"]["codeLens"] = json!({"refreshSupport": true});
    capabilities["workspace"]["configuration"] = json!(true);
    capabilities
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_with_pending_changes_has_lenses_until_it_has_none() {
    let folder = project(SCHEMA);
    let schema = uri(&folder, "src/schema.ts");
    let mut client = start_with(&[&folder], refreshing()).await;
    generated(&mut client, &folder).await;
    assert_eq!(titles(&lenses(&mut client, &schema).await), Vec::<&str>::new());
    while client.try_refresh().await {}

    let more = SCHEMA.replace("  name:", "  email: text(\"email\"),\n  age: integer(\"age\"),\n  name:");
    save(&mut client, &folder, &schema, 2, &more).await;
    let asked = client.call_from_server("workspace/codeLens/refresh").await;
    client.reply(&asked, Value::Null).await;
    let found = lenses(&mut client, &schema).await;
    assert_eq!(titles(&found), ["2 changes not in a migration", "Generate", "Show SQL"]);
    let range = json!({"start": {"line": 1, "character": 13}, "end": {"line": 1, "character": 18}});
    assert!(found.iter().all(|(_, lens)| lens["range"] == range), "{found:?}");

    let command = &found[1].1["command"];
    let params = json!({"command": command["command"], "arguments": command["arguments"]});
    client.request("workspace/executeCommand", params).await;
    let asked = client.call_from_server("workspace/applyEdit").await;
    let changes = crate::generate::apply(&asked["params"]["edit"]);
    client.reply(&asked, json!({"applied": true})).await;
    client.notify("workspace/didChangeWatchedFiles", json!({"changes": changes})).await;
    assert_eq!(client.published(&schema, json!(2)).await, Vec::<Value>::new());
    assert_eq!(titles(&lenses(&mut client, &schema).await), Vec::<&str>::new());
}

impl Client<i32> {
    /// Answers one request to refresh, if there is one that was not answered.
    async fn try_refresh(&mut self) -> bool {
        let Some(asked) = self.unread("workspace/codeLens/refresh") else { return false };
        self.reply(&asked, Value::Null).await;
        true
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn lenses_are_switched_off_by_initialization_options_and_by_settings() {
    let folder = project(SCHEMA);
    let schema = uri(&folder, "src/schema.ts");
    let folders = json!([{"uri": uri(&folder, ""), "name": "x"}]);
    let mut client = server();
    let options = json!({"codeLens": {"enable": false}});
    let params = json!({"capabilities": {}, "workspaceFolders": folders, "initializationOptions": options});
    let result = client.initialize(params).await;
    assert_eq!(result["capabilities"]["codeLensProvider"], json!({"resolveProvider": false}));
    client.open(&schema, 1, SCHEMA).await;
    client.published(&schema, json!(1)).await;
    assert_eq!(titles(&lenses(&mut client, &schema).await), Vec::<&str>::new());
    // Settings that are sent unasked; without files to create there is no "Generate".
    let settings = json!({"settings": {"driftlens": {"codeLens": {"enable": true}}}});
    client.notify("workspace/didChangeConfiguration", settings).await;
    assert_eq!(titles(&lenses(&mut client, &schema).await), ["1 change not in a migration", "Show SQL"]);
    client.notify("workspace/didChangeConfiguration", json!({"settings": null})).await;
    assert_eq!(lenses(&mut client, &schema).await.len(), 2, "settings that say nothing change nothing");
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_are_asked_for_where_the_client_can_be_asked() {
    let folder = project(SCHEMA);
    let schema = uri(&folder, "src/schema.ts");
    let mut client = start_with(&[&folder], refreshing()).await;
    client.open(&schema, 1, SCHEMA).await;
    client.published(&schema, json!(1)).await;
    let asked = client.call_from_server("workspace/configuration").await;
    assert_eq!(asked["params"]["items"], json!([{"section": "driftlens"}]));
    client.reply(&asked, json!([null])).await;
    assert_eq!(lenses(&mut client, &schema).await.len(), 3);

    client.notify("workspace/didChangeConfiguration", json!({"settings": null})).await;
    let asked = client.call_from_server("workspace/configuration").await;
    while client.try_refresh().await {}
    client.reply(&asked, json!([{"codeLens": {"enable": false}}])).await;
    let asked = client.call_from_server("workspace/codeLens/refresh").await;
    client.reply(&asked, Value::Null).await;
    assert_eq!(lenses(&mut client, &schema).await.len(), 0);
}
