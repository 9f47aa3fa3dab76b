//! `serial` as it was written, told again only of the tables that changed: an edit concerns few of them.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};
use schema::{Name, Schema, Sequence, Table};

/// What folding made of each table at the last time.
#[derive(Debug, Default)]
pub(crate) struct Folding {
    /// By the one sequence that the table owns. Tables with several are folded anew each time.
    kept: FxHashMap<Name, Kept>,
}

#[derive(Debug)]
struct Kept {
    sequence: Arc<Sequence>,
    spelled_out: Arc<Table>,
    folded: Arc<Table>,
}

impl Folding {
    /// The schema with `serial` columns in place of spelled out ones.
    pub(crate) fn fold(&mut self, schema: &Schema) -> Schema {
        let mut folded = schema.clone();
        let only = only_sequences(schema);
        let mut gone = FxHashSet::default();
        for (owner, sequence) in &only {
            let (Some(kept), Some(table)) = (self.kept.get(&sequence.name), folded.tables.get_mut(*owner)) else {
                continue;
            };
            if Arc::ptr_eq(&kept.sequence, sequence) && Arc::ptr_eq(&kept.spelled_out, table) {
                *table = kept.folded.clone();
                gone.insert(&sequence.name);
            }
        }
        folded.sequences.retain(|name, _| !gone.contains(name));
        dialects::fold_serials(&mut folded);
        for (owner, sequence) in &only {
            if gone.contains(&sequence.name) || folded.sequences.contains_key(&sequence.name) {
                continue;
            }
            if let (Some(spelled_out), Some(folded)) = (schema.tables.get(*owner), folded.tables.get(*owner)) {
                let (sequence, spelled_out, folded) = ((*sequence).clone(), spelled_out.clone(), folded.clone());
                self.kept.insert(sequence.name.clone(), Kept { sequence, spelled_out, folded });
            }
        }
        if self.kept.len() > schema.sequences.len() {
            self.kept.retain(|name, _| schema.sequences.contains_key(name));
        }
        folded
    }
}

/// Sequences that are the only one of the table that owns them, by table.
fn only_sequences(schema: &Schema) -> FxHashMap<&Name, &Arc<Sequence>> {
    let mut only = FxHashMap::default();
    let mut several = FxHashSet::default();
    for sequence in schema.sequences.values() {
        if let Some((owner, _)) = &sequence.owned_by
            && only.insert(owner, sequence).is_some()
        {
            several.insert(owner);
        }
    }
    only.retain(|owner, _| !several.contains(owner));
    only
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reader::folded;
    use languages::sql::{State, apply, statements};
    use schema::Dialect;

    #[test]
    fn what_is_kept_is_what_folding_anew_gives() {
        let mut state = State::new(Dialect::Postgres);
        let mut folding = Folding::default();
        for sql in [
            "CREATE TABLE a (id serial PRIMARY KEY); CREATE TABLE b (x serial, y bigserial); CREATE TABLE c (id serial);",
            "ALTER TABLE a ADD COLUMN name text;",
            "ALTER SEQUENCE c_id_seq INCREMENT BY 5;",
            "ALTER TABLE b DROP COLUMN y; ALTER TABLE a RENAME TO d;",
            "DROP TABLE d; CREATE TABLE a (id bigserial);",
        ] {
            for statement in statements(Dialect::Postgres, sql) {
                apply(&mut state, &statement);
            }
            assert_eq!(folding.fold(state.schema()), folded(state.schema()), "{sql}");
        }
    }
}
