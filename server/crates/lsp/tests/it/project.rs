//! The real server on a small Drizzle project: what is published when, and what requests answer.

use crate::harness::Client;
use crate::lifecycle::server;
use serde_json::{Value, json};
use std::path::Path;
use std::time::Duration;
use tempfile::TempDir;

const CONFIG: &str = r#"import { defineConfig } from "drizzle-kit";
export default defineConfig({ dialect: "postgresql", schema: "./src/schema.ts", out: "./drizzle" });
"#;

/// With an emoji before what is pointed at, so that the encodings differ.
const SCHEMA: &str = r#"import { pgTable, serial, text, integer } from "drizzle-orm/pg-core";

export const users = pgTable("users", {
  /* 😀 */ id: serial("id").primaryKey(),
  email: text("email").notNull(),
});

export const posts = pgTable("posts", {
  id: serial("id").primaryKey(),
  authorId: integer("author_id").references(() => users.id),
});
"#;

pub(crate) const PUBLISH: &str = "textDocument/publishDiagnostics";

pub(crate) fn write(folder: &Path, name: &str, text: &str) {
    let path = folder.join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

/// A project whose tables have no migration yet.
fn project() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "drizzle.config.ts", CONFIG);
    write(folder.path(), "src/schema.ts", SCHEMA);
    folder
}

pub(crate) fn uri(folder: &TempDir, name: &str) -> String {
    format!("file://{}", folder.path().canonicalize().unwrap().join(name).display())
}

/// What the clients of these tests can do.
pub(crate) fn capabilities() -> Value {
    json!({
        "textDocument": {
            "publishDiagnostics": {"relatedInformation": true},
            "documentSymbol": {"hierarchicalDocumentSymbolSupport": true},
            "hover": {"contentFormat": ["markdown", "plaintext"]},
            "codeAction": {"dataSupport": true, "disabledSupport": true, "resolveSupport": {"properties": ["edit"]}},
            "rename": {"prepareSupport": true},
        },
        "workspace": {
            "didChangeWatchedFiles": {"dynamicRegistration": true},
            "workspaceEdit": {"documentChanges": true, "resourceOperations": ["create"]},
        },
        "window": {"showDocument": {"support": true}},
    })
}

pub(crate) async fn start(folders: &[&TempDir]) -> Client<i32> {
    start_with(folders, capabilities()).await
}

/// A client that watches files and can do what is said.
pub(crate) async fn start_with(folders: &[&TempDir], capabilities: Value) -> Client<i32> {
    start_with_options(folders, capabilities, Value::Null).await
}

pub(crate) async fn start_with_options(folders: &[&TempDir], capabilities: Value, options: Value) -> Client<i32> {
    let folders: Vec<_> = folders.iter().map(|folder| json!({"uri": uri(folder, ""), "name": "x"})).collect();
    let mut client = server();
    client
        .initialize(
            json!({"capabilities": capabilities, "workspaceFolders": folders, "initializationOptions": options}),
        )
        .await;
    let asked = client.call_from_server("client/registerCapability").await;
    client.reply(&asked, Value::Null).await;
    client
}

impl Client<i32> {
    pub(crate) async fn open(&mut self, uri: &str, version: i32, text: &str) {
        let document = json!({"uri": uri, "languageId": "typescript", "version": version, "text": text});
        self.notify("textDocument/didOpen", json!({"textDocument": document})).await;
    }

    pub(crate) async fn replace(&mut self, uri: &str, version: i32, text: &str) {
        let document = json!({"uri": uri, "version": version});
        self.notify("textDocument/didChange", json!({"textDocument": document, "contentChanges": [{"text": text}]}))
            .await;
    }

    pub(crate) async fn close(&mut self, uri: &str) {
        self.notify("textDocument/didClose", json!({"textDocument": {"uri": uri}})).await;
    }

    async fn watched(&mut self, uri: &str, kind: i32) {
        self.notify("workspace/didChangeWatchedFiles", json!({"changes": [{"uri": uri, "type": kind}]})).await;
    }

    /// The findings next published for a file, in the version that fits.
    pub(crate) async fn published(&mut self, uri: &str, version: Value) -> Vec<Value> {
        let message = self
            .wait(|message| {
                let params = &message["params"];
                message["method"] == PUBLISH && params["uri"] == uri && params["version"] == version
            })
            .await;
        message["params"]["diagnostics"].as_array().unwrap().clone()
    }

    pub(crate) async fn none_published(&mut self, uri: &str) {
        let is_about = |message: &Value| message["method"] == PUBLISH && message["params"]["uri"] == uri;
        // What was said of the file on disk, before it was opened, is older than what was last waited for.
        self.forget(is_about);
        self.expect_none(Duration::from_millis(400), is_about).await;
    }

    async fn n_projects(&mut self) -> usize {
        self.request("driftlens/status", Value::Null).await["projects"].as_array().unwrap().len()
    }
}

pub(crate) fn codes(diagnostics: &[Value]) -> Vec<&str> {
    diagnostics.iter().map(|diagnostic| diagnostic["code"].as_str().unwrap()).collect()
}

/// The position of a text in UTF-16, the encoding these clients get.
pub(crate) fn position(text: &str, wanted: &str) -> Value {
    let before = &text[..text.find(wanted).unwrap()];
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    json!({"line": before.matches('\n').count(), "character": before[line_start..].encode_utf16().count()})
}

fn at(uri: &str, wanted: &str) -> Value {
    json!({"textDocument": {"uri": uri}, "position": position(SCHEMA, wanted)})
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn findings_follow_the_buffer() {
    let folder = project();
    let schema = uri(&folder, "src/schema.ts");
    let mut client = start(&[&folder]).await;
    client.open(&schema, 1, SCHEMA).await;
    let first = client.published(&schema, json!(1)).await;
    assert!(codes(&first).contains(&"schema/missing-migration"), "{first:?}");
    assert_eq!(first[0]["source"], "driftlens");
    assert!(first[0]["range"]["end"]["line"].as_u64().unwrap() > 0);

    // Without the second table there is less to say,
    let posts = SCHEMA.find("export const posts").unwrap();
    client.replace(&schema, 2, &SCHEMA[..posts]).await;
    let second = client.published(&schema, json!(2)).await;
    assert!(second.len() < first.len(), "{second:?}");
    // and with the same text nothing new.
    client.replace(&schema, 3, &SCHEMA[..posts]).await;
    client.none_published(&schema).await;

    // What was not saved is forgotten.
    client.close(&schema).await;
    assert_eq!(client.published(&schema, Value::Null).await, first);
    client.open(&schema, 9, SCHEMA).await;
    assert_eq!(client.published(&schema, json!(9)).await, first);

    // A file without findings is said to have none.
    client.replace(&schema, 10, "export {};\n").await;
    let last = client.published(&schema, json!(10)).await;
    assert!(!codes(&last).contains(&"schema/missing-migration"), "{last:?}");
    assert_eq!(client.shut_down().await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn requests_answer_from_the_newest_text() {
    let folder = project();
    let schema = uri(&folder, "src/schema.ts");
    let mut client = start(&[&folder]).await;
    client.open(&schema, 1, SCHEMA).await;

    let hover = client.request("textDocument/hover", at(&schema, "id: serial")).await;
    assert_eq!(hover["contents"]["kind"], "markdown");
    assert!(hover["contents"]["value"].as_str().unwrap().contains("serial"), "{hover}");
    assert_eq!(hover["range"]["start"]["line"], 3, "{hover}");

    let symbols = client.request("textDocument/documentSymbol", json!({"textDocument": {"uri": schema}})).await;
    let names: Vec<_> = symbols.as_array().unwrap().iter().map(|symbol| symbol["name"].clone()).collect();
    assert_eq!(names, ["users", "posts"], "{symbols}");
    assert_eq!((&symbols[0]["kind"], &symbols[0]["children"][1]["kind"]), (&json!(23), &json!(8)));

    let found = client.request("textDocument/definition", at(&schema, "users.id")).await;
    assert_eq!((&found[0]["uri"], &found[0]["range"]["start"]["line"]), (&json!(schema), &json!(2)), "{found}");
    let mut params = at(&schema, "users = pgTable");
    params["context"] = json!({"includeDeclaration": false});
    let used = client.request("textDocument/references", params).await;
    assert_eq!(used[0]["range"]["start"]["line"], 9, "{used}");

    let found = client.request("workspace/symbol", json!({"query": "email"})).await;
    assert_eq!((&found[0]["name"], &found[0]["kind"]), (&json!("email"), &json!(8)), "{found}");

    // A line more above everything, asked about at once.
    client.replace(&schema, 2, &format!("\n{SCHEMA}")).await;
    let symbols = client.request("textDocument/documentSymbol", json!({"textDocument": {"uri": schema}})).await;
    assert_eq!(symbols[0]["selectionRange"]["start"]["line"], 3, "{symbols}");
    assert_eq!(client.shut_down().await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_status_counts_what_is_pending() {
    let folder = project();
    let mut client = start(&[&folder]).await;
    let status = client.request("driftlens/status", Value::Null).await;
    let project = &status["projects"][0];
    assert!(project["config"].as_str().unwrap().ends_with("drizzle.config.ts"), "{status}");
    assert_eq!((&project["dialect"], &project["tables"]), (&json!("postgresql"), &json!(2)), "{status}");
    assert_eq!(project["inSync"], false, "{status}");
    assert_eq!(client.shut_down().await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_folder_is_a_second_project_until_it_goes() {
    let (first, second) = (project(), project());
    let schema = uri(&second, "src/schema.ts");
    let mut client = start(&[&first, &second]).await;
    assert_eq!(client.n_projects().await, 2);
    assert!(!client.published(&schema, Value::Null).await.is_empty());

    let event = json!({"added": [], "removed": [{"uri": uri(&second, ""), "name": "x"}]});
    client.notify("workspace/didChangeWorkspaceFolders", json!({"event": event})).await;
    assert_eq!(client.published(&schema, Value::Null).await, [] as [Value; 0]);
    assert_eq!(client.n_projects().await, 1);
    assert_eq!(client.shut_down().await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_configuration_that_comes_later_is_found_and_one_that_goes_forgotten() {
    let folder = project();
    let config = folder.path().join("drizzle.config.ts");
    std::fs::remove_file(&config).unwrap();
    let schema = uri(&folder, "src/schema.ts");
    let mut client = start(&[&folder]).await;
    client.open(&schema, 1, SCHEMA).await;
    assert_eq!(client.n_projects().await, 0);
    client.none_published(&schema).await;

    std::fs::write(&config, CONFIG).unwrap();
    client.watched(&uri(&folder, "drizzle.config.ts"), 1).await;
    assert!(!client.published(&schema, json!(1)).await.is_empty());
    assert_eq!(client.n_projects().await, 1);

    std::fs::remove_file(&config).unwrap();
    client.watched(&uri(&folder, "drizzle.config.ts"), 3).await;
    assert_eq!(client.published(&schema, json!(1)).await, [] as [Value; 0]);
    assert_eq!(client.n_projects().await, 0);
    assert_eq!(client.shut_down().await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_storm_of_watched_files_is_one_change() {
    let folder = project();
    let schema = uri(&folder, "src/schema.ts");
    let mut client = start(&[&folder]).await;
    let first = client.published(&schema, Value::Null).await;
    let posts = SCHEMA.find("export const posts").unwrap();
    write(folder.path(), "src/schema.ts", &SCHEMA[..posts]);
    for n in 0..10_000 {
        client.watched(&format!("{schema}{}", if n % 2 == 0 { "" } else { ".sql" }), 2).await;
    }
    assert_ne!(client.published(&schema, Value::Null).await, first);
    client.none_published(&schema).await;
    assert_eq!(client.shut_down().await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_clients_own_spelling_of_a_uri_is_kept() {
    let folder = tempfile::Builder::new().prefix("a b:").tempdir().unwrap();
    write(folder.path(), "drizzle.config.ts", CONFIG);
    write(folder.path(), "src/schema.ts", SCHEMA);
    let spelled = |name: &str| uri(&folder, name).replace(' ', "%20").replace("b:", "b%3A");
    let mut client = server();
    let folders = json!([{"uri": spelled(""), "name": "x"}]);
    client.initialize(json!({"capabilities": {}, "workspaceFolders": folders})).await;
    let schema = spelled("src/schema.ts");
    client.open(&schema, 4, SCHEMA).await;
    assert!(!client.published(&schema, json!(4)).await.is_empty());
    let found = client.request("textDocument/definition", at(&schema, "users.id")).await;
    assert_eq!(found[0]["uri"], json!(schema));
    assert_eq!(client.shut_down().await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn our_own_watcher_sees_what_a_client_that_does_not_watch_cannot_say() {
    let folder = project();
    let schema = uri(&folder, "src/schema.ts");
    let mut client = server();
    client.initialize(json!({"capabilities": {}, "rootUri": uri(&folder, "")})).await;
    let first = client.published(&schema, Value::Null).await;
    let posts = SCHEMA.find("export const posts").unwrap();
    write(folder.path(), "src/schema.ts", &SCHEMA[..posts]);
    assert!(client.published(&schema, Value::Null).await.len() < first.len());
    std::fs::remove_file(folder.path().join("drizzle.config.ts")).unwrap();
    assert_eq!(client.published(&schema, Value::Null).await, [] as [Value; 0]);
    assert_eq!(client.shut_down().await, 0);
}

const TOML: &str = "schema = 'schema.sql'\nmigrations = 'steps'\ndialect = 'postgresql'\n";
const TABLE: &str = "CREATE TABLE users (id bigserial PRIMARY KEY);\n";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sql_files_are_a_project_while_a_driftlens_toml_names_them() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "driftlens.toml", TOML);
    write(folder.path(), "steps/1_users.sql", TABLE);
    write(folder.path(), "schema.sql", TABLE);
    let (toml, schema) = (uri(&folder, "driftlens.toml"), uri(&folder, "schema.sql"));
    let mut client = start(&[&folder]).await;
    client.open(&schema, 1, &TABLE.replace(");", ", name text);")).await;
    assert_eq!(codes(&client.published(&schema, json!(1)).await), ["schema/missing-migration"]);

    client.open(&toml, 1, &TOML.replace("schema =", "shema =")).await;
    assert_eq!(codes(&client.published(&toml, json!(1)).await), ["config/invalid"]);
    client.replace(&toml, 2, TOML).await;
    assert_eq!(client.published(&toml, json!(2)).await, [] as [Value; 0]);
    assert_eq!(client.n_projects().await, 1);
    assert_eq!(client.shut_down().await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_folder_is_a_project_from_its_first_migration_to_its_last() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "readme.md", "");
    let migration = uri(&folder, "migrations/1_users.sql");
    let mut client = start(&[&folder]).await;
    assert_eq!(client.n_projects().await, 0);
    write(folder.path(), "migrations/1_users.sql", TABLE);
    client.watched(&migration, 1).await;
    assert_eq!(client.n_projects().await, 1);
    std::fs::remove_file(folder.path().join("migrations/1_users.sql")).unwrap();
    client.watched(&migration, 3).await;
    assert_eq!(client.n_projects().await, 0);
    assert_eq!(client.shut_down().await, 0);
}

/// A Drizzle project of PostgreSQL whose migrations have these tags and texts.
pub(crate) fn with_migrations(schema: &str, migrations: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let config = "export default { dialect: 'postgresql', schema: './schema.ts', out: './drizzle' };\n";
    write(folder.path(), "drizzle.config.ts", config);
    write(folder.path(), "schema.ts", schema);
    let mut entries = Vec::new();
    for (position, (tag, text)) in migrations.iter().enumerate() {
        write(folder.path(), &format!("drizzle/{tag}.sql"), text);
        let when = position + 1;
        entries.push(format!(r#"{{"idx":{position},"version":"7","when":{when},"tag":"{tag}","breakpoints":true}}"#));
    }
    let head = r#"{"version":"7","dialect":"postgresql","entries":["#;
    write(folder.path(), "drizzle/meta/_journal.json", &format!("{head}\n{}]}}\n", entries.join(",\n")));
    folder
}

/// How long a text is in an encoding.
pub(crate) type Units = fn(&str) -> usize;

/// What a client may count columns in.
pub(crate) const ENCODINGS: [(&str, Units); 3] =
    [("utf-8", str::len), ("utf-16", |text| text.encode_utf16().count()), ("utf-32", |text| text.chars().count())];
