//! Namespaces, extensions, enums, domains, roles and opaque objects.

use schema::{Aspect, Change, Domain, Enum, ObjectKind, ObjectPath, OpaqueGroup, Role, Schema};

use crate::Silence;
use crate::alterations::{Alterations, missing, shared, yes_no};

pub(crate) fn namespaces(before: &Schema, after: &Schema, changes: &mut Vec<Change>) {
    let path = |name: &String| ObjectPath::global(ObjectKind::Namespace, name.as_str());
    let created = after.namespaces.iter().filter(|name| !before.namespaces.contains(name));
    changes.extend(created.map(path).map(Change::create));
    if !after.open {
        let dropped = before.namespaces.iter().filter(|name| !after.namespaces.contains(name));
        changes.extend(dropped.map(path).map(Change::drop));
    }
}

/// Several schema languages have no words for extensions and their like: a schema that lists none says nothing about them.
pub(crate) fn extensions(before: &Schema, after: &Schema, silence: Silence, changes: &mut Vec<Change>) {
    let path = |name: &String| ObjectPath::global(ObjectKind::Extension, name.as_str());
    let created = missing(&after.extensions, &before.extensions);
    changes.extend(created.map(|(name, _)| Change::create(path(name))));
    if !after.open && (!after.extensions.is_empty() || silence == Silence::MeansAbsent) {
        let dropped = missing(&before.extensions, &after.extensions);
        changes.extend(dropped.map(|(name, _)| Change::drop(path(name))));
    }
}

pub(crate) fn enums(before: &Schema, after: &Schema, changes: &mut Vec<Change>) {
    let path = |name| ObjectPath::new(ObjectKind::Enum, name);
    changes.extend(missing(&after.enums, &before.enums).map(|(name, _)| Change::create(path(name))));
    if !after.open {
        changes.extend(missing(&before.enums, &after.enums).map(|(name, _)| Change::drop(path(name))));
    }
    for (_, before, after) in shared(&before.enums, &after.enums) {
        enum_values(before, after, changes);
    }
}

/// Values come and go one by one; only where values that stay change their order is the enum itself altered.
fn enum_values(before: &Enum, after: &Enum, changes: &mut Vec<Change>) {
    if before.values == after.values || before.values_unknown || after.values_unknown {
        return;
    }
    let path = |value: &String| ObjectPath::part(ObjectKind::EnumValue, &after.name, value.as_str());
    let stays = |value: &&String| before.values.contains(value) && after.values.contains(value);
    let added = after.values.iter().filter(|value| !before.values.contains(value));
    changes.extend(added.map(path).map(Change::create));
    let removed = before.values.iter().filter(|value| !after.values.contains(value));
    changes.extend(removed.map(path).map(Change::drop));
    if !before.values.iter().filter(stays).eq(after.values.iter().filter(stays)) {
        let mut alterations = Alterations::default();
        alterations.push(Aspect::Values, Some(before.values.join(", ")), Some(after.values.join(", ")));
        alterations.finish(|| ObjectPath::new(ObjectKind::Enum, &after.name), changes);
    }
}

/// As with extensions, a schema without any domain says nothing about domains.
pub(crate) fn domains(before: &Schema, after: &Schema, silence: Silence, changes: &mut Vec<Change>) {
    let path = |name| ObjectPath::new(ObjectKind::Domain, name);
    changes.extend(missing(&after.domains, &before.domains).map(|(name, _)| Change::create(path(name))));
    if !after.open && (!after.domains.is_empty() || silence == Silence::MeansAbsent) {
        changes.extend(missing(&before.domains, &after.domains).map(|(name, _)| Change::drop(path(name))));
    }
    for (name, before, after) in shared(&before.domains, &after.domains) {
        domain(before, after).finish(|| path(name), changes);
    }
}

fn domain(before: &Domain, after: &Domain) -> Alterations {
    let mut alterations = Alterations::default();
    alterations.compare(Aspect::Type, &before.sql_type, &after.sql_type, |it| Some(it.text.clone()));
    alterations.compare(Aspect::NotNull, &before.not_null, &after.not_null, yes_no);
    alterations.compare(Aspect::Default, &before.default, &after.default, |it| {
        it.as_ref().map(|default| default.text.clone())
    });
    alterations.compare(Aspect::Expression, &before.checks, &after.checks, |it| {
        let texts: Vec<&str> = it.iter().map(|check| check.expression.text.as_str()).collect();
        Some(texts.join(", ")).filter(|text| !text.is_empty())
    });
    alterations
}

pub(crate) fn roles(before: &Schema, after: &Schema, changes: &mut Vec<Change>) {
    let path = |name: &String| ObjectPath::global(ObjectKind::Role, name.as_str());
    changes.extend(missing(&after.roles, &before.roles).map(|(name, _)| Change::create(path(name))));
    if !after.open {
        changes.extend(missing(&before.roles, &after.roles).map(|(name, _)| Change::drop(path(name))));
    }
    for (name, before, after) in shared(&before.roles, &after.roles) {
        let mut alterations = Alterations::default();
        alterations.compare(Aspect::Options, before, after, |role| Some(role_options(role)));
        alterations.finish(|| path(name), changes);
    }
}

fn role_options(role: &Role) -> String {
    let create_db = if role.create_db { "CREATEDB" } else { "NOCREATEDB" };
    let create_role = if role.create_role { "CREATEROLE" } else { "NOCREATEROLE" };
    let inherit = if role.inherit { "INHERIT" } else { "NOINHERIT" };
    format!("{create_db} {create_role} {inherit}")
}

/// A schema without any functions says nothing about functions, and so for triggers and for the other kinds together. Only where both
/// definitions are known they are compared.
pub(crate) fn opaque(before: &Schema, after: &Schema, silence: Silence, changes: &mut Vec<Change>) {
    changes.extend(missing(&after.opaque, &before.opaque).map(|(key, _)| Change::create(key.path())));
    if !after.open {
        let listed: Vec<OpaqueGroup> = after.opaque.keys().map(|key| key.kind.group()).collect();
        let dropped = missing(&before.opaque, &after.opaque)
            .filter(|(key, _)| silence == Silence::MeansAbsent || listed.contains(&key.kind.group()));
        changes.extend(dropped.map(|(key, _)| Change::drop(key.path())));
    }
    for (key, before, after) in shared(&before.opaque, &after.opaque) {
        let mut alterations = Alterations::default();
        if let (Some(old), Some(new)) = (&before.definition, &after.definition) {
            alterations.compare(Aspect::Definition, old, new, |it| Some(it.shown()));
        }
        alterations.compare(Aspect::Enabled, &before.firing, &after.firing, |it| Some(it.as_str().to_owned()));
        alterations.finish(|| key.path(), changes);
    }
}
