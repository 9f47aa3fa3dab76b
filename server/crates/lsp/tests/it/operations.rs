//! Pushing and migrating from the editor, on a real PostgreSQL: what is asked, what is a yes, and what runs then.

use crate::harness::Client;
use crate::project::{capabilities, start_with, uri, write};
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, Executor as _, PgConnection, Row as _};
use std::path::Path;
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tests::postgres::{Server, of_the_machine};

const SCHEMA: &str = r#"import { pgTable, integer, text } from "drizzle-orm/pg-core";
export const users = pgTable("users", {
  id: integer("id").primaryKey(),
  email: text("email"),
});
"#;
const ASKED: &str = "window/showMessageRequest";
const TOLD: &str = "window/showMessage";

fn address(server: &Server) -> String {
    let socket = server.socket();
    format!("postgres://postgres:hush@localhost/app?host={}", socket.parent().map(Path::display).unwrap())
}

/// With an environment of each kind on the same database, and two migrations.
fn project(address: &str, second: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    write(
        folder.path(),
        "drizzle.config.ts",
        "export default { dialect: 'postgresql', schema: './schema.ts', out: './drizzle' };\n",
    );
    let environment =
        |name: &str, kind: &str| format!("[environments.{name}]\nurl = \"{address}\"\nkind = \"{kind}\"\n");
    let environments = [("dev", "development"), ("stage", "shared"), ("prod", "production")]
        .map(|(name, kind)| environment(name, kind))
        .concat();
    write(folder.path(), "driftlens.toml", &format!("drizzle = \"drizzle.config.ts\"\n{environments}"));
    write(folder.path(), "schema.ts", SCHEMA);
    migrations(folder.path(), "postgresql", second);
    folder
}

fn migrations(folder: &Path, dialect: &str, second: &str) {
    write(folder, "drizzle/0000_first.sql", "CREATE TABLE users (id integer PRIMARY KEY NOT NULL);");
    write(folder, "drizzle/0001_second.sql", second);
    let entry =
        |idx: u32, tag: &str| json!({"idx": idx, "version": "7", "when": 1000 + idx, "tag": tag, "breakpoints": true});
    let journal =
        json!({"version": "7", "dialect": dialect, "entries": [entry(0, "0000_first"), entry(1, "0001_second")]});
    write(folder, "drizzle/meta/_journal.json", &journal.to_string());
}

/// A client that can be asked, and shows progress.
fn asking() -> Value {
    let mut capabilities = capabilities();
    capabilities["window"]["showMessage"] = json!({"messageActionItem": {"additionalPropertiesSupport": true}});
    capabilities["window"]["workDoneProgress"] = json!(true);
    capabilities
}

fn confirming() -> Value {
    let mut capabilities = asking();
    capabilities["experimental"] = json!({"driftlens": {"confirms": true}});
    capabilities
}

async fn started(folder: &TempDir, capabilities: Value) -> Client<i32> {
    let mut client = start_with(&[folder], capabilities).await;
    let start = Instant::now();
    while client.request("driftlens/status", Value::Null).await["projects"].as_array().is_none_or(Vec::is_empty) {
        assert!(start.elapsed() < Duration::from_secs(20), "the project is not found");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    client
}

async fn execute(client: &mut Client<i32>, command: &str, argument: Value) -> Value {
    client.request("workspace/executeCommand", json!({"command": command, "arguments": [argument]})).await
}

async fn refusal(client: &mut Client<i32>, command: &str, argument: Value) -> String {
    client.refusal("workspace/executeCommand", json!({"command": command, "arguments": [argument]})).await
}

async fn told(client: &mut Client<i32>) -> String {
    client.call_from_server(TOLD).await["params"]["message"].as_str().unwrap().to_owned()
}

/// The token of what is shown under this title. Planning may be shown too, where the machine is busy.
async fn shown(client: &mut Client<i32>, title: &str) -> Value {
    loop {
        let created = client.call_from_server("window/workDoneProgress/create").await;
        client.reply(&created, Value::Null).await;
        let token = created["params"]["token"].clone();
        let is_begin = |it: &Value| it["params"]["token"] == token && it["params"]["value"]["kind"] == "begin";
        let begun = client.wait(is_begin).await["params"]["value"].clone();
        assert_eq!(begun["cancellable"], true, "{begun}");
        if begun["title"] == title {
            return token;
        }
    }
}

async fn ended(client: &mut Client<i32>, token: &Value) {
    client.wait(|it| it["params"]["token"] == *token && it["params"]["value"]["kind"] == "end").await;
}

async fn tables(admin: &mut PgConnection) -> Vec<String> {
    let question =
        "SELECT relname::text FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1";
    admin.fetch_all(question).await.unwrap().iter().map(|row| row.get(0)).collect()
}

async fn run(admin: &mut PgConnection, sql: &str) {
    admin.execute(sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))).await.unwrap();
}

async fn database() -> (Server, PgConnection) {
    let server = Server::start(&of_the_machine());
    server.create_database("app").await;
    let admin = server.connect("app").await;
    (server, admin)
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_exact_title_is_a_yes() {
    let (server, mut admin) = database().await;
    let folder = project(&address(&server), "ALTER TABLE users ADD COLUMN email text;");
    let mut client = started(&folder, asking()).await;
    for no in
        [json!(null), json!({"title": "push to dev"}), json!({"title": "Cancel"}), json!({"title": "Push"}), json!(7)]
    {
        assert_eq!(execute(&mut client, "driftlens.push", json!({})).await, Value::Null);
        let asked = client.call_from_server(ASKED).await;
        client.reply(&asked, no).await;
    }
    execute(&mut client, "driftlens.push", json!({"environment": "dev"})).await;
    let asked = client.call_from_server(ASKED).await;
    let error = json!({"code": -32603, "message": "no"});
    client.send(json!({"jsonrpc": "2.0", "id": asked["id"], "error": error})).await;
    client.expect_none(Duration::from_millis(500), |message| message["method"] == TOLD).await;
    assert_eq!(tables(&mut admin).await, Vec::<String>::new());

    execute(&mut client, "driftlens.push", Value::Null).await;
    let asked = client.call_from_server(ASKED).await;
    let message = asked["params"]["message"].as_str().unwrap();
    assert!(message.starts_with("Push 1 step to dev (postgres://postgres@/"), "{message}");
    assert!(
        message.contains("1. CREATE TABLE \"users\" ( \"id\" integer PRIMARY KEY") && !message.contains("hush"),
        "{message}"
    );
    let titles: Vec<&Value> = asked["params"]["actions"].as_array().unwrap().iter().map(|it| &it["title"]).collect();
    assert_eq!(titles, ["Push to dev", "Show SQL", "Cancel"]);
    // Reading first, then the same question again.
    client.reply(&asked, json!({"title": "Show SQL"})).await;
    let shown = client.call_from_server("window/showDocument").await;
    let file = shown["params"]["uri"].as_str().unwrap().strip_prefix("file://").unwrap().to_owned();
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(text.contains("CREATE TABLE \"users\"") && !text.contains("hush"), "{text}");
    client.reply(&shown, json!({"success": true})).await;
    let asked = client.call_from_server(ASKED).await;
    assert_eq!(tables(&mut admin).await, Vec::<String>::new());
    client.reply(&asked, json!({"title": "Push to dev"})).await;
    let message = told(&mut client).await;
    assert!(message.starts_with("dev (") && message.ends_with("): pushed 1 step"), "{message}");
    assert_eq!(tables(&mut admin).await, ["users"]);
    execute(&mut client, "driftlens.push", json!({})).await;
    let message = told(&mut client).await;
    assert!(message.ends_with("nothing to push, it is what the schema files say"), "{message}");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_runs_when_the_client_is_gone_or_the_plan_has_moved_on() {
    let (server, mut admin) = database().await;
    let folder = project(&address(&server), "ALTER TABLE users ADD COLUMN email text;");
    let mut client = started(&folder, asking()).await;
    execute(&mut client, "driftlens.push", json!({})).await;
    client.call_from_server(ASKED).await;
    client.hang_up().await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert_eq!(tables(&mut admin).await, Vec::<String>::new());

    let mut client = started(&folder, asking()).await;
    execute(&mut client, "driftlens.push", json!({})).await;
    let asked = client.call_from_server(ASKED).await;
    run(&mut admin, "CREATE TABLE users (id integer PRIMARY KEY)").await;
    client.reply(&asked, json!({"title": "Push to dev"})).await;
    let message = told(&mut client).await;
    assert!(message.contains("nothing was changed: the plan is not the one that was shown any more"), "{message}");

    // The schema file is another one when the yes comes.
    execute(&mut client, "driftlens.push", json!({})).await;
    let asked = client.call_from_server(ASKED).await;
    client.open(&uri(&folder, "schema.ts"), 1, &SCHEMA.replace("email", "mail")).await;
    client.reply(&asked, json!({"title": "Push to dev"})).await;
    let message = told(&mut client).await;
    assert!(message.contains("nothing was changed: save schema.ts first"), "{message}");
    assert_eq!(
        refusal(&mut client, "driftlens.push", json!({})).await,
        "save schema.ts first: what is done to a database is made of what is saved"
    );

    // Somebody migrated between the question and the answer.
    execute(&mut client, "driftlens.migrate", json!({"environment": "stage"})).await;
    let asked = client.call_from_server(ASKED).await;
    run(
        &mut admin,
        "CREATE SCHEMA drizzle; CREATE TABLE drizzle.__drizzle_migrations (id SERIAL PRIMARY KEY, hash text NOT NULL, created_at bigint); \
         INSERT INTO drizzle.__drizzle_migrations (hash, created_at) VALUES ('x', 1000)",
    )
    .await;
    client.reply(&asked, json!({"title": "Migrate stage"})).await;
    let message = told(&mut client).await;
    assert!(message.contains("the plan is not the one that was shown any more"), "{message}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_asks_itself_gets_the_plan_and_a_token_for_one_yes() {
    let (server, mut admin) = database().await;
    run(
        &mut admin,
        "CREATE TABLE users (id integer PRIMARY KEY, email text, phone text); INSERT INTO users VALUES (1, 'a', '1'), (2, 'b', '2'), (3, 'c', NULL)",
    )
    .await;
    let folder = project(&address(&server), "ALTER TABLE users ADD COLUMN email text;");
    let mut client = started(&folder, confirming()).await;
    let config = folder.path().canonicalize().unwrap().join("driftlens.toml");
    let argument = json!({"version": 1, "source": config, "index": 0, "project": config, "environment": "dev"});
    let plan = execute(&mut client, "driftlens.push", argument).await;
    assert_eq!(
        (&plan["verb"], &plan["title"], &plan["environment"], &plan["kind"], &plan["isDestructive"]),
        (&json!("Push to dev"), &json!("Pushing to dev"), &json!("dev"), &json!("development"), &json!(true)),
        "{plan}"
    );
    let detail = plan["detail"].as_str().unwrap();
    assert!(detail.starts_with("Lost for good: ") && detail.contains("(2 rows)"), "{detail}");
    assert!(detail.contains("1. ALTER TABLE \"users\" DROP COLUMN \"phone\""), "{detail}");
    assert!(plan["sql"].as_str().unwrap().contains("DROP COLUMN \"phone\";"), "{plan}");
    assert!(plan["address"].as_str().unwrap().starts_with("postgres://postgres@"), "{plan}");
    assert!(plan["question"].as_str().unwrap().starts_with("Push 1 step to dev (postgres://"), "{plan}");
    assert!(!plan.to_string().contains("hush"), "{plan}");

    for wrong in [json!({}), json!({"token": "x"}), Value::Null, json!({"token": 7})] {
        let why = refusal(&mut client, "driftlens.push.confirmed", wrong).await;
        assert!(why.starts_with("nothing was changed: this yes was used, or is too old"), "{why}");
    }
    let token = json!({"token": plan["token"]});
    refusal(&mut client, "driftlens.migrate.confirmed", token.clone()).await;
    assert_eq!(execute(&mut client, "driftlens.push.confirmed", token.clone()).await, Value::Null);
    let message = told(&mut client).await;
    assert!(message.ends_with("pushed 1 step"), "{message}");
    refusal(&mut client, "driftlens.push.confirmed", token).await;
    let columns = "SELECT count(*) FROM pg_attribute WHERE attrelid = 'users'::regclass AND attname = 'phone'";
    assert_eq!(admin.fetch_one(columns).await.unwrap().get::<i64, _>(0), 0);
    assert_eq!(execute(&mut client, "driftlens.push", json!({})).await, Value::Null, "nothing is to be pushed");
    client.expect_none(Duration::from_millis(200), |message| message["method"] == ASKED).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_pushes_to_what_is_shared_and_migrating_it_names_it() {
    let (server, mut admin) = database().await;
    let folder =
        project(&address(&server), "ALTER TABLE users ADD COLUMN email text;\nALTER TABLE nobody DROP COLUMN x;");
    let mut client = started(&folder, asking()).await;
    for (name, kind) in [("stage", "shared"), ("prod", "production")] {
        let why = refusal(&mut client, "driftlens.push", json!({"environment": name})).await;
        assert!(why.starts_with(&format!("`{name}` is a {kind} database: push is for development.")), "{why}");
        assert!(why.contains("driftlens generate"), "{why}");
    }
    let why = refusal(&mut client, "driftlens.migrate", json!({"environment": "other"})).await;
    assert!(why.contains("there is no environment `other`") && why.contains("dev, prod, stage"), "{why}");
    let why = refusal(&mut client, "driftlens.migrate", json!({"project": "other"})).await;
    assert_eq!(why, "there is no project `other`");

    execute(&mut client, "driftlens.migrate", json!({"environment": "prod"})).await;
    let asked = client.call_from_server(ASKED).await;
    let message = asked["params"]["message"].as_str().unwrap();
    assert!(message.starts_with("Apply 2 migrations to the production database prod (postgres://"), "{message}");
    assert_eq!(
        (&asked["params"]["actions"][0]["title"], &asked["params"]["type"]),
        (&json!("Migrate prod"), &json!(2))
    );
    client.reply(&asked, json!({"title": "Migrate"})).await;
    client.expect_none(Duration::from_millis(300), |message| message["method"] == TOLD).await;
    assert_eq!(tables(&mut admin).await, Vec::<String>::new());

    // The first stays, the second fails: where, and what the server says.
    execute(&mut client, "driftlens.migrate", json!({"environment": "prod"})).await;
    let asked = client.call_from_server(ASKED).await;
    client.reply(&asked, json!({"title": "Migrate prod"})).await;
    let message = told(&mut client).await;
    assert!(message.contains("drizzle/0001_second.sql:2:"), "{message}");
    assert!(
        message.contains("relation \"nobody\" does not exist") && message.contains("1 migration is applied"),
        "{message}"
    );
    assert_eq!(tables(&mut admin).await, ["users"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_push_that_hangs_is_seen_can_be_stopped_and_keeps_nobody_waiting() {
    let (server, mut admin) = database().await;
    run(&mut admin, "CREATE TABLE users (id integer PRIMARY KEY)").await;
    let folder = project(&address(&server), "ALTER TABLE users ADD COLUMN email text;");
    let mut client = started(&folder, confirming()).await;
    client.open(&uri(&folder, "schema.ts"), 1, SCHEMA).await;
    let plan = execute(&mut client, "driftlens.push", json!({})).await;
    run(&mut admin, "BEGIN; LOCK TABLE users IN SHARE MODE").await;
    let params = json!({"command": "driftlens.push.confirmed", "arguments": [{"token": plan["token"]}]});
    let running = client.ask("workspace/executeCommand", params).await;
    let token = shown(&mut client, "Driftlens: push").await;
    let start = Instant::now();
    for _ in 0..20 {
        let params =
            json!({"textDocument": {"uri": uri(&folder, "schema.ts")}, "position": {"line": 1, "character": 14}});
        let hover = client.request("textDocument/hover", params).await;
        assert!(hover["contents"]["value"].as_str().unwrap().contains("users"), "{hover}");
    }
    assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
    client.notify("window/workDoneProgress/cancel", json!({"token": token})).await;
    let message = told(&mut client).await;
    assert!(message.ends_with("stopped as asked; nothing was changed: the transaction was taken back"), "{message}");
    ended(&mut client, &token).await;
    assert!(client.answer(running).await.get("error").is_none());
    run(&mut admin, "COMMIT").await;
    let columns = "SELECT count(*) FROM pg_attribute WHERE attrelid = 'users'::regclass AND attname = 'email'";
    assert_eq!(admin.fetch_one(columns).await.unwrap().get::<i64, _>(0), 0);

    // A lock that is given back in time.
    let plan = execute(&mut client, "driftlens.push", json!({})).await;
    run(&mut admin, "BEGIN; LOCK TABLE users IN SHARE MODE").await;
    let params = json!({"command": "driftlens.push.confirmed", "arguments": [{"token": plan["token"]}]});
    client.ask("workspace/executeCommand", params).await;
    let token = shown(&mut client, "Driftlens: push").await;
    run(&mut admin, "COMMIT").await;
    let message = told(&mut client).await;
    assert!(message.ends_with("pushed 1 step"), "{message}");
    ended(&mut client, &token).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn migrating_stops_between_two_migrations() {
    let (server, mut admin) = database().await;
    let folder = project(&address(&server), "SELECT pg_sleep(4);");
    let mut client = started(&folder, confirming()).await;
    let plan = execute(&mut client, "driftlens.migrate", json!({"environment": "stage"})).await;
    assert_eq!((&plan["verb"], &plan["kind"]), (&json!("Migrate stage"), &json!("shared")));
    assert_eq!(plan["detail"], "0000_first\n0001_second");
    let params = json!({"command": "driftlens.migrate.confirmed", "arguments": [{"token": plan["token"]}]});
    client.ask("workspace/executeCommand", params).await;
    let token = shown(&mut client, "Driftlens: migrate").await;
    // The first one is there for good.
    while tables(&mut admin).await.is_empty() {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    client.notify("window/workDoneProgress/cancel", json!({"token": token})).await;
    let message = told(&mut client).await;
    assert!(message.ends_with("stopped as asked; 1 of 2 migrations applied"), "{message}");
    let rows = admin.fetch_one("SELECT count(*) FROM drizzle.__drizzle_migrations").await.unwrap();
    assert_eq!(rows.get::<i64, _>(0), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_cannot_be_asked_gets_a_second_action() {
    let (server, mut admin) = database().await;
    let folder = project(&address(&server), "ALTER TABLE users ADD COLUMN email text;");
    let mut client = started(&folder, capabilities()).await;
    let schema = uri(&folder, "schema.ts");
    client.open(&schema, 1, SCHEMA).await;
    let plan = execute(&mut client, "driftlens.push", json!({})).await;
    assert!(plan["token"].is_string(), "{plan}");
    let message = told(&mut client).await;
    assert!(message.contains("CREATE TABLE \"users\"") && message.contains("Nothing is done yet"), "{message}");
    let shown = client.call_from_server("window/showDocument").await;
    client.reply(&shown, json!({"success": true})).await;
    let range = json!({"start": {"line": 1, "character": 0}, "end": {"line": 1, "character": 0}});
    let params = json!({"textDocument": {"uri": schema}, "range": range, "context": {"diagnostics": []}});
    let yes = async |client: &mut Client<i32>| {
        let actions = client.request("textDocument/codeAction", params.clone()).await;
        let all: Vec<Value> = actions.as_array().cloned().unwrap_or_default();
        all.into_iter().find(|it| it["title"].as_str().unwrap().starts_with("Yes: Push to dev"))
    };
    let action = yes(&mut client).await.unwrap();
    assert_eq!(action["command"]["command"], "driftlens.push.confirmed", "{action}");
    assert_eq!(tables(&mut admin).await, Vec::<String>::new());
    execute(&mut client, "driftlens.push.confirmed", action["command"]["arguments"][0].clone()).await;
    assert!(told(&mut client).await.ends_with("pushed 1 step"));
    assert_eq!(tables(&mut admin).await, ["users"]);
    assert_eq!(yes(&mut client).await, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn pushing_and_migrating_are_offered_where_a_database_lacks_something() {
    let (server, _admin) = database().await;
    let folder = project(&address(&server), "SELECT 1;");
    let mut client = started(&folder, asking()).await;
    let (schema, journal) = (uri(&folder, "schema.ts"), uri(&folder, "drizzle/meta/_journal.json"));
    client.open(&schema, 1, SCHEMA).await;
    let mut of = async |uri: &str, code: &str| -> Vec<(String, Value)> {
        let is_it = |it: &Value| {
            let found = it["params"]["diagnostics"].as_array();
            it["params"]["uri"] == uri && found.is_some_and(|all| all.iter().any(|it| it["code"] == code))
        };
        let found = client.wait(is_it).await["params"]["diagnostics"].clone();
        let found = found.as_array().unwrap().iter().find(|it| it["code"] == code).unwrap().clone();
        let context = json!({"diagnostics": [found]});
        let params = json!({"textDocument": {"uri": uri}, "range": found["range"], "context": context});
        let actions = client.request("textDocument/codeAction", params).await;
        let all = actions.as_array().cloned().unwrap_or_default();
        all.into_iter().map(|it| (it["title"].as_str().unwrap().to_owned(), it)).collect()
    };
    let actions = of(&journal, "db/unapplied").await;
    let (_, action) = actions.iter().find(|(title, _)| title == "Migrate dev…").unwrap();
    assert_eq!(action["command"]["command"], "driftlens.migrate");
    assert_eq!(action["command"]["arguments"][0]["environment"], "dev");
    let actions = of(&schema, "schema/missing-migration").await;
    let (_, action) = actions.iter().find(|(title, _)| title == "Push to dev…").unwrap();
    assert_eq!((&action["command"]["command"], &action["kind"]), (&json!("driftlens.push"), &json!("quickfix")));
    let lenses = client.request("textDocument/codeLens", json!({"textDocument": {"uri": schema}})).await;
    assert!(lenses.as_array().unwrap().iter().any(|it| it["command"]["title"] == "Push to dev…"), "{lenses}");
    let start = Instant::now();
    execute(&mut client, "driftlens.migrate", action["command"]["arguments"][0].clone()).await;
    let asked = client.call_from_server(ASKED).await;
    client.reply(&asked, json!({"title": "Migrate dev"})).await;
    assert!(told(&mut client).await.ends_with("applied 2 migrations"));
    // The picture is a new one at once.
    let is_gone = |it: &Value| {
        it["params"]["uri"] == journal
            && it["params"]["diagnostics"]
                .as_array()
                .is_some_and(|all| all.iter().all(|it| it["code"] != "db/unapplied"))
    };
    client.wait(is_gone).await;
    assert!(start.elapsed() < Duration::from_secs(10), "{:?}", start.elapsed());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sqlite_file_is_pushed_to_and_migrated() {
    let folder = tempfile::tempdir().unwrap();
    let config = "export default { dialect: 'sqlite', schema: './schema.ts', out: './drizzle', dbCredentials: { url: './app.db' } };\n";
    write(folder.path(), "drizzle.config.ts", config);
    let schema = "import { sqliteTable, integer } from \"drizzle-orm/sqlite-core\";\nexport const posts = sqliteTable(\"posts\", { id: integer(\"id\").primaryKey() });\n";
    write(folder.path(), "schema.ts", schema);
    let mut client = started(&folder, asking()).await;
    let file = folder.path().join("app.db");
    execute(&mut client, "driftlens.push", json!({})).await;
    let asked = client.call_from_server(ASKED).await;
    client.reply(&asked, Value::Null).await;
    client.expect_none(Duration::from_millis(300), |message| message["method"] == TOLD).await;
    assert!(!file.exists(), "a question makes no file");
    execute(&mut client, "driftlens.push", json!({})).await;
    let asked = client.call_from_server(ASKED).await;
    client.reply(&asked, json!({"title": "Push to default"})).await;
    let message = told(&mut client).await;
    assert!(message.ends_with("pushed 1 step") && file.exists(), "{message}");
    execute(&mut client, "driftlens.migrate", json!({})).await;
    let message = told(&mut client).await;
    assert!(message.ends_with("there are no migrations yet"), "{message}");

    migrations(folder.path(), "sqlite", "CREATE TABLE posts (id integer);");
    let changes = json!([{"uri": uri(&folder, "drizzle/meta/_journal.json"), "type": 1}]);
    client.notify("workspace/didChangeWatchedFiles", json!({"changes": changes})).await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    execute(&mut client, "driftlens.migrate", json!({})).await;
    let asked = client.call_from_server(ASKED).await;
    client.reply(&asked, json!({"title": "Migrate default"})).await;
    let message = told(&mut client).await;
    assert!(message.contains("0001_second.sql:1:1: table posts already exists"), "{message}");
    assert!(message.contains("1 migration is applied"), "{message}");
}
