//! What a replay costs: per megabyte of SQL, with 300 and with 3,000 migrations, and at a keystroke in the last of them.

use crate::bench::{Edit, checks, keystrokes};
use crate::project::Project;
use anyhow::{Context, Result};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

const SIZES: [usize; 2] = [300, 3_000];
const SETTINGS: &str = "dialect = \"postgresql\"\nmigrations = \"migrations\"\nformat = \"plain\"\n";

pub fn run(project: &Project) -> Result<()> {
    let mut per_megabyte = Vec::new();
    for n_migrations in SIZES {
        let (folder, n_bytes) = sql_project(project, n_migrations)?;
        let megabytes = n_bytes as f64 / 1e6;
        println!("\n== {n_migrations} migrations of plain SQL, {megabytes:.2} MB");
        let cost = checks(project, &folder)?;
        per_megabyte.push(cost.cpu_s / megabytes);
        println!("{:<40} {:>9.3}", "CPU s per MB of SQL", cost.cpu_s / megabytes);
        if n_migrations == SIZES[1] {
            let edit = Edit {
                file: folder.join("migrations").join(file_name(n_migrations - 1)),
                language: "sql",
                before: None,
                text: "DROP TABLE never_made;\n",
                code: "sql/contradiction",
            };
            keystrokes(project, &folder, &edit)?;
            println!("\n== the same SQL in one file: the replay without 3,000 files around it");
            let cost = checks(project, &in_one_file(project, n_migrations)?)?;
            println!("{:<40} {:>9.3}", "CPU s per MB of SQL", cost.cpu_s / megabytes);
        }
    }
    if let [small, large] = per_megabyte.as_slice() {
        println!("{:<40} {:>9.2}", "3,000 against 300, per MB", large / small);
    }
    Ok(())
}

fn file_name(position: usize) -> String {
    format!("{position:05}_step.sql")
}

/// A folder of numbered files as drizzle-kit words them: every third makes a table, the others alter earlier ones. Returns it with the
/// size of its SQL in bytes.
pub fn sql_project(project: &Project, n_migrations: usize) -> Result<(PathBuf, usize)> {
    let folder = project.cache.join("bench").join(format!("sql-{n_migrations}"));
    let migrations = folder.join("migrations");
    fs::create_dir_all(&migrations).with_context(|| format!("{} cannot be made", migrations.display()))?;
    fs::write(folder.join("driftlens.toml"), SETTINGS)?;
    let mut n_bytes = 0;
    for position in 0..n_migrations {
        let text = step(position);
        n_bytes += text.len();
        fs::write(migrations.join(file_name(position)), text)?;
    }
    Ok((folder, n_bytes))
}

fn in_one_file(project: &Project, n_migrations: usize) -> Result<PathBuf> {
    let folder = project.cache.join("bench").join(format!("sql-{n_migrations}-in-one"));
    let migrations = folder.join("migrations");
    fs::create_dir_all(&migrations).with_context(|| format!("{} cannot be made", migrations.display()))?;
    fs::write(folder.join("driftlens.toml"), SETTINGS)?;
    fs::write(migrations.join(file_name(0)), (0..n_migrations).map(step).collect::<String>())?;
    Ok(folder)
}

fn step(position: usize) -> String {
    let mut text = String::new();
    let table = position / 3;
    if position.is_multiple_of(3) {
        let _ = write!(text, "CREATE TABLE \"table_{table}\" (\n\t\"id\" serial PRIMARY KEY NOT NULL");
        for column in 0..8 {
            let _ = write!(text, ",\n\t\"column_{column}\" varchar(255) DEFAULT 'value {column}' NOT NULL");
        }
        let _ = write!(
            text,
            ",\n\tCONSTRAINT \"table_{table}_unique\" UNIQUE(\"column_1\")\n);\n--> statement-breakpoint\n"
        );
        if table > 0 {
            let _ = write!(
                text,
                "ALTER TABLE \"table_{table}\" ADD COLUMN \"parent_id\" integer;--> statement-breakpoint\n\
                 ALTER TABLE \"table_{table}\" ADD CONSTRAINT \"table_{table}_parent_fk\" FOREIGN KEY (\"parent_id\") REFERENCES \
                 \"public\".\"table_{}\"(\"id\") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint\n",
                table - 1
            );
        }
        let _ = writeln!(
            text,
            "CREATE INDEX \"table_{table}_idx\" ON \"table_{table}\" USING btree (\"column_2\",\"column_3\");"
        );
    } else {
        let _ = write!(
            text,
            "ALTER TABLE \"table_{table}\" ADD COLUMN \"added_{position}\" timestamp with time zone DEFAULT now();--> statement-breakpoint\n\
             ALTER TABLE \"table_{table}\" ALTER COLUMN \"column_{0}\" SET DATA TYPE text;--> statement-breakpoint\n\
             CREATE INDEX \"table_{table}_added_{position}\" ON \"table_{table}\" USING btree (\"added_{position}\");\n",
            position % 3 + 4
        );
    }
    text
}

/// The same project with its journal and SQL, and none of its snapshots.
pub fn without_snapshots(project: &Project, folder: &Path) -> Result<PathBuf> {
    copied(project, folder, "bare", &|name| !name.ends_with("_snapshot.json"))
}

/// A copy of a project beside it, with the files whose names are kept, and without its packages.
pub fn copied(project: &Project, folder: &Path, suffix: &str, is_kept: &dyn Fn(&str) -> bool) -> Result<PathBuf> {
    let name = folder.file_name().context("no project")?.to_string_lossy().into_owned();
    let made = project.cache.join("bench").join(format!("{name}-{suffix}"));
    copy(folder, &made, is_kept)?;
    Ok(made)
}

fn copy(from: &Path, to: &Path, is_kept: &dyn Fn(&str) -> bool) -> Result<()> {
    fs::create_dir_all(to).with_context(|| format!("{} cannot be made", to.display()))?;
    for entry in fs::read_dir(from).with_context(|| format!("{} cannot be read", from.display()))? {
        let entry = entry?;
        let name = entry.file_name();
        if name == "node_modules" || !is_kept(&name.to_string_lossy()) {
            continue;
        }
        let (source, target) = (entry.path(), to.join(&name));
        if entry.file_type()?.is_dir() {
            copy(&source, &target, is_kept)?;
        } else {
            fs::copy(&source, &target).with_context(|| format!("{} cannot be copied", source.display()))?;
        }
    }
    Ok(())
}
