//! The real server on the migrations of a small project: what is said of a `.sql` file while it is edited.

use crate::lifecycle::server;
use crate::project::{codes, position, start, uri, with_migrations};
use serde_json::{Value, json};
use tempfile::TempDir;

const SCHEMA: &str = "import { pgTable, serial, text } from 'drizzle-orm/pg-core';
export const users = pgTable('users', {
  id: serial('id').primaryKey(),
  email: text('email').notNull(),
});
";
const FIRST: &str = "CREATE TABLE \"users\" (\n\t\"id\" serial PRIMARY KEY NOT NULL\n);\n";
/// With an emoji before what is pointed at, so that the encodings differ.
const SECOND: &str = "/* 😀 */ ALTER TABLE \"users\" ADD COLUMN \"email\" text NOT NULL;\n";

fn project() -> TempDir {
    with_migrations(SCHEMA, &[("0000_first", FIRST), ("0001_email", SECOND)])
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn findings_in_a_migration_follow_the_buffer() {
    let folder = project();
    let (schema, migration) = (uri(&folder, "schema.ts"), uri(&folder, "drizzle/0001_email.sql"));
    let mut client = start(&[&folder]).await;
    client.open(&migration, 1, SECOND).await;
    client.none_published(&migration).await;

    // A table that there is not: said in the migration, with its version; and what it no longer makes is pending.
    client.replace(&migration, 2, &SECOND.replace("\"users\"", "\"user\"")).await;
    let broken = client.published(&migration, json!(2)).await;
    assert_eq!(codes(&broken), ["sql/contradiction"]);
    assert_eq!(broken[0]["range"]["start"], position(SECOND, "\"users\""), "{broken:?}");
    let pending = client.published(&schema, Value::Null).await;
    assert_eq!(codes(&pending), ["schema/missing-migration"]);

    client.replace(&migration, 3, &SECOND.replace("ADD COLUMN", "ADD COLUMN COLUMN")).await;
    let unreadable = client.published(&migration, json!(3)).await;
    assert_eq!(codes(&unreadable), ["sql/unreadable-statement"]);

    client.replace(&migration, 4, SECOND).await;
    assert_eq!(client.published(&migration, json!(4)).await, [] as [Value; 0]);
    assert_eq!(client.published(&schema, Value::Null).await, [] as [Value; 0]);

    // What was not saved is forgotten.
    client.replace(&migration, 5, "DROP TABLE \"nothing\";").await;
    assert_eq!(codes(&client.published(&migration, json!(5)).await), ["sql/contradiction"]);
    client.close(&migration).await;
    assert_eq!(client.published(&migration, Value::Null).await, [] as [Value; 0]);
    assert_eq!(client.shut_down().await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn requests_answer_in_a_migration() {
    let folder = project();
    let (schema, migration) = (uri(&folder, "schema.ts"), uri(&folder, "drizzle/0001_email.sql"));
    let mut client = start(&[&folder]).await;
    client.open(&migration, 1, SECOND).await;
    let at = json!({"textDocument": {"uri": migration}, "position": position(SECOND, "\"email\"")});

    let hover = client.request("textDocument/hover", at.clone()).await;
    let told = hover["contents"]["value"].as_str().unwrap();
    assert!(told.contains("users.email text NOT NULL") && told.contains("made by: this migration"), "{told}");
    assert_eq!(hover["range"]["start"], position(SECOND, "\"email\""));

    let symbols = client.request("textDocument/documentSymbol", json!({"textDocument": {"uri": migration}})).await;
    assert_eq!((&symbols[0]["name"], &symbols[0]["kind"]), (&json!("users.email"), &json!(8)), "{symbols}");
    assert_eq!(symbols[0]["detail"], "add column text NOT NULL");

    let found = client.request("textDocument/definition", at.clone()).await;
    assert_eq!((&found[0]["uri"], &found[0]["range"]["start"]["line"]), (&json!(schema), &json!(3)), "{found}");
    let mut params = at;
    params["context"] = json!({"includeDeclaration": true});
    let used = client.request("textDocument/references", params).await;
    let files: Vec<&Value> = used.as_array().unwrap().iter().map(|place| &place["uri"]).collect();
    assert_eq!(files, [&json!(migration), &json!(schema)], "{used}");
    assert_eq!(client.shut_down().await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_knows_only_flat_symbols_gets_a_migrations_too() {
    let folder = project();
    let mut client = server();
    client.initialize(json!({"capabilities": {}, "rootUri": uri(&folder, "")})).await;
    let params = json!({"textDocument": {"uri": uri(&folder, "drizzle/0000_first.sql")}});
    client.open(&uri(&folder, "drizzle/0000_first.sql"), 1, FIRST).await;
    let symbols = client.request("textDocument/documentSymbol", params).await;
    let names: Vec<&Value> = symbols.as_array().unwrap().iter().map(|symbol| &symbol["name"]).collect();
    assert_eq!(names, ["users", "id"], "{symbols}");
    assert_eq!(client.shut_down().await, 0);
}
