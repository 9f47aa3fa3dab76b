//! What a real PostgreSQL says, where a schema is used: in code, in migrations, beside columns and above tables.

use crate::harness::Client;
use crate::live::{address, hover_at, hovered_at, look_again, project};
use crate::project::{capabilities, start_with_options, uri, write};
use serde_json::{Value, json};
use sqlx::Executor as _;
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tests::postgres::{Server, of_the_machine};

const USERS: &str = "CREATE TABLE users (id integer PRIMARY KEY NOT NULL, email varchar(200)); CREATE INDEX users_email ON users (email); \
    INSERT INTO users SELECT n, n::text FROM generate_series(1, 2000) n; ANALYZE users;";

const CODE: &str = "import { users } from '@/index';\n// é\nexport const all = db.select().from(users).where(eq(users.email, 'x'));\nconst local = (users) => users.email;\n";

/// Told after each analysis.
const CHANGED: &str = "driftlens/changed";

async fn server_with(sql: &str) -> (Server, sqlx::PgConnection, TempDir) {
    let server = Server::start(&of_the_machine());
    server.create_database("app").await;
    let mut admin = server.connect("app").await;
    admin.execute(sqlx::raw_sql(sqlx::AssertSqlSafe(sql.to_owned()))).await.unwrap();
    let folder = project(&address(&server));
    (server, admin, folder)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_in_code_has_the_hover_of_the_schema_file_and_typing_there_is_not_analysed() {
    let (_server, _admin, folder) = server_with(USERS).await;
    write(folder.path(), "tsconfig.json", r#"{"compilerOptions": {"baseUrl": ".", "paths": {"@/*": ["./lib/*"]}}}"#);
    write(folder.path(), "lib/index.ts", "export * from '../schema';\n");
    write(folder.path(), "src/app.ts", CODE);
    let mut capabilities = capabilities();
    capabilities["experimental"] = json!({"driftlensChanged": true});
    let mut client = start_with_options(&[&folder], capabilities, Value::Null).await;
    let app = uri(&folder, "src/app.ts");
    client.open(&app, 1, CODE).await;

    let text = hovered_at(&mut client, &app, (2, 61), "character varying").await;
    assert!(text.contains("users.email text NOT NULL") && text.contains("*Database* `default`"), "{text}");
    assert!(text.contains("**differs from the schema:** `character varying(200)` there, `text` here"), "{text}");
    let params = json!({"textDocument": {"uri": app}, "position": {"line": 2, "character": 61}});
    let range = client.request("textDocument/hover", params).await["range"].clone();
    assert_eq!(range, json!({"start": {"line": 2, "character": 58}, "end": {"line": 2, "character": 63}}));
    let text = hover_at(&mut client, &app, (2, 38)).await;
    assert!(text.contains("table users") && text.contains("- rows: about 2 000"), "{text}");
    assert_eq!(hover_at(&mut client, &app, (3, 26)).await, "", "the parameter is not the table");
    assert_eq!(hover_at(&mut client, &app, (2, 6)).await, "");

    // What is typed counts at once; no hover waits for it, and no project is read again because of it.
    client.forget(|message| message["method"] == CHANGED);
    let start = Instant::now();
    for version in 2..52 {
        client.replace(&app, version, &format!("// {version}\n{CODE}")).await;
        let text = hover_at(&mut client, &app, (3, 61)).await;
        assert!(text.contains("character varying"), "{text}");
    }
    assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
    client.expect_none(Duration::from_secs(1), |message| message["method"] == CHANGED).await;
    // A change of the schema is seen in the code.
    let schema = uri(&folder, "schema.ts");
    let text = std::fs::read_to_string(folder.path().join("schema.ts")).unwrap();
    client.open(&schema, 1, &text).await;
    client.replace(&schema, 2, &text.replace("text(\"email\")", "text(\"mail\")")).await;
    client.published(&schema, json!(2)).await;
    client.call_from_server(CHANGED).await;
    let text = hover_at(&mut client, &app, (3, 61)).await;
    assert!(text.contains("users.mail text NOT NULL") && text.contains("is not there"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_in_a_migration_has_the_facts_of_the_object_that_it_means() {
    let first = "CREATE TABLE users (id integer PRIMARY KEY NOT NULL, mail varchar(200), old text);";
    let second =
        "ALTER TABLE users RENAME COLUMN mail TO email;\n--> statement-breakpoint\nALTER TABLE users DROP COLUMN old;";
    let checksum = |sql: &str| history::Format::Drizzle.checksum(sql).unwrap();
    let ledger = format!(
        "{first} CREATE SCHEMA drizzle; CREATE TABLE drizzle.__drizzle_migrations (id SERIAL PRIMARY KEY, hash text NOT NULL, created_at bigint); \
         INSERT INTO drizzle.__drizzle_migrations (hash, created_at) VALUES ('{}', 1000);",
        checksum(first)
    );
    let (_server, mut admin, folder) = server_with(&ledger).await;
    write(folder.path(), "drizzle/0000_first.sql", first);
    write(folder.path(), "drizzle/0001_email.sql", second);
    write(
        folder.path(),
        "drizzle/meta/_journal.json",
        r#"{"version":"7","dialect":"postgresql","entries":[{"idx":0,"version":"7","when":1000,"tag":"0000_first","breakpoints":true},{"idx":1,"version":"7","when":2000,"tag":"0001_email","breakpoints":true}]}"#,
    );
    let mut client = start_with_options(&[&folder], capabilities(), Value::Null).await;
    let files = [uri(&folder, "drizzle/0000_first.sql"), uri(&folder, "drizzle/0001_email.sql")];
    client.open(&files[0], 1, first).await;
    client.open(&files[1], 1, second).await;

    let text = hovered_at(&mut client, &files[0], (0, 54), "- type:").await;
    assert!(text.contains("users.mail varchar(200)") && text.contains("- type: `character varying(200)`"), "{text}");
    let text = hover_at(&mut client, &files[1], (0, 41)).await;
    assert!(text.contains("`0001_email` is not applied there; called `users.mail` there"), "{text}");
    assert!(text.contains("- type: `character varying(200)`"), "{text}");

    let applied = format!(
        "{second}; INSERT INTO drizzle.__drizzle_migrations (hash, created_at) VALUES ('{}', 2000); ALTER TABLE users ADD COLUMN old uuid;",
        checksum(second)
    );
    admin.execute(sqlx::raw_sql(sqlx::AssertSqlSafe(applied))).await.unwrap();
    let text = hovered_at(&mut client, &files[0], (0, 54), "now called `users.email`, by `0001_email`").await;
    assert!(text.contains("- type: `character varying(200)`"), "{text}");
    let text = hover_at(&mut client, &files[0], (0, 74)).await;
    assert!(text.contains("- dropped by `0001_email`") && !text.contains("uuid"), "{text}");
}

/// A client that can be told to ask again.
fn refreshing() -> Value {
    let mut capabilities = capabilities();
    capabilities["workspace"]["codeLens"] = json!({"refreshSupport": true});
    capabilities["workspace"]["inlayHint"] = json!({"refreshSupport": true});
    capabilities
}

async fn refreshed(client: &mut Client<i32>, what: &str) {
    let asked = client.call_from_server(&format!("workspace/{what}/refresh")).await;
    client.reply(&asked, Value::Null).await;
}

async fn hints(client: &mut Client<i32>, schema: &str) -> Vec<(u64, String)> {
    let whole = json!({"start": {"line": 0, "character": 0}, "end": {"line": 100, "character": 0}});
    let answer =
        client.request("textDocument/inlayHint", json!({"textDocument": {"uri": schema}, "range": whole})).await;
    let hint = |it: &Value| (it["position"]["line"].as_u64().unwrap(), it["label"].as_str().unwrap().to_owned());
    answer.as_array().map(|all| all.iter().map(hint).collect()).unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_column_that_is_otherwise_has_a_hint_where_that_is_switched_on() {
    let (_server, mut admin, folder) = server_with(USERS).await;
    let mut client = start_with_options(&[&folder], refreshing(), Value::Null).await;
    let schema = uri(&folder, "schema.ts");
    client.open(&schema, 1, &std::fs::read_to_string(folder.path().join("schema.ts")).unwrap()).await;
    hovered_at(&mut client, &schema, (3, 3), "character varying").await;
    assert_eq!(hints(&mut client, &schema).await, [], "they are off by default");
    let settings = json!({"settings": {"driftlens": {"inlayHints": {"enable": true}}}});
    client.notify("workspace/didChangeConfiguration", settings).await;
    refreshed(&mut client, "inlayHint").await;
    let expected = [(3, String::from("live: character varying(200) NULL"))];
    assert_eq!(hints(&mut client, &schema).await, expected);
    client.forget(|message| message["method"] == "workspace/inlayHint/refresh");

    admin.execute("ALTER TABLE users ALTER COLUMN email TYPE text, ALTER COLUMN email SET NOT NULL").await.unwrap();
    look_again(&mut client, &folder).await;
    refreshed(&mut client, "inlayHint").await;
    assert_eq!(hints(&mut client, &schema).await, []);
}

async fn lenses(client: &mut Client<i32>, schema: &str) -> Vec<String> {
    let answer = client.request("textDocument/codeLens", json!({"textDocument": {"uri": schema}})).await;
    let live = answer.as_array().unwrap().iter().filter(|it| it["command"]["command"] == "driftlens.readDatabase");
    live.map(|it| it["command"]["title"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_has_a_lens_with_its_rows_that_is_asked_for_again_only_when_it_changes() {
    let (_server, mut admin, folder) = server_with(USERS).await;
    let mut client = start_with_options(&[&folder], refreshing(), Value::Null).await;
    let schema = uri(&folder, "schema.ts");
    client.open(&schema, 1, &std::fs::read_to_string(folder.path().join("schema.ts")).unwrap()).await;
    hovered_at(&mut client, &schema, (3, 3), "character varying").await;
    let found = lenses(&mut client, &schema).await;
    let is_whole = |line: &str| line.starts_with("≈ 2 000 rows · ") && line.ends_with(" kB · in default");
    assert!(matches!(found.as_slice(), [line] if is_whole(line)), "{found:?}");

    // It is looked at, read again, and the same.
    let is_refresh = |message: &Value| message["method"] == "workspace/codeLens/refresh";
    while let Some(asked) = client.unread("workspace/codeLens/refresh") {
        client.reply(&asked, Value::Null).await;
    }
    look_again(&mut client, &folder).await;
    for _ in 0..10 {
        assert_eq!(lenses(&mut client, &schema).await, found);
    }
    client.expect_none(Duration::from_secs(5), is_refresh).await;

    admin.execute(sqlx::raw_sql("DELETE FROM users WHERE id > 3; ANALYZE users;")).await.unwrap();
    // Whoever clicks on it wants to know what is there now.
    let click = json!({"command": "driftlens.readDatabase"});
    assert_eq!(client.request("workspace/executeCommand", click).await, Value::Null);
    refreshed(&mut client, "codeLens").await;
    assert!(lenses(&mut client, &schema).await[0].starts_with("≈ 3 rows · "));

    let off = json!({"settings": {"driftlens": {"codeLens": {"database": false}}}});
    client.notify("workspace/didChangeConfiguration", off).await;
    refreshed(&mut client, "codeLens").await;
    assert_eq!(lenses(&mut client, &schema).await, Vec::<String>::new());
}
