//! A plan step by step: which steps belong together, and which cannot be without those that somebody leaves out.

use std::collections::BTreeSet;

use languages::sql::{State, apply, statements};
use plan::Plan;
use schema::{ObjectPath, Schema};

use crate::live::comparable;

/// The positions of the steps that are decided on at once, those about the same object, in the order in which they begin. What only
/// switches something for other steps belongs to none.
pub fn plan_parts(plan: &Plan) -> Vec<Vec<usize>> {
    let mut parts: Vec<(&ObjectPath, Vec<usize>)> = Vec::new();
    for (position, step) in plan.steps.iter().enumerate().filter(|(_, step)| !is_switch(step.kind)) {
        match parts.iter_mut().find(|(object, _)| **object == step.object) {
            Some((_, positions)) => positions.push(position),
            None => parts.push((&step.object, vec![position])),
        }
    }
    parts.into_iter().map(|(_, positions)| positions).collect()
}

/// All that cannot run without the steps that are left out, these included: the steps are followed in memory, and what contradicts the
/// schema then goes too, with all that is about the same object.
pub fn left_out(live: &Schema, desired: &Schema, plan: &Plan, skipped: &BTreeSet<usize>) -> BTreeSet<usize> {
    let before = dialects::spelled_out(&comparable(desired, live).1);
    let parts = plan_parts(plan);
    let mut left_out = skipped.clone();
    loop {
        for part in &parts {
            if part.iter().any(|position| left_out.contains(position)) {
                left_out.extend(part);
            }
        }
        let mut state = State::from_schema(before.clone());
        let mut contradicts = None;
        for (position, step) in plan.steps.iter().enumerate().filter(|(position, _)| !left_out.contains(position)) {
            for statement in statements(plan.dialect, &step.sql) {
                apply(&mut state, &statement);
            }
            if !state.take_diagnostics().is_empty() && !is_switch(step.kind) {
                contradicts = Some(position);
                break;
            }
        }
        match contradicts {
            Some(position) => left_out.insert(position),
            None => return left_out,
        };
    }
}

/// The plan without these steps.
pub fn plan_without(plan: &Plan, left_out: &BTreeSet<usize>) -> Plan {
    let kept = plan.steps.iter().enumerate().filter(|(position, _)| !left_out.contains(position));
    let steps: Vec<plan::Step> = kept.map(|(_, step)| step.clone()).collect();
    let is_nothing = steps.iter().all(|step| is_switch(step.kind));
    Plan { steps: if is_nothing { Vec::new() } else { steps }, ..plan.clone() }
}

fn is_switch(kind: &str) -> bool {
    matches!(kind, "foreign_keys_off" | "foreign_keys_on" | "legacy_alter_table_on" | "legacy_alter_table_off")
}

#[cfg(test)]
mod tests {
    use super::*;
    use schema::Dialect;

    fn schema(dialect: Dialect, sql: &str) -> Schema {
        let mut state = State::new(dialect);
        for statement in statements(dialect, sql) {
            apply(&mut state, &statement);
        }
        state.into_schema()
    }

    /// The statements that are left when the parts with one of these words are skipped.
    fn check(dialect: Dialect, live: &str, desired: &str, skip: &[&str], expected: &[&str]) {
        let (live, desired) = (schema(dialect, live), schema(dialect, desired));
        let plan = plan::plan(&live, &desired, &[]);
        let is_skipped = |position: &usize| skip.iter().any(|word| plan.steps[*position].sql.contains(word));
        let skipped: BTreeSet<usize> = (0..plan.steps.len()).filter(is_skipped).collect();
        let left = plan_without(&plan, &left_out(&live, &desired, &plan, &skipped));
        let shown: Vec<&str> = left.steps.iter().map(|step| step.sql.as_str()).collect();
        assert_eq!(shown, expected);
    }

    #[test]
    fn what_needs_a_skipped_step_is_skipped_too() {
        let desired = "CREATE TABLE a (id integer PRIMARY KEY); CREATE TABLE b (id integer PRIMARY KEY, a_id integer REFERENCES a); CREATE INDEX on_b ON b (a_id); CREATE TABLE c (id integer);";
        let expected = ["CREATE TABLE \"c\" (\n\t\"id\" integer\n);"];
        check(Dialect::Postgres, "", desired, &["CREATE TABLE \"a\"", "CREATE TABLE \"b\""], &expected);
        let live = "CREATE TABLE a (id integer PRIMARY KEY);";
        let desired = "CREATE TABLE a (id integer PRIMARY KEY, b text, c text); CREATE INDEX on_b ON a (b); CREATE INDEX on_c ON a (c);";
        let expected =
            ["ALTER TABLE \"a\" ADD COLUMN \"c\" text;", "CREATE INDEX \"on_c\" ON \"a\" USING btree (\"c\");"];
        check(Dialect::Postgres, live, desired, &["ADD COLUMN \"b\""], &expected);
    }

    #[test]
    fn a_table_that_is_made_anew_is_one_part() {
        let live = "CREATE TABLE a (id integer PRIMARY KEY, b text); CREATE TABLE d (x integer);";
        let desired = "CREATE TABLE a (id integer PRIMARY KEY, b integer NOT NULL); CREATE TABLE c (id integer); CREATE TABLE d (x integer);";
        let (before, after) = (schema(Dialect::Sqlite, live), schema(Dialect::Sqlite, desired));
        let plan = plan::plan(&before, &after, &[]);
        let parts = plan_parts(&plan);
        assert_eq!(parts.len(), 2, "{:?}", plan.steps);
        let words: Vec<&str> = parts.iter().map(|part| plan.steps[part[0]].kind).collect();
        assert_eq!(words, ["create_table", "create_new_table"]);
        check(Dialect::Sqlite, live, desired, &["CREATE TABLE `c`", "__new_a"], &[]);
    }
}
