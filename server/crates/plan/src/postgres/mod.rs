//! PostgreSQL's steps: renames, then what differs after them, in an order in which each statement finds what it needs.

mod columns;
mod constraints;
mod conversions;
mod dependents;
mod enums;
mod group;
mod namespace_objects;
mod notes;
mod obstacles;
mod order;
mod part_renames;
mod policies;
mod prepared;
mod renames;
mod sides;
mod tables;
mod views;
mod work;

#[cfg(test)]
mod tests;

use schema::{Dialect, Schema};

use self::sides::Sides;
use self::work::Work;
use crate::{Plan, Rename};

pub(crate) fn plan(before: &Schema, after: &Schema, given: &[Rename]) -> Plan {
    let renames::Renamed { schema: spelled_out, mut steps, mut obstacles } =
        renames::renamed(dialects::spelled_out(before), after, given);
    let serials = sides::serial_sequences(&spelled_out);
    let (before, after) = (prepared::folded(&spelled_out), prepared::folded(after));
    let changes = {
        let (before, after) = (prepared::with_implied_facts(&before), prepared::with_implied_facts(&after));
        let changes = diff::diff(&before, &after).changes;
        obstacles.extend(obstacles::obstacles(&before, &after, &changes));
        changes
    };
    let mut work = Work::of(&changes);
    part_renames::find(&before, &after, &mut work);
    dependents::add(&before, &after, &mut work);
    obstacles.extend(views::unknown_queries(&after, &work));
    if !obstacles.is_empty() {
        return Plan { dialect: Dialect::Postgres, steps: Vec::new(), obstacles, not_brought_back: Vec::new() };
    }
    let sides = Sides::new(&before, &after, &work, &serials);
    let mut groups = Vec::new();
    namespace_objects::write(&sides, &mut groups);
    enums::write(&sides, &mut groups);
    tables::write(&sides, &mut groups);
    columns::write(&sides, &mut groups);
    constraints::write(&sides, &mut groups);
    views::write(&sides, &mut groups);
    policies::write(&sides, &mut groups);
    notes::write(&sides, &mut groups);
    steps.extend(order::ordered(groups));
    Plan { dialect: Dialect::Postgres, steps, obstacles, not_brought_back: Vec::new() }
}

pub(crate) fn renamed(before: &Schema, after: &Schema, given: &[Rename]) -> Schema {
    prepared::folded(&renames::renamed(dialects::spelled_out(before), after, given).schema)
}
