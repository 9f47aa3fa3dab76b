//! PostgreSQL's steps: renames, then what differs after them, in an order in which each statement finds what it needs.

mod children;
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
mod routines;
mod sides;
mod tables;
mod views;
mod work;

#[cfg(test)]
mod tests;

use dialects::postgres::statements::short_name;
use languages::sql::{State, apply, statements};
use schema::{Dialect, Name, Schema};
use std::sync::Arc;

use self::sides::Sides;
use self::work::Work;
use crate::{Plan, Rename};

pub(crate) fn plan(before: &Schema, after: &Schema, given: &[Rename]) -> Plan {
    let original = before;
    let renames::Renamed { schema: spelled_out, mut steps, mut obstacles } =
        renames::renamed(dialects::spelled_out(before), after, given);
    let serials = sides::serial_sequences(&spelled_out);
    let (mut before, mut desired) = (prepared::folded(&spelled_out), prepared::folded(after));
    prepared::unfold_shared(&mut before, &spelled_out, &desired);
    prepared::unfold_shared(&mut desired, &dialects::spelled_out(after), &before);
    let after = desired;
    let changes = {
        let (before, after) = (prepared::with_implied_facts(&before), prepared::with_implied_facts(&after));
        let changes = diff::whole_diff(&before, &after).changes;
        obstacles.extend(obstacles::obstacles(&before, &after, &changes));
        changes
    };
    let mut work = Work::of(&changes);
    routines::make_lost_ones(original, &before, &after, &mut work);
    part_renames::find(&before, &after, &mut work);
    children::leave_to_parents(&before, &after, &mut work);
    dependents::add(&before, &after, &mut work);
    obstacles.extend(views::unknown_queries(&after, &work));
    obstacles.extend(routines::unknown_texts(&before, &after, &work));
    obstacles.extend(dependents::held_domains(&before, &after, &work));
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
    routines::write(&sides, &mut groups);
    notes::write(&sides, &mut groups);
    steps.extend(order::ordered(groups));
    Plan { dialect: Dialect::Postgres, steps, obstacles, not_brought_back: Vec::new() }
}

/// `after` with the names that the server gave by itself before the steps: keys and sequences keep them when their table is renamed.
pub(crate) fn reached(before: &Schema, after: &Schema, there: &Plan) -> Schema {
    let mut state = State::from_schema(dialects::spelled_out(before));
    there.steps.iter().for_each(|step| run(&mut state, &step.sql));
    let real = state.into_schema();
    let mut reached = State::from_schema(dialects::spelled_out(after));
    for (name, sequence) in &real.sequences {
        let owner = sequence.owned_by.as_ref();
        let named =
            reached.schema().sequences.values().find(|it| it.owned_by.is_some() && it.owned_by.as_ref() == owner);
        let usual = named.map(|it| it.name.clone()).filter(|it| it != name && it.namespace == name.namespace);
        if let Some(usual) = usual {
            let to = short_name(&Name::new("", name.name.as_str()));
            run(&mut reached, &format!("ALTER SEQUENCE {} RENAME TO {to};", short_name(&usual)));
        }
    }
    let mut reached = reached.into_schema();
    for (name, table) in &mut reached.tables {
        let real = real.tables.get(name).and_then(|it| it.primary_key.as_ref());
        let is_unnamed = table.primary_key.as_ref().is_some_and(|key| key.name.is_none());
        if let (true, Some(real)) = (is_unnamed, real)
            && let Some(key) = &mut Arc::make_mut(table).primary_key
        {
            // One that had to make room for another was given a name.
            key.name.clone_from(&real.name);
            key.server_name = real.server_name.clone().or_else(|| key.server_name.clone());
        }
    }
    reached
}

fn run(state: &mut State, sql: &str) {
    for statement in statements(Dialect::Postgres, sql) {
        apply(state, &statement);
    }
}

pub(crate) fn renamed(before: &Schema, after: &Schema, given: &[Rename]) -> Schema {
    prepared::folded(&renames::renamed(dialects::spelled_out(before), after, given).schema)
}
