//! Steps in their order, some of which need foreign keys to be off.

use dialects::sqlite_statements::{self as sql, Switch};
use schema::ObjectPath;

use crate::{Hazard, Step};

/// A step in the making.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    pub(super) step: Step,
    pub(super) keys: Keys,
}

/// What a step asks of the foreign keys' switch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Keys {
    Any,
    /// Off: else rows that refer to the table go with it, or keep it from being dropped.
    Off,
}

impl Draft {
    /// SQLite locks the whole database, so a step holds no lock on a table of its own.
    pub(super) fn new(object: ObjectPath, kind: &'static str, sql: String) -> Draft {
        Draft { step: Step { object, kind, sql, locks: Vec::new(), hazards: Vec::new() }, keys: Keys::Any }
    }

    pub(super) fn with(mut self, hazards: impl IntoIterator<Item = Hazard>) -> Draft {
        self.step.hazards.extend(hazards);
        self
    }
}

#[derive(Default)]
pub(super) struct Sequence(Vec<Draft>);

impl Sequence {
    pub(super) fn push(&mut self, draft: Draft) {
        self.0.push(draft);
    }

    pub(super) fn extend(&mut self, drafts: impl IntoIterator<Item = Draft>) {
        self.0.extend(drafts);
    }

    /// The steps, with one pair of switches around all that need it: drizzle-kit switches for each table, and then leaves out what it
    /// has said before, so that its second table is rebuilt with foreign keys on.
    pub(super) fn into_steps(self) -> Vec<Step> {
        let needs_off = |draft: &Draft| draft.keys == Keys::Off;
        let (first, last) = (self.0.iter().position(needs_off), self.0.iter().rposition(needs_off));
        let mut steps = Vec::new();
        for (at, draft) in self.0.into_iter().enumerate() {
            if Some(at) == first {
                steps.push(switch(&draft.step.object, "foreign_keys_off", Switch::Off));
            }
            let object = draft.step.object.clone();
            steps.push(draft.step);
            if Some(at) == last {
                steps.push(switch(&object, "foreign_keys_on", Switch::On));
            }
        }
        steps
    }
}

fn switch(object: &ObjectPath, kind: &'static str, state: Switch) -> Step {
    let reason = String::from("PRAGMA foreign_keys does nothing inside a transaction: foreign keys stay as they were.");
    Draft::new(object.owner(), kind, sql::foreign_keys(state)).with([Hazard::NotInTransaction(reason)]).step
}
