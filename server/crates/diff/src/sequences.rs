//! Sequences, and the words for their options, which identity columns share.

use schema::{Aspect, Change, ObjectKind, ObjectPath, Schema, SequenceOptions};

use crate::Silence;
use crate::alterations::{Alterations, missing, shared};

pub(crate) fn sequences(before: &Schema, after: &Schema, silence: Silence, changes: &mut Vec<Change>) {
    let path = |name| ObjectPath::new(ObjectKind::Sequence, name);
    changes.extend(missing(&after.sequences, &before.sequences).map(|(name, _)| Change::create(path(name))));
    if !after.open {
        changes.extend(missing(&before.sequences, &after.sequences).map(|(name, _)| Change::drop(path(name))));
    }
    for (name, before, after) in shared(&before.sequences, &after.sequences) {
        if before.options_unknown || after.options_unknown {
            continue;
        }
        let mut alterations = Alterations::default();
        alterations.compare(Aspect::Options, &before.options, &after.options, |it| Some(options(it)));
        // Drizzle has no words for either.
        if silence == Silence::MeansAbsent {
            alterations.compare(Aspect::Type, &before.integer, &after.integer, |it| Some(it.clone()));
            alterations.compare(Aspect::Owner, &before.owned_by, &after.owned_by, |it| {
                it.as_ref().map(|(table, column)| format!("{table}.{column}"))
            });
        }
        alterations.finish(|| path(name), changes);
    }
}

/// As in `CREATE SEQUENCE`.
pub(crate) fn options(options: &SequenceOptions) -> String {
    let SequenceOptions { increment, min_value, max_value, start_with, cache, cycle } = options;
    let cycle = if *cycle { "CYCLE" } else { "NO CYCLE" };
    format!(
        "INCREMENT BY {increment} MINVALUE {min_value} MAXVALUE {max_value} START WITH {start_with} CACHE {cache} {cycle}"
    )
}
