//! Collecting the facts in which two versions of an object differ.

use std::hash::Hash;

use schema::{Action, Alteration, Aspect, Change, Map, ObjectPath};

/// The alterations of one object, in the order they were found.
#[derive(Default)]
pub(crate) struct Alterations(Vec<Alteration>);

impl Alterations {
    /// Notes the fact where its two values differ; the texts are only made then.
    pub(crate) fn compare<T: PartialEq>(
        &mut self,
        aspect: Aspect,
        before: &T,
        after: &T,
        text: impl Fn(&T) -> Option<String>,
    ) {
        if before != after {
            self.push(aspect, text(before), text(after));
        }
    }

    pub(crate) fn push(&mut self, aspect: Aspect, from: Option<String>, to: Option<String>) {
        self.0.push(Alteration { aspect, from, to });
    }

    /// Adds one change to `changes` unless nothing differs.
    pub(crate) fn finish(self, object: impl FnOnce() -> ObjectPath, changes: &mut Vec<Change>) {
        if !self.0.is_empty() {
            changes.push(Change { object: object(), action: Action::Alter(self.0) });
        }
    }
}

/// The value of `key`, looked for first where the other map has it: two versions of a map mostly have one order, and
/// that spares a hash for each of some ten thousand columns.
pub(crate) fn counterpart<'a, K: Hash + Eq, V>(map: &'a Map<K, V>, position: usize, key: &K) -> Option<&'a V> {
    match map.get_index(position) {
        Some((found, value)) if found == key => Some(value),
        _ => map.get(key),
    }
}

/// The keys of `map` that `other` lacks, in the order of `map`.
pub(crate) fn missing<'a, K: Hash + Eq, V, W>(
    map: &'a Map<K, V>,
    other: &'a Map<K, W>,
) -> impl Iterator<Item = (&'a K, &'a V)> {
    map.iter().enumerate().filter(|(position, (key, _))| counterpart(other, *position, key).is_none()).map(|(_, e)| e)
}

/// The entries both maps have, in the order of `after`.
pub(crate) fn shared<'a, K: Hash + Eq, V>(
    before: &'a Map<K, V>,
    after: &'a Map<K, V>,
) -> impl Iterator<Item = (&'a K, &'a V, &'a V)> {
    after
        .iter()
        .enumerate()
        .filter_map(|(position, (key, value))| Some((key, counterpart(before, position, key)?, value)))
}

pub(crate) fn yes_no(value: &bool) -> Option<String> {
    Some(value.to_string())
}
