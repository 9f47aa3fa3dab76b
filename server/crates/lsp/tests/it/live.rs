//! Hovers with a real PostgreSQL beside the schema: up, changed behind our back, down, forbidden.

use crate::harness::Client;
use crate::project::{PUBLISH, capabilities, start_with_options, uri, write};
use serde_json::{Value, json};
use sqlx::{Executor as _, PgConnection};
use std::path::Path;
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tests::postgres::{Server, of_the_machine};

const SCHEMA: &str = r#"import { pgTable, integer, text, index } from "drizzle-orm/pg-core";
export const users = pgTable("users", {
  id: integer("id").primaryKey(),
  email: text("email").notNull(),
}, (t) => [index("users_email").on(t.email)]);
"#;
/// Of the key `email`.
const EMAIL: (u32, u32) = (3, 3);
const USERS: (u32, u32) = (1, 14);

pub(crate) fn project(address: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let config = "export default { dialect: 'postgresql', schema: './schema.ts', out: './drizzle', dbCredentials: { url: process.env.APP_DATABASE! } };\n";
    write(folder.path(), "drizzle.config.ts", config);
    write(folder.path(), ".env", &format!("APP_DATABASE={address}\n"));
    write(folder.path(), "schema.ts", SCHEMA);
    folder
}

pub(crate) fn address(server: &Server) -> String {
    let socket = server.socket();
    format!("postgres://postgres@localhost/app?host={}", socket.parent().map(Path::display).unwrap())
}

pub(crate) async fn hover_at(client: &mut Client<i32>, uri: &str, (line, character): (u32, u32)) -> String {
    let params = json!({"textDocument": {"uri": uri}, "position": {"line": line, "character": character}});
    let answer = client.request("textDocument/hover", params).await;
    answer["contents"]["value"].as_str().unwrap_or_default().to_owned()
}

/// Hovers until it says this.
pub(crate) async fn hovered_at(client: &mut Client<i32>, uri: &str, at: (u32, u32), wanted: &str) -> String {
    let start = Instant::now();
    loop {
        let text = hover_at(client, uri, at).await;
        if text.contains(wanted) {
            return text;
        }
        assert!(start.elapsed() < Duration::from_secs(30), "{wanted:?} never came: {text}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

async fn hover(client: &mut Client<i32>, folder: &TempDir, at: (u32, u32)) -> String {
    hover_at(client, &uri(folder, "schema.ts"), at).await
}

async fn hovered(client: &mut Client<i32>, folder: &TempDir, at: (u32, u32), wanted: &str) -> String {
    hovered_at(client, &uri(folder, "schema.ts"), at, wanted).await
}

async fn started(folder: &TempDir, options: Value) -> Client<i32> {
    let mut client = start_with_options(&[folder], capabilities(), options).await;
    client.open(&uri(folder, "schema.ts"), 1, SCHEMA).await;
    client
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hover_has_the_live_facts_and_never_waits() {
    let server = Server::start(&of_the_machine());
    server.create_database("app").await;
    let mut admin = server.connect("app").await;
    let made = "CREATE TABLE users (id integer PRIMARY KEY, email varchar(200)); CREATE INDEX users_email ON users (email); \
        INSERT INTO users SELECT n, CASE WHEN n % 4 > 0 THEN n::text END FROM generate_series(1, 2000) n; ANALYZE users;";
    admin.execute(sqlx::raw_sql(made)).await.unwrap();
    let folder = project(&address(&server));
    let mut client = started(&folder, Value::Null).await;

    let text = hovered(&mut client, &folder, EMAIL, "character varying").await;
    assert!(text.contains("users.email text NOT NULL"), "the static block stands first: {text}");
    assert!(text.contains(&format!("*Database* `default` (PostgreSQL {}", server.major)), "{text}");
    assert!(text.contains("- type: `character varying(200)`\n"), "{text}");
    assert!(text.contains("25.0 % of the rows") && text.contains("- rows: about 2 000"), "{text}");
    assert!(text.contains("**differs from the schema:** `character varying(200)` there, `text` here"), "{text}");
    assert!(text.contains("NULL is allowed there, not here"), "{text}");
    let text = hover(&mut client, &folder, USERS).await;
    assert!(text.contains("- rows: about 2 000, ") && text.contains("- index `users_email`: never used"), "{text}");

    // Behind our back.
    admin.execute("ALTER TABLE users ALTER COLUMN email TYPE text").await.unwrap();
    admin.execute("UPDATE users SET email = '' WHERE email IS NULL").await.unwrap();
    admin.execute("ALTER TABLE users ALTER COLUMN email SET NOT NULL").await.unwrap();
    let text = hovered(&mut client, &folder, EMAIL, "- type: `text NOT NULL`").await;
    assert!(!text.contains("differs"), "{text}");

    // The server goes away: what was read stays, with its age.
    drop(admin);
    drop(server);
    let text = hovered(&mut client, &folder, EMAIL, "next try in").await;
    assert!(text.contains("As it was") && text.contains("- type: `text NOT NULL`"), "{text}");
    let start = Instant::now();
    for _ in 0..50 {
        hover(&mut client, &folder, EMAIL).await;
    }
    assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hover_says_what_could_not_be_proved() {
    let server = Server::start(&of_the_machine());
    server.create_database("app").await;
    let made = "CREATE TABLE users (id integer PRIMARY KEY, email text NOT NULL); CREATE INDEX users_email ON users (email); \
        CREATE VIEW open AS SELECT id FROM users WHERE email IN ('a', 'b');";
    server.connect("app").await.execute(sqlx::raw_sql(made)).await.unwrap();
    let folder = project(&address(&server));
    let view = "import { pgView } from \"drizzle-orm/pg-core\";\nimport { sql } from \"drizzle-orm\";\n\
        export const open = pgView(\"open\", { id: integer(\"id\") }).as(sql`select id from users where email in ('a', 'b')`);\n";
    let text = format!("{SCHEMA}{view}");
    write(folder.path(), "schema.ts", &text);
    let mut client = start_with_options(&[&folder], capabilities(), Value::Null).await;
    client.open(&uri(&folder, "schema.ts"), 1, &text).await;
    let text = hovered(&mut client, &folder, (7, 14), "- is there").await;
    assert!(text.contains("- **unproved:** an expression of it is spelled otherwise"), "{text}");
    let text = hover(&mut client, &folder, USERS).await;
    assert!(text.contains("- columns: 2") && !text.contains("unproved"), "{text}");
    let status = client.request("driftlens/status", Value::Null).await;
    assert_eq!(status["projects"][0]["database"]["unproved"], 1, "{status}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_database_has_beside_the_migrations_is_told_in_the_files() {
    let server = Server::start(&of_the_machine());
    server.create_database("app").await;
    let mut admin = server.connect("app").await;
    let folder = project(&address(&server));
    let sql = write_migration(&folder);
    let mut client = started(&folder, Value::Null).await;
    // The findings of a file when one of a code is among them, or, without one, when none is.
    async fn told(client: &mut Client<i32>, uri: &str, code: Option<&str>) -> Value {
        let is_about = |message: &Value| {
            let params = &message["params"];
            let all: Vec<&str> =
                params["diagnostics"].as_array().into_iter().flatten().filter_map(|it| it["code"].as_str()).collect();
            message["method"] == PUBLISH
                && params["uri"] == uri
                && code.map_or_else(|| all.iter().all(|it| !it.starts_with("db/")), |code| all.contains(&code))
        };
        client.wait(is_about).await["params"]["diagnostics"].clone()
    }
    let journal = uri(&folder, "drizzle/meta/_journal.json");
    let found = told(&mut client, &journal, Some("db/unapplied")).await;
    assert!(
        found[0]["message"].as_str().unwrap().contains("1 migration is not applied to `default`: 0000_first"),
        "{found}"
    );

    let ledger = format!(
        "{sql}; CREATE SCHEMA drizzle; CREATE TABLE drizzle.__drizzle_migrations (id SERIAL PRIMARY KEY, hash text NOT NULL, created_at bigint); \
         INSERT INTO drizzle.__drizzle_migrations (hash, created_at) VALUES ('{}', 1000)",
        history::Format::Drizzle.checksum(sql).unwrap()
    );
    admin.execute(sqlx::raw_sql(sqlx::AssertSqlSafe(ledger))).await.unwrap();
    look_again(&mut client, &folder).await;
    told(&mut client, &journal, None).await;

    admin.execute("ALTER TABLE users ALTER COLUMN email DROP NOT NULL").await.unwrap();
    look_again(&mut client, &folder).await;
    let schema = uri(&folder, "schema.ts");
    let found = told(&mut client, &schema, Some("db/drift")).await;
    let drift = found.as_array().unwrap().iter().find(|it| it["code"] == "db/drift").unwrap();
    assert_eq!((drift["range"]["start"]["line"].as_u64(), drift["severity"].as_u64()), (Some(3), Some(3)), "{found}");
    assert!(drift["message"].as_str().unwrap().contains("DROP NOT NULL"), "{found}");

    let status = client.request("driftlens/status", Value::Null).await;
    let database = &status["projects"][0]["database"];
    assert_eq!((&database["state"], &database["drift"]), (&json!("connected"), &json!(1)), "{status}");
    assert!(database["address"].as_str().unwrap().starts_with("postgres://"), "{status}");
    let tree = client.request("driftlens/schemaTree", json!({})).await;
    let users = &tree["projects"][0]["nodes"][0];
    assert_eq!((&users["label"], &users["state"]), (&json!("users"), &json!("drift")), "{tree}");
    assert_eq!(
        (&users["children"][0]["kind"], &users["children"][1]["state"]),
        (&json!("primaryKey"), &json!("drift"))
    );
    assert_eq!(users["children"][1]["location"]["range"]["start"]["line"], 3, "{tree}");
    let tree = client.request("driftlens/migrationsTree", json!({})).await;
    let first = &tree["projects"][0]["nodes"][0];
    assert_eq!((&first["name"], &first["state"]), (&json!("0000_first"), &json!("applied")), "{tree}");
    assert_eq!(first["children"][0]["label"], "table users", "{tree}");

    admin.execute("ALTER TABLE users ALTER COLUMN email SET NOT NULL; ").await.unwrap();
    admin.execute("UPDATE drizzle.__drizzle_migrations SET hash = 'other'").await.unwrap();
    look_again(&mut client, &folder).await;
    told(&mut client, &uri(&folder, "drizzle/0000_first.sql"), Some("db/modified-migration")).await;
}

/// A save is a reason to read the database again.
pub(crate) async fn look_again(client: &mut Client<i32>, folder: &TempDir) {
    client.notify("textDocument/didSave", json!({"textDocument": {"uri": uri(folder, "schema.ts")}})).await;
}

/// The folder of the project has one migration, which `SCHEMA` says the same as.
fn write_migration(folder: &TempDir) -> &'static str {
    let sql = "CREATE TABLE users (id integer PRIMARY KEY NOT NULL, email text NOT NULL);\n--> statement-breakpoint\nCREATE INDEX users_email ON users (email);";
    write(folder.path(), "drizzle/0000_first.sql", sql);
    write(
        folder.path(),
        "drizzle/meta/_journal.json",
        r#"{"version":"7","dialect":"postgresql","entries":[{"idx":0,"version":"7","when":1000,"tag":"0000_first","breakpoints":true}]}"#,
    );
    sql
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_read_last_is_shown_after_a_restart_until_the_database_is_read_again() {
    let server = Server::start(&of_the_machine());
    let version = format!("PostgreSQL {}", server.major);
    server.create_database("app").await;
    let mut admin = server.connect("app").await;
    let made = "CREATE TABLE users (id integer PRIMARY KEY, email varchar(200)); \
        INSERT INTO users SELECT n, CASE WHEN n % 4 > 0 THEN n::text END FROM generate_series(1, 2000) n; ANALYZE users;";
    admin.execute(sqlx::raw_sql(made)).await.unwrap();
    let folder = project(&address(&server));
    write_migration(&folder);
    let mut client = started(&folder, Value::Null).await;
    hovered(&mut client, &folder, EMAIL, "- type: `character varying(200)`").await;
    client.shut_down().await;

    // The database is there: it is shown as it is now.
    admin.execute("ALTER TABLE users ALTER COLUMN email TYPE varchar(300)").await.unwrap();
    admin.execute("ANALYZE users").await.unwrap();
    let mut client = started(&folder, Value::Null).await;
    let text = hovered(&mut client, &folder, EMAIL, &format!("*Database* `default` ({version}")).await;
    assert!(text.contains("- type: `character varying(300)`") && !text.contains("As it was"), "{text}");
    client.shut_down().await;

    // It is gone, and in its place something listens that never says a word.
    let socket = server.socket();
    let socket_folder = socket.parent().unwrap();
    drop((admin, server));
    let start = Instant::now();
    while socket_folder.exists() {
        assert!(start.elapsed() < Duration::from_secs(20), "the server does not end");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    std::fs::create_dir(socket_folder).unwrap();
    let listener = std::os::unix::net::UnixListener::bind(&socket).unwrap();
    let mut client = started(&folder, Value::Null).await;
    let text = hovered(&mut client, &folder, EMAIL, "As it was").await;
    assert!(text.contains("*Database* `default`: connecting …") && text.contains(&format!("({version}")), "{text}");
    assert!(text.contains("- type: `character varying(300)`") && text.contains("25.0 % of the rows"), "{text}");
    assert!(text.contains(" s ago (") || text.contains("a moment ago ("), "{text}");

    // Now nobody listens any more.
    drop(listener);
    std::fs::remove_dir_all(socket_folder).unwrap();
    let text = hovered(&mut client, &folder, EMAIL, "next try in").await;
    assert!(text.contains("As it was") && text.contains("- type: `character varying(300)`"), "{text}");
    // From what it was then nothing is concluded.
    let is_found = |message: &Value| message["method"] == PUBLISH && message.to_string().contains("db/");
    client.expect_none(Duration::from_millis(300), is_found).await;
    let database = client.request("driftlens/status", Value::Null).await["projects"][0]["database"].clone();
    assert_eq!((&database["state"], &database["unapplied"]), (&json!("unreachable"), &Value::Null), "{database}");
    client.shut_down().await;

    // Where databases are left alone nothing is said of one.
    let mut client = started(&folder, json!({"database": {"enable": false}})).await;
    let text = hovered(&mut client, &folder, EMAIL, "users.email").await;
    assert!(!text.contains("Database") && !text.contains("As it was"), "{text}");
}

/// Asks for the status, which is no reason to look at the database, until that is so.
async fn stands(client: &mut Client<i32>, wanted: &Value) {
    let start = Instant::now();
    loop {
        let status = client.request("driftlens/status", Value::Null).await;
        let database = &status["projects"][0]["database"];
        if database["state"] == *wanted || *database == *wanted {
            return;
        }
        // Of itself the server looks after thirty seconds.
        assert!(start.elapsed() < Duration::from_secs(20), "{wanted} never came: {status}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_was_brought_up_or_down_beside_the_server_is_looked_at_when_that_is_told() {
    let first = Server::start(&of_the_machine());
    first.create_database("app").await;
    let folder = project(&address(&first));
    let mut client = started(&folder, Value::Null).await;
    stands(&mut client, &json!("connected")).await;
    drop(first);
    client.notify("driftlens/databaseChanged", json!({})).await;
    stands(&mut client, &json!("unreachable")).await;
    write(folder.path(), ".env", "");
    client.notify("driftlens/databaseChanged", json!({})).await;
    stands(&mut client, &Value::Null).await;
    let second = Server::start(&of_the_machine());
    second.create_database("app").await;
    write(folder.path(), ".env", &format!("APP_DATABASE={}\n", address(&second)));
    client.notify("driftlens/databaseChanged", json!({})).await;
    stands(&mut client, &json!("connected")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_connected_to_that_was_not_meant_to_be() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let port = listener.local_addr().unwrap().port();
    // Forbidden by whoever starts the server.
    let folder = project(&format!("postgres://me:hush@127.0.0.1:{port}/app"));
    let mut client = started(&folder, json!({"database": {"enable": false}})).await;
    client
        .notify("workspace/didChangeConfiguration", json!({"settings": {"driftlens": {"database": {"enable": true}}}}))
        .await;
    let text = hovered(&mut client, &folder, EMAIL, "users.email").await;
    assert!(!text.contains("Database"), "{text}");
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert!(listener.accept().is_err(), "somebody connected");
    client.shut_down().await;

    // The environments can be chosen from.
    let folder = project(&format!("postgres://me:hush@127.0.0.1:{port}/app"));
    write(
        folder.path(),
        "driftlens.toml",
        "drizzle = \"drizzle.config.ts\"\n[environments.live]\nurl = \"postgres://me:hush@db.example.org/app\"\nkind = \"production\"\n",
    );
    let mut client = started(&folder, Value::Null).await;
    hovered(&mut client, &folder, EMAIL, "`live` is production").await;
    let status = client.request("driftlens/status", Value::Null).await;
    assert_eq!(status["projects"][0]["environments"], json!([{"name": "live", "kind": "production"}]), "{status}");
    assert_eq!(status["projects"][0]["database"]["state"], "off", "{status}");
    client.shut_down().await;

    // One that is not on this machine is somebody else's too.
    let folder = project("postgres://me:hush@db.example.org/app");
    let mut client = started(&folder, Value::Null).await;
    let text = hovered(&mut client, &folder, EMAIL, "Database").await;
    assert!(text.contains("`default` is shared, so it is not looked at unasked"), "{text}");
    assert!(!text.contains("hush"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_hangs_changes_nothing_else() {
    // It takes the connection and never says a word.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let folder = project(&format!("postgres://me:hush@{}/app", listener.local_addr().unwrap()));
    let mut client = started(&folder, Value::Null).await;
    hovered(&mut client, &folder, EMAIL, "connecting").await;
    let start = Instant::now();
    for _ in 0..50 {
        hover(&mut client, &folder, EMAIL).await;
    }
    assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
    let text = hovered(&mut client, &folder, EMAIL, "no answer within 10 seconds").await;
    assert!(!text.contains("hush"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_roots_with_one_database_both_see_it_until_one_goes() {
    let server = Server::start(&of_the_machine());
    server.create_database("app").await;
    let mut admin = server.connect("app").await;
    admin.execute("CREATE TABLE users (id integer PRIMARY KEY, email varchar(20) NOT NULL)").await.unwrap();
    let (first, second) = (project(&address(&server)), project(&address(&server)));
    let mut client = start_with_options(&[&first, &second], capabilities(), Value::Null).await;
    for folder in [&first, &second] {
        client.open(&uri(folder, "schema.ts"), 1, SCHEMA).await;
        hovered(&mut client, folder, EMAIL, "- type: `character varying(20) NOT NULL`").await;
    }
    admin.execute("ALTER TABLE users ALTER COLUMN email TYPE text").await.unwrap();
    for folder in [&first, &second] {
        hovered(&mut client, folder, EMAIL, "- type: `text NOT NULL`").await;
    }
    assert_eq!(n_connections(&mut admin).await, 2);

    let event = json!({"added": [], "removed": [{"uri": uri(&second, ""), "name": "x"}]});
    client.notify("workspace/didChangeWorkspaceFolders", json!({"event": event})).await;
    let start = Instant::now();
    while n_connections(&mut admin).await > 1 {
        assert!(start.elapsed() < Duration::from_secs(20), "the connection of the folder that went stays");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    admin.execute("ALTER TABLE users ALTER COLUMN email TYPE varchar(30)").await.unwrap();
    hovered(&mut client, &first, EMAIL, "- type: `character varying(30) NOT NULL`").await;
    assert_eq!(client.shut_down().await, 0);
}

/// How many connections we have to the database.
async fn n_connections(admin: &mut PgConnection) -> i64 {
    let asked = "SELECT count(*) FROM pg_stat_activity WHERE datname = 'app' AND application_name = 'driftlens'";
    sqlx::query_scalar(asked).fetch_one(admin).await.unwrap()
}
