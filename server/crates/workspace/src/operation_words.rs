//! What is said of changes to a database, the same in a terminal and in an editor.

use database::{ApplyError, Rows};
use history::{History, Obstacle, Script};
use plan::{Hazard, Plan};
use source::LineIndex;

use crate::Environment;

/// The environment's name and its address.
pub fn place(environment: &Environment) -> String {
    format!("{} ({})", environment.name, environment.address)
}

/// In brackets, behind what is lost.
pub fn rows_words(rows: Rows) -> String {
    match rows {
        Rows::Exactly(0) => String::from(" (no rows)"),
        Rows::Exactly(1) => String::from(" (1 row)"),
        Rows::Exactly(n) => format!(" ({n} rows)"),
        Rows::About(n) => format!(" (about {n} rows)"),
    }
}

/// What a step does beside its change.
pub fn hazard_words(hazard: &Hazard) -> String {
    match hazard {
        Hazard::Rewrites(table) => format!("Writes all rows of {table} anew."),
        Hazard::Scans(table) => format!("Reads all rows of {table}."),
        Hazard::BuildsIndex(table) => format!("Builds an index of {table}."),
        Hazard::LosesData(what) => format!("DATA LOSS: {what}"),
        Hazard::MayFail(why) | Hazard::NotInTransaction(why) => why.clone(),
    }
}

/// What keeps migrations from being applied or taken back, as a word for programs and as a sentence with the way out. `folder` is what the
/// migrations folder is called.
pub fn obstacle_words(obstacle: &Obstacle, history: &History, folder: &str) -> (&'static str, String) {
    let tag = |position: &usize| history.folder.migrations.get(*position).map(|it| it.tag.as_str()).unwrap_or_default();
    let tags = |positions: &[usize]| positions.iter().map(tag).collect::<Vec<&str>>().join(", ");
    match obstacle {
        Obstacle::Failed(positions) => (
            "failed_before",
            format!(
                "the ledger says that it was begun and did not end: {}. Finish or undo by hand what it left, then correct its row in the ledger",
                tags(positions)
            ),
        ),
        Obstacle::Skipped(positions) => (
            "out_of_order",
            format!(
                "older than the newest that is applied, and not applied: {}. `driftlens migrate --allow-out-of-order` applies them now; `driftlens rebase` gives them a place behind the others",
                tags(positions)
            ),
        ),
        Obstacle::NoMigration(name) => ("no_such_migration", format!("there is no migration `{name}` in {folder}")),
        Obstacle::NotApplied(position) => {
            ("not_applied", format!("{} is not applied, so nothing can be taken back to it", tag(position)))
        }
    }
}

/// Line and column, counted from one; of the whole where nothing more is known.
pub fn place_in_script(script: &Script, at: Option<usize>) -> (u32, u32) {
    let offset = u32::try_from(at.unwrap_or_default()).unwrap_or_default();
    let place = LineIndex::new(&script.text).line_column(offset);
    (place.line + 1, place.column + 1)
}

/// What there is of a plan that failed, and how to go on.
pub fn push_remains(plan: &Plan, failed: &ApplyError, command: &str) -> String {
    let n_left = plan.steps.len().saturating_sub(failed.n_applied);
    let again = format!("`driftlens {command}` goes on from what is there");
    match (failed.is_unclear, failed.n_applied) {
        (true, _) => format!("whether the last steps are there is not known, since the connection ended; {again}"),
        (false, 0) => String::from("nothing was changed: the transaction was taken back"),
        (false, n) => format!(
            "{} applied, {n_left} not; {again}",
            if n == 1 { String::from("1 step is") } else { format!("{n} steps are") }
        ),
    }
}

/// What is there of migrations that failed and how to go on.
pub fn migration_remains(
    script: Option<&Script>,
    n_done: usize,
    n_statements: usize,
    is_unclear: bool,
    command: &str,
) -> String {
    let verb = if command == "rollback" { "taken back" } else { "applied" };
    let head = match n_done {
        0 => format!("no migration was {verb}"),
        n => format!("{} {verb}", if n == 1 { String::from("1 migration is") } else { format!("{n} migrations are") }),
    };
    let tag = script.map(|script| script.tag.as_str()).unwrap_or_default();
    let again = format!("`driftlens {command}` goes on from there");
    match (is_unclear, script.and_then(|script| script.alone)) {
        (true, _) => {
            format!("{head}; whether {tag} is, is not known, since the connection ended: `driftlens status` says it")
        }
        (false, Some(_)) if n_statements > 0 => format!(
            "{head}; of {tag}, which is no transaction, {} there for good: undo {} by hand or take {} out of the file, mend the rest, and {again}",
            if n_statements == 1 {
                String::from("the first statement is")
            } else {
                format!("the first {n_statements} statements are")
            },
            if n_statements == 1 { "it" } else { "them" },
            if n_statements == 1 { "it" } else { "them" },
        ),
        (false, _) => format!("{head}; nothing of {tag} is there. Mend it, and {again}"),
    }
}

pub(crate) fn counted(count: usize, word: &str) -> String {
    if count == 1 { format!("1 {word}") } else { format!("{count} {word}s") }
}
