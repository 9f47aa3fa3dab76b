//! `driftlens push --safe`: a person decides on each part of a plan.

use analysis::{left_out, object_words, plan_parts, plan_without};
use database::Loss;
use dialoguer::Select;
use plan::{Plan, Step};
use std::collections::BTreeSet;
use workspace::Look;

use crate::render;

/// Asks about each part. None where it is stopped, or nothing is left.
pub(super) fn choose(plan: &Plan, losses: &[Loss], found: &Look) -> anyhow::Result<Option<Plan>> {
    let mut skipped: BTreeSet<usize> = BTreeSet::new();
    for part in plan_parts(plan) {
        if part.iter().any(|position| skipped.contains(position)) {
            continue;
        }
        let steps: Vec<&Step> = part.iter().filter_map(|position| plan.steps.get(*position)).collect();
        let lost: Vec<&Loss> = losses.iter().filter(|loss| part.contains(&loss.step)).collect();
        let Some(first) = steps.first() else { continue };
        render::push::part(&steps, &lost);
        let choices = ["apply", "skip, with everything that depends on it", "stop, change nothing"];
        // What loses something is never the answer that comes by itself.
        let choice = Select::new()
            .with_prompt(object_words(&first.object))
            .items(choices)
            .default(usize::from(!lost.is_empty()))
            .interact_opt()
            .unwrap_or(None);
        match choice {
            Some(0) => {}
            Some(1) => {
                let before = skipped.clone();
                skipped.extend(&part);
                skipped = left_out(&found.live, &found.desired, plan, &skipped);
                for position in skipped.difference(&before).filter(|position| !part.contains(position)) {
                    if let Some(step) = plan.steps.get(*position) {
                        eprintln!("  skipped too: {}", step.sql.lines().next().unwrap_or_default());
                    }
                }
            }
            _ => return Ok(None),
        }
    }
    let chosen = plan_without(plan, &skipped);
    Ok((!chosen.steps.is_empty()).then_some(chosen))
}
