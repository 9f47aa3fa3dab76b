//! The plan between any two schemas, wherever they come from.

use diff::RenameCandidate;
use history::{keep_undescribed, keep_unlisted};
use languages::sql::{State, apply, statements};
use plan::{Plan, Rename};
use schema::Schema;

use crate::live::comparable;

use super::rename_answers::{Answered, RenameAnswers, answered};

/// A schema, and how much its source can say.
#[derive(Clone, Debug)]
pub struct Compared {
    pub schema: Schema,
    /// True where it comes from a Drizzle schema or snapshot: what Drizzle has no words for is as on the other side.
    pub is_drizzle: bool,
    /// True for a database's catalog.
    pub is_live: bool,
}

/// What came of a comparison.
#[derive(Debug)]
pub enum Comparison {
    /// Without steps and obstacles: the two are equal.
    Plan(Box<Plan>),
    /// Renames that somebody has to decide on first.
    Questions(Vec<RenameCandidate>),
    /// An answer that fits nothing, as a sentence.
    Impossible(String),
}

/// The steps from one schema to another.
pub fn compare(from: &Compared, to: &Compared, answers: &RenameAnswers) -> Comparison {
    let sides = |renames: &[Rename]| -> (Schema, Schema) {
        // A schema file and a replay spell names and types differently.
        let (mut before, mut after) = match (from.is_live, to.is_live) {
            (false, false) => {
                (dialects::as_stored(&from.schema).into_owned(), dialects::as_stored(&to.schema).into_owned())
            }
            (true, _) => {
                let (after, before) = comparable(&to.schema, &from.schema);
                (before, after)
            }
            (false, true) => comparable(&from.schema, &to.schema),
        };
        let renamed = plan::renamed(&before, &after, renames);
        match (from.is_drizzle, to.is_drizzle) {
            (_, true) => keep_undescribed(&renamed, &mut after),
            (true, false) => keep_undescribed(&after, &mut before),
            (false, false) => keep_unlisted(&renamed, &mut after),
        }
        (before, after)
    };
    let (before, after) = sides(&[]);
    match answered(&before, &after, answers) {
        Err(sentence) => Comparison::Impossible(sentence),
        Ok(Answered { open, .. }) if !open.is_empty() => Comparison::Questions(open),
        Ok(Answered { renames, .. }) => {
            let (before, after) = if renames.is_empty() { (before, after) } else { sides(&renames) };
            Comparison::Plan(Box::new(plan::plan(&before, &after, &renames)))
        }
    }
}

/// The other schema in the spelling of ours: only what really differs is spelled otherwise, so the texts of both can be compared. None where it is
/// not known what differs.
pub fn spelled_like(ours: &Compared, other: &Compared) -> Option<Schema> {
    let answers = RenameAnswers { nothing_else: true, ..RenameAnswers::default() };
    let Comparison::Plan(plan) = compare(ours, other, &answers) else { return None };
    if !plan.obstacles.is_empty() {
        return None;
    }
    let mut state = State::from_schema(dialects::spelled_out(&ours.schema));
    for statement in plan.steps.iter().flat_map(|step| statements(plan.dialect, &step.sql)) {
        apply(&mut state, &statement);
    }
    if !state.take_diagnostics().is_empty() {
        return None;
    }
    let mut schema = state.into_schema();
    dialects::fold_serials(&mut schema);
    Some(schema)
}
