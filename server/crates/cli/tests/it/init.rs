//! `driftlens init` on projects of several kinds.
#![cfg(unix)]

use crate::project::{Project, said};
use serde_json::Value;
use std::path::Path;
use std::process::{Command, Stdio};

const SCHEMA: &str = "import { pgTable, integer } from 'drizzle-orm/pg-core';
export const users = pgTable('users', { id: integer('id').primaryKey() });\n";

fn drizzle() -> Project {
    let project = Project::new("postgresql", SCHEMA);
    std::fs::create_dir(project.path(".git")).unwrap();
    project
}

fn read(project: &Project, name: &str) -> String {
    std::fs::read_to_string(project.path(name)).unwrap()
}

fn check(folder: &Path) -> Value {
    let mut command = Command::new(env!("CARGO_BIN_EXE_driftlens"));
    command.current_dir(folder).args(["check", "--format", "json"]).stdin(Stdio::null());
    let (_, text) = said(command.output().unwrap());
    serde_json::from_str(&text).unwrap_or_else(|_| panic!("{text}"))
}

#[test]
fn scripts_and_a_configuration_are_added_once() {
    let project = drizzle();
    let package = "{\n\t\"name\": \"shop\",\n\t\"scripts\": {\n\t\t\"dev\": \"vite\",\n\t\t\"db:push\": \"drizzle-kit push\"\n\t},\n\t\"type\": \"module\"\n}";
    project.write("package.json", package);
    let before = check(&project.path("."));
    let (code, text) = project.run(&["init", "--dry-run"]);
    assert!(code == 0 && text.contains("would be added: db:check, db:generate, db:migrate, db:status"), "{text}");
    assert!(text.contains("drizzle = \"drizzle.config.ts\"") && text.contains("nothing was written"), "{text}");
    assert!(read(&project, "package.json") == package && !project.path("driftlens.toml").exists());
    let (code, text) = project.run(&["init"]);
    assert!(code == 0 && text.contains("added: db:check, db:generate, db:migrate, db:status"), "{text}");
    assert!(text.contains("db:push stays as it is: drizzle-kit push"), "{text}");
    assert!(text.contains("driftlens.toml: written") && text.contains("npm run db:check"), "{text}");
    // Their script of that name does something else.
    assert!(text.contains("  driftlens push ") && !text.contains("npm run db:push"), "{text}");
    let written = read(&project, "package.json");
    assert_eq!(
        written,
        "{\n\t\"name\": \"shop\",\n\t\"scripts\": {\n\t\t\"dev\": \"vite\",\n\t\t\"db:push\": \"drizzle-kit push\",\n\t\t\"db:check\": \"driftlens check\",\n\t\t\"db:generate\": \"driftlens generate\",\n\t\t\"db:migrate\": \"driftlens migrate\",\n\t\t\"db:status\": \"driftlens status\"\n\t},\n\t\"type\": \"module\"\n}"
    );
    let toml = read(&project, "driftlens.toml");
    // The same project, named by another file.
    let after = check(&project.path("."));
    assert_eq!(before["projects"][0]["pending"], after["projects"][0]["pending"], "{before}\n{after}");
    assert_eq!(before["summary"], after["summary"]);
    let (code, text) = project.run(&["init"]);
    assert!(
        code == 0 && text.contains("has the scripts already") && text.contains("driftlens.toml: stays as it is"),
        "{text}"
    );
    assert_eq!((read(&project, "package.json"), read(&project, "driftlens.toml")), (written, toml));
    let names = project.names(".");
    assert!(names.iter().all(|name| !name.contains(".tmp")), "{names:?}");
}

#[test]
fn what_is_commented_out_is_right_where_it_is_wanted() {
    let project = drizzle();
    assert_eq!(project.run(&["init"]).0, 0);
    let text = read(&project, "driftlens.toml");
    let (head, environments) = text.split_once("#\n# [environments.development]").unwrap();
    let wanted: String =
        environments.lines().map(|line| format!("{}\n", line.strip_prefix("# ").unwrap_or(line))).collect();
    project.write("driftlens.toml", &format!("{head}\n[environments.development]{wanted}"));
    project
        .write(".env", "DATABASE_URL=postgres://me:hush@localhost:1/app\nPRODUCTION_DATABASE_URL=postgres://db/app\n");
    let (code, text) = said(project.command(&["doctor"]).env_remove("DATABASE_URL").output().unwrap());
    assert!(
        code == 1 && text.contains("development (development: push is allowed), postgres://me@localhost:1/app"),
        "{text}"
    );
    let (code, text) = project.run(&["push", "--env", "production"]);
    assert!(code == 1 && text.contains("is a production database"), "{text}");
}

#[test]
fn a_package_above_names_where_the_project_is() {
    let project = drizzle();
    std::fs::create_dir_all(project.path("packages/my db")).unwrap();
    for name in ["drizzle.config.ts", "schema.ts"] {
        std::fs::rename(project.path(name), project.path("packages/my db").join(name)).unwrap();
    }
    project.write("package.json", "{\"name\":\"root\"}\n");
    let (code, text) = project.run(&["init"]);
    assert_eq!(code, 0, "{text}");
    let package: Value = serde_json::from_str(&read(&project, "package.json")).unwrap();
    assert_eq!(package["scripts"]["db:check"], "driftlens check 'packages/my db'");
    assert!(project.path("packages/my db/driftlens.toml").exists());
    // The script does what it says.
    let (code, text) = project.run(&["check", "packages/my db"]);
    assert!(code == 1 && text.contains("users"), "{text}");
}

#[test]
fn a_folder_of_migrations_gets_what_was_found_of_it() {
    for (dialect, sql, file) in [
        ("postgresql", "CREATE TABLE a (id bigserial PRIMARY KEY, at timestamptz);", "20240101000000_a.sql"),
        ("sqlite", "CREATE TABLE a (id INTEGER PRIMARY KEY AUTOINCREMENT);", "20240101000000_a.sql"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join("migrations")).unwrap();
        std::fs::create_dir(folder.path().join(".git")).unwrap();
        std::fs::write(folder.path().join("migrations").join(file), sql).unwrap();
        std::fs::write(folder.path().join("schema.sql"), format!("{sql}\nCREATE TABLE b (id INTEGER PRIMARY KEY);\n"))
            .unwrap();
        let before = check(folder.path());
        let mut command = Command::new(env!("CARGO_BIN_EXE_driftlens"));
        let (code, text) = said(command.current_dir(folder.path()).arg("init").stdin(Stdio::null()).output().unwrap());
        assert!(code == 0 && !text.contains("package.json") && text.contains("driftlens.toml: written"), "{text}");
        let toml = std::fs::read_to_string(folder.path().join("driftlens.toml")).unwrap();
        assert!(
            toml.contains("migrations = \"migrations\"") && toml.contains(&format!("dialect = \"{dialect}\"")),
            "{toml}"
        );
        assert!(toml.contains("schema = \"schema.sql\""), "{toml}");
        let after = check(folder.path());
        assert_eq!(before["summary"], after["summary"], "{toml}\n{before}\n{after}");
        assert!(!before["projects"][0]["pending"].as_array().unwrap().is_empty(), "{before}");
    }
}

#[test]
fn a_package_json_that_cannot_be_read_is_named_and_nothing_is_written() {
    let project = drizzle();
    let broken = "{\n  \"scripts\": {},\n}\n";
    project.write("package.json", broken);
    let (code, text) = project.run(&["init"]);
    assert!(code == 2 && text.contains("package.json: 3:1: it is no JSON object"), "{text}");
    assert!(read(&project, "package.json") == broken && !project.path("driftlens.toml").exists());
    project.write("package.json", "{\"scripts\": \"none\"}");
    let (code, text) = project.run(&["init"]);
    assert!(code == 2 && text.contains("`scripts` is no object"), "{text}");
    let empty = tempfile::tempdir().unwrap();
    let (code, text) = project.run(&["init", empty.path().to_str().unwrap()]);
    assert!(code == 2 && text.contains("drizzle.config"), "{text}");
}
