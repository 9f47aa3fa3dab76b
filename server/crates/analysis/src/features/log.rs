//! What each migration did: all of them, or those that touched one object.

use history::{History, MigrationStatements, Step};
use schema::{Dialect, ObjectKind, ObjectPath, Schema};
use source::{FilePath, Location};
use std::collections::BTreeSet;

use crate::changed::{self, Changed, Changes, Deed};
use crate::trail::{self, Moment, Touch};
use crate::{changed_words, near, object_line};

/// What one migration did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoggedMigration {
    pub tag: String,
    pub file: FilePath,
    pub statements: usize,
    pub changes: Vec<LoggedChange>,
    /// True where the file cannot be read: what it did is not known.
    pub is_unreadable: bool,
}

/// One change of one object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoggedChange {
    /// The stable word, such as `add_column`.
    pub kind: String,
    pub object: ObjectPath,
    /// What it was called before, where it got another name.
    pub renamed_from: Option<ObjectPath>,
    /// What changed, for a person.
    pub words: String,
}

/// The history of one object, the oldest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectLog {
    /// The object, named as it was asked for.
    pub object: ObjectPath,
    pub touches: Vec<LoggedTouch>,
    /// The object after the last migration, in a line of SQL; None where it is gone.
    pub now: Option<String>,
    /// True where only hand-written SQL made it.
    pub is_unmanaged: bool,
}

/// A statement that changed the object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoggedTouch {
    pub tag: String,
    pub location: Location,
    /// The statement as written.
    pub sql: String,
    pub changes: Vec<LoggedChange>,
    /// True where the migration makes the table anew under another name: the changes are those of all its statements.
    pub is_rebuild: bool,
}

/// What a name leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// Several where objects of several kinds have the name.
    Logs(Vec<ObjectLog>),
    /// Nothing; the names most like it.
    Near(Vec<String>),
}

/// Every migration, in the order in which they run.
pub fn log(history: &History) -> Vec<LoggedMigration> {
    let all = history.all_statements();
    let migrations = history.folder.migrations.iter().zip(&history.steps).zip(all);
    let logged = migrations.map(|((migration, step), statements)| LoggedMigration {
        tag: migration.tag.clone(),
        file: migration.file.clone(),
        statements: statements.statements.len(),
        changes: changes_of(history.folder.dialect, step, &statements),
        is_unreadable: step.text.is_none(),
    });
    logged.collect()
}

/// The changes from a migration's start to its end. Where an object gets another name on the way, which only its statement tells, the
/// statements about it one by one.
fn changes_of(dialect: Dialect, step: &Step, statements: &MigrationStatements) -> Vec<LoggedChange> {
    let whole = changed::by_migration(dialect, step);
    let text = step.text.as_deref().unwrap_or_default();
    let by_statement: Vec<Changes> = match whole.list.iter().any(|it| it.deed == Deed::Drop) {
        true => statements.statements.iter().map(|it| changed::by_statement(dialect, it, text)).collect(),
        false => Vec::new(),
    };
    let mut renamed: BTreeSet<ObjectPath> = BTreeSet::new();
    for changed in by_statement.iter().flat_map(|changes| &changes.list) {
        // What is made and renamed in one migration never had the first name for anybody.
        if let Deed::Rename(from) = &changed.deed
            && whole.list.iter().any(|it| it.deed == Deed::Drop && it.object == *from)
        {
            renamed.extend([from.owner(), changed.object.owner()]);
        }
    }
    let is_renamed = |changed: &&Changed| renamed.contains(&changed.object.owner());
    let others = whole.list.iter().filter(|changed| !is_renamed(changed));
    let mut changes: Vec<LoggedChange> = others.map(|changed| logged_change(changed, &whole)).collect();
    for of_statement in &by_statement {
        let about = of_statement.list.iter().filter(is_renamed);
        changes.extend(about.map(|changed| logged_change(changed, of_statement)));
    }
    changes
}

/// The migrations that touched an object, looked for by its name as a person writes it: `users`, `users.email`,
/// `public.users.email`, `users_email_idx`.
pub fn log_of(history: &History, desired: Option<&Schema>, name: &str) -> Found {
    let known = every_object(history, desired);
    let objects = matching(&known, name);
    if objects.is_empty() {
        let names: BTreeSet<String> = known.iter().map(ObjectPath::short).collect();
        return Found::Near(near::nearest(name, names.iter().map(String::as_str)));
    }
    let mut logs: Vec<ObjectLog> = Vec::new();
    for object in objects {
        let log = object_log(history, object);
        // An index has its name in the table before and after a rename of that: it is one index.
        if log.touches.is_empty() || !logs.iter().any(|it| it.touches == log.touches) {
            logs.push(log);
        }
    }
    Found::Logs(logs)
}

fn object_log(history: &History, object: &ObjectPath) -> ObjectLog {
    let mut touches = trail::back(history, object, Moment::END);
    touches.reverse();
    // One that has another name now goes on under that.
    let mut name = object.clone();
    if let Some(last) = touches.last()
        && let Some(after) = last.concerning.iter().find_map(|changed| changed.name_after(object))
    {
        let (later, last_name) = trail::forth(history, &after, last.at);
        touches.extend(later);
        name = last_name;
    }
    let now = history.steps.len().checked_sub(1).map(|last| history.schema_at(last));
    ObjectLog {
        object: object.clone(),
        touches: touches.iter().filter_map(|touch| logged_touch(history, touch)).collect(),
        now: now.and_then(|schema| object_line::line(&name, &schema)),
        is_unmanaged: history.unmanaged.iter().any(|it| it.object == name),
    }
}

fn logged_touch(history: &History, touch: &Touch) -> Option<LoggedTouch> {
    let migration = history.folder.migrations.get(touch.at.position)?;
    let statements = history.statements_of(touch.at.position)?;
    let statement = statements.statements.get(touch.at.statement)?;
    Some(LoggedTouch {
        tag: migration.tag.clone(),
        location: Location::new(&migration.file, statement.span),
        sql: statement.span.text(trail::text_of(history, touch.at.position)).to_owned(),
        changes: touch.concerning.iter().map(|changed| about(&touch.name, changed, &touch.changes)).collect(),
        is_rebuild: touch.is_rebuild,
    })
}

fn logged_change(changed: &Changed, changes: &Changes) -> LoggedChange {
    let renamed_from = match &changed.deed {
        Deed::Rename(from) => Some(from.clone()),
        _ => None,
    };
    LoggedChange {
        kind: changed_words::kind(changed),
        object: changed.object.clone(),
        renamed_from,
        words: changed_words::sentence(changed, changes),
    }
}

fn about(object: &ObjectPath, changed: &Changed, changes: &Changes) -> LoggedChange {
    LoggedChange { words: changed_words::sentence_about(object, changed, changes), ..logged_change(changed, changes) }
}

/// Every object that any migration touched or the schema files name, with its parts.
fn every_object(history: &History, desired: Option<&Schema>) -> BTreeSet<ObjectPath> {
    let mut found = BTreeSet::new();
    for effect in history.steps.iter().flat_map(|step| &step.effects) {
        let mut only = Schema::new(history.folder.dialect);
        for side in [&effect.before, &effect.after] {
            only.set_object(&effect.key, side.clone());
            add_objects(&only, &mut found);
        }
    }
    add_objects(&history.schema, &mut found);
    desired.iter().for_each(|schema| add_objects(schema, &mut found));
    found
}

fn add_objects(schema: &Schema, found: &mut BTreeSet<ObjectPath>) {
    let owners = [
        schema.enums.keys().map(|name| (ObjectKind::Enum, name)).collect::<Vec<_>>(),
        schema.domains.keys().map(|name| (ObjectKind::Domain, name)).collect(),
        schema.sequences.keys().map(|name| (ObjectKind::Sequence, name)).collect(),
        schema.views.keys().map(|name| (ObjectKind::View, name)).collect(),
    ];
    found.extend(schema.opaque.keys().map(schema::OpaqueKey::path));
    found.extend(owners.into_iter().flatten().map(|(kind, name)| ObjectPath::new(kind, name)));
    let globals = [
        schema.namespaces.iter().map(|name| (ObjectKind::Namespace, name)).collect::<Vec<_>>(),
        schema.roles.keys().map(|name| (ObjectKind::Role, name)).collect(),
        schema.extensions.keys().map(|name| (ObjectKind::Extension, name)).collect(),
    ];
    found.extend(globals.into_iter().flatten().map(|(kind, name)| ObjectPath::global(kind, name.as_str())));
    for (name, table) in &schema.tables {
        found.insert(ObjectPath::new(ObjectKind::Table, name));
        let parts = table.columns.keys().map(|part| (ObjectKind::Column, part));
        let parts = parts.chain(table.uniques.keys().map(|part| (ObjectKind::Unique, part)));
        let parts = parts.chain(table.foreign_keys.keys().map(|part| (ObjectKind::ForeignKey, part)));
        let parts = parts.chain(table.checks.keys().map(|part| (ObjectKind::Check, part)));
        let parts = parts.chain(table.exclusions.keys().map(|part| (ObjectKind::Exclusion, part)));
        let parts = parts.chain(table.indexes.keys().map(|part| (ObjectKind::Index, part)));
        let parts = parts.chain(table.policies.keys().map(|part| (ObjectKind::Policy, part)));
        found.extend(parts.map(|(kind, part)| ObjectPath::part(kind, name, part.as_str())));
    }
}

/// The objects that a name means: by the full name, else by an index's, constraint's, policy's or function's own; whatever the case
/// where nothing has it exactly.
fn matching<'o>(known: &'o BTreeSet<ObjectPath>, name: &str) -> Vec<&'o ObjectPath> {
    let is_full = |object: &ObjectPath, is_same: fn(&str, &str) -> bool| {
        is_same(&object.to_string(), name) || is_same(&object.short(), name)
    };
    let is_own = |object: &ObjectPath, is_same: fn(&str, &str) -> bool| {
        let own = object.last_name();
        match object.kind {
            ObjectKind::Column | ObjectKind::EnumValue => false,
            ObjectKind::Opaque => is_same(own.split('(').next().unwrap_or(own), name) || is_same(own, name),
            _ => is_same(own, name),
        }
    };
    let ways: [&dyn Fn(&ObjectPath) -> bool; 4] = [
        &|object| is_full(object, |a, b| a == b),
        &|object| is_own(object, |a, b| a == b),
        &|object| is_full(object, |a, b| a.eq_ignore_ascii_case(b)),
        &|object| is_own(object, |a, b| a.eq_ignore_ascii_case(b)),
    ];
    let mut found = ways.iter().map(|way| known.iter().filter(|object| way(object)).collect::<Vec<&ObjectPath>>());
    found.find(|objects| !objects.is_empty()).unwrap_or_default()
}
