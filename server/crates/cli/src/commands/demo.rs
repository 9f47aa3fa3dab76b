//! `driftlens demo`: the main job on a small project of its own, with nothing else installed.

use analysis::RenameAnswers;
use anyhow::{Context as _, bail};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::{demo_client, generate};
use crate::{Format, GenerateFormat, render};

/// The project's files: an online shop on SQLite, six tables, four migrations made by drizzle-kit.
macro_rules! files {
    ($($path:literal,)*) => { &[$(($path, include_str!(concat!("../../demo/", $path))),)*] };
}

const FILES: &[(&str, &str)] = files![
    "drizzle.config.ts",
    "src/schema.ts",
    "drizzle/0000_shop.sql",
    "drizzle/0001_orders.sql",
    "drizzle/0002_reviews.sql",
    "drizzle/0003_weights.sql",
    "drizzle/meta/0000_snapshot.json",
    "drizzle/meta/0001_snapshot.json",
    "drizzle/meta/0002_snapshot.json",
    "drizzle/meta/0003_snapshot.json",
    "drizzle/meta/_journal.json",
];

/// What a developer changes: the text before and after, and what that is.
const EDITS: &[(&str, &str, &str)] = &[
    (
        "  name: text('name').notNull(),",
        "  name: text('name').notNull(),\n  phone: text('phone'),",
        "add customers.phone",
    ),
    ("  body: text('body'),", "  comment: text('comment'),", "rename reviews.body to reviews.comment"),
    ("  index('orders_status_idx').on(t.status),\n", "", "drop the index orders_status_idx"),
];

pub(crate) fn run(into: Option<&Path>) -> anyhow::Result<ExitCode> {
    let folder = match into {
        Some(folder) if folder.exists() => bail!("{} exists already; name another folder", folder.display()),
        Some(folder) => folder.to_path_buf(),
        None => tempfile::Builder::new().prefix("driftlens-demo-").tempdir()?.keep(),
    };
    write_project(&folder)?;
    let config = folder.join("drizzle.config.ts");
    say(&format!("A Drizzle project on SQLite, six tables, four migrations:\n  {}\n", folder.display()))?;
    say("$ driftlens check")?;
    check(&config)?;
    say("Its schema is edited, and no migration is generated:")?;
    let schema_file = folder.join("src/schema.ts");
    edit(&schema_file)?;
    say("\n$ driftlens check")?;
    check(&config)?;
    say("\nWhat an editor gets from `driftlens lsp`:\n")?;
    let report = demo_client::talk(&folder, &schema_file).context("the language server did not answer as expected")?;
    say(&report)?;
    say("The rename is answered, and the migration written:\n\n$ driftlens generate --rename reviews.body=comment")?;
    generate(&config)?;
    say("\n$ driftlens check")?;
    check(&config)?;
    say(&format!("The project stays in {} to try things out.", folder.display()))?;
    Ok(ExitCode::SUCCESS)
}

fn say(line: &str) -> anyhow::Result<()> {
    render::print(&format!("{line}\n"))
}

fn check(config: &Path) -> anyhow::Result<()> {
    super::check::run(&[], Some(config), Format::Text)?;
    Ok(())
}

fn generate(config: &Path) -> anyhow::Result<()> {
    let wanted = generate::Wanted {
        path: None,
        config: Some(config),
        project: None,
        name: None,
        is_custom: false,
        is_dry_run: false,
        with_down: false,
        with_repair: false,
        format: GenerateFormat::Text,
        answers: RenameAnswers {
            renames: vec![(String::from("reviews.body"), String::from("comment"))],
            ..RenameAnswers::default()
        },
    };
    generate::run(wanted)?;
    Ok(())
}

fn write_project(folder: &Path) -> anyhow::Result<()> {
    for (path, text) in FILES {
        let file: PathBuf = folder.join(path);
        if let Some(parent) = file.parent() {
            std::fs::create_dir_all(parent).with_context(|| format!("{} cannot be made", parent.display()))?;
        }
        std::fs::write(&file, text).with_context(|| format!("{} cannot be written", file.display()))?;
    }
    Ok(())
}

fn edit(file: &Path) -> anyhow::Result<()> {
    let mut text = std::fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))?;
    for (before, after, what) in EDITS {
        if !text.contains(before) {
            bail!("{} does not hold what the demo edits: {before}", file.display());
        }
        text = text.replacen(before, after, 1);
        say(&format!("  - {what}"))?;
    }
    std::fs::write(file, text).with_context(|| format!("{} cannot be written", file.display()))
}
