//! What PostgreSQL spells in its own way: proved where Driftlens may make things, believed where it may not, and never beyond what was proved.
#![cfg(unix)]

use crate::project::Project;
use sqlx::Executor as _;
use sqlx::postgres::PgConnection;
use std::path::Path;
use tests::postgres::{Server, of_the_machine};

const SCHEMA: &str = "import { pgTable, pgView, pgPolicy, integer, text } from 'drizzle-orm/pg-core';
import { sql } from 'drizzle-orm';
export const members = pgTable('members', { id: integer('id').primaryKey(), name: text('name') });
export const rows = pgTable('rows', { id: integer('id').primaryKey(), status: text('status') }, (t) => [
  pgPolicy('mine', { using: sql`exists (select 1 from members m where m.id = rows.id and m.name in ('a', 'b'))` }),
]);
export const open = pgView('open', { id: integer('id') }).as(sql`select id from rows where status in ('new', 'old')`);
export const named = pgView('named', { id: integer('id'), name: text('name') }).as(sql`select * from members where id > 0`);
";

const VIEW: &str = "public.open: unproved";
const ROWS: &str = "public.rows: unproved";
const NAMED: &str = "public.named: unproved";
const ALL: [&str; 3] = [VIEW, ROWS, NAMED];

/// A database for development, and the same where nothing may be made to find something out.
async fn project(server: &Server) -> (Project, PgConnection) {
    server.create_database("app").await;
    let project = Project::new("postgresql", SCHEMA);
    project.write(
        "driftlens.toml",
        "drizzle = \"drizzle.config.ts\"\n[environments.dev]\nurl = \"${DEV_URL}\"\nkind = \"development\"\n[environments.live]\nurl = \"${DEV_URL}\"\nkind = \"production\"\n",
    );
    let folder = server.socket();
    let folder = folder.parent().map(Path::display).unwrap();
    project.write(".env", &format!("DEV_URL=postgres://postgres:hush-hush@localhost/app?host={folder}\n"));
    (project, server.connect("app").await)
}

/// What `diff` says of the database and the schema files: the code, and the text.
fn diff(project: &Project, environment: &str) -> (i32, String) {
    project.run(&["diff", "live", "desired", "--env", environment, "--format", "sql"])
}

fn unproved(text: &str) -> Vec<&'static str> {
    ALL.into_iter().filter(|line| text.contains(line)).collect()
}

/// As on a machine that has kept nothing.
fn forget(project: &Project) {
    std::fs::remove_dir_all(project.path(".state")).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_pushed_is_known_to_mean_the_same_where_nothing_may_be_made() {
    let server = Server::start(&of_the_machine());
    let (project, mut admin) = project(&server).await;
    let (code, text) = project.run(&["push", "--env", "dev"]);
    assert_eq!(code, 0, "{text}");
    let (code, text) = diff(&project, "live");
    assert_eq!((code, text.as_str()), (0, ""));
    let (_, text) = project.run(&["status", "--env", "live"]);
    assert!(!text.contains("unproved"), "{text}");

    // The server knows; who has not kept its word does not.
    forget(&project);
    let (code, text) = diff(&project, "live");
    assert_eq!((code, unproved(&text)), (0, ALL.to_vec()), "{text}");

    // One look that may make things is enough.
    let (code, text) = diff(&project, "dev");
    assert_eq!((code, text.as_str()), (0, ""));
    let (code, text) = diff(&project, "live");
    assert_eq!((code, text.as_str()), (0, ""));

    // Somebody changes what is there: nothing that was proved is about that.
    admin.execute("CREATE OR REPLACE VIEW open AS SELECT id FROM rows WHERE status IN ('new', 'older')").await.unwrap();
    admin.execute("ALTER POLICY mine ON rows USING (exists (select 1 from members m where m.id = rows.id and m.name in ('a')))").await.unwrap();
    let (_, text) = diff(&project, "live");
    assert_eq!(unproved(&text), [VIEW, ROWS], "{text}");
    let (code, text) = diff(&project, "dev");
    assert!(code == 1 && text.contains("\"open\"") && text.contains("\"mine\""), "{text}");

    // Brought back, it is what was proved.
    admin.execute("CREATE OR REPLACE VIEW open AS SELECT id FROM rows WHERE status IN ('new', 'old')").await.unwrap();
    admin.execute("ALTER POLICY mine ON rows USING (exists (select 1 from members m where m.id = rows.id and m.name in ('a', 'b')))").await.unwrap();
    let (code, text) = diff(&project, "live");
    assert_eq!((code, text.as_str()), (0, ""));

    // `*` stood for the columns of then.
    admin.execute("ALTER TABLE members ADD COLUMN age integer").await.unwrap();
    let (_, text) = diff(&project, "live");
    assert!(unproved(&text).contains(&NAMED), "{text}");
    admin.execute("ALTER TABLE members DROP COLUMN age").await.unwrap();

    // Ours changes: of the new text nothing was proved.
    project.write("schema.ts", &SCHEMA.replace("status in ('new', 'old')", "status in ('new', 'older')"));
    let (_, text) = diff(&project, "live");
    assert_eq!(unproved(&text), [VIEW], "{text}");
    let (code, text) = diff(&project, "dev");
    assert!(code == 1 && text.contains("older"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_witness_counts_for_its_own_database_only() {
    let server = Server::start(&of_the_machine());
    let (project, admin) = project(&server).await;
    let (code, text) = project.run(&["push", "--env", "dev"]);
    assert_eq!(code, 0, "{text}");
    let (_, text) = diff(&project, "live");
    assert_eq!(text, "");
    // Another database takes its place, made of the same texts.
    drop(admin);
    server.create_database("app").await;
    let mut admin = server.connect("app").await;
    let made = "CREATE TABLE members (id integer PRIMARY KEY, name text); CREATE TABLE rows (id integer PRIMARY KEY, status text); \
        CREATE VIEW open AS SELECT id FROM rows WHERE status IN ('new', 'old')";
    admin.execute(sqlx::raw_sql(made)).await.unwrap();
    let (_, text) = diff(&project, "live");
    assert_eq!(unproved(&text), [VIEW], "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn migrations_that_are_applied_taken_back_and_applied_by_a_reset_are_witnessed_too() {
    let server = Server::start(&of_the_machine());
    let (project, _admin) = project(&server).await;
    let (code, text) = project.run(&["generate", "--name", "first"]);
    assert_eq!(code, 0, "{text}");
    let wider = SCHEMA.replace("'new', 'old'", "'new', 'older'");
    project.write("schema.ts", &wider);
    let (code, text) = project.run(&["generate", "--name", "second"]);
    assert_eq!(code, 0, "{text}");
    let is_proved = |after: &str| {
        for other in ["history", "desired"] {
            let (_, text) = project.run(&["diff", other, "live", "--env", "live", "--format", "sql"]);
            assert!(unproved(&text).is_empty(), "{after}, {other}: {text}");
        }
        let (_, text) = project.run(&["status", "--env", "live"]);
        assert!(!text.contains("unproved"), "{after}: {text}");
    };
    let (code, text) = project.run(&["migrate", "--env", "dev"]);
    assert_eq!(code, 0, "{text}");
    is_proved("migrate");
    forget(&project);
    let (_, text) = project.run(&["diff", "history", "live", "--env", "live", "--format", "sql"]);
    assert_eq!(unproved(&text), ALL, "{text}");

    let (code, text) = project.run(&["reset", "--env", "dev", "--confirm"]);
    assert_eq!(code, 0, "{text}");
    is_proved("reset");

    forget(&project);
    let (code, text) = project.run(&["rollback", "--env", "dev", "--yes"]);
    assert_eq!(code, 0, "{text}");
    let (_, text) = project.run(&["status", "--env", "live"]);
    // The schema files say something else of it now.
    assert!(text.contains("unproved:   view `open`: "), "{text}");
    assert!(!text.contains("table `rows`") && !text.contains("view `named`"), "{text}");

    // In production nothing is locked for it: a view is made and taken back, a policy is not.
    forget(&project);
    let (code, text) = project.run(&["migrate", "--env", "live"]);
    assert_eq!(code, 0, "{text}");
    let (_, text) = diff(&project, "live");
    assert_eq!(unproved(&text), [ROWS], "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_password_is_in_what_is_kept() {
    let server = Server::start(&of_the_machine());
    let (project, _admin) = project(&server).await;
    for arguments in [["push", "--env", "dev"], ["status", "--env", "dev"], ["status", "--env", "live"]] {
        let (code, text) = project.run(&arguments);
        assert_eq!(code, 0, "{text}");
    }
    let mut n_bytes = 0;
    let mut holds_a_catalog = false;
    for entry in std::fs::read_dir(project.path(".state")).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        let holds = |text: &[u8]| bytes.windows(text.len()).any(|window| window == text);
        assert!(!holds(b"hush"));
        holds_a_catalog |= holds(b"members");
        n_bytes += bytes.len();
    }
    assert!(n_bytes > 0 && holds_a_catalog);
}
