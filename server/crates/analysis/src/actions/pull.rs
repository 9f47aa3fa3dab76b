//! A database's schema as a Drizzle schema file, and the file that it belongs into.

use std::path::Path;

use languages::drizzle::{LeftOut, Reader, Release, print_schema};
use schema::{ObjectPath, Schema};
use source::{FilePath, MemoryFiles};

use super::compare::{Compared, Comparison, compare};
use super::rename_answers::RenameAnswers;
use crate::{DesiredSource, Project};

/// A schema file.
#[derive(Clone, Debug)]
pub struct Pulled {
    pub text: String,
    /// What Drizzle has no words for, in the order of the file.
    pub left_out: Vec<LeftOut>,
    /// What of the file does not say what the database holds: objects with the first step that would be left. Empty but where a printed text means
    /// something else when it is read, which is checked here and not taken for granted.
    pub differs: Vec<(ObjectPath, String)>,
}

/// Prints what a database holds, and reads it again to see that it is the same.
pub fn pull(live: &Schema, release: Release) -> Pulled {
    let printed = print_schema(live, release);
    let from = Compared { schema: live.clone(), is_drizzle: false, is_live: true };
    let to = Compared { schema: read_again(&printed.text, live, release), is_drizzle: true, is_live: false };
    let answers = RenameAnswers { nothing_else: true, ..RenameAnswers::default() };
    let differs = match compare(&from, &to, &answers) {
        Comparison::Plan(plan) => {
            let obstacles = plan.obstacles.into_iter().map(|it| (it.object, it.reason));
            let steps = plan.steps.into_iter().map(|it| (it.object, it.sql));
            let mut differs: Vec<(ObjectPath, String)> = Vec::new();
            for (object, step) in obstacles.chain(steps) {
                if !differs.iter().any(|(known, _)| *known == object) {
                    differs.push((object, step));
                }
            }
            differs
        }
        // Nothing was renamed, so nothing is asked.
        Comparison::Questions(_) | Comparison::Impossible(_) => Vec::new(),
    };
    Pulled { text: printed.text, left_out: printed.left_out, differs }
}

fn read_again(text: &str, live: &Schema, release: Release) -> Schema {
    let file = FilePath::from(Path::new("/pulled/drizzle.config.ts"));
    let mut files = MemoryFiles::new("");
    let config = format!("export default {{ dialect: '{}', schema: './schema.ts' }};\n", live.dialect.as_str());
    files.set(&file, config);
    files.set("/pulled/schema.ts", text);
    let mut reader = Reader::new();
    match reader.read_config(&file, &files).config {
        Some(mut config) => {
            config.release = release;
            reader.read_schema(&config, &files).schema
        }
        None => Schema::new(live.dialect),
    }
}

/// The Drizzle that will read the file.
pub fn release_of(project: &Project) -> Release {
    match project.config.as_ref().map(|config| &config.desired) {
        Some(DesiredSource::Drizzle(drizzle)) => drizzle.release,
        _ => Release::default(),
    }
}

/// The one file that the configuration names as `schema`, whether it is there or not. An error is a sentence.
pub fn schema_file(project: &Project) -> Result<FilePath, String> {
    let drizzle = match project.config.as_ref().map(|config| &config.desired) {
        Some(DesiredSource::Drizzle(drizzle)) => drizzle,
        _ => {
            return Err(String::from(
                "no Drizzle configuration says where the schema file is; name one with --out FILE",
            ));
        }
    };
    if let Some(files) = project.desired.as_ref().map(|desired| &desired.files)
        && let ([file], [_]) = (files.as_slice(), drizzle.schema.as_slice())
        && drizzle.schema.iter().all(|entry| is_one_file(&entry.pattern))
    {
        return Ok(file.clone());
    }
    match drizzle.schema.as_slice() {
        [entry] if is_one_file(&entry.pattern) => Ok(FilePath::from(drizzle.base.join(&entry.pattern))),
        [entry] => Err(format!("`schema` is `{}`, which is not one file; name one with --out FILE", entry.pattern)),
        [] => Err(String::from("the configuration names no schema file; name one with --out FILE")),
        entries => Err(format!("`schema` names {} files; name the one to write with --out FILE", entries.len())),
    }
}

fn is_one_file(pattern: &str) -> bool {
    let extension = Path::new(pattern).extension().and_then(|extension| extension.to_str());
    !pattern.contains(['*', '?', '{', '[', '!']) && matches!(extension, Some("ts" | "mts" | "cts" | "tsx"))
}
