//! The plan that brings a database to what the schema files say.

use diff::RenameCandidate;
use plan::Plan;
use schema::Schema;
use source::{Diagnostic, Files};

use super::answers_file::AnswersFile;
use super::compare::{Compared, Comparison, compare};
use super::generate::{is_doubt, with_kept};
use super::rename_answers::RenameAnswers;
use crate::configuration::DesiredSource;
use crate::live::comparable;
use crate::project::Project;
use crate::words;

/// What has to be done to a database.
#[derive(Debug)]
pub enum Pushing {
    /// It is what the schema files say.
    Nothing,
    /// Renames that somebody has to decide on first.
    Questions(Vec<RenameCandidate>),
    /// What of the schema files is not known.
    Refused(Vec<Diagnostic>),
    /// What cannot be done, as a sentence.
    Impossible(String),
    Plan(Box<Plan>),
}

/// What the schema files say, where all of it is known.
pub fn known_desired(project: &Project) -> Result<&Schema, Pushing> {
    let Some(desired) = project.desired.as_deref() else {
        return Err(match project.diagnostics.is_empty() || project.is_history_only() {
            true => Pushing::Impossible(String::from(
                "no schema files are known, so there is nothing to bring the database to; name them in a driftlens.toml, or apply the migrations with `driftlens migrate`",
            )),
            false => Pushing::Refused(project.diagnostics.clone()),
        });
    };
    if !desired.unknown.is_empty() || desired.schema.open || !desired.schema.unknown.is_empty() {
        let doubts: Vec<Diagnostic> = desired.diagnostics.iter().filter(|found| is_doubt(found)).cloned().collect();
        return Err(Pushing::Refused(if doubts.is_empty() { desired.diagnostics.clone() } else { doubts }));
    }
    Ok(&desired.schema)
}

/// The desired schema in the shape in which a catalog is held against it: for the server to say which expressions mean the same.
pub fn desired_as_live(desired: &Schema, live: &Schema) -> Schema {
    comparable(desired, live).0
}

/// The plan from what a database holds to `desired`, which is [`known_desired`] without what is not looked at. What Drizzle has no words for stays as it is. Of the project's
/// answers file the answers count, and stay: the migration has yet to be made.
pub fn push(project: &Project, desired: &Schema, live: &Schema, answers: &RenameAnswers, files: &dyn Files) -> Pushing {
    let answers = match AnswersFile::read(project, files) {
        Ok(kept) => with_kept(answers, &kept),
        Err(finding) => return Pushing::Refused(vec![*finding]),
    };
    let is_drizzle = project.config.as_ref().is_some_and(|it| matches!(it.desired, DesiredSource::Drizzle(_)));
    let from = Compared { schema: live.clone(), is_drizzle: false, is_live: true };
    let to = Compared { schema: desired.clone(), is_drizzle, is_live: false };
    match compare(&from, &to, &answers) {
        Comparison::Impossible(sentence) => Pushing::Impossible(sentence),
        Comparison::Questions(open) => Pushing::Questions(open),
        Comparison::Plan(plan) if !plan.obstacles.is_empty() => {
            Pushing::Impossible(format!("not everything can be planned:{}", words::obstacles(&plan.obstacles)))
        }
        Comparison::Plan(plan) if plan.steps.is_empty() => Pushing::Nothing,
        Comparison::Plan(plan) => Pushing::Plan(Box::new(plan::for_a_connection(*plan))),
    }
}
