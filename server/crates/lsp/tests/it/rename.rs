//! Renaming a table or column in the database, and the migration that then renames it.

use crate::generate::{SCHEMA, actions, apply, generated, project, titles};
use crate::harness::Client;
use crate::project::{capabilities, position, start, start_with, uri, write};
use serde_json::{Value, json};

/// Where a text stands in the schema.
fn at(uri: &str, text: &str, wanted: &str) -> Value {
    json!({"textDocument": {"uri": uri}, "position": position(text, wanted)})
}

fn renaming(uri: &str, text: &str, wanted: &str, new_name: &str) -> Value {
    let mut params = at(uri, text, wanted);
    params["newName"] = json!(new_name);
    params
}

/// The only edit of the only file that an answer is about.
fn only_edit(edit: &Value) -> Value {
    let changes = edit["documentChanges"].as_array().unwrap();
    let [document] = changes.as_slice() else { panic!("{edit}") };
    let [edit] = document["edits"].as_array().unwrap().as_slice() else { panic!("{document}") };
    edit.clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_renamed_column_is_renamed_by_its_migration_without_a_question() {
    let folder = project(SCHEMA);
    let schema = uri(&folder, "src/schema.ts");
    let mut client = start(&[&folder]).await;
    generated(&mut client, &folder).await;

    let prepared = client.request("textDocument/prepareRename", at(&schema, SCHEMA, "name\")")).await;
    assert_eq!(prepared["placeholder"], "name");
    assert_eq!(prepared["range"]["end"]["character"], json!(18), "between the quotes: {prepared}");
    let edit = client.request("textDocument/rename", renaming(&schema, SCHEMA, "name\")", "full_name")).await;
    assert_eq!(edit["documentChanges"][0]["textDocument"]["version"], 1);
    assert_eq!(only_edit(&edit), json!({"range": prepared["range"], "newText": "full_name"}));

    let renamed = SCHEMA.replace("text(\"name\")", "text(\"full_name\")");
    let found = crate::generate::save(&mut client, &folder, &schema, 2, &renamed).await;
    let offered = actions(&mut client, &schema, &found).await;
    assert_eq!(titles(&offered), ["Generate migration", "Show SQL"]);
    let resolved = client.request("codeAction/resolve", offered[0].clone()).await;
    let sql = resolved["edit"]["documentChanges"][1]["edits"][0]["newText"].as_str().unwrap();
    assert_eq!(sql, "ALTER TABLE `users` RENAME COLUMN \"name\" TO \"full_name\";");
    let changes = apply(&resolved["edit"]);
    client.notify("workspace/didChangeWatchedFiles", json!({"changes": changes})).await;
    assert_eq!(client.published(&schema, json!(2)).await, Vec::<Value>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_and_then_its_column_are_renamed_together() {
    let folder = project(SCHEMA);
    let schema = uri(&folder, "src/schema.ts");
    let mut client = start(&[&folder]).await;
    generated(&mut client, &folder).await;
    let edit = client.request("textDocument/rename", renaming(&schema, SCHEMA, "users\", {", "people")).await;
    assert_eq!(only_edit(&edit)["newText"], "people");
    let people = SCHEMA.replace("\"users\"", "\"people\"");
    client.replace(&schema, 2, &people).await;
    client.request("textDocument/rename", renaming(&schema, &people, "name\")", "full_name")).await;

    let both = people.replace("\"name\"", "\"full_name\"");
    client.replace(&schema, 3, &both).await;
    write(folder.path(), "src/schema.ts", &both);
    client.notify("textDocument/didSave", json!({"textDocument": {"uri": schema}})).await;
    let found = client.published(&schema, json!(3)).await;
    let offered = actions(&mut client, &schema, &found).await;
    let resolved = client.request("codeAction/resolve", offered[0].clone()).await;
    let sql = resolved["edit"]["documentChanges"][1]["edits"][0]["newText"].as_str().unwrap();
    assert!(sql.contains("ALTER TABLE `users` RENAME TO `people`;"), "{sql}");
    assert!(sql.contains("ALTER TABLE `people` RENAME COLUMN \"name\" TO \"full_name\";"), "{sql}");
}

#[tokio::test(flavor = "multi_thread")]
async fn identifiers_and_other_strings_belong_to_the_language_server_of_the_language() {
    let folder = project(SCHEMA);
    let schema = uri(&folder, "src/schema.ts");
    let mut client = start(&[&folder]).await;
    client.open(&schema, 1, SCHEMA).await;
    client.published(&schema, json!(1)).await;
    for wanted in ["users =", "name:", "text(", "drizzle-orm", "sqliteTable("] {
        let prepared = client.request("textDocument/prepareRename", at(&schema, SCHEMA, wanted)).await;
        assert_eq!(prepared, Value::Null, "{wanted}");
        let renamed = client.request("textDocument/rename", renaming(&schema, SCHEMA, wanted, "x")).await;
        assert_eq!(renamed, Value::Null, "{wanted}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn names_that_cannot_be_are_refused() {
    let folder = project(SCHEMA);
    let schema = uri(&folder, "src/schema.ts");
    let mut client = start(&[&folder]).await;
    client.open(&schema, 1, SCHEMA).await;
    client.published(&schema, json!(1)).await;
    for (name, reason) in [
        ("id", "there is a column `users.id` already"),
        (" ", "a name is needed"),
        ("a\"b", "`a\"b` holds a character that a name in a schema file is not given"),
    ] {
        let params = renaming(&schema, SCHEMA, "name\")", name);
        assert_eq!(client.refusal("textDocument/rename", params).await, reason);
    }
}

/// A client in whose schema SQL text names the column.
async fn with_sql_text(capabilities: Value) -> (Client<i32>, tempfile::TempDir, String, String) {
    let text = format!("{SCHEMA}import {{ sql }} from \"drizzle-orm\";\nexport const lower = sql`lower(name)`;\n");
    let folder = project(&text);
    let schema = uri(&folder, "src/schema.ts");
    let mut client = start_with(&[&folder], capabilities).await;
    client.open(&schema, 1, &text).await;
    client.published(&schema, json!(1)).await;
    (client, folder, schema, text)
}

#[tokio::test(flavor = "multi_thread")]
async fn sql_text_with_the_old_name_is_a_warning_or_a_refusal() {
    let mut annotating = capabilities();
    annotating["workspace"]["workspaceEdit"]["changeAnnotationSupport"] = json!({});
    let (mut client, _folder, schema, text) = with_sql_text(annotating).await;
    let edit = client.request("textDocument/rename", renaming(&schema, &text, "name\")", "full_name")).await;
    let id = only_edit(&edit)["annotationId"].as_str().unwrap().to_owned();
    let annotation = &edit["changeAnnotations"][&id];
    assert_eq!(annotation["label"], "SQL text at schema.ts:7 has the old name and is not edited");
    assert_eq!(annotation["needsConfirmation"], true);

    let (mut client, _folder, schema, text) = with_sql_text(capabilities()).await;
    let refusal = client.refusal("textDocument/rename", renaming(&schema, &text, "name\")", "full_name")).await;
    assert_eq!(
        refusal,
        "SQL text at schema.ts:7 has the old name and is not edited: change it by hand, or rename both by hand"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_column_that_two_tables_share_is_renamed_in_both() {
    let shared = r#"import { sqliteTable, integer, text } from "drizzle-orm/sqlite-core";
const stamps = { at: text("created_at") };
export const users = sqliteTable("users", { id: integer("id"), ...stamps });
export const posts = sqliteTable("posts", { id: integer("id"), ...stamps });
"#;
    let folder = project(shared);
    let schema = uri(&folder, "src/schema.ts");
    let mut client = start(&[&folder]).await;
    client.open(&schema, 1, shared).await;
    let found = client.published(&schema, json!(1)).await;
    let offered = actions(&mut client, &schema, &found).await;
    let changes = apply(&client.request("codeAction/resolve", offered[0].clone()).await["edit"]);
    client.notify("workspace/didChangeWatchedFiles", json!({"changes": changes})).await;
    client.published(&schema, json!(1)).await;

    client.request("textDocument/rename", renaming(&schema, shared, "created_at", "made_at")).await;
    let renamed = shared.replace("created_at", "made_at");
    let found = crate::generate::save(&mut client, &folder, &schema, 2, &renamed).await;
    let offered = actions(&mut client, &schema, &found).await;
    let resolved = client.request("codeAction/resolve", offered[0].clone()).await;
    let sql = resolved["edit"]["documentChanges"][1]["edits"][0]["newText"].as_str().unwrap();
    assert_eq!(sql.matches("RENAME COLUMN \"created_at\" TO \"made_at\"").count(), 2, "{sql}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_in_sql_files_is_edited_wherever_it_stands() {
    let text = "CREATE TABLE users (id bigint PRIMARY KEY, \"name\" text);\n\
                CREATE INDEX by_name ON users (name); -- the name\n\
                CREATE TABLE posts (author bigint REFERENCES users (id));\n";
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "driftlens.toml", "schema = 'schema.sql'\nmigrations = 'steps'\ndialect = 'postgresql'\n");
    write(folder.path(), "steps/1_users.sql", text);
    write(folder.path(), "schema.sql", text);
    let schema = uri(&folder, "schema.sql");
    let mut client = start(&[&folder]).await;
    client.open(&schema, 1, text).await;
    let edit = client.request("textDocument/rename", renaming(&schema, text, "users (id", "people")).await;
    let edits = edit["documentChanges"][0]["edits"].as_array().unwrap();
    assert_eq!(edits.len(), 3, "{edit}");
    let edit = client.request("textDocument/rename", renaming(&schema, text, "name\" text", "full_name")).await;
    let edits = edit["documentChanges"][0]["edits"].as_array().unwrap();
    let texts: Vec<_> = edits.iter().map(|edit| edit["newText"].as_str().unwrap()).collect();
    assert_eq!(texts, ["\"full_name\"", "full_name"]);
    // What PostgreSQL would fold is another name than was asked for.
    let refusal = client.refusal("textDocument/rename", renaming(&schema, text, "users (id", "People")).await;
    assert!(refusal.contains("would not say the same"), "{refusal}");

    // Clients that know no versions get plain changes.
    let mut plain = capabilities();
    plain["workspace"]["workspaceEdit"] = json!({});
    let mut client = start_with(&[&folder], plain).await;
    client.open(&schema, 1, text).await;
    let edit = client.request("textDocument/rename", renaming(&schema, text, "users (id", "people")).await;
    assert_eq!(edit["changes"][&schema].as_array().unwrap().len(), 3, "{edit}");
}
