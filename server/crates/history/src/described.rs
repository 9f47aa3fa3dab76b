//! Which changes a Drizzle schema or snapshot can speak of at all.

use schema::{Action, Alteration, Aspect, Change, ObjectKind};

/// The change without the facts that Drizzle has no words for; None where nothing of it is left. What is made by hand-written SQL
/// and cannot be in a schema file is no difference from it.
pub fn described(mut change: Change) -> Option<Change> {
    if matches!(
        change.object.kind,
        ObjectKind::Domain | ObjectKind::Extension | ObjectKind::Opaque | ObjectKind::Exclusion
    ) {
        return None;
    }
    if let Action::Alter(alterations) = &mut change.action {
        let kind = change.object.kind;
        alterations.retain(|alteration| is_described(kind, alteration));
        if alterations.is_empty() {
            return None;
        }
    }
    Some(change)
}

fn is_described(kind: ObjectKind, alteration: &Alteration) -> bool {
    match alteration.aspect {
        Aspect::Include
        | Aspect::Collation
        | Aspect::Comment
        | Aspect::Deferral
        | Aspect::Validated
        | Aspect::Match
        | Aspect::NoInherit
        | Aspect::Partition
        | Aspect::Unlogged
        | Aspect::Forced => false,
        Aspect::NullsNotDistinct => kind != ObjectKind::Index,
        Aspect::Options => kind != ObjectKind::Table,
        _ => true,
    }
}
