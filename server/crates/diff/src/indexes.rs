//! Indexes of a table that stays.

use schema::{Aspect, Change, Index, IndexColumn, IndexKey, Map, Name, ObjectKind, ObjectPath};

use crate::alterations::{Alterations, missing, shared, yes_no};
use crate::tables::TablePair;

pub(crate) fn indexes(pair: &TablePair, changes: &mut Vec<Change>) {
    let kind = ObjectKind::Index;
    let (before, after) = (&pair.before.indexes, &pair.after.indexes);
    changes.extend(missing(after, before).map(|(name, _)| Change::create(pair.path(kind, name))));
    if pair.may_drop(kind) {
        changes.extend(missing(before, after).map(|(name, _)| Change::drop(pair.path(kind, name))));
    }
    if pair.may_alter(kind) {
        for (name, before, after) in shared(before, after) {
            index(before, after).finish(|| pair.path(kind, name), changes);
        }
    }
}

/// Indexes of a materialized view.
pub(crate) fn of_view(view: &Name, before: &Map<String, Index>, after: &Map<String, Index>, changes: &mut Vec<Change>) {
    let path = |name: &String| ObjectPath::part(ObjectKind::Index, view, name.as_str());
    changes.extend(missing(after, before).map(|(name, _)| Change::create(path(name))));
    changes.extend(missing(before, after).map(|(name, _)| Change::drop(path(name))));
    for (name, before, after) in shared(before, after) {
        index(before, after).finish(|| path(name), changes);
    }
}

fn index(before: &Index, after: &Index) -> Alterations {
    let mut alterations = Alterations::default();
    alterations.compare(Aspect::Unique, &before.unique, &after.unique, yes_no);
    alterations.compare(Aspect::Method, &before.method, &after.method, |it| Some(it.clone()));
    alterations.compare(Aspect::Columns, &before.columns, &after.columns, |it| {
        let keys: Vec<String> = it.iter().map(key).collect();
        Some(keys.join(", "))
    });
    alterations.compare(Aspect::Include, &before.include, &after.include, |it| Some(it.join(", ")));
    alterations.compare(Aspect::Predicate, &before.predicate, &after.predicate, |it| {
        it.as_ref().map(|predicate| predicate.text.clone())
    });
    alterations.compare(Aspect::With, &before.with, &after.with, |it| {
        let options: Vec<String> = it.iter().map(|(name, value)| format!("{name} = {}", value.text)).collect();
        Some(options.join(", ")).filter(|text| !text.is_empty())
    });
    let nulls = (&before.nulls_not_distinct, &after.nulls_not_distinct);
    alterations.compare(Aspect::NullsNotDistinct, nulls.0, nulls.1, yes_no);
    if let (Some(before), Some(after)) = (before.concurrently, after.concurrently) {
        alterations.compare(Aspect::Concurrently, &before, &after, yes_no);
    }
    alterations
}

/// As in `CREATE INDEX`, everything spelled out.
fn key(column: &IndexColumn) -> String {
    let mut text = match &column.key {
        IndexKey::Column(name) => name.clone(),
        IndexKey::Expression(expression) => expression.text.clone(),
    };
    if let Some(collation) = &column.collation {
        text.push_str(&format!(" COLLATE {collation}"));
    }
    if let Some(opclass) = &column.opclass {
        text.push_str(&format!(" {opclass}"));
    }
    if !column.ascending {
        text.push_str(" DESC");
    }
    if column.nulls_first {
        text.push_str(" NULLS FIRST");
    }
    text
}
