//! `driftlens generate` on PostgreSQL beside the real drizzle-kit, its files applied to a real server by drizzle-orm's own migrator.
#![cfg(unix)]

use crate::project::Project;
use std::path::Path;
use std::process::Command;
use tests::postgres::{Server, of_the_machine};

const IMPORTS: &str = "import { pgTable, pgEnum, pgSchema, pgView, pgPolicy, pgSequence, serial, bigserial, integer, bigint, text, varchar, jsonb, timestamp, numeric, uuid, boolean, index, uniqueIndex, unique, check, foreignKey, primaryKey } from 'drizzle-orm/pg-core';\nimport { sql } from 'drizzle-orm';\n";

/// The schema after each of the steps, and what is renamed in it. The first table always is `users` with an `id`.
const STEPS: &[(&str, &[&str])] = &[
    ("export const users = pgTable('users', { id: serial('id').primaryKey(), name: text('name') });", &[]),
    (
        "export const mood = pgEnum('mood', ['sad', 'happy']);
         export const users = pgTable('users', { id: serial('id').primaryKey(), name: text('name').default('x').notNull(), mood: mood('mood').default('sad') });",
        &[],
    ),
    (
        "export const mood = pgEnum('mood', ['sad', 'ok', 'happy']);
         export const users = pgTable('users', { id: serial('id').primaryKey(), name: text('name').default('x').notNull(), mood: mood('mood').default('sad') }, (t) => [index('users_name_idx').on(t.name.desc())]);
         export const posts = pgTable('posts', { id: bigserial('id', { mode: 'number' }).primaryKey(), author: integer('author').references(() => users.id, { onDelete: 'set null' }), at: timestamp('at').defaultNow() }, (t) => [unique('posts_author_at').on(t.author, t.at)]);",
        &[],
    ),
    (
        "export const mood = pgEnum('mood', ['sad', 'ok', 'happy']);
         export const users = pgTable('users', { id: serial('id').primaryKey(), fullName: varchar('full_name', { length: 80 }).default('x').notNull(), mood: mood('mood').default('sad') }, (t) => [index('users_name_idx').on(t.fullName.desc())]);
         export const posts = pgTable('posts', { id: bigserial('id', { mode: 'number' }).primaryKey(), author: integer('author').references(() => users.id, { onDelete: 'cascade' }), at: timestamp('at').defaultNow() }, (t) => [unique('posts_author_at').on(t.author, t.at)]);",
        &["public.users.name=full_name"],
    ),
    (
        "export const mood = pgEnum('mood', ['happy', 'sad']);
         export const users = pgTable('users', { id: serial('id').primaryKey(), fullName: varchar('full_name', { length: 80 }).default('x').notNull(), mood: mood('mood').default('sad'), meta: jsonb('meta').default({ a: \"it's\" }) }, (t) => [check('long', sql`length(${t.fullName}) > 0`)]);
         export const posts = pgTable('posts', { id: bigserial('id', { mode: 'number' }).primaryKey(), author: bigint('author', { mode: 'number' }), at: timestamp('at').defaultNow() });",
        &[],
    ),
    (
        "export const app = pgSchema('app');
         export const mood = pgEnum('mood', ['happy', 'sad']);
         export const users = pgTable('users', { id: serial('id').primaryKey(), fullName: varchar('full_name', { length: 80 }).default('x').notNull(), mood: mood('mood').default('sad'), meta: jsonb('meta').default({ a: \"it's\" }) });
         export const posts = app.table('posts', { id: bigserial('id', { mode: 'number' }).primaryKey(), author: bigint('author', { mode: 'number' }), at: timestamp('at').defaultNow() });",
        &["public.posts=app.posts"],
    ),
    (
        "export const app = pgSchema('app');
         export const mood = pgEnum('mood', ['happy', 'sad']);
         export const users = pgTable('users', { id: integer('id').primaryKey().generatedAlwaysAsIdentity(), fullName: text('full_name'), mood: mood('mood'), meta: jsonb('meta') });
         export const names = pgView('names').as((qb) => qb.select({ id: users.id, fullName: users.fullName }).from(users));
         export const posts = app.table('posts', { id: bigserial('id', { mode: 'number' }).primaryKey(), author: bigint('author', { mode: 'number' }), at: timestamp('at').defaultNow() });",
        &[],
    ),
    (
        "export const app = pgSchema('app');
         export const users = pgTable('users', { id: integer('id').primaryKey().generatedAlwaysAsIdentity(), fullName: text('full_name'), mood: text('mood'), meta: jsonb('meta') }, () => [pgPolicy('own', { for: 'select', to: 'public', using: sql`true` })]);
         export const names = pgView('names').as((qb) => qb.select({ id: users.id, fullName: users.fullName }).from(users));
         export const posts = app.table('posts', { id: bigserial('id', { mode: 'number' }).primaryKey(), author: bigint('author', { mode: 'number' }), at: timestamp('at').defaultNow() });",
        &[],
    ),
    (
        "export const users = pgTable('users', { id: integer('id').primaryKey().generatedAlwaysAsIdentity(), fullName: text('full_name'), mood: text('mood'), total: numeric('total', { precision: 10, scale: 2 }).default('1.50') });",
        &[],
    ),
    (
        "export const people = pgTable('people', { id: integer('id').primaryKey().generatedAlwaysAsIdentity(), fullName: text('full_name').notNull(), mood: text('mood'), total: numeric('total', { precision: 10, scale: 2 }).default('1.50') });",
        &["users=people"],
    ),
];

/// We and drizzle-kit by turns where nothing is renamed (drizzle-kit would ask). After each step both say that nothing is left to do, the
/// migrator has applied the files, and the rows of the first step are still there.
#[tokio::test(flavor = "multi_thread")]
async fn driftlens_and_drizzle_kit_take_turns_on_a_server() {
    let server = Server::start(&of_the_machine());
    server.create_database("turns").await;
    let project = Project::new("postgresql", "");
    let mut n_ours = 0;
    for (position, (schema, renames)) in STEPS.iter().enumerate() {
        project.write("schema.ts", &format!("{IMPORTS}{schema}\n"));
        // Drops and creations side by side are a question to drizzle-kit.
        let is_ours = position % 2 == 0 || !renames.is_empty() || position == 7;
        if is_ours {
            let mut arguments = vec!["generate", "--no-renames"];
            renames.iter().for_each(|rename| arguments.extend(["--rename", rename]));
            let (code, text) = project.run(&arguments);
            assert_eq!(code, 0, "step {position}: {text}");
            n_ours += 1;
        } else {
            let text = project.drizzle_kit("generate");
            assert!(text.contains("Your SQL migration file"), "step {position}: {text}");
        }
        let sql = project.last_migration();
        assert_eq!(project.history(schema::Dialect::Postgres).steps.len(), position + 1, "step {position}");
        let text = project.drizzle_kit("generate");
        assert!(text.contains("No schema changes"), "step {position}: {text}\n{sql}");
        assert!(project.drizzle_kit("check").contains("Everything's fine"));
        let (code, text) = project.run(&["check"]);
        assert_eq!(code, 0, "step {position}: {text}\n{sql}");
        let table = if position + 1 == STEPS.len() { "people" } else { "users" };
        let column = if position < 3 { "name" } else { "full_name" };
        let query = match position {
            0 => String::from("INSERT INTO users (name) VALUES ('Ada'), ('Grace') RETURNING name AS name"),
            _ => format!("SELECT {column} AS name FROM {table} ORDER BY id"),
        };
        let rows = migrate(&server, &project.path("drizzle"), &query, position, &sql);
        assert_eq!(rows.trim(), r#"[{"name":"Ada"},{"name":"Grace"}]"#, "step {position}:\n{sql}");
    }
    assert!(n_ours >= 5, "{n_ours}");
}

fn migrate(server: &Server, folder: &Path, query: &str, position: usize, sql: &str) -> String {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../tests");
    let mut node = Command::new("node");
    node.current_dir(tests).arg("oracle/migrate.mjs").arg(server.socket()).args(["turns"]).arg(folder).arg(query);
    let output = node.output().unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "step {position}: {error}\n{sql}");
    String::from_utf8(output.stdout).unwrap()
}
