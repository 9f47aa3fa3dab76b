//! The fragments of all declarations together as one schema.

use std::sync::Arc;

use rustc_hash::FxHashSet;
use schema::{LinkedPolicy, Name, Policy, Schema};
use source::{Diagnostic, Location, codes};

use super::build::{Fragment, Item};
use crate::drizzle::ReadModules;
use crate::{Desired, Origins};

/// Takes fragments in drizzle-kit's order; the first sight of an object wins.
pub(super) struct Merge {
    desired: Desired,
    identities: FxHashSet<u64>,
    policies: Vec<(Name, Policy)>,
}

impl Merge {
    pub(super) fn new(schema: Schema) -> Merge {
        let desired = Desired {
            schema,
            origins: Origins::default(),
            unknown: Vec::new(),
            diagnostics: Vec::new(),
            not_exported: Vec::new(),
            files: Vec::new(),
            read_files: Vec::new(),
            modules: ReadModules::default(),
        };
        Merge { desired, identities: FxHashSet::default(), policies: Vec::new() }
    }

    pub(super) fn diagnose(&mut self, diagnostic: Diagnostic) {
        self.desired.diagnostics.push(diagnostic);
    }

    /// The schema may hold more than what is added.
    pub(super) fn open(&mut self) {
        self.desired.schema.open = true;
    }

    pub(super) fn has_identity(&self, identity: u64) -> bool {
        self.identities.contains(&identity)
    }

    pub(super) fn add(&mut self, fragment: &Arc<Fragment>) {
        if matches!(fragment.item, Item::Nothing) {
            return;
        }
        if fragment.identity != 0 && !self.identities.insert(fragment.identity) {
            return;
        }
        let schema = &mut self.desired.schema;
        let duplicate = match &fragment.item {
            Item::Table(table) => schema.tables.insert(table.name.clone(), table.clone()).is_some(),
            Item::Enum(spec) => schema.enums.insert(spec.name.clone(), spec.clone()).is_some(),
            Item::Namespace(name) => {
                if !schema.namespaces.contains(name) && name != "public" {
                    schema.namespaces.push(name.clone());
                }
                false
            }
            Item::Sequence(sequence) => {
                // The first of two equal names stays.
                schema.sequences.entry(sequence.name.clone()).or_insert_with(|| sequence.clone());
                false
            }
            Item::View(view) => schema.views.insert(view.name.clone(), view.clone()).is_some(),
            Item::Role(role) => {
                schema.roles.insert(role.name.clone(), role.clone());
                false
            }
            Item::Policy(table, policy) => {
                self.policies.push((table.clone(), policy.clone()));
                false
            }
            Item::Unknown => {
                schema.open = true;
                false
            }
            Item::Nothing => false,
        };
        self.places(fragment, duplicate);
    }

    fn places(&mut self, fragment: &Fragment, duplicate: bool) {
        let desired = &mut self.desired;
        if let (true, Some(path)) = (duplicate, &fragment.path) {
            let here = fragment.places.origins.get(path).map(|origin| origin.focus.clone());
            let earlier = desired.origins.get(path).map(|origin| origin.focus.clone());
            if let (Some(here), Some(earlier)) = (here, earlier) {
                let message = format!("{} `{path}` is declared twice", path.kind.as_str());
                let diagnostic = Diagnostic::new(codes::DUPLICATE_NAME, here, message)
                    .with_help("give one of them another name: only the last one counts")
                    .with_related(earlier, "the other one");
                desired.diagnostics.push(diagnostic);
            }
        }
        if let Some(path) = &fragment.path {
            desired.origins.add(path, fragment.places.clone());
        }
        desired.unknown.extend(fragment.unknown.iter().cloned());
        desired.diagnostics.extend(fragment.diagnostics.iter().cloned());
    }

    /// Links the policies and checks what must be unique beyond one table.
    pub(super) fn finish(mut self) -> Desired {
        for (table, policy) in std::mem::take(&mut self.policies) {
            match self.desired.schema.tables.get_mut(&table) {
                Some(slot) => {
                    let mut changed = (**slot).clone();
                    changed.policies.insert(policy.name.clone(), policy);
                    *slot = Arc::new(changed);
                }
                None => {
                    let linked = LinkedPolicy { on: table, policy };
                    self.desired.schema.policies.insert(linked.policy.name.clone(), linked);
                }
            }
        }
        if self.desired.schema.dialect == schema::Dialect::Postgres {
            // drizzle-kit lists plain views before materialized ones.
            self.desired.schema.views.sort_by(|_, a, _, b| a.materialized.cmp(&b.materialized));
        }
        self.duplicate_indexes();
        self.desired
    }

    /// Index names are unique in a namespace.
    fn duplicate_indexes(&mut self) {
        let mut seen: rustc_hash::FxHashMap<(&str, &str), &Name> = rustc_hash::FxHashMap::default();
        let mut found: Vec<(schema::ObjectPath, Name)> = Vec::new();
        for table in self.desired.schema.tables.values() {
            for index in table.indexes.keys() {
                if let Some(other) = seen.insert((table.name.namespace.as_str(), index), &table.name) {
                    let path = schema::ObjectPath::part(schema::ObjectKind::Index, &table.name, index.as_str());
                    found.push((path, other.clone()));
                }
            }
        }
        for (path, other) in found {
            let Some(origin) = self.desired.origins.get(&path) else { continue };
            let message = format!("the index name `{}` is taken by a table {other} already", path.last_name());
            let location: Location = origin.focus.clone();
            let diagnostic = Diagnostic::new(codes::DUPLICATE_NAME, location, message)
                .with_help("index names are unique in a schema; give one of them another name");
            self.desired.diagnostics.push(diagnostic);
        }
    }
}
