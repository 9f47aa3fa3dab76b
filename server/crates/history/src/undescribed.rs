//! What a schema language has no words for stays as it is: see [`crate::described`].

use std::sync::Arc;

use schema::{Map, Schema, Table, View};

/// Gives `after`, which comes from a Drizzle schema, what only SQL can say of the same objects in `before`.
pub fn keep_undescribed(before: &Schema, after: &mut Schema) {
    after.domains.clone_from(&before.domains);
    after.extensions.clone_from(&before.extensions);
    after.opaque.clone_from(&before.opaque);
    after.grants.clone_from(&before.grants);
    after.comments.clone_from(&before.comments);
    for (name, sequence) in &mut after.sequences {
        if let Some(earlier) = before.sequences.get(name) {
            let sequence = Arc::make_mut(sequence);
            sequence.integer.clone_from(&earlier.integer);
            sequence.owned_by.clone_from(&earlier.owned_by);
        }
    }
    after.unknown.extend(before.unknown.iter().cloned());
    for (name, table) in &mut after.tables {
        if let Some(earlier) = before.tables.get(name) {
            keep_of_table(earlier, Arc::make_mut(table));
        }
    }
    for (name, view) in &mut after.views {
        if let Some(earlier) = before.views.get(name) {
            keep_of_view(earlier, Arc::make_mut(view));
        }
    }
}

/// Gives a state that comes from a snapshot what the replay of its migrations knows of functions, triggers and the like, and of the indexes
/// of materialized views: a snapshot has no words for them, and a change of a table or view must not lose them.
pub fn with_replayed(replayed: &Schema, recorded: &mut Schema) {
    for (key, object) in &replayed.opaque {
        let is_there = |on: &schema::Name| recorded.tables.contains_key(on) || recorded.views.contains_key(on);
        if !recorded.opaque.contains_key(key) && key.on.as_ref().is_none_or(is_there) {
            recorded.opaque.insert(key.clone(), object.clone());
        }
    }
    for (name, view) in &mut recorded.views {
        let earlier = replayed.views.get(name).filter(|it| !it.indexes.is_empty() && view.indexes.is_empty());
        if let Some(earlier) = earlier {
            Arc::make_mut(view).indexes.clone_from(&earlier.indexes);
        }
    }
}

/// Gives `after`, which comes from SQL, what `before` has of the kinds of which `after` lists nothing at all: many a schema file leaves
/// out extensions and functions, comments and privileges. One that lists any lists all.
pub fn keep_unlisted(before: &Schema, after: &mut Schema) {
    if after.extensions.is_empty() {
        after.extensions.clone_from(&before.extensions);
    }
    if after.domains.is_empty() {
        after.domains.clone_from(&before.domains);
    }
    let listed: Vec<_> = after.opaque.keys().map(|key| key.kind.group()).collect();
    for (key, object) in before.opaque.iter().filter(|(key, _)| !listed.contains(&key.kind.group())) {
        after.opaque.insert(key.clone(), object.clone());
    }
    if after.views.values().all(|view| view.indexes.is_empty()) {
        for (name, view) in &mut after.views {
            let earlier = before.views.get(name).filter(|it| !it.indexes.is_empty());
            if let Some(earlier) = earlier {
                Arc::make_mut(view).indexes.clone_from(&earlier.indexes);
            }
        }
    }
    if after.grants.is_empty() {
        after.grants.clone_from(&before.grants);
    }
    if !has_comments(after) {
        after.comments.clone_from(&before.comments);
        for (name, table) in &mut after.tables {
            let Some(earlier) = before.tables.get(name) else { continue };
            let table = Arc::make_mut(table);
            table.comment.clone_from(&earlier.comment);
            pairs(&earlier.columns, &mut table.columns, |before, after| after.comment.clone_from(&before.comment));
        }
    }
}

fn has_comments(schema: &Schema) -> bool {
    let on_table =
        |table: &Arc<Table>| table.comment.is_some() || table.columns.values().any(|it| it.comment.is_some());
    !schema.comments.is_empty() || schema.tables.values().any(on_table)
}

fn keep_of_table(before: &Table, after: &mut Table) {
    after.exclusions.clone_from(&before.exclusions);
    after.comment.clone_from(&before.comment);
    after.unlogged = before.unlogged;
    after.force_row_level_security = before.force_row_level_security;
    after.partition_by.clone_from(&before.partition_by);
    after.partition_of.clone_from(&before.partition_of);
    after.inherits.clone_from(&before.inherits);
    after.options.clone_from(&before.options);
    pairs(&before.columns, &mut after.columns, |before, after| {
        after.collation.clone_from(&before.collation);
        after.comment.clone_from(&before.comment);
    });
    pairs(&before.indexes, &mut after.indexes, |before, after| {
        after.include.clone_from(&before.include);
        after.nulls_not_distinct = before.nulls_not_distinct;
        for (before, after) in before.columns.iter().zip(&mut after.columns).filter(|(a, b)| a.key == b.key) {
            after.collation.clone_from(&before.collation);
        }
    });
    pairs(&before.uniques, &mut after.uniques, |before, after| {
        after.include.clone_from(&before.include);
        after.deferral = before.deferral;
    });
    pairs(&before.foreign_keys, &mut after.foreign_keys, |before, after| {
        after.deferral = before.deferral;
        after.match_full = before.match_full;
        after.not_valid = before.not_valid;
    });
    pairs(&before.checks, &mut after.checks, |before, after| {
        after.not_valid = before.not_valid;
        after.no_inherit = before.no_inherit;
    });
    if let (Some(before), Some(after)) = (&before.primary_key, &mut after.primary_key) {
        after.include.clone_from(&before.include);
        after.deferral = before.deferral;
        after.server_name.clone_from(&before.server_name);
    }
}

fn keep_of_view(before: &View, after: &mut View) {
    after.indexes.clone_from(&before.indexes);
    pairs(&before.columns, &mut after.columns, |before, after| after.comment.clone_from(&before.comment));
}

fn pairs<T>(before: &Map<String, T>, after: &mut Map<String, T>, keep: impl Fn(&T, &mut T)) {
    for (name, after) in after {
        if let Some(before) = before.get(name) {
            keep(before, after);
        }
    }
}
