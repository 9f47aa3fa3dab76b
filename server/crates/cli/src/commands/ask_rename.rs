//! Asking a person in a terminal whether something was renamed.

use analysis::{RenameAnswers, as_flag, object_words};
use dialoguer::Select;
use diff::RenameCandidate;

/// Asks about the best candidate, and puts the answer with the others. False where the person wants to stop.
pub(super) fn ask(open: &[RenameCandidate], answers: &mut RenameAnswers) -> anyhow::Result<bool> {
    let Some(best) = open.first() else { return Ok(true) };
    let (from, to) = (object_words(&best.from), object_words(&best.to));
    let choices = [
        format!("it is {from}, renamed: nothing in it is lost"),
        format!("no: {from} is dropped with what it holds, and {to} is new"),
        String::from("stop, write nothing"),
    ];
    let choice =
        Select::new().with_prompt(format!("{to} is new, {from} is gone")).items(&choices).default(0).interact_opt()?;
    match choice {
        Some(0) => {
            if let Some((from, to)) = as_flag(best).split_once('=') {
                answers.renames.push((from.to_owned(), to.to_owned()));
            }
        }
        Some(1) if open.len() == 1 => answers.nothing_else = true,
        Some(1) => answers.not_renamed.push(best.clone()),
        _ => return Ok(false),
    }
    Ok(true)
}
