//! Fixes of findings over the light bulb.

use crate::generate::{SCHEMA, actions, generated, project, titles};
use crate::project::{capabilities, codes, start, start_with, uri};
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
