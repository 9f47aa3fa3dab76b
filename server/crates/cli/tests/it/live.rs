//! The commands that only look at a database, on real ones.
#![cfg(unix)]

use crate::project::Project;
use sqlx::Executor as _;
use tests::postgres::{Server, of_the_machine};

const SCHEMA: &str = "import { pgTable, serial, text, index } from 'drizzle-orm/pg-core';
export const users = pgTable('users', { id: serial('id').primaryKey(), email: text('email').notNull().unique() }, (t) => [index('by_email').on(t.email)]);\n";

fn address(server: &Server) -> String {
    format!("postgres://postgres:hush@localhost/app?host={}", server.socket().parent().unwrap().display())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_is_looked_at_and_compared() {
    let server = Server::start(&of_the_machine());
    server.create_database("app").await;
    let project = Project::new("postgresql", SCHEMA);
    let url = address(&server);
    let (code, text) = project.run(&["doctor"]);
    assert!(code == 0 && text.contains("it is not known which database"), "{text}");
    project.write(".env", &format!("DATABASE_URL={url}\n"));
    assert_eq!(project.run(&["generate"]).0, 0);
    let (code, text) = project.run(&["diff", "live", "history", "--format", "sql"]);
    assert!(code == 1 && text.contains("CREATE TABLE \"users\""), "{text}");
    let mut admin = server.connect("app").await;
    let sql = text.clone();
    admin.execute(sqlx::raw_sql(sqlx::AssertSqlSafe(sql))).await.unwrap();
    for side in ["history", "desired"] {
        let (code, text) = project.run(&["diff", side, "live"]);
        assert_eq!((code, text.as_str()), (0, ""), "{side}");
    }
    let (code, text) = project.run(&["inspect", "live", "--format", "sql"]);
    assert!(code == 0 && text.contains("\"email\" text NOT NULL"), "{text}");
    assert!(text.contains("(development)") && !text.contains("hush"), "{text}");
    // A hand-made change.
    admin.execute("ALTER TABLE users ALTER COLUMN email DROP NOT NULL; ").await.unwrap();
    admin.execute("CREATE TABLE by_hand (id integer)").await.unwrap();
    let (code, text) = project.run(&["diff", "history", "live", "--format", "sql"]);
    assert_eq!(code, 1);
    assert!(text.contains("DROP NOT NULL") && text.contains("CREATE TABLE \"by_hand\""), "{text}");
    let (code, text) = project.run(&["doctor"]);
    let version = format!("PostgreSQL {}", server.major);
    assert!(code == 0 && text.contains(&version) && text.contains("none: 1 migration unapplied"), "{text}");
    assert!(!text.contains("hush"), "{text}");
    // The ledger, as drizzle-orm's migrator makes it.
    let sql = std::fs::read_to_string(project.path("drizzle").join(project.names("drizzle").first().unwrap())).unwrap();
    let journal: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(project.path("drizzle/meta/_journal.json")).unwrap()).unwrap();
    let when = journal["entries"][0]["when"].as_u64().unwrap();
    let hash = history::Format::Drizzle.checksum(&sql).unwrap();
    let ledger = format!(
        "CREATE SCHEMA drizzle; CREATE TABLE drizzle.__drizzle_migrations (id SERIAL PRIMARY KEY, hash text NOT NULL, created_at bigint); \
         INSERT INTO drizzle.__drizzle_migrations (hash, created_at) VALUES ('{hash}', {when})"
    );
    admin.execute(sqlx::raw_sql(sqlx::AssertSqlSafe(ledger))).await.unwrap();
    let (_, text) = project.run(&["doctor"]);
    assert!(text.contains("drizzle.__drizzle_migrations: 1 of 1 applied\n"), "{text}");
    admin.execute("UPDATE drizzle.__drizzle_migrations SET hash = 'x'").await.unwrap();
    let (_, text) = project.run(&["doctor"]);
    assert!(text.contains("changed since they were applied: 0000_create_users"), "{text}");
}

fn like_desired(project: &Project, side: &str) -> String {
    let output = project.command(&["inspect", side, "--like-desired", "--format", "sql"]).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// The lines of a text that another has not.
fn missing(of: &str, from: &str) -> Vec<String> {
    of.lines().filter(|line| !from.contains(line)).map(|line| line.trim().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn pictures_in_one_spelling_differ_where_the_schemas_do() {
    let server = Server::start(&of_the_machine());
    server.create_database("app").await;
    let schema = "import { sql } from 'drizzle-orm';
import { pgTable, pgEnum, serial, bigserial, integer, text, varchar, numeric, timestamp, index, check, uniqueIndex } from 'drizzle-orm/pg-core';
export const state = pgEnum('state', ['on', 'off']);
export const users = pgTable('users', {
  id: serial('id').primaryKey(), email: varchar('email', { length: 200 }).notNull().unique(), age: integer('age').default(sql`1+1`),
  at: timestamp('at', { withTimezone: true }).notNull().defaultNow(), state: state('state').default('on'), price: numeric('price', { precision: 8, scale: 2 }),
}, (t) => [check('grown', sql`age > 17 and email <> ''`), uniqueIndex('lower').on(sql`lower(${t.email})`)]);
export const posts = pgTable('posts', { id: bigserial('id', { mode: 'number' }).primaryKey(), by: integer('by').references(() => users.id, { onDelete: 'cascade' }), text: text('text') }, (t) => [index('of').on(t.by)]);\n";
    let project = Project::new("postgresql", schema);
    project.write(".env", &format!("DATABASE_URL={}\n", address(&server)));
    assert_eq!(project.run(&["generate"]).0, 0);
    assert_eq!(project.run(&["push"]).0, 0);
    let picture = |side: &str| like_desired(&project, side);
    let desired = picture("desired");
    assert!(desired.contains("\"id\" serial PRIMARY KEY") && desired.contains("varchar(200)"), "{desired}");
    assert_eq!(picture("history"), desired);
    assert_eq!(picture("live"), desired);
    let mut admin = server.connect("app").await;
    admin.execute("ALTER TABLE users ALTER COLUMN email DROP NOT NULL").await.unwrap();
    admin.execute("ALTER TABLE posts DROP CONSTRAINT posts_pkey").await.unwrap();
    admin.execute("CREATE TABLE by_hand (id integer)").await.unwrap();
    let live = picture("live");
    let only_live =
        ["\"id\" bigserial NOT NULL,", "\"email\" varchar(200),", "CREATE TABLE \"by_hand\" (", "\"id\" integer"];
    assert_eq!(missing(&live, &desired), only_live, "{live}");
    let only_desired = ["\"id\" bigserial PRIMARY KEY NOT NULL,", "\"email\" varchar(200) NOT NULL,"];
    assert_eq!(missing(&desired, &live), only_desired, "{live}");
    // What is not known is not compared.
    project.write("schema.ts", &schema.replace("text('text')", "unheardOf('text')"));
    let (code, text) = project.run(&["inspect", "history", "--like-desired", "--format", "sql"]);
    assert!(code == 0 && text.contains("spelled in its own way") && text.contains("CREATE TABLE \"posts\""), "{text}");
    let (code, text) = project.run(&["inspect", "unmanaged", "--like-desired"]);
    assert!(code == 2 && text.contains("--like-desired is about a schema"), "{text}");
}

#[test]
fn pictures_of_sqlite_in_one_spelling_differ_where_the_schemas_do() {
    let schema = "import { sql } from 'drizzle-orm';
import { sqliteTable, integer, text, real, index } from 'drizzle-orm/sqlite-core';
export const users = sqliteTable('users', {
  id: integer().primaryKey({ autoIncrement: true }), email: text().notNull().unique(), at: integer({ mode: 'timestamp' }).default(sql`(unixepoch())`), price: real(),
});
export const posts = sqliteTable('posts', { id: integer().primaryKey(), by: integer().references(() => users.id) }, (t) => [index('of').on(t.by)]);\n";
    let project = Project::new("sqlite", schema);
    project.write(".env", "DATABASE_URL=file:app.db\n");
    assert_eq!(project.run(&["generate"]).0, 0);
    assert_eq!(project.run(&["push"]).0, 0);
    let desired = like_desired(&project, "desired");
    assert!(desired.contains("PRIMARY KEY AUTOINCREMENT"), "{desired}");
    assert_eq!(like_desired(&project, "history"), desired);
    assert_eq!(like_desired(&project, "live"), desired);
    project.write("schema.ts", &schema.replace("price: real()", "price: real(), size: real()"));
    let (desired, live) = (like_desired(&project, "desired"), like_desired(&project, "live"));
    assert_eq!(missing(&desired, &live), ["\"price\" real,", "\"size\" real"], "{live}\n{desired}");
}

#[test]
fn what_cannot_be_reached_is_told_without_the_password() {
    let project = Project::new("postgresql", SCHEMA);
    let refused = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let url = format!("postgres://me:hush@{refused}/app");
    for arguments in [&["inspect", "live"][..], &["diff", "live", "desired"], &["doctor"]] {
        let (code, text) = project.run(&[arguments, &["--url", &url]].concat());
        assert_eq!(code, if arguments == ["doctor"] { 1 } else { 2 }, "{text}");
        assert!(text.contains(&format!("postgres://me@{refused}/app cannot be reached")), "{text}");
        assert!(!text.contains("hush"), "{text}");
    }
    let (code, text) = project.run(&["inspect", "live", "--url", "mysql://me:hush@localhost/app"]);
    assert!(code == 2 && text.contains("does not start with postgres://") && !text.contains("hush"), "{text}");
    let (code, text) = project.run(&["inspect", "live", "--env", "staging"]);
    assert!(code == 2 && text.contains("there is no environment `staging`"), "{text}");
}

#[test]
fn a_sqlite_file_is_looked_at_and_never_made() {
    let schema = "import { sqliteTable, integer, text } from 'drizzle-orm/sqlite-core';
export const users = sqliteTable('users', { id: integer('id').primaryKey(), email: text('email').notNull() });\n";
    let project = Project::new("sqlite", schema);
    let (code, text) = project.run(&["inspect", "live", "--url", "file:./app.db"]);
    assert!(code == 2 && text.contains("there is no file"), "{text}");
    assert!(!project.path("app.db").exists());
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        use sqlx::ConnectOptions as _;
        let options =
            sqlx::sqlite::SqliteConnectOptions::new().filename(project.path("app.db")).create_if_missing(true);
        let mut connection = options.connect().await.unwrap();
        connection.execute("CREATE TABLE users (id integer PRIMARY KEY NOT NULL, email text NOT NULL)").await.unwrap();
    });
    let (code, text) = project.run(&["diff", "desired", "live", "--url", "file:./app.db"]);
    assert_eq!((code, text.as_str()), (0, ""));
    let (code, text) = project.run(&["doctor", "--url", "app.db", "--format", "json"]);
    assert_eq!(code, 0, "{text}");
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    let findings = value["projects"][0]["findings"].as_array().unwrap();
    assert!(
        findings.iter().any(|it| it["about"] == "connection" && it["text"].as_str().unwrap().starts_with("SQLite")),
        "{text}"
    );
}

const SPELLED: &str = "import { pgTable, integer, text, jsonb, check, index } from 'drizzle-orm/pg-core';
import { sql } from 'drizzle-orm';
export const rows = pgTable('rows', {
  id: integer('id').primaryKey(),
  status: text('status').notNull().default('new'),
  options: jsonb('options').notNull().default({ zebra: 1, ant: [1, 2] }),
}, (t) => [
  check('known', sql`${t.status} IN ('new', 'old')`),
  index('open').on(t.id).where(sql`${t.status} <> 'old' AND NOT ${t.id} = 3`),
]);\n";

#[tokio::test(flavor = "multi_thread")]
async fn another_spelling_is_no_difference_also_where_nothing_may_be_written() {
    let server = Server::start(&of_the_machine());
    server.create_database("app").await;
    let project = Project::new("postgresql", SPELLED);
    let url = address(&server);
    project.write(
        "driftlens.toml",
        "drizzle = \"drizzle.config.ts\"\n[environments.dev]\nurl = \"${DEV_URL}\"\nkind = \"development\"\n[environments.live]\nurl = \"${DEV_URL}\"\nkind = \"production\"\n",
    );
    project.write(".env", &format!("DEV_URL={url}\n"));
    let (code, text) = project.run(&["push", "--env", "dev"]);
    assert_eq!(code, 0, "{text}");
    for environment in ["dev", "live"] {
        let (code, text) = project.run(&["diff", "desired", "live", "--env", environment]);
        assert_eq!((code, text.as_str()), (0, ""), "{environment}");
    }
    let mut admin = server.connect("app").await;
    admin.execute("ALTER TABLE rows ALTER status SET DEFAULT 'old'").await.unwrap();
    admin.execute("ALTER TABLE rows DROP CONSTRAINT known").await.unwrap();
    admin.execute("ALTER TABLE rows ADD CONSTRAINT known CHECK (status IN ('new', 'older'))").await.unwrap();
    let (code, text) = project.run(&["diff", "live", "desired", "--env", "dev", "--format", "sql"]);
    assert!(code == 1 && text.contains("SET DEFAULT 'new'") && text.contains("\"known\""), "{text}");
    // There nothing may be made to find out whether the two checks mean the same: it is said, and nothing is made of it.
    let (code, text) = project.run(&["diff", "live", "desired", "--env", "live", "--format", "sql"]);
    assert!(code == 1 && text.contains("SET DEFAULT 'new'") && text.contains("public.rows: unproved"), "{text}");
    assert!(!text.contains("\"known\""), "{text}");
}
