//! Views and materialized views.

use schema::{Aspect, Change, ObjectKind, ObjectPath, Schema, View};

use crate::alterations::{Alterations, missing, shared, yes_no};
use crate::{Silence, indexes};

/// An existing view is somebody else's: it is neither created nor dropped.
pub(crate) fn views(before: &Schema, after: &Schema, silence: Silence, changes: &mut Vec<Change>) {
    // Drizzle has no words for the indexes of a materialized view.
    let is_told = silence == Silence::MeansAbsent || after.views.values().any(|view| !view.indexes.is_empty());
    let path = |name| ObjectPath::new(ObjectKind::View, name);
    let created = missing(&after.views, &before.views).filter(|(_, view)| !view.existing);
    changes.extend(created.map(|(name, _)| Change::create(path(name))));
    if !after.open {
        let dropped = missing(&before.views, &after.views).filter(|(_, view)| !view.existing);
        changes.extend(dropped.map(|(name, _)| Change::drop(path(name))));
    }
    for (name, before, after) in shared(&before.views, &after.views) {
        view(before, after).finish(|| path(name), changes);
        if is_told && !before.opaque && !after.opaque && !after.existing {
            indexes::of_view(name, &before.indexes, &after.indexes, changes);
        }
    }
}

fn view(before: &View, after: &View) -> Alterations {
    let mut alterations = Alterations::default();
    if after.existing || before.opaque || after.opaque {
        return alterations;
    }
    // A view taken over from somebody else has to be made anew, whatever it was.
    alterations.compare(Aspect::Existing, &before.existing, &after.existing, yes_no);
    alterations.compare(Aspect::Materialized, &before.materialized, &after.materialized, yes_no);
    alterations.compare(Aspect::Definition, &before.definition, &after.definition, |it| {
        it.as_ref().map(|definition| definition.text.clone())
    });
    alterations.compare(Aspect::With, &before.with, &after.with, |it| {
        let options: Vec<String> = it.iter().map(|(name, value)| format!("{name} = {}", value.text)).collect();
        Some(options.join(", ")).filter(|text| !text.is_empty())
    });
    // Not stating it is stating `WITH DATA`.
    let no_data = (before.with_no_data.unwrap_or(false), after.with_no_data.unwrap_or(false));
    alterations.compare(Aspect::WithNoData, &no_data.0, &no_data.1, yes_no);
    alterations.compare(Aspect::Method, &before.using, &after.using, Clone::clone);
    alterations.compare(Aspect::Tablespace, &before.tablespace, &after.tablespace, Clone::clone);
    alterations
}
