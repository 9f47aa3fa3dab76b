//! Completion, folding and links over the protocol: edits that fit the buffer in every encoding, while it is typed.

use crate::lifecycle::server;
use crate::project::{ENCODINGS, capabilities, start, start_with, uri, with_migrations, write};
use serde_json::{Value, json};
use tempfile::TempDir;

const SCHEMA: &str = "import { pgTable, serial, text } from 'drizzle-orm/pg-core';
export const users = pgTable('users', {
  id: serial('id').primaryKey(),
  email: text('e mail').notNull(),
});
";
const FIRST: &str = "CREATE TABLE \"users\" (\n\t\"id\" serial PRIMARY KEY NOT NULL,\n\t\"e mail\" text NOT NULL\n);\n";
const SECOND: &str = "-- one\n-- two\nSELECT\n1;\n";

fn project() -> TempDir {
    with_migrations(SCHEMA, &[("0000_first", FIRST), ("0001_more", SECOND)])
}

/// The text without its `|`, and the cursor's line and column counted by `count`.
fn cursor(text: &str, count: fn(&str) -> usize) -> (String, Value) {
    let before = &text[..text.find('|').unwrap()];
    let line = &before[before.rfind('\n').map_or(0, |at| at + 1)..];
    (text.replacen('|', "", 1), json!({"line": before.matches('\n').count(), "character": count(line)}))
}

fn units(text: &str) -> usize {
    text.encode_utf16().count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_edit_fits_the_buffer_in_every_encoding() {
    let folder = project();
    let migration = uri(&folder, "drizzle/0001_more.sql");
    for (encoding, count) in ENCODINGS {
        let mut capabilities = capabilities();
        capabilities["general"] = json!({"positionEncodings": [encoding]});
        let mut client = start_with(&[&folder], capabilities).await;
        // Lines end with CRLF, and before the cursor stand characters of two, three and four bytes.
        let text = "SELECT 1;\r\n/* é€😀 */ SELECT \"e|\" FROM users;\r\n";
        let (text, position) = cursor(text, count);
        client.open(&migration, 1, &text).await;
        let at = json!({"textDocument": {"uri": migration}, "position": position});
        let answer = client.request("textDocument/completion", at).await;
        assert_eq!(answer["isIncomplete"], false, "{encoding}: {answer}");
        let item = answer["items"].as_array().unwrap().iter().find(|item| item["label"] == "e mail").unwrap().clone();
        assert_eq!((&item["kind"], &item["detail"]), (&json!(5), &json!("text NOT NULL")), "{item}");
        assert_eq!(item["filterText"], "\"e mail", "{item}");
        assert_eq!(item["textEdit"]["newText"], "\"e mail\"", "{item}");
        let column = position["character"].as_u64().unwrap();
        let place = |character: u64| json!({"line": 1, "character": character});
        assert_eq!(
            item["textEdit"]["range"],
            json!({"start": place(column - 2), "end": place(column + 1)}),
            "{encoding}"
        );

        let resolved = client.request("completionItem/resolve", item).await;
        let told = resolved["documentation"]["value"].as_str().unwrap();
        assert!(told.contains("users.e mail text NOT NULL") && told.contains("- null: not allowed"), "{told}");
        assert_eq!(client.shut_down().await, 0);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_typed_is_completed_at_once() {
    let folder = project();
    let schema = uri(&folder, "schema.ts");
    let mut client = start(&[&folder]).await;
    client.open(&schema, 1, SCHEMA).await;
    // Each letter is asked about while its analysis is not there yet.
    let mut text = SCHEMA.to_owned();
    for (version, typed) in
        (2..).zip("export const posts = pgTable('posts', { author: text().references(() => users.".split_inclusive(' '))
    {
        text.push_str(typed);
        client.replace(&schema, version, &text).await;
    }
    let at = json!({"line": 5, "character": units(text.lines().last().unwrap())});
    let answer =
        client.request("textDocument/completion", json!({"textDocument": {"uri": schema}, "position": at})).await;
    let labels: Vec<&Value> = answer["items"].as_array().unwrap().iter().map(|item| &item["label"]).collect();
    assert_eq!(labels, ["id", "email"], "{answer}");
    assert_eq!(answer["items"][0]["sortText"], "000000", "{answer}");

    // A builder that is not imported brings its import.
    let (text, position) = cursor(&format!("{SCHEMA}export const posts = pgTable('posts', {{ id: var|"), units);
    client.replace(&schema, 99, &text).await;
    let answer =
        client.request("textDocument/completion", json!({"textDocument": {"uri": schema}, "position": position})).await;
    let item = answer["items"].as_array().unwrap().iter().find(|item| item["label"] == "varchar").unwrap();
    let edit = &item["additionalTextEdits"][0];
    assert_eq!(
        (&edit["newText"], &edit["range"]["start"]),
        (&json!(", varchar"), &json!({"line": 0, "character": 30})),
        "{item}"
    );
    let resolved = client.request("completionItem/resolve", item.clone()).await;
    assert!(resolved["documentation"]["value"].as_str().unwrap().contains("varchar[(length)]"), "{resolved}");
    assert_eq!(client.shut_down().await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_offered_elsewhere_and_what_is_not_ours_is_left_as_it_is() {
    let folder = project();
    write(folder.path(), "other.ts", "const x = 'x';\n");
    let mut client = start(&[&folder]).await;
    let position = json!({"line": 4_000_000, "character": 9});
    for name in ["other.ts", "nowhere.sql", "schema.ts", "drizzle/0001_more.sql", "drizzle.config.ts"] {
        let at = json!({"textDocument": {"uri": uri(&folder, name)}, "position": position});
        assert_eq!(client.request("textDocument/completion", at).await, Value::Null, "{name}");
    }
    let at = json!({"textDocument": {"uri": "untitled:1"}, "position": position});
    assert_eq!(client.request("textDocument/completion", at).await, Value::Null);
    let item = json!({"label": "x"});
    assert_eq!(client.request("completionItem/resolve", item.clone()).await, item);
    let refused = client.refusal("completionItem/resolve", json!({"label": "x", "data": {"about": "nothing"}})).await;
    assert!(refused.contains("not one of driftlens'"), "{refused}");
    assert_eq!(client.shut_down().await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn statements_and_comments_fold_and_a_journal_leads_to_its_migrations() {
    let folder = project();
    let mut client = start(&[&folder]).await;
    let document = |name: &str| json!({"textDocument": {"uri": uri(&folder, name)}});
    let folds = client.request("textDocument/foldingRange", document("drizzle/0000_first.sql")).await;
    assert_eq!(folds, json!([{"startLine": 0, "endLine": 3}]));
    let folds = client.request("textDocument/foldingRange", document("drizzle/0001_more.sql")).await;
    assert_eq!(folds, json!([{"startLine": 0, "endLine": 1, "kind": "comment"}, {"startLine": 2, "endLine": 3}]));
    assert_eq!(client.request("textDocument/foldingRange", document("schema.ts")).await, json!([]));

    let links = client.request("textDocument/documentLink", document("drizzle/meta/_journal.json")).await;
    assert_eq!(links[1]["target"], uri(&folder, "drizzle/0001_more.sql"), "{links}");
    assert_eq!(links[1]["range"]["start"], json!({"line": 2, "character": 39}), "{links}");
    assert_eq!(links.as_array().unwrap().len(), 2);
    assert_eq!(client.request("textDocument/documentLink", document("drizzle/0000_first.sql")).await, json!([]));
    assert_eq!(client.shut_down().await, 0);
}

#[tokio::test]
async fn what_is_offered_is_announced() {
    let mut client = server();
    let told = client.initialize(json!({"capabilities": {}})).await;
    let completion = json!({"resolveProvider": true, "triggerCharacters": [".", "'", "\"", "`"]});
    assert_eq!(told["capabilities"]["completionProvider"], completion);
    assert_eq!(told["capabilities"]["foldingRangeProvider"], true);
    assert_eq!(told["capabilities"]["documentLinkProvider"], json!({"resolveProvider": false}));
    assert_eq!(client.shut_down().await, 0);
}
