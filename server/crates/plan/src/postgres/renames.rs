//! Renames, which come first: everything after them finds the objects under their new names.
//!
//! What they make of `before` is told by the interpreter, so that whatever refers to a renamed object follows it.

use std::collections::HashMap;

use dialects::postgres::statements::{full_name, literal, short_name};
use dialects::quote_identifier;
use languages::sql::{State, apply, statements};
use schema::{Dialect, Name, ObjectKind, ObjectPath, Schema};

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
        if is_left_to_others(&work, &from, &rename.to, after) {
            continue;
        }
        work.rename(&from, &rename.to, after);
        work.now.insert(rename.from.clone(), rename.to.clone());
    }
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
        let quoted = |name: &str| quote_identifier(Dialect::Postgres, name);
        match from.kind {
            ObjectKind::Namespace => {
                let sql = format!("ALTER SCHEMA {} RENAME TO {};", quoted(&from.name.name), quoted(&to.name.name));
                self.run(to, "rename_schema", sql, None);
            }
            ObjectKind::Role => {
                let sql = format!("ALTER ROLE {} RENAME TO {};", quoted(&from.name.name), quoted(&to.name.name));
                self.run(to, "rename_role", sql, None);
            }
            ObjectKind::Column => {
                self.make_room(to);
                let (old, new) = (quoted(from.last_name()), quoted(to.last_name()));
                let sql = format!("ALTER TABLE {} RENAME COLUMN {old} TO {new};", short_name(&to.name));
                self.run(to, "rename_column", sql, Some(&to.name));
            }
            ObjectKind::Policy => {
                let (old, new) = (quoted(from.last_name()), quoted(to.last_name()));
                let sql = format!("ALTER POLICY {old} ON {} RENAME TO {new};", short_name(&to.name));
                self.run(to, "rename_policy", sql, Some(&to.name));
            }
            ObjectKind::EnumValue => {
                let (old, new) = (literal(from.last_name()), literal(to.last_name()));
                let sql = format!("ALTER TYPE {} RENAME VALUE {old} TO {new};", full_name(&to.name));
                self.run(to, "rename_enum_value", sql, None);
            }
            _ => self.move_object(from, to, after),
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

    fn is_taken(&self, path: &ObjectPath) -> bool {
        let schema = self.state.schema();
        match path.kind {
            ObjectKind::Enum | ObjectKind::Domain => {
                schema.enums.contains_key(&path.name) || schema.domains.contains_key(&path.name)
            }
            ObjectKind::Table | ObjectKind::View | ObjectKind::Sequence => {
                schema.tables.contains_key(&path.name)
                    || schema.views.contains_key(&path.name)
                    || schema.sequences.contains_key(&path.name)
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
        while self.is_taken(&aside) {
            match &mut aside.part {
                Some(part) => part.push_str("__old"),
                None => aside.name.name.push_str("__old"),
            }
        }
        if path.kind == ObjectKind::Column {
            let (old, new) = (path.last_name(), aside.last_name());
            let (old, new) = (quote_identifier(Dialect::Postgres, old), quote_identifier(Dialect::Postgres, new));
            let sql = format!("ALTER TABLE {} RENAME COLUMN {old} TO {new};", short_name(&path.name));
            self.run(&aside, "rename_column", sql, Some(&path.name));
            let in_before = self.now.iter().find(|(_, to)| to.name == path.name && to.kind == ObjectKind::Table);
            let table = in_before.map_or_else(|| path.name.clone(), |(from, _)| from.name.clone());
            self.now.insert(ObjectPath { name: table, ..path.clone() }, aside);
            return;
        }
        let schema = self.state.schema();
        let kind = [ObjectKind::Table, ObjectKind::View, ObjectKind::Sequence, ObjectKind::Enum, ObjectKind::Domain]
            .into_iter()
            .find(|kind| schema.contains(&ObjectPath::new(*kind, &path.name)))
            .unwrap_or(path.kind);
        let (there, aside) = (ObjectPath::new(kind, &path.name), ObjectPath::new(kind, &aside.name));
        self.rename_in_place(&there, &aside.name.name);
        self.now.insert(there, aside);
    }
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
