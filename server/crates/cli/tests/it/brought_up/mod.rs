//! A project with a server of its own, for a test.
#![cfg(unix)]

use crate::project::{Project, said};
use database::local::{LocalServer, PROGRAMS_VARIABLE};
use database::{Access, connect};
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::Command;
use tests::postgres::of_the_machine;

pub const SCHEMA: &str = "import { pgTable, integer, text } from 'drizzle-orm/pg-core';
export const users = pgTable('users', { id: integer('id').primaryKey(), email: text('email') });\n";

/// A project whose server is taken away at the end, whatever becomes of the test.
pub struct Up {
    pub project: Project,
}

impl Up {
    pub fn new(schema: &str) -> Up {
        let up = Up { project: Project::new("postgresql", schema) };
        // Where we are root, another account runs the server, and has to get to its folder.
        let folder = up.project.path(".");
        std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o755)).unwrap();
        assert!(Command::new("git").args(["init", "-q"]).current_dir(up.project.path(".")).status().unwrap().success());
        up
    }

    /// The programs of the machine, no other address, and no container engine within reach.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.project.command(arguments);
        command.env(PROGRAMS_VARIABLE, of_the_machine().bin).env_remove("DATABASE_URL");
        command.env("PATH", path_without_engines());
        command
    }

    pub fn run(&self, arguments: &[&str]) -> (i32, String) {
        said(self.command(arguments).output().unwrap())
    }

    pub fn ok(&self, arguments: &[&str]) -> String {
        let (code, text) = self.run(arguments);
        assert_eq!(code, 0, "{arguments:?}: {text}");
        text
    }

    pub fn folder(&self) -> PathBuf {
        self.project.path(".driftlens/postgres")
    }

    pub fn data(&self) -> PathBuf {
        self.folder().join("data")
    }

    pub fn server(&self) -> LocalServer {
        LocalServer::new(self.folder())
    }

    /// The process of the server and its port, as its own file says them.
    pub fn process(&self) -> (u32, u16) {
        let text = std::fs::read_to_string(self.data().join("postmaster.pid")).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        (lines[0].parse().unwrap(), lines[3].trim().parse().unwrap())
    }

    pub fn password(&self) -> String {
        std::fs::read_to_string(self.folder().join("password")).unwrap().trim().to_owned()
    }

    /// One value of the project's database, as its superuser.
    pub fn value(&self, question: &str) -> Option<String> {
        let address = self.server().address("drizzle.config.ts").unwrap();
        tokio::runtime::Runtime::new().unwrap().block_on(async {
            let mut connection = connect(&address, Access::Write).await.unwrap();
            let value = connection.value(question).await.unwrap();
            connection.close().await;
            value
        })
    }
}

impl Drop for Up {
    fn drop(&mut self) {
        let _ = self.command(&["down", "--volumes", "--yes"]).output();
    }
}

/// Where programs are, but for folders that have a container engine: a machine's own would be asked.
fn path_without_engines() -> std::ffi::OsString {
    let engines = ["docker", "docker-compose", "podman"];
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&path).filter(|folder| !engines.iter().any(|it| folder.join(it).exists()));
    std::env::join_paths(folders).unwrap()
}
