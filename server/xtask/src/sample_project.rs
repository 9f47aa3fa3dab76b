//! The projects that are measured: generated once into the cache folder, and again only when the generator changes.

use crate::install;
use crate::project::Project;
use crate::run::run;
use anyhow::{Context, Result};
use std::path::PathBuf;

const GENERATOR: &str = include_str!("../bench/project.mjs");

/// What is generated.
#[derive(Clone, Copy)]
pub struct Size {
    pub n_tables: usize,
    pub n_files: usize,
    pub n_migrations: usize,
}

/// A project with a long history, and a large one.
pub const SIZES: [Size; 2] =
    [Size { n_tables: 300, n_files: 30, n_migrations: 300 }, Size { n_tables: 3_000, n_files: 300, n_migrations: 1 }];

impl Size {
    /// Generates the project if it is not there, which takes minutes. Returns its folder.
    pub fn project(self, project: &Project) -> Result<PathBuf> {
        install::npm_packages(project, "tests")?;
        let parent = project.cache.join("bench");
        let name = format!("{}x{}", self.n_tables, self.n_migrations);
        let (folder, stamp) = (parent.join(&name), parent.join(format!("{name}.stamp")));
        if std::fs::read_to_string(&stamp).is_ok_and(|generated_by| generated_by == GENERATOR) {
            return Ok(folder);
        }
        std::fs::create_dir_all(&parent).with_context(|| format!("{} cannot be made", parent.display()))?;
        let mut command = project.command("node", ".");
        command
            .arg("server/xtask/bench/project.mjs")
            .arg("--out")
            .arg(&folder)
            .args(["--modules", "tests/node_modules"]);
        for (flag, number) in
            [("--tables", self.n_tables), ("--files", self.n_files), ("--migrations", self.n_migrations)]
        {
            command.arg(flag).arg(number.to_string());
        }
        run(&mut command)?;
        std::fs::write(&stamp, GENERATOR).with_context(|| format!("{} cannot be written", stamp.display()))?;
        Ok(folder)
    }

    /// A schema file from the middle: others import it, and it imports others.
    pub fn middle_file(self) -> String {
        format!("src/area{:03}.ts", self.n_files / 2)
    }
}
