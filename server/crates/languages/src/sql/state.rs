//! What a replay knows at one moment: the schema so far, the session's search path, and who owns which relation's name.
//!
//! Every change of the schema goes through this file, so that what a migration touched is known with its value before.

use std::borrow::Cow;
use std::sync::Arc;

use dialects::implicit_names;
use rustc_hash::{FxHashMap, FxHashSet};
use schema::{
    Dialect, Enum, Map, Name, Object, ObjectKey, ObjectKind, ObjectPath, OpaqueKind, Schema, Sequence, Table, View,
};
use source::{Code, Diagnostic, FilePath, Location, Span};

use super::statement::{Ident, QName};
use crate::Use;

/// What a name in PostgreSQL's one space of relations stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Relation {
    Table,
    View,
    Sequence,
    /// An index or a constraint with an index, and its table.
    Index(Name),
    Composite,
}

/// The tables in which tools note the migrations they have applied: the tools make them, not the migrations.
const LEDGERS: [&str; 7] = [
    "__diesel_schema_migrations",
    "__drizzle_migrations",
    "_prisma_migrations",
    "_sqlx_migrations",
    "flyway_schema_history",
    "goose_db_version",
    "schema_migrations",
];

/// The state of a replay.
#[derive(Clone, Debug)]
pub struct State {
    pub(crate) schema: Schema,
    pub(crate) dialect: Dialect,
    search_path: Vec<String>,
    /// Names of this session's temporary relations: nothing of them is kept.
    temporary: FxHashSet<String>,
    /// By folded name.
    relations: FxHashMap<Name, (Name, Relation)>,
    /// Names of constraints, by namespace: PostgreSQL makes implicit names that none of them has.
    constraints: FxHashMap<Name, u32>,
    touched: Map<ObjectKey, Option<Object>>,
    file: FilePath,
    diagnostics: Vec<Diagnostic>,
    /// None where nobody asks for them.
    uses: Option<Vec<Use>>,
    /// True once any table has a parent: looking for children costs a walk over all tables.
    has_children: bool,
    /// True inside `ALTER TABLE ONLY`: no table has children then.
    pub(crate) is_only: bool,
    /// True inside a block that guards its statements: contradictions mean that there is nothing to do.
    pub(crate) is_guarded: bool,
}

/// One object that changed, before and after.
#[derive(Clone, Debug, PartialEq)]
pub struct Effect {
    pub key: ObjectKey,
    pub before: Option<Object>,
    pub after: Option<Object>,
}

impl State {
    /// An empty database.
    pub fn new(dialect: Dialect) -> State {
        State::from_schema(Schema::new(dialect))
    }

    /// A database that holds what `schema` says.
    pub fn from_schema(schema: Schema) -> State {
        let mut state = State {
            dialect: schema.dialect,
            search_path: Vec::new(),
            temporary: FxHashSet::default(),
            relations: FxHashMap::default(),
            constraints: FxHashMap::default(),
            touched: Map::default(),
            file: FilePath::from(std::path::Path::new("")),
            diagnostics: Vec::new(),
            uses: None,
            has_children: schema.tables.values().any(|table| has_parent(table)),
            is_only: false,
            is_guarded: false,
            schema,
        };
        state.reset_search_path();
        state.find_relations();
        state
    }

    /// Starts a file: a new session. `with_uses` asks for every place that names an object.
    pub fn begin(&mut self, file: &FilePath, with_uses: bool) {
        self.file = file.clone();
        self.temporary.clear();
        self.reset_search_path();
        self.uses = with_uses.then(Vec::new);
    }

    pub fn schema(&self) -> &Schema {
        &self.schema
    }

    pub fn into_schema(self) -> Schema {
        self.schema
    }

    /// What was found since the last call.
    pub fn take_diagnostics(&mut self) -> Vec<Diagnostic> {
        std::mem::take(&mut self.diagnostics)
    }

    /// The places that named objects since `begin` or the last call.
    pub fn drain_uses(&mut self) -> Vec<Use> {
        self.uses.as_mut().map(std::mem::take).unwrap_or_default()
    }

    /// What changed since the last call, in the order in which it was first touched.
    pub fn take_effects(&mut self) -> Vec<Effect> {
        let touched = std::mem::take(&mut self.touched);
        let effect = |(key, before): (ObjectKey, Option<Object>)| {
            let after = self.schema.object(&key);
            let is_same = match (&before, &after) {
                (Some(Object::Table(before)), Some(Object::Table(after))) => Arc::ptr_eq(before, after),
                _ => before == after,
            };
            (!is_same).then_some(Effect { key, before, after })
        };
        touched.into_iter().filter_map(effect).collect()
    }

    pub(crate) fn set_search_path(&mut self, path: Option<Vec<String>>) {
        match path {
            Some(path) => self.search_path = path,
            None => self.reset_search_path(),
        }
    }

    fn reset_search_path(&mut self) {
        self.search_path = vec![self.dialect.default_namespace().to_owned()];
    }

    /// Runs what stands inside `CREATE SCHEMA name …`: unqualified names are made in it.
    pub(crate) fn within(&mut self, namespace: &str, run: impl FnOnce(&mut State)) {
        let outer = self.search_path.clone();
        self.search_path.insert(0, namespace.to_owned());
        run(self);
        self.search_path = outer;
    }

    pub(crate) fn find(&mut self, code: Code, span: Span, message: String, help: &str) {
        let finding = Diagnostic::new(code, Location::new(&self.file, span), message).with_help(help);
        self.diagnostics.push(finding);
    }

    pub(crate) fn has_uses(&self) -> bool {
        self.uses.is_some()
    }

    /// Notes that a place names an object.
    pub(crate) fn uses(&mut self, span: Span, object: ObjectPath, is_declaration: bool) {
        if let Some(uses) = &mut self.uses {
            uses.push(Use { location: Location::new(&self.file, span), object, is_declaration });
        }
    }

    /// Takes back what a step changed, the latest first.
    pub fn revert(&mut self, effects: &[Effect]) {
        for effect in effects.iter().rev() {
            self.restore(&effect.key, effect.before.clone());
        }
        self.touched.clear();
    }

    fn restore(&mut self, key: &ObjectKey, object: Option<Object>) {
        if let ObjectKey::Table(name) = key {
            if let Some(table) = self.schema.tables.get(name).cloned() {
                self.unregister(name, &PartNames::of(&table));
                identity_sequences(&table).for_each(|sequence| self.take_relation(&sequence));
            }
            if let Some(Object::Table(table)) = &object {
                self.register(table);
                identity_sequences(table).for_each(|sequence| self.put_relation(&sequence, Relation::Sequence));
            }
        }
        let relation = match key {
            ObjectKey::View(name) => Some((name, Relation::View)),
            ObjectKey::Sequence(name) => Some((name, Relation::Sequence)),
            ObjectKey::Opaque(key) if key.kind == OpaqueKind::Type => Some((&key.name, Relation::Composite)),
            _ => None,
        };
        match (relation, &object) {
            (Some((name, relation)), Some(_)) => self.put_relation(name, relation),
            (Some((name, _)), None) => self.take_relation(name),
            (None, _) => {}
        }
        self.schema.set_object(key, object);
    }

    // Names

    /// Where an object of this name is made; None for a temporary one, and where the search path is empty.
    pub(crate) fn name_to_create(&self, name: &QName) -> Option<Name> {
        let namespace = match &name.namespace {
            Some(namespace) => self.namespace(&namespace.text)?,
            None => self.creation_namespace()?,
        };
        Some(Name::new(namespace, name.name.text.as_str()))
    }

    /// The first namespace of the search path that exists, as the server has it; its first one where none is known.
    fn creation_namespace(&self) -> Option<String> {
        let exists = |name: &&String| self.has_namespace(name);
        self.search_path.iter().find(exists).or_else(|| self.search_path.first()).cloned()
    }

    pub(crate) fn has_namespace(&self, name: &str) -> bool {
        name == self.dialect.default_namespace() || self.schema.namespaces.iter().any(|it| it == name)
    }

    /// None for the namespace of temporary objects.
    fn namespace(&self, written: &str) -> Option<String> {
        match self.dialect {
            Dialect::Postgres if written == "pg_temp" => None,
            Dialect::Postgres => Some(written.to_owned()),
            Dialect::Sqlite if written.eq_ignore_ascii_case("temp") => None,
            // An attached database is not the one that is described.
            Dialect::Sqlite if written.eq_ignore_ascii_case("main") => Some(String::new()),
            Dialect::Sqlite => Some(written.to_owned()),
        }
    }

    /// The names that a name may mean, in the order in which they are looked for.
    pub(crate) fn candidates(&self, name: &QName) -> Vec<Name> {
        match &name.namespace {
            Some(namespace) => {
                let namespace = self.namespace(&namespace.text);
                namespace.map(|it| Name::new(it, name.name.text.as_str())).into_iter().collect()
            }
            None => self.search_path.iter().map(|it| Name::new(it.as_str(), name.name.text.as_str())).collect(),
        }
    }

    /// The relation that a name means.
    pub(crate) fn relation(&self, name: &QName) -> Option<(Name, Relation)> {
        if name.namespace.is_none() && self.temporary.contains(&name.name.text) {
            return None;
        }
        self.candidates(name).iter().find_map(|candidate| self.relations.get(&*self.folded(candidate)).cloned())
    }

    pub(crate) fn relation_of(&self, name: &Name) -> Option<&Relation> {
        self.relations.get(&*self.folded(name)).map(|(_, relation)| relation)
    }

    /// SQLite's names are equal whatever their case.
    fn folded<'n>(&self, name: &'n Name) -> Cow<'n, Name> {
        match self.dialect {
            Dialect::Postgres => Cow::Borrowed(name),
            Dialect::Sqlite => Cow::Owned(Name::new(name.namespace.as_str(), name.name.to_ascii_lowercase())),
        }
    }

    pub(crate) fn is_temporary(&self, name: &QName) -> bool {
        match &name.namespace {
            Some(namespace) => self.namespace(&namespace.text).is_none() || namespace.text.starts_with("pg_temp"),
            None => self.temporary.contains(&name.name.text),
        }
    }

    pub(crate) fn add_temporary(&mut self, name: &QName) {
        self.temporary.insert(name.name.text.clone());
    }

    pub(crate) fn remove_temporary(&mut self, name: &QName) {
        self.temporary.remove(&name.name.text);
    }

    /// An implicit name for a relation, or for a constraint with an index.
    pub(crate) fn choose_relation_name(
        &self,
        table: &Table,
        columns: &str,
        label: &str,
        is_constraint: bool,
    ) -> String {
        let is_taken = |name: &str| {
            let full = Name::new(table.name.namespace.as_str(), name);
            self.relations.contains_key(&full)
                || index_names(table).any(|it| it == name)
                || (is_constraint && self.is_constraint_name(table, &full))
        };
        implicit_names::choose(&table.name.name, columns, label, is_taken)
    }

    /// An implicit name for a constraint without an index.
    pub(crate) fn choose_constraint_name(&self, table: &Table, columns: &str, label: &str) -> String {
        let is_taken = |name: &str| self.is_constraint_name(table, &Name::new(table.name.namespace.as_str(), name));
        implicit_names::choose(&table.name.name, columns, label, is_taken)
    }

    fn is_constraint_name(&self, table: &Table, name: &Name) -> bool {
        self.constraints.contains_key(name) || constraint_names(table).any(|it| it == name.name)
    }

    // Unknown names

    /// Nothing is known for sure about these names any more.
    pub(crate) fn forget(&mut self, name: &Name) {
        if !self.schema.unknown.contains(name) {
            self.touch(&ObjectKey::Unknown(name.clone()));
            self.schema.unknown.insert(name.clone());
        }
    }

    /// True where a statement about this name cannot contradict anything: it is unknown, or lies where this history makes nothing.
    pub(crate) fn is_unknown(&self, name: &QName) -> bool {
        let is_foreign = |candidate: &Name| {
            self.schema.unknown.contains(candidate)
                || LEDGERS.contains(&candidate.name.as_str())
                || (self.dialect == Dialect::Postgres && !self.has_namespace(&candidate.namespace))
        };
        self.candidates(name).iter().any(is_foreign)
    }

    // Changes

    /// Notes what an object was before it changes.
    pub(crate) fn touch(&mut self, key: &ObjectKey) {
        if !self.touched.contains_key(key) {
            self.touched.insert(key.clone(), self.schema.object(key));
        }
    }

    pub(crate) fn set(&mut self, key: ObjectKey, object: Option<Object>) {
        self.touch(&key);
        self.schema.set_object(&key, object);
    }

    /// A table to change. Its indexes and constraints are registered by `register_table` where their names change.
    pub(crate) fn table_mut(&mut self, name: &Name) -> Option<&mut Table> {
        if !self.schema.tables.contains_key(name) {
            return None;
        }
        self.touch(&ObjectKey::Table(name.clone()));
        self.schema.tables.get_mut(name).map(Arc::make_mut)
    }

    pub(crate) fn table(&self, name: &Name) -> Option<&Arc<Table>> {
        self.schema.tables.get(name)
    }

    pub(crate) fn view_mut(&mut self, name: &Name) -> Option<&mut View> {
        if !self.schema.views.contains_key(name) {
            return None;
        }
        self.touch(&ObjectKey::View(name.clone()));
        self.schema.views.get_mut(name).map(Arc::make_mut)
    }

    pub(crate) fn enum_mut(&mut self, name: &Name) -> Option<&mut Enum> {
        if !self.schema.enums.contains_key(name) {
            return None;
        }
        self.touch(&ObjectKey::Enum(name.clone()));
        self.schema.enums.get_mut(name).map(Arc::make_mut)
    }

    pub(crate) fn sequence_mut(&mut self, name: &Name) -> Option<&mut Sequence> {
        if !self.schema.sequences.contains_key(name) {
            return None;
        }
        self.touch(&ObjectKey::Sequence(name.clone()));
        self.schema.sequences.get_mut(name).map(Arc::make_mut)
    }

    /// Adds or replaces a table, its names registered.
    pub(crate) fn put_table(&mut self, table: Table) {
        let name = table.name.clone();
        if let Some(before) = self.schema.tables.get(&name) {
            let names = PartNames::of(before);
            self.unregister(&name, &names);
        }
        self.has_children |= has_parent(&table);
        self.register(&table);
        self.set(ObjectKey::Table(name), Some(Object::Table(Arc::new(table))));
    }

    /// Takes a table away, with the names of its indexes and constraints.
    pub(crate) fn take_table(&mut self, name: &Name) -> Option<Table> {
        let table = self.schema.tables.get(name).cloned()?;
        self.unregister(name, &PartNames::of(&table));
        self.set(ObjectKey::Table(name.clone()), None);
        Some(Arc::unwrap_or_clone(table))
    }

    /// Takes a table out to change it, the names of its parts included; `put_back` has to follow. Its names stay taken meanwhile.
    /// No copy is made where nobody else holds this version of the table.
    pub(crate) fn lift(&mut self, name: &Name) -> Option<Lifted> {
        if !self.schema.tables.contains_key(name) {
            return None;
        }
        self.touch(&ObjectKey::Table(name.clone()));
        let place = self.schema.tables.get_mut(name)?;
        let table = Arc::unwrap_or_clone(std::mem::replace(place, Arc::new(Table::new(name.clone()))));
        Some(Lifted { names: PartNames::of(&table), table })
    }

    pub(crate) fn put_back(&mut self, lifted: Lifted) {
        let Lifted { table, names } = lifted;
        // Most statements leave all names as they are.
        if !names.are_of(&table) {
            self.unregister(&table.name, &names);
            self.register(&table);
        }
        self.has_children |= has_parent(&table);
        self.schema.tables.insert(table.name.clone(), Arc::new(table));
    }

    pub(crate) fn put_relation(&mut self, name: &Name, relation: Relation) {
        let key = self.folded(name).into_owned();
        self.relations.insert(key, (name.clone(), relation));
    }

    pub(crate) fn take_relation(&mut self, name: &Name) {
        let key = self.folded(name).into_owned();
        self.relations.remove(&key);
    }

    /// Takes away the names of a materialized view's indexes. Rare: all names are walked.
    pub(crate) fn take_indexes_of(&mut self, view: &Name) {
        self.relations.retain(|_, (_, relation)| *relation != Relation::Index(view.clone()));
    }

    fn register(&mut self, table: &Table) {
        self.put_relation(&table.name, Relation::Table);
        let namespace = table.name.namespace.as_str();
        for index in index_names(table) {
            self.put_relation(&Name::new(namespace, index), Relation::Index(table.name.clone()));
        }
        for constraint in constraint_names(table) {
            *self.constraints.entry(Name::new(namespace, constraint)).or_default() += 1;
        }
    }

    fn unregister(&mut self, table: &Name, names: &PartNames) {
        self.take_relation(table);
        let namespace = table.namespace.as_str();
        for index in &names.indexes {
            self.take_relation(&Name::new(namespace, index.as_str()));
        }
        for constraint in &names.constraints {
            let name = Name::new(namespace, constraint.as_str());
            if let Some(count) = self.constraints.get_mut(&name) {
                *count = count.saturating_sub(1);
                if *count == 0 {
                    self.constraints.remove(&name);
                }
            }
        }
    }

    fn find_relations(&mut self) {
        let tables: Vec<Arc<Table>> = self.schema.tables.values().cloned().collect();
        for table in &tables {
            self.register(table);
            for sequence in identity_sequences(table) {
                self.put_relation(&sequence, Relation::Sequence);
            }
        }
        let views = self.schema.views.keys().map(|name| (name.clone(), Relation::View));
        let sequences = self.schema.sequences.keys().map(|name| (name.clone(), Relation::Sequence));
        let types = self.schema.opaque.keys().filter(|key| key.kind == OpaqueKind::Type);
        let types = types.map(|key| (key.name.clone(), Relation::Composite));
        let of_views = self.schema.views.values().flat_map(|view| {
            let full = |index: &String| Name::new(view.name.namespace.as_str(), index.as_str());
            view.indexes.keys().map(move |index| (full(index), Relation::Index(view.name.clone())))
        });
        for (name, relation) in views.chain(sequences).chain(types).chain(of_views).collect::<Vec<_>>() {
            self.put_relation(&name, relation);
        }
    }

    /// Partitions of a table, and tables that inherit from it.
    pub(crate) fn children(&self, parent: &Name) -> Vec<Name> {
        if !self.has_children || self.is_only {
            return Vec::new();
        }
        let is_child = |table: &&Arc<Table>| {
            table.inherits.contains(parent) || table.partition_of.as_ref().is_some_and(|it| it.parent == *parent)
        };
        self.schema.tables.values().filter(is_child).map(|table| table.name.clone()).collect()
    }

    /// The path of a column for a place that names it.
    pub(crate) fn uses_column(&mut self, table: &Name, column: &Ident, is_declaration: bool) {
        if self.has_uses() {
            let path = ObjectPath::part(ObjectKind::Column, table, column.text.as_str());
            self.uses(column.span, path, is_declaration);
        }
    }

    pub(crate) fn uses_table(&mut self, written: &QName, table: &Name, is_declaration: bool) {
        if self.has_uses() {
            self.uses(written.name.span, ObjectPath::new(ObjectKind::Table, table), is_declaration);
        }
    }
}

/// A table that was taken out to change it.
pub(crate) struct Lifted {
    pub(crate) table: Table,
    names: PartNames,
}

/// The names that a table has in its namespace beside its own.
struct PartNames {
    indexes: Vec<String>,
    constraints: Vec<String>,
}

impl PartNames {
    fn of(table: &Table) -> PartNames {
        PartNames {
            indexes: index_names(table).map(Cow::into_owned).collect(),
            constraints: constraint_names(table).map(Cow::into_owned).collect(),
        }
    }

    fn are_of(&self, table: &Table) -> bool {
        self.indexes.iter().map(String::as_str).eq(index_names(table))
            && self.constraints.iter().map(String::as_str).eq(constraint_names(table))
    }
}

/// The sequences behind the identity columns of a table.
pub(crate) fn identity_sequences(table: &Table) -> impl Iterator<Item = Name> {
    let identities = table.columns.values().filter_map(|column| column.identity.as_ref());
    identities.map(|identity| Name::new(identity.sequence_namespace.as_str(), identity.sequence_name.as_str()))
}

/// The name of a table's primary key, also where the database made it.
pub(crate) fn primary_key_name(table: &Table) -> Option<Cow<'_, str>> {
    let key = table.primary_key.as_ref()?;
    match key.name.as_deref().or(key.server_name.as_deref()) {
        Some(name) => Some(Cow::Borrowed(name)),
        // As a snapshot leaves it.
        None => Some(Cow::Owned(implicit_names::choose(&table.name.name, "", "pkey", |_| false))),
    }
}

fn index_names(table: &Table) -> impl Iterator<Item = Cow<'_, str>> {
    let constraints = table.uniques.keys().chain(table.exclusions.keys());
    primary_key_name(table)
        .into_iter()
        .chain(constraints.chain(table.indexes.keys()).map(|name| Cow::Borrowed(name.as_str())))
}

fn constraint_names(table: &Table) -> impl Iterator<Item = Cow<'_, str>> {
    let others = table.uniques.keys().chain(table.exclusions.keys()).chain(table.checks.keys());
    primary_key_name(table)
        .into_iter()
        .chain(others.chain(table.foreign_keys.keys()).map(|name| Cow::Borrowed(name.as_str())))
}

fn has_parent(table: &Table) -> bool {
    table.partition_of.is_some() || !table.inherits.is_empty()
}
