//! Two schemas in, ordered SQL steps with their hazards out; the reverse plan too.
//!
//! A plan holds facts (locks, rewrites, losses), never opinions. What cannot be done from what is known is an [`Obstacle`]: then there
//! are no steps at all, since half a migration is worse than none.

mod postgres;
mod rename;
mod sqlite;
mod step;

pub use rename::Rename;
pub use step::{Hazard, Lock, LockMode, Step};

use schema::{Dialect, ObjectPath, Schema};

/// What brings a database from one schema to another.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    pub dialect: Dialect,
    /// In the order in which they run. Empty where the schemas are equal, or where there are obstacles.
    pub steps: Vec<Step>,
    /// What keeps the change from being planned; empty almost always.
    pub obstacles: Vec<Obstacle>,
    /// What running the steps does not bring about, in words, such as rows that a dropped column held: only of a reverse plan.
    pub not_brought_back: Vec<Lost>,
}

/// Something of which too little is known to plan its change.
#[derive(Clone, Debug, PartialEq)]
pub struct Obstacle {
    pub object: ObjectPath,
    /// A sentence for a person: what is not known, and what to do.
    pub reason: String,
}

/// What a plan cannot bring back.
#[derive(Clone, Debug, PartialEq)]
pub struct Lost {
    pub object: ObjectPath,
    /// A sentence for a person.
    pub what: String,
}

/// The steps from `before` to `after`. `renames` are the answers to `diff`'s candidates: what is not among them is dropped and created.
pub fn plan(before: &Schema, after: &Schema, renames: &[Rename]) -> Plan {
    match after.dialect {
        Dialect::Postgres => postgres::plan(before, after, renames),
        Dialect::Sqlite => sqlite::plan(before, after, renames),
    }
}

/// The plan as it is for who runs it on an open connection: SQLite's foreign keys are then off around the transaction where a step asks for
/// it, and what could only happen where they are on is no hazard.
#[must_use]
pub fn for_a_connection(plan: Plan) -> Plan {
    match plan.dialect {
        Dialect::Postgres => plan,
        Dialect::Sqlite => sqlite::with_foreign_keys_off(plan),
    }
}

/// What `before` is after the renames alone, as the database makes them: names that follow a table's follow it here too.
pub fn renamed(before: &Schema, after: &Schema, renames: &[Rename]) -> Schema {
    if renames.is_empty() {
        return before.clone();
    }
    match after.dialect {
        Dialect::Postgres => postgres::renamed(before, after, renames),
        Dialect::Sqlite => sqlite::renamed(before, after, renames),
    }
}

/// The steps that take [`plan`]'s back, with what they cannot bring back.
pub fn reverse(before: &Schema, after: &Schema, renames: &[Rename]) -> Plan {
    let back: Vec<Rename> = renames.iter().rev().map(Rename::reversed).collect();
    let there = plan(before, after, renames);
    let reached = match after.dialect {
        Dialect::Postgres => postgres::reached(before, after, &there),
        Dialect::Sqlite => after.clone(),
    };
    let mut reversed = plan(&reached, before, &back);
    for step in there.steps {
        let lost = step.hazards.into_iter().filter_map(|hazard| match hazard {
            Hazard::LosesData(what) => Some(Lost { object: step.object.clone(), what }),
            _ => None,
        });
        reversed.not_brought_back.extend(lost);
    }
    reversed
}
