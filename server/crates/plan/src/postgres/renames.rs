//! Renames, which come first: everything after them finds the objects under their new names.
//!
//! What they make of `before` is told by the interpreter, so that whatever refers to a renamed object follows it.

use std::collections::HashMap;

use dialects::implicit_names::{MAX_NAME_BYTES, clipped};
use dialects::postgres::statements::{full_name, is_usual_primary_key, literal, rename_constraint, short_name};
use dialects::quote_identifier;
use languages::sql::{State, apply, statements};
use schema::{Dialect, Name, ObjectKind, ObjectPath, Schema};

use super::part_renames::key_name;
use crate::{LockMode, Obstacle, Rename, Step};

/// What renames come to.
pub(crate) struct Renamed {
    /// `before` after them.
    pub(crate) schema: Schema,
    pub(crate) steps: Vec<Step>,
    pub(crate) obstacles: Vec<Obstacle>,
}

/// `before` has its serial columns spelled out.
pub(crate) fn renamed(before: Schema, after: &Schema, renames: &[Rename]) -> Renamed {
    let mut work = Work { state: State::from_schema(before), steps: Vec::new(), now: HashMap::new() };
    let mut obstacles = Vec::new();
    let mut renames: Vec<&Rename> = renames.iter().filter(|rename| rename.from != rename.to).collect();
    renames.sort_by_key(|rename| place(rename.from.kind));
    for rename in renames {
        let from = work.current(&rename.from);
        if !work.state.schema().contains(&from) {
            let reason = format!("{} is to be renamed, and is not there.", rename.from);
            obstacles.push(Obstacle { object: rename.from.clone(), reason });
            continue;
        }
        if from.kind.is_part() && from.name != rename.to.name {
            let (kind, owner) = (from.kind.as_str().replace('_', " "), from.owner());
            let reason = format!("The {kind} {from} cannot become {}: it stays in {owner}.", rename.to);
            obstacles.push(Obstacle { object: rename.from.clone(), reason });
            continue;
        }
        if is_left_to_others(&work, &from, &rename.to, after) {
            continue;
        }
        work.rename(&from, &rename.to, after);
        work.now.insert(rename.from.clone(), rename.to.clone());
    }
    work.make_room_for_new_keys(after);
    Renamed { schema: work.state.into_schema(), steps: work.steps, obstacles }
}

/// A view that is somebody else's gets its name from them; one that becomes so is dropped, as that one is there already.
fn is_left_to_others(work: &Work, from: &ObjectPath, to: &ObjectPath, after: &Schema) -> bool {
    let is_existing = |schema: &Schema, path: &ObjectPath| schema.views.get(&path.name).is_some_and(|it| it.existing);
    from.kind == ObjectKind::View && (is_existing(work.state.schema(), from) || is_existing(after, to))
}

/// What holds others first.
fn place(kind: ObjectKind) -> u8 {
    match kind {
        ObjectKind::Namespace => 0,
        ObjectKind::Role => 1,
        ObjectKind::Enum | ObjectKind::Domain => 2,
        ObjectKind::Sequence => 3,
        ObjectKind::Table => 4,
        ObjectKind::View => 5,
        _ => 6,
    }
}

struct Work {
    state: State,
    steps: Vec<Step>,
    /// What was renamed so far, by its path in `before`.
    now: HashMap<ObjectPath, ObjectPath>,
}

impl Work {
    /// Where an object of `before` is by now.
    fn current(&self, path: &ObjectPath) -> ObjectPath {
        if let Some(now) = self.now.get(path) {
            return now.clone();
        }
        let mut now = path.clone();
        let namespace = ObjectPath::global(ObjectKind::Namespace, path.name.namespace.as_str());
        if let Some(to) = self.now.get(&namespace) {
            now.name.namespace.clone_from(&to.name.name);
        }
        if path.kind.is_part()
            && let Some(to) = self.now.get(&path.owner())
        {
            now.name.clone_from(&to.name);
        }
        now
    }

    fn run(&mut self, object: &ObjectPath, kind: &'static str, sql: String, table: Option<&Name>) {
        for statement in statements(Dialect::Postgres, &sql) {
            apply(&mut self.state, &statement);
        }
        let step = Step::of(object, kind, sql);
        self.steps.push(match table {
            Some(table) => step.takes(LockMode::AccessExclusive, table),
            None => step,
        });
    }

    fn rename(&mut self, from: &ObjectPath, to: &ObjectPath, after: &Schema) {
        match from.kind {
            ObjectKind::Namespace
            | ObjectKind::Role
            | ObjectKind::Column
            | ObjectKind::Policy
            | ObjectKind::EnumValue => {
                self.make_room(to);
                self.rename_freely(from, to);
            }
            _ => self.move_object(from, to, after),
        }
    }

    /// What stays where it is, the name being free.
    fn rename_freely(&mut self, from: &ObjectPath, to: &ObjectPath) {
        let quoted = |name: &str| quote_identifier(Dialect::Postgres, name);
        let (old, new) = (quoted(from.last_name()), quoted(to.last_name()));
        match from.kind {
            ObjectKind::Namespace => {
                self.run(to, "rename_schema", format!("ALTER SCHEMA {old} RENAME TO {new};"), None);
            }
            ObjectKind::Role => self.run(to, "rename_role", format!("ALTER ROLE {old} RENAME TO {new};"), None),
            ObjectKind::Column => {
                let sql = format!("ALTER TABLE {} RENAME COLUMN {old} TO {new};", short_name(&to.name));
                self.run(to, "rename_column", sql, Some(&to.name));
            }
            ObjectKind::Policy => {
                let sql = format!("ALTER POLICY {old} ON {} RENAME TO {new};", short_name(&to.name));
                self.run(to, "rename_policy", sql, Some(&to.name));
            }
            _ => {
                let (old, new) = (literal(from.last_name()), literal(to.last_name()));
                let sql = format!("ALTER TYPE {} RENAME VALUE {old} TO {new};", full_name(&to.name));
                self.run(to, "rename_enum_value", sql, None);
            }
        }
    }

    /// Objects in namespaces: first where they lie, then how they are called, as drizzle-kit does it.
    fn move_object(&mut self, from: &ObjectPath, to: &ObjectPath, after: &Schema) {
        let quoted = |name: &str| quote_identifier(Dialect::Postgres, name);
        let mut now = from.clone();
        self.make_room(to);
        let is_table = from.kind == ObjectKind::Table;
        if from.name.namespace != to.name.namespace {
            self.create_namespace(&to.name.namespace, after);
            let midway = Name::new(to.name.namespace.as_str(), from.name.name.as_str());
            if midway != to.name && self.is_taken(&ObjectPath::new(from.kind, &midway)) {
                self.rename_in_place(&now, &to.name.name);
                now.name.name.clone_from(&to.name.name);
            }
            if is_table {
                self.make_room_for_indexes(&now.name, &to.name.namespace);
            }
            let class = self.class(from.kind, &now.name);
            let sql = format!("ALTER {class} {} SET SCHEMA {};", full_name(&now.name), quoted(&to.name.namespace));
            now.name.namespace.clone_from(&to.name.namespace);
            self.run(to, moved_kind(from.kind), sql, is_table.then_some(&now.name));
        }
        if now.name.name != to.name.name {
            self.rename_in_place(&now, &to.name.name);
        }
    }

    fn rename_in_place(&mut self, from: &ObjectPath, to: &str) {
        let is_table = from.kind == ObjectKind::Table;
        let name = if is_table { short_name(&from.name) } else { full_name(&from.name) };
        let class = self.class(from.kind, &from.name);
        let sql = format!("ALTER {class} {name} RENAME TO {};", quote_identifier(Dialect::Postgres, to));
        let target = Name::new(from.name.namespace.as_str(), to);
        self.run(&ObjectPath::new(from.kind, &target), renamed_kind(from.kind), sql, is_table.then_some(&target));
    }

    fn create_namespace(&mut self, namespace: &str, after: &Schema) {
        let is_there = namespace == "public" || self.state.schema().namespaces.iter().any(|it| it == namespace);
        if !is_there && after.namespaces.iter().any(|it| it == namespace) {
            let sql = format!("CREATE SCHEMA {};", quote_identifier(Dialect::Postgres, namespace));
            self.run(&ObjectPath::global(ObjectKind::Namespace, namespace), "create_schema", sql, None);
        }
    }

    fn class(&self, kind: ObjectKind, name: &Name) -> &'static str {
        match kind {
            ObjectKind::Enum => "TYPE",
            ObjectKind::Domain => "DOMAIN",
            ObjectKind::Sequence => "SEQUENCE",
            ObjectKind::View if self.state.schema().views.get(name).is_some_and(|view| view.materialized) => {
                "MATERIALIZED VIEW"
            }
            ObjectKind::View => "VIEW",
            _ => "TABLE",
        }
    }

    /// Types and relations: a relation has a type of its name too.
    fn is_taken(&self, path: &ObjectPath) -> bool {
        let schema = self.state.schema();
        match path.kind {
            ObjectKind::Enum | ObjectKind::Domain | ObjectKind::Table | ObjectKind::View | ObjectKind::Sequence => {
                object_of(schema, &path.name).is_some() || index_of(schema, &path.name).is_some()
            }
            _ => schema.contains(path),
        }
    }

    /// An object that has the name already goes out of the way: it is dropped later, or gets its own new name in its turn.
    fn make_room(&mut self, path: &ObjectPath) {
        if !self.is_taken(path) {
            return;
        }
        let mut aside = path.clone();
        for n in 1.. {
            let other = aside_name(path.last_name(), n);
            match &mut aside.part {
                Some(part) => *part = other,
                None => aside.name.name = other,
            }
            if !self.is_taken(&aside) {
                break;
            }
        }
        let schema = self.state.schema();
        match path.kind {
            ObjectKind::Namespace
            | ObjectKind::Role
            | ObjectKind::Column
            | ObjectKind::Policy
            | ObjectKind::EnumValue => {
                let at_first = self.at_first(path);
                self.rename_freely(path, &aside);
                self.now.insert(at_first, aside);
            }
            _ => match (object_of(schema, &path.name), index_of(schema, &path.name)) {
                (Some(kind), _) => {
                    let (there, aside) = (ObjectPath::new(kind, &path.name), ObjectPath::new(kind, &aside.name));
                    self.rename_in_place(&there, &aside.name.name);
                    self.now.insert(there, aside);
                }
                (None, Some((kind, table))) => self.rename_part(kind, &table, &path.name.name, &aside.name.name),
                (None, None) => {}
            },
        }
    }

    /// A table takes its indexes along: those whose names are taken there get other ones first.
    fn make_room_for_indexes(&mut self, table: &Name, namespace: &str) {
        let Some(found) = self.state.schema().tables.get(table).cloned() else { return };
        let kinds = [
            (ObjectKind::Index, &found.indexes.keys().cloned().collect::<Vec<_>>()),
            (ObjectKind::Unique, &found.uniques.keys().cloned().collect()),
            (ObjectKind::Exclusion, &found.exclusions.keys().cloned().collect()),
            (ObjectKind::PrimaryKey, &key_name(&found).into_iter().collect()),
        ];
        for (kind, names) in kinds {
            for name in names {
                let is_taken = |work: &Work, namespace: &str, name: &str| {
                    let name = Name::new(namespace, name);
                    let schema = work.state.schema();
                    let object =
                        object_of(schema, &name).filter(|it| !matches!(it, ObjectKind::Enum | ObjectKind::Domain));
                    object.is_some() || index_of(schema, &name).is_some()
                };
                if !is_taken(self, namespace, name) {
                    continue;
                }
                let mut tried = (1..).map(|n| aside_name(name, n));
                let is_free = |it: &String| !is_taken(self, namespace, it) && !is_taken(self, &table.namespace, it);
                if let Some(aside) = tried.find(is_free) {
                    self.rename_part(kind, table, name, &aside);
                }
            }
        }
    }

    /// A table that gets the name which another one had: the key of that one, which nobody named, still has the name of the new one's.
    fn make_room_for_new_keys(&mut self, after: &Schema) {
        for table in after.tables.values() {
            let key = table.primary_key.as_ref().filter(|key| !is_usual_primary_key(&table.name, key));
            let name = key.and_then(|key| key.name.as_ref().or(key.server_name.as_ref()));
            let schema = self.state.schema();
            let Some(name) = name.filter(|_| !schema.tables.contains_key(&table.name)) else { continue };
            let found = index_of(schema, &Name::new(table.name.namespace.as_str(), name.as_str()));
            let Some((ObjectKind::PrimaryKey, owner)) = found else { continue };
            let stays = after.tables.get(&owner).and_then(|it| it.primary_key.as_ref());
            if stays.is_none_or(|key| key.name.is_some()) {
                continue;
            }
            let is_free = |it: &String| index_of(schema, &Name::new(owner.namespace.as_str(), it.as_str())).is_none();
            let aside = (1..).map(|n| aside_name(name, n)).find(is_free);
            if let Some(aside) = aside {
                self.rename_part(ObjectKind::PrimaryKey, &owner, name, &aside);
            }
        }
    }

    /// The path in `before` of what has this one now.
    fn at_first(&self, path: &ObjectPath) -> ObjectPath {
        let renamed = self.now.iter().find(|(_, to)| **to == path.owner() && path.kind.is_part());
        match renamed {
            Some((from, _)) => ObjectPath { name: from.name.clone(), ..path.clone() },
            None => path.clone(),
        }
    }

    fn rename_part(&mut self, kind: ObjectKind, table: &Name, old: &str, new: &str) {
        let path = ObjectPath::part(kind, table, new);
        if kind == ObjectKind::Index {
            let index = Name::new(table.namespace.as_str(), old);
            let sql =
                format!("ALTER INDEX {} RENAME TO {};", short_name(&index), quote_identifier(Dialect::Postgres, new));
            self.run(&path, "rename_index", sql, None);
        } else {
            self.run(&path, "rename_constraint", rename_constraint(table, old, new), Some(table));
        }
    }
}

/// A name for what has to make room, the first one to be tried with 1.
pub(crate) fn aside_name(name: &str, n: usize) -> String {
    let suffix = if n == 1 { String::from("__old") } else { format!("__old{n}") };
    format!("{}{suffix}", clipped(name, MAX_NAME_BYTES.saturating_sub(suffix.len())))
}

fn object_of(schema: &Schema, name: &Name) -> Option<ObjectKind> {
    [ObjectKind::Table, ObjectKind::View, ObjectKind::Sequence, ObjectKind::Enum, ObjectKind::Domain]
        .into_iter()
        .find(|kind| schema.contains(&ObjectPath::new(*kind, name)))
}

/// The index of this name, or the constraint that has one, and its table.
fn index_of(schema: &Schema, name: &Name) -> Option<(ObjectKind, Name)> {
    let tables = schema.tables.values().filter(|table| table.name.namespace == name.namespace);
    let kinds = [ObjectKind::Index, ObjectKind::Unique, ObjectKind::Exclusion];
    tables.into_iter().find_map(|table| {
        let part = |kind: &ObjectKind| schema.contains(&ObjectPath::part(*kind, &table.name, name.name.as_str()));
        let is_key = || key_name(table).is_some_and(|it| it == name.name).then_some(ObjectKind::PrimaryKey);
        Some((kinds.into_iter().find(part).or_else(is_key)?, table.name.clone()))
    })
}

fn moved_kind(kind: ObjectKind) -> &'static str {
    match kind {
        ObjectKind::Enum => "move_enum",
        ObjectKind::Domain => "move_domain",
        ObjectKind::Sequence => "move_sequence",
        ObjectKind::View => "move_view",
        _ => "move_table",
    }
}

fn renamed_kind(kind: ObjectKind) -> &'static str {
    match kind {
        ObjectKind::Enum => "rename_enum",
        ObjectKind::Domain => "rename_domain",
        ObjectKind::Sequence => "rename_sequence",
        ObjectKind::View => "rename_view",
        _ => "rename_table",
    }
}
