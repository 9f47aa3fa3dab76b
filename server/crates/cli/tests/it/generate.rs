//! `driftlens generate` as a person or a script runs it: the real binary, and beside it the real drizzle-kit.

use schema::Dialect;
use source::Severity;
use std::process::Stdio;
use std::time::Duration;

use crate::project::{Project, said};

const SQLITE: &str = "import { sqliteTable, integer, text, index } from 'drizzle-orm/sqlite-core';\n";

fn users(columns: &str) -> String {
    format!("{SQLITE}export const users = sqliteTable('users', {{ id: integer('id').primaryKey(), {columns} }});\n")
}

#[test]
fn without_a_terminal_a_rename_is_asked_for_by_its_flags_and_nothing_is_written() {
    let project = Project::new("sqlite", &users("name: text('name')"));
    assert_eq!(project.run(&["generate"]).0, 0);
    project.write("schema.ts", &users("fullName: text('full_name')"));
    let before = project.names("drizzle");
    let (code, text) = project.run(&["generate"]);
    assert_eq!(code, 3, "{text}");
    assert!(text.contains("--rename users.name=full_name") && text.contains("--no-renames"), "{text}");
    assert_eq!(project.names("drizzle"), before);
    let (code, text) = project.run(&["generate", "--format", "json"]);
    assert_eq!(code, 3, "{text}");
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(value["questions"][0]["flag"], "--rename users.name=full_name");
    let (code, text) = project.run(&["generate", "--rename", "users.nme=full_name"]);
    assert_eq!(code, 2, "{text}");
    assert!(text.contains("gone are column users.name; new are column users.full_name"), "{text}");
    let (code, text) = project.run(&["generate", "--rename", "users.name"]);
    assert_eq!(code, 2, "{text}");
    let (code, text) = project.run(&["generate", "--rename", "users.name=full_name", "--format", "sql", "--dry-run"]);
    assert_eq!((code, text.as_str()), (0, "ALTER TABLE `users` RENAME COLUMN \"name\" TO \"full_name\";\n"));
    assert_eq!(project.names("drizzle"), before);
    let (code, text) = project.run(&["generate", "--no-renames"]);
    assert_eq!(code, 0, "{text}");
    assert!(text.contains("loses data"), "{text}");
    assert_eq!(project.run(&["check"]).0, 0);
}

#[test]
fn what_is_not_known_is_told_and_nothing_is_written() {
    let project = Project::new("sqlite", &users("name: text(process.env.NAME!)"));
    let (code, text) = project.run(&["generate"]);
    assert_eq!(code, 1, "{text}");
    assert!(text.contains("schema/not-static") && text.contains("nothing was written"), "{text}");
    assert!(project.names("drizzle").is_empty());
    let project = Project::new("sqlite", &users("name: text('name')"));
    std::fs::create_dir_all(project.path("drizzle/meta")).unwrap();
    project.write("drizzle/meta/_journal.json", "{\"entries\": [");
    let (code, text) = project.run(&["generate"]);
    assert_eq!(code, 1, "{text}");
    assert!(text.contains("history/unreadable-journal"), "{text}");
    assert_eq!(project.names("drizzle/meta"), ["_journal.json"]);
}

#[test]
fn an_empty_migration_is_one_that_drizzle_kit_takes() {
    let project = Project::new("sqlite", &users("name: text('name')"));
    assert_eq!(project.run(&["generate", "--name", "First Tables"]).0, 0);
    let (code, text) = project.run(&["generate", "--custom", "--name", "seed"]);
    assert_eq!(code, 0, "{text}");
    assert_eq!(project.names("drizzle"), ["0000_first_tables.sql", "0001_seed.sql", "meta"]);
    let text = std::fs::read_to_string(project.path("drizzle/0001_seed.sql")).unwrap();
    assert_eq!(text, "-- Custom SQL migration file, put your code below! --");
    assert!(project.drizzle_kit("generate").contains("No schema changes"));
    assert!(project.drizzle_kit("check").contains("Everything's fine"));
    assert_eq!(project.run(&["check"]).0, 0);
}

/// Ten changes, by turns made into a migration by us and by drizzle-kit; after each both say that nothing is left to do.
#[test]
fn driftlens_and_drizzle_kit_take_turns() {
    let steps = [
        "name: text('name')",
        "name: text('name').notNull()",
        "name: text('name').notNull(), age: integer('age')",
        "name: text('name').notNull(), age: integer('age').default(3).notNull()",
        "name: text('name').notNull(), age: integer('age').default(4)",
        "name: text('name').unique(), age: integer('age').default(4)",
        "name: text('name').unique(), age: integer('age').default(4), at: integer('at', { mode: 'timestamp' })",
        "name: text('name'), age: integer('age').default(4), at: integer('at', { mode: 'timestamp' })",
        "name: text('name'), age: integer('age').default(4)",
        "name: text('name').default('it''s'.slice(0, 2)), age: integer('age')",
    ];
    let project = Project::new("sqlite", "");
    for (position, columns) in steps.iter().enumerate() {
        let columns = columns.replace("'it''s'.slice(0, 2)", "\"it's\"");
        project.write("schema.ts", &users(&columns));
        if position % 2 == 0 {
            let (code, text) = project.run(&["generate"]);
            assert_eq!(code, 0, "{columns}: {text}");
        } else {
            let text = project.drizzle_kit("generate");
            assert!(text.contains("Your SQL migration file"), "{columns}: {text}");
        }
        assert_eq!(project.history(Dialect::Sqlite).steps.len(), position + 1, "{columns}");
        let text = project.drizzle_kit("generate");
        assert!(text.contains("No schema changes"), "{columns}: {text}");
        assert!(project.drizzle_kit("check").contains("Everything's fine"));
        let (code, text) = project.run(&["check"]);
        assert_eq!(code, 0, "{columns}: {text}");
    }
}

#[test]
fn of_many_at_once_one_writes_the_migration() {
    let project = Project::new("sqlite", &users("name: text('name')"));
    let running: Vec<_> = (0..8)
        .map(|_| project.command(&["generate"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap())
        .collect();
    let ended: Vec<(i32, String)> = running.into_iter().map(|it| said(it.wait_with_output().unwrap())).collect();
    assert!(ended.iter().all(|(code, _)| *code == 0), "{ended:#?}");
    assert_eq!(ended.iter().filter(|(_, text)| text.contains("wrote ")).count(), 1, "{ended:#?}");
    assert_eq!(ended.iter().filter(|(_, text)| text.contains("nothing to generate")).count(), 7, "{ended:#?}");
    assert_eq!(project.names("drizzle"), ["0000_create_users.sql", "meta"]);
}

/// Killed at a hundred moments, each a little later than the one before until one comes through.
#[test]
fn a_killed_generate_leaves_a_folder_that_is_whole() {
    let project = Project::new("sqlite", &users("name: text('name')"));
    let mut n_written = 0;
    let mut delay = Duration::ZERO;
    for position in 0..100 {
        let columns: Vec<String> = (0..=n_written).map(|it| format!("c{it}: text('c{it}')")).collect();
        project.write("schema.ts", &users(&columns.join(", ")));
        let mut running = project.command(&["generate"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(delay);
        let _ = running.kill();
        running.wait().unwrap();
        let history = project.history(Dialect::Sqlite);
        assert!(
            history.diagnostics.iter().all(|it| it.severity > Severity::Warning),
            "{position}: {:#?}",
            history.diagnostics
        );
        let is_new = history.steps.len() == n_written + 1;
        assert!(is_new || history.steps.len() == n_written, "{position}");
        for step in &history.steps {
            assert!(
                step.text.as_ref().is_some_and(|text| text.trim_end().ends_with(';')),
                "{position}: {}",
                step.file.display()
            );
        }
        n_written = history.steps.len();
        delay = if is_new { Duration::ZERO } else { delay + Duration::from_micros(700) };
    }
    let (code, text) = project.run(&["generate", "--no-renames"]);
    assert_eq!(code, 0, "{text}");
    assert!(!project.path("drizzle/.driftlens-new").exists());
    assert_eq!(project.run(&["check"]).0, 0);
    assert!(project.drizzle_kit("check").contains("Everything's fine"));
}

/// A SQL schema file and a folder of sqlx with ways back: no Drizzle anywhere.
#[test]
fn other_tools_get_a_file_of_their_own_with_its_way_back() {
    let project = Project::new("sqlite", "");
    std::fs::remove_file(project.path("drizzle.config.ts")).unwrap();
    std::fs::create_dir(project.path("migrations")).unwrap();
    let toml = "dialect = \"sqlite\"\nschema = \"schema.sql\"\nmigrations = \"migrations\"\nformat = \"sqlx\"\n";
    project.write("driftlens.toml", toml);
    project.write("migrations/1_a.up.sql", "CREATE TABLE a (id integer PRIMARY KEY, b text);\n");
    project.write("migrations/1_a.down.sql", "DROP TABLE a;\n");
    project.write("schema.sql", "CREATE TABLE a (id integer PRIMARY KEY, c text);\n");
    let (code, text) = project.run(&["generate", "--no-renames", "--with-down", "--name", "swap"]);
    assert_eq!(code, 0, "{text}");
    assert_eq!(project.names("migrations"), ["1_a.down.sql", "1_a.up.sql", "2_swap.down.sql", "2_swap.up.sql"]);
    let down = std::fs::read_to_string(project.path("migrations/2_swap.down.sql")).unwrap();
    assert!(down.starts_with("-- Not brought back: ") && down.contains("ADD `b` text;"), "{down}");
    assert_eq!(project.run(&["check"]).0, 0);
    let toml =
        "dialect = \"sqlite\"\nschema = \"schema.sql\"\nmigrations = \"supabase/migrations\"\nformat = \"supabase\"\n";
    project.write("driftlens.toml", toml);
    let (code, text) = project.run(&["generate", "--with-down"]);
    assert_eq!(code, 2, "{text}");
    assert!(text.contains("no place for a way back"), "{text}");
}

/// drizzle-kit and drizzle-orm read only what the journal names.
#[test]
fn a_drizzle_migration_has_its_way_back_beside_it() {
    let project = Project::new("sqlite", &users("name: text('name')"));
    assert_eq!(project.run(&["generate", "--name", "first"]).0, 0);
    project.write("schema.ts", &users("name: text('name'), age: integer('age')"));
    let (code, text) = project.run(&["generate", "--with-down", "--name", "age"]);
    assert_eq!(code, 0, "{text}");
    assert_eq!(project.names("drizzle"), ["0000_first.sql", "0001_age.down.sql", "0001_age.sql", "meta"]);
    let down = std::fs::read_to_string(project.path("drizzle/0001_age.down.sql")).unwrap();
    assert!(down.contains("ALTER TABLE `users` DROP COLUMN `age`;"), "{down}");
    assert_eq!(project.run(&["check"]).0, 0);
    assert!(project.history(Dialect::Sqlite).folder.migrations[1].down.is_some());
    assert!(project.drizzle_kit("generate").contains("No schema changes"));
    assert!(project.drizzle_kit("check").contains("Everything's fine"));
}

/// Adds a migration as people write one by hand: a file and a journal entry, no snapshot.
fn by_hand(project: &Project, number: usize, name: &str, sql: &str) {
    project.write(&format!("drizzle/{number:04}_{name}.sql"), sql);
    let path = project.path("drizzle/meta/_journal.json");
    let mut journal: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
    let entries = journal["entries"].as_array_mut().unwrap();
    let when = entries.last().map_or(1, |it| it["when"].as_u64().unwrap()) + 1;
    entries.push(serde_json::json!({ "idx": number, "version": "7", "when": when, "tag": format!("{number:04}_{name}"), "breakpoints": true }));
    std::fs::write(path, serde_json::to_string_pretty(&journal).unwrap()).unwrap();
}

/// One in the middle and one at the end: the chain holds afterwards, and drizzle-kit repeats nothing.
#[test]
fn hand_written_migrations_get_their_snapshots() {
    const PG: &str =
        "import { pgTable, pgEnum, serial, varchar, integer, timestamp, index } from 'drizzle-orm/pg-core';\n";
    let table = |columns: &str| {
        format!("{PG}export const users = pgTable('users', {{ id: serial('id').primaryKey(), {columns} }});\n")
    };
    let project = Project::new("postgresql", &table("name: varchar('name', { length: 20 })"));
    assert_eq!(project.run(&["generate", "--name", "first"]).0, 0);
    by_hand(
        &project,
        1,
        "hand",
        "ALTER TABLE users ADD COLUMN age int4 DEFAULT 3;\n--> statement-breakpoint\nCREATE TABLE audit (id int);",
    );
    project.write("schema.ts", &table("name: varchar('name', { length: 20 }), age: integer('age').default(3), at: timestamp('at', { withTimezone: true })"));
    assert_eq!(project.run(&["generate", "--name", "at"]).0, 0);
    by_hand(
        &project,
        3,
        "index",
        "ALTER TABLE users ALTER COLUMN name TYPE character varying(40);\nCREATE INDEX users_at ON public.users USING btree (at);",
    );
    let columns = "name: varchar('name', { length: 40 }), age: integer('age').default(3), at: timestamp('at', { withTimezone: true })";
    project.write("schema.ts", &table(columns).replace(" });\n", " }, (t) => [index('users_at').on(t.at)]);\n"));
    let (code, text) = project.run(&["generate"]);
    assert_eq!(code, 0, "{text}");
    assert!(text.contains("2 migrations without a snapshot") && text.contains("--repair"), "{text}");
    assert_eq!(project.names("drizzle/meta").len(), 3, "nobody said yes");
    let (code, text) = project.run(&["generate", "--repair", "--dry-run"]);
    assert!(code == 0 && text.contains("would write drizzle/meta/0003_snapshot.json"), "{text}");
    assert_eq!(project.names("drizzle/meta").len(), 3);
    let (code, text) = project.run(&["generate", "--repair"]);
    assert!(code == 0 && text.contains("wrote drizzle/meta/0001_snapshot.json"), "{text}");
    assert!(text.contains("nothing to generate"), "{text}");
    let names =
        ["0000_snapshot.json", "0001_snapshot.json", "0002_snapshot.json", "0003_snapshot.json", "_journal.json"];
    assert_eq!(project.names("drizzle/meta"), names);
    let snapshot = std::fs::read_to_string(project.path("drizzle/meta/0001_snapshot.json")).unwrap();
    assert!(snapshot.contains("\"age\"") && !snapshot.contains("\"at\"") && !snapshot.contains("audit"), "{snapshot}");
    let text = project.drizzle_kit("generate");
    assert!(text.contains("No schema changes"), "{text}");
    assert!(project.drizzle_kit("check").contains("Everything's fine"));
    let (code, text) = project.run(&["check"]);
    assert!(code == 0 && !text.contains("snapshot"), "{text}");
    assert!(project.run(&["generate", "--repair"]).1.contains("nothing to generate"));
}

#[test]
fn kept_answers_count_until_their_migration_is_made() {
    let project = Project::new("sqlite", &users("name: text('name'), mail: text('mail')"));
    assert_eq!(project.run(&["generate"]).0, 0);
    project.write("schema.ts", &users("fullName: text('full_name'), phone: text('phone')"));
    let (code, text) = project.run(&["generate"]);
    assert_eq!(code, 3, "{text}");
    assert!(text.contains("-- driftlens: rename users.name=full_name"), "{text}");
    project.write("driftlens.answers.sql", "-- driftlens: renam users.name=full_name\n");
    let (code, text) = project.run(&["generate"]);
    assert_eq!(code, 1, "{text}");
    assert!(text.contains("driftlens.answers.sql") && text.contains("line 1 is no answer about a rename"), "{text}");
    let answers = "-- Ours\n-- driftlens: rename users.name=full_name\n-- driftlens: drop users.mail\n-- driftlens: rename posts.a=b\n";
    project.write("driftlens.answers.sql", answers);
    let (code, text) = project.run(&["generate"]);
    assert_eq!(code, 0, "{text}");
    assert!(text.contains("RENAME COLUMN \"name\" TO \"full_name\"") && text.contains("DROP COLUMN `mail`"), "{text}");
    let left = std::fs::read_to_string(project.path("driftlens.answers.sql")).unwrap();
    assert_eq!(left, "-- Ours\n-- driftlens: rename posts.a=b\n", "what fits nothing stays");
    project.write("driftlens.answers.sql", "-- driftlens: rename users.phone=telephone\n");
    project.write("schema.ts", &users("fullName: text('full_name'), phone: text('telephone')"));
    assert_eq!(project.run(&["generate"]).0, 0);
    assert!(!project.path("driftlens.answers.sql").exists());
    assert_eq!(project.run(&["check"]).0, 0);
}

/// Comments, functions, exclusion constraints, parts of indexes: a Drizzle schema has no words for them, so no migration touches them.
#[test]
fn what_drizzle_has_no_words_for_stays() {
    const USERS: &str = "import { pgTable, integer, text, index } from 'drizzle-orm/pg-core';\n\
        export const users = pgTable('users', { id: integer('id').primaryKey(), name: text('name') }, (t) => [index('users_name').on(t.name)]);\n";
    let project = Project::new("postgresql", USERS);
    assert_eq!(project.run(&["generate"]).0, 0);
    assert_eq!(project.run(&["generate", "--custom", "--name", "by_hand"]).0, 0);
    project.write(
        "drizzle/0001_by_hand.sql",
        "COMMENT ON TABLE users IS 'people'; CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'select 1';\n\
         ALTER TABLE users ADD CONSTRAINT one EXCLUDE (name WITH =); CREATE TABLE by_hand (id int);\n\
         DROP INDEX users_name; CREATE INDEX users_name ON users (name) INCLUDE (id);\n\
         CREATE INDEX by_hand_idx ON users (id); GRANT SELECT ON users TO public;\n",
    );
    assert_eq!(project.run(&["generate"]).1.matches("nothing to generate").count(), 1);
    project
        .write("schema.ts", &USERS.replace("name: text('name')", "name: text('name').notNull(), age: integer('age')"));
    let added = "ALTER TABLE \"users\" ADD COLUMN \"age\" integer;\n";
    let changed = "ALTER TABLE \"users\" ALTER COLUMN \"name\" SET NOT NULL;\n";
    let expected = format!("{changed}{added}");
    assert_eq!(project.run(&["generate", "--dry-run", "--format", "sql"]), (0, expected.clone()));
    // The same where the last migration has no snapshot: then its replay is what is recorded.
    std::fs::remove_file(project.path("drizzle/meta/0001_snapshot.json")).unwrap();
    let (code, text) = project.run(&["generate", "--dry-run", "--format", "sql"]);
    assert!(code == 0 && text.starts_with(&expected) && text.contains("--repair"), "{text}");
}

/// The files of a first migration beside drizzle-kit's own, whatever the configuration asks for.
#[test]
fn each_setting_gives_the_files_that_drizzle_kit_writes() {
    let schema = format!(
        "{SQLITE}export const a = sqliteTable('a', {{ id: integer('id').primaryKey(), b: text('b') }}, (t) => [index('i').on(t.b)]);\n"
    );
    for settings in [
        "breakpoints: false",
        "driver: 'expo'",
        "driver: 'durable-sqlite'",
        "migrations: { prefix: 'timestamp' }",
        "migrations: { prefix: 'supabase' }",
        "migrations: { prefix: 'unix' }",
        "casing: 'snake_case'",
    ] {
        let project = Project::new("sqlite", &schema);
        let config =
            format!("export default {{ dialect: 'sqlite', schema: './schema.ts', out: './drizzle', {settings} }};\n");
        project.write("drizzle.config.ts", &config);
        assert!(project.drizzle_kit("generate").contains("Your SQL migration file"), "{settings}");
        let theirs = project.masked_files();
        std::fs::remove_dir_all(project.path("drizzle")).unwrap();
        let (code, text) = project.run(&["generate"]);
        assert_eq!(code, 0, "{settings}: {text}");
        assert_eq!(project.masked_files(), theirs, "{settings}");
        assert!(project.drizzle_kit("generate").contains("No schema changes"), "{settings}");
    }
}

#[test]
fn a_trigger_written_by_hand_comes_back_behind_a_table_made_anew() {
    let project = Project::new("sqlite", &users("name: text('name'), n: integer('n')"));
    assert_eq!(project.run(&["generate"]).0, 0);
    assert_eq!(project.run(&["generate", "--custom", "--name", "touch"]).0, 0);
    let trigger = "CREATE TRIGGER touch AFTER UPDATE OF name ON users BEGIN UPDATE users SET n = coalesce(n, 0) + 1 WHERE id = NEW.id; END;\n";
    project.write("drizzle/0001_touch.sql", trigger);
    project.write("schema.ts", &users("name: text('name').notNull(), n: integer('n')"));
    let (code, text) = project.run(&["generate", "--name", "rebuild"]);
    assert_eq!(code, 0, "{text}");
    let text = std::fs::read_to_string(project.path("drizzle/0002_rebuild.sql")).unwrap();
    assert!(text.starts_with("DROP TRIGGER `touch`;") && text.contains("CREATE TABLE `__new_users`"), "{text}");
    assert!(text.trim_end().ends_with("SET n = coalesce(n, 0) + 1 WHERE id = NEW.id; END;"), "{text}");
    let (code, text) = project.run(&["check"]);
    assert_eq!(code, 0, "{text}");
}
