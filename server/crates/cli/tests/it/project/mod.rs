//! A Drizzle project for a test, with our binary and the real drizzle-kit.

use history::{Format, History};
use schema::Dialect;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;
use workspace::Disk;

/// A Drizzle project in a folder of its own, drizzle-kit within reach.
pub struct Project {
    folder: TempDir,
}

impl Project {
    pub fn new(dialect: &str, schema: &str) -> Project {
        let project = Project { folder: tempfile::tempdir().unwrap() };
        let config = format!("export default {{ dialect: '{dialect}', schema: './schema.ts', out: './drizzle' }};\n");
        project.write("drizzle.config.ts", &config);
        project.write("schema.ts", schema);
        project
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).unwrap();
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_driftlens"));
        command.current_dir(self.folder.path()).args(arguments).stdin(Stdio::null());
        command.env("DRIFTLENS_STATE", self.path(".state"));
        command
    }

    /// The exit code, and what it says on both streams.
    pub fn run(&self, arguments: &[&str]) -> (i32, String) {
        said(self.command(arguments).output().unwrap())
    }

    pub fn drizzle_kit(&self, command: &str) -> String {
        self.link_packages("node_modules");
        self.installed_kit(&[command])
    }

    /// drizzle-kit 1.0, of the folder `kit-1`.
    pub fn drizzle_kit_1(&self, arguments: &[&str]) -> String {
        self.link_packages("kit-1/node_modules");
        self.installed_kit(arguments)
    }

    /// Brings the packages that are installed in this folder of `tests` within reach.
    pub fn link_packages(&self, folder: &str) {
        let modules = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../tests").join(folder);
        assert!(modules.join("drizzle-kit").exists(), "run cargo xtask test, which installs drizzle-kit");
        if !self.path("node_modules").exists() {
            std::os::unix::fs::symlink(modules.canonicalize().unwrap(), self.path("node_modules")).unwrap();
        }
    }

    fn installed_kit(&self, arguments: &[&str]) -> String {
        let mut node = Command::new("node");
        node.current_dir(self.folder.path()).arg("node_modules/drizzle-kit/bin.cjs").args(arguments);
        said(node.stdin(Stdio::null()).output().unwrap()).1
    }

    pub fn history(&self, dialect: Dialect) -> History {
        let out = Disk::normalize(&self.path("drizzle"));
        history::read(Format::Drizzle, dialect, &out, &Disk::new())
    }

    /// The files of `drizzle` by name, with what differs from run to run masked: digits of dates and times, ids, the migration's name.
    pub fn masked_files(&self) -> Vec<(String, String)> {
        let tag = self.names("drizzle").iter().find_map(|it| it.strip_suffix(".sql").map(str::to_owned)).unwrap();
        let (prefix, _) = tag.split_once('_').unwrap();
        let masked = |text: &str| {
            let text = text.replace(&tag, "TAG").replace(prefix, &"0".repeat(prefix.len()));
            let is_id = |line: &str| line.contains("\"id\": \"") || line.contains("\"when\": ");
            text.split_inclusive('\n').map(|line| if is_id(line) { "MASKED\n" } else { line }).collect::<String>()
        };
        let mut files = Vec::new();
        for folder in ["drizzle", "drizzle/meta"] {
            for name in self.names(folder).iter().filter(|name| *name != "meta") {
                let text = std::fs::read_to_string(self.path(folder).join(name)).unwrap();
                files.push((masked(&format!("{folder}/{name}")), masked(&text)));
            }
        }
        files
    }

    /// The text of the newest migration.
    pub fn last_migration(&self) -> String {
        let names = self.names("drizzle");
        let last = names.iter().rev().find(|name| name.ends_with(".sql"));
        last.map(|name| std::fs::read_to_string(self.path("drizzle").join(name)).unwrap()).unwrap_or_default()
    }

    pub fn names(&self, folder: &str) -> Vec<String> {
        let entries = std::fs::read_dir(self.path(folder)).into_iter().flatten();
        let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

pub fn said(output: Output) -> (i32, String) {
    let text = [output.stdout, output.stderr].concat();
    (output.status.code().unwrap_or(-1), String::from_utf8(text).unwrap())
}
