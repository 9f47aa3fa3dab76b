//! Tables that refer to each other: TypeScript cannot infer their types from each other and has to be told.

use rustc_hash::{FxHashMap, FxHashSet};
use schema::{Name, Schema};

/// The pairs of a table and the one it refers to from which a way leads back.
pub(super) fn cyclic(schema: &Schema) -> FxHashSet<(Name, Name)> {
    let targets = |name: &Name| schema.tables.get(name).into_iter().flat_map(|table| table.foreign_keys.values());
    let mut reached_from: FxHashMap<&Name, FxHashSet<&Name>> = FxHashMap::default();
    for start in schema.tables.keys() {
        let mut reached = FxHashSet::default();
        let mut open = vec![start];
        while let Some(name) = open.pop() {
            open.extend(targets(name).map(|key| &key.to).filter(|to| reached.insert(*to)));
        }
        reached_from.insert(start, reached);
    }
    let pairs = schema.tables.keys().flat_map(|table| targets(table).map(move |key| (table, &key.to)));
    let leads_back = |(table, to): &(&Name, &Name)| reached_from.get(to).is_some_and(|reached| reached.contains(table));
    pairs.filter(leads_back).map(|(table, to)| (table.clone(), to.clone())).collect()
}
