//! `driftlens up` and `down` where the project has a compose file: what the container engine is told. The engine is a script that notes
//! what it is asked; the database behind it is real.
#![cfg(unix)]

use crate::brought_up::{SCHEMA, Up};
use crate::project::{Project, said};
use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;
use tempfile::TempDir;

const COMPOSE: &str = "services:
  app:
    build: .
  db:
    image: postgres:${PG:-16}
    environment:
      POSTGRES_USER: ${DB_USER:-postgres}
      POSTGRES_PASSWORD: ${DB_PASSWORD}
    ports: [\"5432\"]
";

/// What is asked goes to `asked`; `running` is there while the service runs; `config` and `port` are answers.
const ENGINE: &str = r#"#!/bin/sh
here=$(dirname "$0")
echo "$@" >>"$here/asked"
case "$*" in
version*) [ -e "$here/dead" ] && exit 1; echo 27.0 ;;
"compose version") ;;
"compose ps -q db") [ -e "$here/running" ] && echo 0123abcd; exit 0 ;;
"compose up -d --wait db") touch "$here/running" ;;
"compose stop db" | "compose down --volumes") rm "$here/running" ;;
"compose config") cat "$here/config" ;;
"compose port db 5432") cat "$here/port" ;;
*) echo "unknown: $*" >&2; exit 9 ;;
esac
"#;

struct Engine(TempDir);

impl Engine {
    fn new() -> Engine {
        let engine = Engine(tempfile::tempdir().unwrap());
        engine.write("docker", ENGINE);
        std::fs::set_permissions(engine.0.path().join("docker"), std::fs::Permissions::from_mode(0o755)).unwrap();
        engine
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.0.path().join(name), text).unwrap();
    }

    fn is_running(&self) -> bool {
        self.0.path().join("running").exists()
    }

    /// What it was asked since the last time, but whether it is there.
    fn asked(&self) -> String {
        let file = self.0.path().join("asked");
        let text = std::fs::read_to_string(&file).unwrap_or_default();
        let _ = std::fs::remove_file(file);
        text.lines().filter(|line| !line.contains("version")).collect::<Vec<_>>().join("; ")
    }

    fn run(&self, project: &Project, arguments: &[&str]) -> (i32, String) {
        let mut command: Command = project.command(arguments);
        let path = std::env::var_os("PATH").unwrap_or_default();
        let folders = std::iter::once(self.0.path().to_owned()).chain(std::env::split_paths(&path));
        command.env("PATH", std::env::join_paths(folders).unwrap()).env_remove("DATABASE_URL");
        said(command.output().unwrap())
    }
}

fn project(compose: &str) -> Project {
    let project = Project::new("postgresql", SCHEMA);
    std::fs::create_dir(project.path(".git")).unwrap();
    project.write("compose.yaml", compose);
    project
}

#[test]
fn the_service_is_started_found_and_stopped() {
    let real = Up::new(SCHEMA);
    real.ok(&["up"]);
    let (_, port) = real.process();
    let password = real.password();
    let engine = Engine::new();
    engine.write("port", &format!("0.0.0.0:{port}\n[::]:{port}\n"));
    engine.write(
        "config",
        &format!("name: x\nservices:\n  app:\n    build: {{ context: . }}\n  db:\n    image: postgres:16\n    environment:\n      POSTGRES_USER: postgres\n      POSTGRES_PASSWORD: {password}\n"),
    );
    let project = project(COMPOSE);
    let (code, text) = engine.run(&project, &["up"]);
    assert!(code == 0 && text.contains("`db` of compose.yaml runs now"), "{text}");
    assert!(
        text.contains(&format!("postgres://postgres@127.0.0.1:{port}/postgres")) && !text.contains(&password),
        "{text}"
    );
    assert_eq!(engine.asked(), "compose ps -q db; compose up -d --wait db; compose config; compose port db 5432");
    let mode = std::fs::metadata(project.path(".driftlens/compose.json")).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode, 0o600);
    assert!(!project.path(".driftlens/postgres").exists());
    let (code, text) = engine.run(&project, &["push", "--dry-run"]);
    assert!(code == 0 && text.contains("CREATE TABLE \"users\"") && !text.contains(&password), "{text}");
    let (_, text) = engine.run(&project, &["status"]);
    assert!(text.contains("from `driftlens up`, by the compose file"), "{text}");
    assert_eq!(engine.asked(), "");
    let (code, text) = engine.run(&project, &["up"]);
    assert!(code == 0 && text.contains("runs already"), "{text}");
    assert!(!engine.asked().contains("compose up"));
    // The volumes of other services are not ours to remove.
    let (code, text) = engine.run(&project, &["down", "--volumes", "--yes"]);
    assert!(
        code == 1 && text.contains("other services too (app)") && text.contains("`docker compose down --volumes`"),
        "{text}"
    );
    let (code, text) = engine.run(&project, &["down", "--volumes", "--dry-run"]);
    assert!(code == 0 && text.contains("other services too (app)") && !text.contains("would be removed"), "{text}");
    assert!(engine.is_running());
    engine.asked();
    let (code, text) = engine.run(&project, &["down"]);
    assert!(code == 0 && text.contains("`db` of compose.yaml is stopped, and its data is kept"), "{text}");
    assert_eq!((engine.asked().as_str(), engine.is_running()), ("compose stop db", false));
    let (code, text) = engine.run(&project, &["down"]);
    assert!(code == 0 && text.contains("nothing to stop"), "{text}");
    // Alone in its file it goes with its volumes, after a yes.
    engine.write(
        "config",
        &format!("services:\n  db:\n    image: postgres:16\n    environment:\n      POSTGRES_PASSWORD: {password}\n"),
    );
    assert_eq!(engine.run(&project, &["up"]).0, 0);
    let (code, text) = engine.run(&project, &["down", "--volumes"]);
    assert!(
        code == 1 && text.contains("nothing was changed; --yes says that the database `db` of compose.yaml"),
        "{text}"
    );
    let (code, text) = engine.run(&project, &["down", "--volumes", "--dry-run"]);
    let lost = format!("postgres://postgres@127.0.0.1:{port}/postgres: 0 tables, 0 rows");
    assert!(code == 0 && text.contains("the database `db` of compose.yaml") && text.contains(&lost), "{text}");
    assert!(engine.is_running());
    engine.asked();
    let (code, text) = engine.run(&project, &["down", "--volumes", "--yes"]);
    assert!(code == 0 && text.contains("is removed with its volumes"), "{text}");
    assert!(engine.asked().ends_with("compose down --volumes") && !engine.is_running());
    // One that ran before is found, and left alone.
    engine.write("running", "");
    let (code, text) = engine.run(&project, &["up"]);
    assert!(code == 0 && text.contains("runs already"), "{text}");
    let (code, text) = engine.run(&project, &["down", "--volumes", "--dry-run"]);
    assert!(code == 0 && text.contains("is left alone") && !text.contains("would be removed"), "{text}");
    let (code, text) = engine.run(&project, &["down"]);
    assert!(code == 0 && text.contains("was left alone: `docker compose stop db` stops it"), "{text}");
    assert!(engine.is_running());
}

#[test]
fn what_keeps_the_service_from_being_used_is_said() {
    let engine = Engine::new();
    engine.write("port", "");
    engine
        .write("config", "services:\n  db:\n    image: postgres:16\n    environment:\n      POSTGRES_PASSWORD: hush\n");
    let shop = project(COMPOSE);
    let (code, text) = engine.run(&shop, &["up"]);
    assert!(code == 2 && text.contains("its port 5432 is not published") && !text.contains("hush"), "{text}");
    engine.write(
        "config",
        "services:\n  db:\n    image: postgres:16\n    environment:\n      POSTGRES_PASSWORD_FILE: /run/pw\n",
    );
    let (code, text) = engine.run(&shop, &["up"]);
    assert!(code == 2 && text.contains("takes its password from a file") && text.contains("DATABASE_URL"), "{text}");
    let (code, text) = engine.run(&shop, &["up", "--service", "cache"]);
    assert!(code == 2 && text.contains("compose.yaml has no service `cache` that is a PostgreSQL"), "{text}");
    let several = project("services: { one: { image: postgres }, two: { image: postgis/postgis } }\n");
    let (code, text) = engine.run(&several, &["up"]);
    assert!(code == 2 && text.contains("has several PostgreSQL: name one with --service (one, two)"), "{text}");
    engine.write("dead", "");
    let (code, text) = engine.run(&shop, &["up", "--service", "db"]);
    assert!(code == 2 && text.contains("no container engine answers"), "{text}");
}

#[test]
fn without_an_engine_the_project_gets_a_server_of_its_own_and_keeps_it() {
    let up = Up::new(SCHEMA);
    up.project.write("compose.yaml", COMPOSE);
    let text = up.ok(&["up"]);
    assert!(
        text.contains("has the service `db`, but no container engine answers") && text.contains("made in"),
        "{text}"
    );
    // An engine that answers later does not take its place unasked.
    let engine = Engine::new();
    let (code, text) = engine.run(&up.project, &["up"]);
    assert!(code == 0 && text.contains("has a server of its own already") && text.contains("runs already"), "{text}");
    assert_eq!(engine.asked(), "");
    let text = up.ok(&["up", "--private"]);
    assert!(text.contains("runs already") && !text.contains("compose"), "{text}");
}
