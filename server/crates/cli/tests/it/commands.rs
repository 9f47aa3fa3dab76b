//! The commands as a person runs them: the real binary, its output and its exit code.

use serde_json::Value;
use std::path::Path;
use std::process::{Command, Output};

fn driftlens(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_driftlens")).current_dir(folder).args(arguments).output().unwrap()
}

fn text(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// The demo's project after its edits and before its generated migration, in a folder of its own; and what the demo printed.
fn demo() -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let output = driftlens(folder.path(), &["demo", "--into", "shop"]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let migrations = folder.path().join("shop/drizzle");
    std::fs::remove_file(migrations.join("0004_reviews_rename_body_to_comment_and_2_more.sql")).unwrap();
    std::fs::remove_file(migrations.join("meta/0004_snapshot.json")).unwrap();
    let journal = include_str!("../../demo/drizzle/meta/_journal.json");
    std::fs::write(migrations.join("meta/_journal.json"), journal).unwrap();
    (folder, text(&output))
}

#[test]
fn the_demo_shows_the_main_job() {
    let (_folder, printed) = demo();
    for expected in [
        "shop/drizzle.config.ts: in sync (sqlite, 6 tables, 4 migrations)",
        "column `customers.phone` (text) is in no migration",
        "it looks like a rename of column `reviews.body` to column `reviews.comment`",
        "index `orders_status_idx` of `orders` is gone from the schema",
        "4 pending changes",
        "line 13: column `customers.phone` (text) is in no migration [schema/missing-migration]",
        "orders.customer_id integer NOT NULL",
        "customers: id, email, name, phone, created_at, updated_at",
        "ALTER TABLE `reviews` RENAME COLUMN \"body\" TO \"comment\";",
        "wrote shop/drizzle/meta/0004_snapshot.json",
        "shop/drizzle.config.ts: in sync (sqlite, 6 tables, 5 migrations)",
    ] {
        assert!(printed.contains(expected), "{expected:?} is not in:\n{printed}");
    }
}

#[test]
fn the_demo_overwrites_nothing() {
    let (folder, _) = demo();
    let output = driftlens(folder.path(), &["demo", "--into", "shop"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("exists already"));
}

#[test]
fn check_tells_by_its_exit_code_and_in_stable_json() {
    let (folder, _) = demo();
    let output = driftlens(folder.path(), &["check", "--format", "json"]);
    assert_eq!(output.status.code(), Some(1));
    let json: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(json["version"], 1);
    let project = &json["projects"][0];
    assert_eq!(project["config"], "shop/drizzle.config.ts");
    assert_eq!(project["schema_files"], serde_json::json!(["shop/src/schema.ts"]));
    assert_eq!((&project["tables"], &project["migrations"]), (&Value::from(6), &Value::from(4)));
    assert_eq!(project["in_sync"], false);
    let pending = project["pending"].as_array().unwrap();
    let kinds: Vec<&str> = pending.iter().map(|pending| pending["kind"].as_str().unwrap()).collect();
    assert_eq!(pending.len(), 4, "{kinds:?}");
    let added = pending.iter().find(|pending| pending["object"] == "customers.phone").unwrap();
    assert_eq!(added["kind"], "add_column");
    assert_eq!(added["code"], "schema/missing-migration");
    assert_eq!(added["file"], "shop/src/schema.ts");
    let start = &added["range"]["start"];
    assert_eq!((&start["line"], &start["column"]), (&Value::from(13), &Value::from(3)));
    let schema = std::fs::read_to_string(folder.path().join("shop/src/schema.ts")).unwrap();
    let range = start["offset"].as_u64().unwrap() as usize..added["range"]["end"]["offset"].as_u64().unwrap() as usize;
    assert_eq!(&schema[range], "phone");
    for part in ["unknown", "diagnostics"] {
        assert!(project[part].is_array());
    }
}

#[test]
fn check_takes_folders_configurations_and_files() {
    let (folder, _) = demo();
    for arguments in [
        vec!["check", "shop"],
        vec!["check", "shop/drizzle.config.ts"],
        vec!["check", "--config", "shop/drizzle.config.ts"],
        vec!["check", "shop/src/schema.ts"],
    ] {
        let output = driftlens(folder.path(), &arguments);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
        assert!(text(&output).contains("4 pending changes"), "{arguments:?}: {}", text(&output));
    }
    let github = text(&driftlens(folder.path(), &["check", "--format", "github"]));
    assert!(github.starts_with("::warning file=shop/src/schema.ts,line=13,col=3,endLine=13,endColumn=8,"), "{github}");
}

/// Writes files into a folder.
fn write(folder: &Path, files: &[(&str, &str)]) {
    for (path, content) in files {
        let file = folder.join(path);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, content).unwrap();
    }
}

const CONFIG: &str = "export default { dialect: 'postgresql', schema: './schema.ts', out: './drizzle' };\n";

#[test]
fn a_single_file_hides_nothing_of_a_project_named_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    let schema = "import { pgTable, serial } from 'drizzle-orm/pg-core';\n\
        export const users = pgTable('users', { id: serial('id') });\n";
    let files = [
        ("a/drizzle.config.ts", CONFIG),
        ("a/schema.ts", "export const nothing = 1;\n"),
        ("b/drizzle.config.ts", CONFIG),
        ("b/schema.ts", schema),
    ];
    write(folder.path(), &files);
    for (arguments, code) in [
        (vec!["check", "a/schema.ts", "b"], 1),
        (vec!["check", "b", "a/schema.ts"], 1),
        (vec!["check", "a/schema.ts"], 0),
        (vec!["check", "b/schema.ts", "a"], 1),
        (vec!["check", "a/schema.ts", "--config", "b/drizzle.config.ts"], 0),
        (vec!["check", "a/schema.ts", "b", "--config", "b/drizzle.config.ts"], 1),
        (vec!["check", "nowhere.ts", "--config", "b/drizzle.config.ts"], 2),
    ] {
        assert_eq!(driftlens(folder.path(), &arguments).status.code(), Some(code), "{arguments:?}");
    }
    let json = driftlens(folder.path(), &["check", "a/schema.ts", "b", "--format", "json"]);
    let json: Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!(json["projects"][1]["pending"].as_array().unwrap().len(), 1);
}

#[test]
fn a_name_like_a_configuration_does_not_end_the_search_for_one() {
    let folder = tempfile::tempdir().unwrap();
    let files = [
        ("drizzle.config.ts", CONFIG),
        ("schema.ts", "export const nothing = 1;\n"),
        ("src/drizzle.config.d.ts", "export {};\n"),
        ("src/other.ts", "export {};\n"),
    ];
    write(folder.path(), &files);
    assert_eq!(driftlens(folder.path(), &["check", "src/other.ts"]).status.code(), Some(0));
}

#[test]
fn a_history_that_cannot_be_read_is_not_called_in_sync() {
    let folder = tempfile::tempdir().unwrap();
    let files = [
        ("drizzle.config.ts", CONFIG),
        ("schema.ts", "export const nothing = 1;\n"),
        ("drizzle/20260101000000_first/migration.sql", "select 1;\n"),
        ("drizzle/20260101000000_first/snapshot.json", r#"{"version":"8","dialect":"postgres"}"#),
    ];
    write(folder.path(), &files);
    let output = driftlens(folder.path(), &["check"]);
    assert_eq!(output.status.code(), Some(1), "its snapshot is broken");
    let told = text(&output);
    assert!(told.contains("drizzle.config.ts: not compared with its migrations, 1 error"), "{told}");
    let json = driftlens(folder.path(), &["check", "--format", "json"]);
    let json: Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!(json["projects"][0]["in_sync"], false);
}

#[test]
fn inspect_says_that_a_picture_is_incomplete() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), &[("drizzle.config.ts", CONFIG), ("schema.ts", "export const t = pgTable('t', {")]);
    let output = driftlens(folder.path(), &["inspect", "desired"]);
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(told.contains("could not be told and are missing here"), "{told}");
    assert!(serde_json::from_slice::<Value>(&output.stdout).is_ok());
}

#[test]
fn what_cannot_run_says_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    for (arguments, expected) in [
        (vec!["check"], "no drizzle.config"),
        (vec!["check", "nowhere"], "no such file or folder"),
        (vec!["check", "--config", "nowhere.ts"], "no such configuration file"),
        (vec!["inspect", "desired"], "no drizzle.config"),
        (vec!["log"], "no drizzle.config"),
        (vec!["explain", "schema/nothing"], "there is no finding `schema/nothing`"),
    ] {
        let output = driftlens(folder.path(), &arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(told.contains(expected), "{arguments:?}: {told}");
    }
}

#[test]
fn inspect_prints_both_pictures_in_each_format() {
    let (folder, _) = demo();
    let snapshot = driftlens(folder.path(), &["inspect", "history", "--format", "drizzle-snapshot"]);
    let mut ours: Value = serde_json::from_slice(&snapshot.stdout).unwrap();
    let file = folder.path().join("shop/drizzle/meta/0003_snapshot.json");
    let theirs: Value = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    for id in ["id", "prevId"] {
        ours[id] = theirs[id].clone();
    }
    assert_eq!(ours, theirs);
    let desired = driftlens(folder.path(), &["inspect", "desired"]);
    let desired: Value = serde_json::from_slice(&desired.stdout).unwrap();
    assert_eq!(desired["tables"]["customers"]["columns"]["phone"]["type"]["text"], "text");
    let sql = text(&driftlens(folder.path(), &["inspect", "desired", "--format", "sql"]));
    assert!(sql.starts_with("CREATE TABLE \"") && sql.contains("\n  \"phone\" text,\n"), "{sql}");
    let diagram = text(&driftlens(folder.path(), &["inspect", "desired", "--format", "mermaid"]));
    assert!(
        diagram.starts_with("erDiagram\n") && diagram.contains("\"customers\" ||--o{ \"orders\" : \"customer_id\""),
        "{diagram}"
    );
}

/// As far as the repository goes.
#[test]
fn a_folder_within_a_project_is_as_good_as_the_project() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("repository");
    for inner in ["src/deep", "migrations", ".git"] {
        std::fs::create_dir_all(folder.join(inner)).unwrap();
    }
    std::fs::write(folder.join("schema.sql"), USERS).unwrap();
    std::fs::write(folder.join("migrations/1_a.sql"), USERS).unwrap();
    let toml = "dialect = \"postgresql\"\nschema = \"schema.sql\"\nmigrations = \"migrations\"\n";
    std::fs::write(folder.join("driftlens.toml"), toml).unwrap();
    for (inside, arguments) in [("src/deep", vec!["check"]), (".", vec!["check", "src"])] {
        let output = driftlens(&folder.join(inside), &arguments);
        assert_eq!(output.status.code(), Some(0), "{inside}: {}", String::from_utf8_lossy(&output.stderr));
    }
    std::fs::rename(folder.join(".git"), place.path().join(".git-of-somebody-else")).unwrap();
    assert_eq!(driftlens(&folder.join("src/deep"), &["check"]).status.code(), Some(2));
}

#[test]
fn explain_prints_the_page_of_a_finding() {
    let folder = tempfile::tempdir().unwrap();
    let output = driftlens(folder.path(), &["explain", "schema/missing-migration"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(text(&output).starts_with("# schema/missing-migration\n"));
}

const USERS: &str = "CREATE TABLE users (id bigserial PRIMARY KEY, email varchar(255) NOT NULL);\n";

#[test]
fn a_project_without_schema_files_is_its_migrations() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), &[("Cargo.toml", ""), ("migrations/1_users.sql", USERS)]);
    let output = driftlens(folder.path(), &["check"]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let expected = "migrations: nothing wrong (postgresql, 1 table, 1 migration); \
        no schema files: the migrations themselves are checked\n";
    assert_eq!(text(&output), expected);
    for path in ["migrations", "migrations/1_users.sql", "Cargo.toml"] {
        assert_eq!(driftlens(folder.path(), &["check", path]).status.code(), Some(0), "{path}");
    }
    let desired = driftlens(folder.path(), &["inspect", "desired"]);
    assert!(String::from_utf8_lossy(&desired.stderr).contains("it has no schema files"));
    let history = driftlens(folder.path(), &["inspect", "history"]);
    let history: Value = serde_json::from_slice(&history.stdout).unwrap();
    assert!(history["tables"].as_object().unwrap().contains_key("public.users"), "{history}");
}

const TWO_PROJECTS: &str = "[[project]]\nname = \"api\"\nschema = \"schema.sql\"\nmigrations = \"steps\"\nformat = \"plain\"\n\n\
    [[project]]\nmigrations = \"jobs\"\ndialect = \"sqlite\"\n";

#[test]
fn the_projects_of_a_driftlens_toml_are_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let schema = USERS.replace("email varchar(255) NOT NULL", "email varchar(255) NOT NULL, name text");
    let files = [
        ("driftlens.toml", TWO_PROJECTS),
        ("schema.sql", &schema),
        ("steps/1_users.sql", USERS),
        ("jobs/1_jobs.sql", "CREATE TABLE jobs (id integer PRIMARY KEY);\n"),
    ];
    write(folder.path(), &files);
    let output = driftlens(folder.path(), &["check"]);
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
    let told = text(&output);
    for expected in [
        "column `users.name` (text) is in no migration",
        "run `driftlens generate`",
        "driftlens.toml [api]: 1 pending change (postgresql, 1 table, 1 migration)",
        "driftlens.toml [jobs]: nothing wrong (sqlite, 1 table, 1 migration); no schema files",
    ] {
        assert!(told.contains(expected), "{expected:?} is not in:\n{told}");
    }
    let json = driftlens(folder.path(), &["check", "--format", "json"]);
    let json: Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!((&json["projects"][0]["name"], &json["projects"][1]["name"]), (&"api".into(), &"jobs".into()));
    assert_eq!(json["projects"][0]["migrations_folder"], "steps");
    assert_eq!(json["projects"][0]["pending"][0]["file"], "schema.sql");
    assert_eq!(json["projects"][1]["schema_files"], serde_json::json!([]));
    let several = driftlens(folder.path(), &["inspect", "history"]);
    let told = String::from_utf8_lossy(&several.stderr).into_owned();
    assert!(told.contains("driftlens.toml [api]") && told.contains("--project"), "{told}");
    let one = driftlens(folder.path(), &["inspect", "history", "--project", "jobs"]);
    let one: Value = serde_json::from_slice(&one.stdout).unwrap();
    assert!(one["tables"].as_object().unwrap().contains_key("jobs"), "{one}");
    let none = driftlens(folder.path(), &["inspect", "history", "--project", "shop"]);
    assert!(String::from_utf8_lossy(&none.stderr).contains("there is no project `shop`"));
}

#[test]
fn a_mistake_in_a_driftlens_toml_is_told_at_its_place() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), &[("driftlens.toml", "migrations = 'steps'\nformatt = 'sqlx'\n")]);
    let output = driftlens(folder.path(), &["check"]);
    assert_eq!(output.status.code(), Some(1));
    let told = text(&output);
    for expected in ["error[config/invalid]: there is no key `formatt`", "driftlens.toml:2:1", "did you mean `format`?"]
    {
        assert!(told.contains(expected), "{expected:?} is not in:\n{told}");
    }
}

#[test]
fn what_was_looked_for_is_named_where_nothing_is_there() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), &[("queries/1_users.sql", USERS), ("diesel/diesel.toml", "")]);
    let output = driftlens(folder.path(), &["check", "queries"]);
    assert_eq!(output.status.code(), Some(2));
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    for expected in ["drizzle.config.{ts", "driftlens.toml", "supabase/config.toml", "named migrations"] {
        assert!(told.contains(expected), "{expected:?} is not in:\n{told}");
    }
    let output = driftlens(folder.path(), &["check", "diesel"]);
    assert_eq!(output.status.code(), Some(2));
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(told.contains("diesel.toml: no migrations and no schema files"), "{told}");
}

/// A project of three migrations without snapshots.
fn renamed() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let journal = r#"{"version":"7","dialect":"postgresql","entries":[
        {"idx":0,"version":"7","when":1,"tag":"0000_first","breakpoints":true},
        {"idx":1,"version":"7","when":2,"tag":"0001_rename","breakpoints":true},
        {"idx":2,"version":"7","when":3,"tag":"0002_required","breakpoints":true}]}"#;
    let schema = "import { pgTable, serial, text } from 'drizzle-orm/pg-core';\n\
        export const users = pgTable('users', { id: serial('id').primaryKey(), email: text('email').notNull() });\n";
    let files = [
        ("drizzle.config.ts", CONFIG),
        ("schema.ts", schema),
        ("drizzle/meta/_journal.json", journal),
        (
            "drizzle/0000_first.sql",
            "CREATE TABLE \"users\" (\n\t\"id\" serial PRIMARY KEY NOT NULL,\n\t\"mail\" text\n);\n",
        ),
        ("drizzle/0001_rename.sql", "ALTER TABLE \"users\" RENAME COLUMN \"mail\" TO \"email\";\n"),
        ("drizzle/0002_required.sql", "\n\nALTER TABLE \"users\" ALTER COLUMN \"email\" SET NOT NULL;\n"),
    ];
    write(folder.path(), &files);
    folder
}

#[test]
fn log_says_what_each_migration_did() {
    let folder = renamed();
    let output = driftlens(folder.path(), &["log"]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(
        text(&output),
        "0000_first     1 statement  create table `users` (2 columns)\n\
         0001_rename    1 statement  rename column `users.mail` to `users.email`\n\
         0002_required  1 statement  alter column `users.email`: nullable → NOT NULL\n"
    );
    let json = driftlens(folder.path(), &["log", "--format", "json", "--path", "."]);
    let json: Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!(json["migrations"][1]["changes"][0]["renamed_from"], "public.users.mail");
}

#[test]
fn log_of_an_object_follows_it_through_its_names() {
    let folder = renamed();
    let output = text(&driftlens(folder.path(), &["log", "users.email"]));
    for expected in [
        "drizzle/0000_first.sql:1  create table `users` (2 columns), with `mail` text\n    CREATE TABLE \"users\" (\n",
        "drizzle/0001_rename.sql:1  rename column `users.mail` to `users.email`\n",
        "drizzle/0002_required.sql:3  alter column `users.email`: nullable → NOT NULL\n",
        "\nnow: users.email text NOT NULL\n",
    ] {
        assert!(output.contains(expected), "{expected:?} is not in:\n{output}");
    }
    let json = driftlens(folder.path(), &["log", "public.users.email", "--format", "json"]);
    let json: Value = serde_json::from_slice(&json.stdout).unwrap();
    let touched_by = json["objects"][0]["touched_by"].as_array().unwrap();
    let kinds: Vec<&str> = touched_by.iter().map(|it| it["changes"][0]["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["create_table", "rename_column", "alter_column"]);
    assert_eq!(touched_by[2]["range"]["start"]["line"], 3);
    let unknown = driftlens(folder.path(), &["log", "users.emial"]);
    assert_eq!(unknown.status.code(), Some(2));
    let told = String::from_utf8_lossy(&unknown.stderr).into_owned();
    assert!(told.contains("no migration touches `users.emial`; did you mean `users.email`"), "{told}");
}

#[test]
fn inspect_prints_the_state_at_any_migration() {
    let folder = renamed();
    for (at, column) in [("0000_first", "mail"), ("0001_rename.sql", "email"), ("drizzle/0001_rename.sql", "email")] {
        let history = driftlens(folder.path(), &["inspect", "history", "--at", at]);
        let history: Value = serde_json::from_slice(&history.stdout).unwrap();
        let columns = history["tables"]["public.users"]["columns"].as_object().unwrap();
        assert!(columns.contains_key(column) && columns[column]["not_null"] == false, "{at}: {history}");
    }
    for (arguments, expected) in [
        (vec!["inspect", "history", "--at", "0001_renam"], "did you mean `0001_rename`?"),
        (vec!["inspect", "desired", "--at", "0000_first"], "only `inspect history` has a state"),
        (vec!["inspect", "history", "--format", "text"], "not as text"),
    ] {
        let output = driftlens(folder.path(), &arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(told.contains(expected), "{arguments:?}: {told}");
    }
}

#[test]
fn inspect_lists_what_only_hand_written_sql_made() {
    let (folder, _) = demo();
    let file = last_migration(&folder.path().join("shop/drizzle"));
    let sql = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, format!("{sql}--> statement-breakpoint\nCREATE VIEW \"names\" AS SELECT 1;\n")).unwrap();
    let listed = text(&driftlens(folder.path(), &["inspect", "unmanaged"]));
    assert!(listed.contains("  view `names`\n1 unmanaged object\n"), "{listed}");
    let json = driftlens(folder.path(), &["check", "--format", "json"]);
    let json: Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!(json["projects"][0]["unmanaged"][0]["object"], "names");
}

fn last_migration(folder: &Path) -> std::path::PathBuf {
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    files.filter(|path| path.extension().is_some_and(|it| it == "sql")).max().unwrap()
}
