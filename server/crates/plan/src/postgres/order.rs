//! The order of the groups: what each needs comes before it, and where nothing decides, drizzle-kit's order does.

use std::collections::{BTreeSet, HashMap};

use super::group::{Group, Token};
use crate::Step;

/// drizzle-kit's order of statements. (`applyPgSnapshotsDiff` in src/snapshotsDiffer.ts.)
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Phase {
    CreateNamespace,
    CreateExtension,
    CreateEnum,
    AddEnumValue,
    Domain,
    CreateSequence,
    AlterSequence,
    DropRole,
    CreateRole,
    AlterRole,
    CreateTable,
    RowLevelSecurity,
    DropTrigger,
    DropView,
    AlterView,
    DropTable,
    AlterTable,
    RenamePart,
    DropUnique,
    DropCheck,
    DropForeignKey,
    RebuildType,
    DropIndex,
    DropPrimaryKey,
    AlterColumn,
    AddPrimaryKey,
    AddColumn,
    ForeignKeyOfCreated,
    IndexOfCreated,
    AddForeignKey,
    CreateIndex,
    Partition,
    DropColumn,
    AddUnique,
    AddCheck,
    CreateRoutine,
    CreateView,
    DropPolicy,
    CreatePolicy,
    AlterPolicy,
    CreateTrigger,
    DropRoutine,
    DropEnum,
    DropDomain,
    DropSequence,
    DropExtension,
    DropNamespace,
    Revoke,
    Grant,
    Comment,
}

/// All steps in an order in which each finds what it needs. Groups that need each other in a circle keep drizzle-kit's order.
pub(crate) fn ordered(groups: Vec<Group>) -> Vec<Step> {
    let mut givers: HashMap<&Token, Vec<usize>> = HashMap::new();
    for (at, group) in groups.iter().enumerate() {
        group.gives.iter().for_each(|token| givers.entry(token).or_default().push(at));
    }
    let mut waits: Vec<BTreeSet<usize>> = Vec::with_capacity(groups.len());
    let mut frees: Vec<Vec<usize>> = vec![Vec::new(); groups.len()];
    for (at, group) in groups.iter().enumerate() {
        let on = group.needs.iter().filter_map(|token| givers.get(token)).flatten().copied();
        let on: BTreeSet<usize> = on.filter(|giver| *giver != at).collect();
        for giver in &on {
            if let Some(freed) = frees.get_mut(*giver) {
                freed.push(at);
            }
        }
        waits.push(on);
    }
    let place = |at: usize| groups.get(at).map(|group| (group.phase, at));
    let (mut ready, mut waiting): (BTreeSet<_>, BTreeSet<_>) =
        (0..groups.len()).filter_map(place).partition(|(_, at)| waits.get(*at).is_some_and(BTreeSet::is_empty));
    let mut order = Vec::with_capacity(groups.len());
    while let Some((_, at)) = ready.pop_first().or_else(|| waiting.pop_first()) {
        order.push(at);
        for freed in frees.get(at).into_iter().flatten() {
            let Some(waits) = waits.get_mut(*freed) else { continue };
            waits.remove(&at);
            if waits.is_empty()
                && let Some(place) = place(*freed)
                && waiting.remove(&place)
            {
                ready.insert(place);
            }
        }
    }
    let mut groups: Vec<Option<Group>> = groups.into_iter().map(Some).collect();
    let taken = order.into_iter().filter_map(|at| groups.get_mut(at).and_then(Option::take));
    taken.flat_map(|group| group.steps).collect()
}

#[cfg(test)]
mod tests {
    use schema::{ObjectKind, ObjectPath};

    use super::*;

    fn group(phase: Phase, name: &str, needs: &[&str]) -> Group {
        let path = |name: &str| ObjectPath::global(ObjectKind::Role, name);
        let step = Step::of(&path(name), "test", name.to_owned());
        let needs = needs.iter().map(|name| Token::Made(path(name)));
        Group::new(phase, vec![step]).gives([Token::Made(path(name))]).needs(needs)
    }

    fn check(groups: Vec<Group>, expected: &str) {
        let order: Vec<String> = ordered(groups).into_iter().map(|step| step.sql).collect();
        assert_eq!(order.join(" "), expected);
    }

    #[test]
    fn the_phase_decides_where_no_need_does() {
        let groups = vec![
            group(Phase::CreateView, "view", &[]),
            group(Phase::CreateTable, "b", &[]),
            group(Phase::CreateTable, "a", &[]),
        ];
        check(groups, "b a view");
    }

    #[test]
    fn a_need_goes_before_the_phase_and_waits_for_all_who_give_it() {
        let groups = vec![
            group(Phase::CreateView, "over", &["under"]),
            group(Phase::CreateView, "under", &["column"]),
            group(Phase::DropColumn, "column", &[]),
            group(Phase::AddCheck, "check", &["over"]),
        ];
        check(groups, "column under over check");
    }

    #[test]
    fn a_circle_keeps_the_phases() {
        let groups = vec![group(Phase::CreateTable, "a", &["b"]), group(Phase::CreateNamespace, "b", &["a"])];
        check(groups, "b a");
    }
}
