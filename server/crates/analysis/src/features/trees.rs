//! A project as two trees, for a view beside the editor: what the schema has, and what the migrations did.

use std::collections::BTreeSet;

use history::MigrationState;
use schema::{Column, IndexKey, Map, Name, ObjectKind, ObjectPath, Schema, Table};
use source::Location;

use crate::{Project, words};

/// One thing in a tree.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TreeNode {
    /// Unique in its tree, and the same as long as the thing is the same.
    pub id: String,
    /// Such as `table`, `primaryKey` or `migration`.
    pub kind: &'static str,
    pub label: String,
    /// Beside the label: a column's type.
    pub description: Option<String>,
    /// `pending`, `drift`, `unknown`; of a migration `applied`, `unapplied`, `modified`, `missing`.
    pub state: Option<&'static str>,
    pub location: Option<Location>,
    /// What the commands call it.
    pub name: Option<String>,
    pub children: Vec<TreeNode>,
}

/// What a database adds to the trees.
#[derive(Clone, Debug, Default)]
pub struct TreeStates {
    /// One for each migration of the folder; empty where no database was read.
    pub migrations: Vec<MigrationState>,
    /// In the ledger, and not in the folder.
    pub missing: Vec<String>,
    /// Objects that are otherwise in the database.
    pub drifted: Vec<ObjectPath>,
}

/// What the schema files say; without them, what the migrations record.
pub fn schema_tree(project: &Project, states: &TreeStates) -> Vec<TreeNode> {
    let desired = project.desired.as_ref().map(|desired| &desired.schema);
    let Some(schema) = desired.or_else(|| project.history.as_ref().map(|history| &history.schema)) else {
        return Vec::new();
    };
    let mut tree = SchemaTree { project, schema, states, marked: BTreeSet::new() };
    tree.marked.extend(project.pending.iter().map(|pending| &pending.change.object));
    tree.nodes()
}

struct SchemaTree<'a> {
    project: &'a Project,
    schema: &'a Schema,
    states: &'a TreeStates,
    /// In no migration.
    marked: BTreeSet<&'a ObjectPath>,
}

impl<'a> SchemaTree<'a> {
    fn nodes(&self) -> Vec<TreeNode> {
        let mut by_namespace: Map<&str, Vec<TreeNode>> = Map::default();
        let mut add =
            |name: &'a Name, node: TreeNode| by_namespace.entry(name.namespace.as_str()).or_default().push(node);
        for (name, table) in &self.schema.tables {
            add(name, self.table(table));
        }
        for name in self.schema.views.keys() {
            add(name, self.node(ObjectPath::new(ObjectKind::View, name), None));
        }
        for (name, found) in &self.schema.enums {
            add(name, self.node(ObjectPath::new(ObjectKind::Enum, name), Some(found.values.join(", "))));
        }
        for (name, _) in self.schema.sequences.iter().filter(|(_, sequence)| sequence.owned_by.is_none()) {
            add(name, self.node(ObjectPath::new(ObjectKind::Sequence, name), None));
        }
        let mut nodes: Vec<TreeNode> = match by_namespace.len() {
            0 | 1 => by_namespace.into_values().flatten().collect(),
            _ => by_namespace
                .into_iter()
                .map(|(name, children)| TreeNode {
                    id: format!("schema {name}"),
                    kind: "namespace",
                    label: name.to_owned(),
                    children,
                    ..TreeNode::default()
                })
                .collect(),
        };
        nodes.extend(self.removed(|path| path.part.is_none()));
        nodes
    }

    /// What is gone from the schema files, and in no migration.
    fn removed(&self, is_here: impl Fn(&ObjectPath) -> bool) -> Vec<TreeNode> {
        let gone = self.marked.iter().filter(|path| !self.schema.contains(path) && is_here(path));
        gone.map(|path| self.node((*path).clone(), Some(String::from("removed")))).collect()
    }

    fn table(&self, table: &Table) -> TreeNode {
        let part = |kind: ObjectKind, name: &str| ObjectPath::part(kind, &table.name, name);
        let key: Vec<&String> = table.primary_key.iter().flat_map(|key| &key.columns).collect();
        let mut children: Vec<TreeNode> = table
            .columns
            .iter()
            .map(|(name, column)| {
                let mut node = self.node(part(ObjectKind::Column, name), Some(type_of(column)));
                if key.contains(&name) {
                    node.kind = "primaryKey";
                }
                node
            })
            .collect();
        for (name, key) in &table.foreign_keys {
            let to = format!("→ {}", key.to.name);
            children.push(self.node(part(ObjectKind::ForeignKey, name), Some(to)));
        }
        for (name, unique) in &table.uniques {
            children.push(self.node(part(ObjectKind::Unique, name), Some(unique.columns.join(", "))));
        }
        for name in table.checks.keys() {
            children.push(self.node(part(ObjectKind::Check, name), None));
        }
        for (name, index) in &table.indexes {
            let keys: Vec<&str> = index
                .columns
                .iter()
                .map(|column| match &column.key {
                    IndexKey::Column(name) => name.as_str(),
                    IndexKey::Expression(expression) => expression.text.as_str(),
                })
                .collect();
            children.push(self.node(part(ObjectKind::Index, name), Some(keys.join(", "))));
        }
        for name in table.policies.keys() {
            children.push(self.node(part(ObjectKind::Policy, name), None));
        }
        children.extend(self.removed(|path| path.part.is_some() && path.name == table.name));
        let mut node = self.node(ObjectPath::new(ObjectKind::Table, &table.name), None);
        // What is inside is not seen while the table is folded.
        if node.state.is_none() {
            node.state =
                ["pending", "drift"].into_iter().find(|state| children.iter().any(|it| it.state == Some(*state)));
        }
        node.children = children;
        node
    }

    fn node(&self, path: ObjectPath, description: Option<String>) -> TreeNode {
        let desired = self.project.desired.as_deref();
        let is_unknown = desired.is_some_and(|desired| desired.schema.unknown.contains(&path.name));
        let state = if self.marked.contains(&path) {
            Some("pending")
        } else if is_unknown {
            Some("unknown")
        } else if self.states.drifted.contains(&path) {
            Some("drift")
        } else {
            None
        };
        let declared = desired.and_then(|desired| desired.origin_or_owner(&path)).map(|origin| origin.focus.clone());
        TreeNode {
            id: words::object(&path),
            kind: kind_of(path.kind),
            label: path.last_name().to_owned(),
            description,
            state,
            location: declared,
            name: Some(path.short()),
            children: Vec::new(),
        }
    }
}

fn type_of(column: &Column) -> String {
    let null = if column.not_null { "" } else { " NULL" };
    format!("{}{null}", column.sql_type.canonical)
}

fn kind_of(kind: ObjectKind) -> &'static str {
    match kind {
        ObjectKind::Namespace => "namespace",
        ObjectKind::PrimaryKey => "primaryKey",
        ObjectKind::ForeignKey => "foreignKey",
        ObjectKind::Unique => "unique",
        _ => kind.as_str(),
    }
}

/// The migrations, the newest first, each with what it did.
pub fn migrations_tree(project: &Project, states: &TreeStates) -> Vec<TreeNode> {
    let missing = states.missing.iter().map(|name| TreeNode {
        id: format!("missing {name}"),
        kind: "migration",
        label: name.clone(),
        state: Some("missing"),
        ..TreeNode::default()
    });
    let Some(history) = &project.history else { return missing.collect() };
    // The folder may have changed since the database was read.
    let is_known = states.migrations.len() == history.folder.migrations.len();
    let migrations = history.folder.migrations.iter().enumerate().rev().map(|(position, migration)| {
        let state = states.migrations.get(position).filter(|_| is_known).map(|state| match state {
            MigrationState::Applied => "applied",
            MigrationState::Modified => "modified",
            MigrationState::Unapplied | MigrationState::Skipped | MigrationState::Failed => "unapplied",
        });
        let mut seen: BTreeSet<ObjectPath> = BTreeSet::new();
        let effects = history.steps.get(position).into_iter().flat_map(|step| &step.effects);
        let effects = effects.filter_map(|effect| {
            let path = effect.key.path();
            let did = match (&effect.before, &effect.after) {
                (None, _) => "made",
                (Some(_), None) => "dropped",
                (Some(_), Some(_)) => "changed",
            };
            let is_first = seen.insert(path.clone());
            is_first.then(|| TreeNode {
                id: format!("{} {}", migration.tag, words::object(&path)),
                kind: "effect",
                label: words::object(&path).replace('`', ""),
                description: Some(did.to_owned()),
                location: Some(Location::start_of(&migration.file)),
                ..TreeNode::default()
            })
        });
        TreeNode {
            id: migration.tag.clone(),
            kind: "migration",
            label: migration.tag.clone(),
            description: None,
            state,
            location: Some(Location::start_of(&migration.file)),
            name: Some(migration.tag.clone()),
            children: effects.collect(),
        }
    });
    missing.chain(migrations).collect()
}
