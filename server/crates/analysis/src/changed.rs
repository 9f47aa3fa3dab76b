//! What a statement or a whole migration did to the schema, object by object.

use history::{MigrationStatement, Step};
use languages::sql::Effect;
use schema::{Action, Alteration, Dialect, Object, ObjectKey, ObjectKind, ObjectPath, Schema};
use source::Span;

/// One object that changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Changed {
    /// Named as it is afterwards, or was before it was dropped.
    pub(crate) object: ObjectPath,
    /// The word for what it is, such as `trigger`, where its kind does not say it.
    pub(crate) noun: Option<&'static str>,
    pub(crate) deed: Deed,
}

/// What happened to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Deed {
    Create,
    Drop,
    /// Empty where it changed in something that is never compared.
    Alter(Vec<Alteration>),
    /// What it was called before.
    Rename(ObjectPath),
    /// Privileges and the role they are given to.
    Grant(Vec<String>, String),
    Revoke(Vec<String>, String),
    /// None where a comment was taken away.
    Comment(Option<String>),
    /// Nothing is told about it from here on.
    Forget,
}

/// All that changed, with the objects concerned as they were before and after.
#[derive(Clone, Debug)]
pub(crate) struct Changes {
    pub(crate) before: Schema,
    pub(crate) after: Schema,
    pub(crate) list: Vec<Changed>,
}

/// The changes of one statement. Only here a rename can be told from a drop and a creation.
pub(crate) fn by_statement(dialect: Dialect, statement: &MigrationStatement, text: &str) -> Changes {
    let mut changes = of(dialect, &statement.effects);
    find_renames(&mut changes, statement.span.text(text));
    changes
}

/// The changes of a migration from its start to its end.
pub(crate) fn by_migration(dialect: Dialect, step: &Step) -> Changes {
    of(dialect, &step.effects)
}

impl Changes {
    /// What of this concerns an object: itself, its parts, or what it belongs to where that comes, goes or gets another name.
    pub(crate) fn concerning(&self, object: &ObjectPath) -> Vec<Changed> {
        self.list.iter().filter(|changed| self.concerns(changed, object)).cloned().collect()
    }

    fn concerns(&self, changed: &Changed, object: &ObjectPath) -> bool {
        let is_it = |path: &ObjectPath| path == object;
        if object.part.is_none() {
            let is_within = |path: &ObjectPath| is_it(path) || path.owner() == *object;
            return is_within(&changed.object) || matches!(&changed.deed, Deed::Rename(from) if is_within(from));
        }
        let owner = object.owner();
        match &changed.deed {
            _ if is_it(&changed.object) => true,
            Deed::Create => changed.object == owner && self.after.contains(object),
            Deed::Drop => changed.object == owner && self.before.contains(object),
            Deed::Rename(from) => {
                let in_new = changed.object == owner && self.after.contains(object);
                is_it(from) || in_new || (*from == owner && self.before.contains(object))
            }
            _ => false,
        }
    }
}

impl Changed {
    /// The name that an object had before this, where this gave it the name.
    pub(crate) fn name_before(&self, object: &ObjectPath) -> Option<ObjectPath> {
        let Deed::Rename(from) = &self.deed else { return None };
        moved(object, &self.object, from)
    }

    /// The name that an object has after this, where this took its name.
    pub(crate) fn name_after(&self, object: &ObjectPath) -> Option<ObjectPath> {
        let Deed::Rename(from) = &self.deed else { return None };
        moved(object, from, &self.object)
    }

    /// True where the object, or what it belongs to, is gone after this.
    pub(crate) fn drops(&self, object: &ObjectPath) -> bool {
        self.deed == Deed::Drop && (self.object == *object || self.object == object.owner())
    }

    pub(crate) fn creates(&self, object: &ObjectPath) -> bool {
        self.deed == Deed::Create && (self.object == *object || self.object == object.owner())
    }
}

/// The path with `from` in it replaced by `to`; None where `from` is not in it.
fn moved(object: &ObjectPath, from: &ObjectPath, to: &ObjectPath) -> Option<ObjectPath> {
    if object == from {
        return Some(to.clone());
    }
    let is_part = from.part.is_none() && object.part.is_some() && object.owner() == *from;
    is_part.then(|| ObjectPath { name: to.name.clone(), ..object.clone() })
}

/// True where an effect is about the object or what it belongs to.
pub(crate) fn touches(effect: &Effect, owner: &ObjectPath) -> bool {
    effect.key.path().owner() == *owner
}

fn of(dialect: Dialect, effects: &[Effect]) -> Changes {
    let side = |pick: fn(&Effect) -> &Option<Object>| {
        let mut schema = Schema::new(dialect);
        for effect in effects.iter().filter(|effect| !matches!(effect.key, ObjectKey::Unknown(_))) {
            schema.set_object(&effect.key, pick(effect).clone());
        }
        dialects::fold_serials(&mut schema);
        schema
    };
    let (before, after) = (side(|effect| &effect.before), side(|effect| &effect.after));
    let difference = diff::diff(&before, &after);
    let mut list = Vec::new();
    for effect in effects {
        let (object, noun) = (effect.key.path(), noun(&effect.key));
        let deed = match (&effect.key, before.object(&effect.key), after.object(&effect.key)) {
            (ObjectKey::Unknown(_), ..) if effect.after.is_some() => Deed::Forget,
            (ObjectKey::Unknown(_), ..) | (_, None, None) => continue,
            (ObjectKey::Grant(_, to), was, is) => granted(was, is, to),
            (ObjectKey::Comment(_), _, is) => Deed::Comment(is.and_then(|it| match it {
                Object::Comment(text) => Some(text),
                _ => None,
            })),
            (_, None, Some(_)) => Deed::Create,
            (_, Some(_), None) => Deed::Drop,
            (_, Some(_), Some(_)) => {
                let parts = difference.changes.iter().filter(|change| change.object.owner() == object);
                let found: Vec<Changed> = parts
                    .map(|change| Changed { object: change.object.clone(), noun, deed: deed(&change.action) })
                    .collect();
                let is_told = !found.is_empty();
                list.extend(found);
                if is_told {
                    continue;
                }
                Deed::Alter(Vec::new())
            }
        };
        list.push(Changed { object, noun, deed });
    }
    Changes { before, after, list }
}

fn deed(action: &Action) -> Deed {
    match action {
        Action::Create => Deed::Create,
        Action::Drop => Deed::Drop,
        Action::Alter(alterations) => Deed::Alter(alterations.clone()),
    }
}

fn noun(key: &ObjectKey) -> Option<&'static str> {
    match key {
        ObjectKey::Opaque(key) => Some(key.kind.as_str()),
        _ => None,
    }
}

fn granted(before: Option<Object>, after: Option<Object>, to: &str) -> Deed {
    let privileges = |object: Option<Object>| match object {
        Some(Object::Grant(grant)) => grant.privileges,
        _ => Vec::new(),
    };
    let (before, after) = (privileges(before), privileges(after));
    let only = |these: &[String], others: &[String]| {
        these.iter().filter(|it| !others.contains(it)).cloned().collect::<Vec<String>>()
    };
    let (given, taken) = (only(&after, &before), only(&before, &after));
    if given.is_empty() && !taken.is_empty() {
        Deed::Revoke(taken, to.to_owned())
    } else {
        Deed::Grant(given, to.to_owned())
    }
}

/// A rename shows as one object that goes and one like it that comes.
fn find_renames(changes: &mut Changes, sql: &str) {
    let created: Vec<Changed> = changes.list.iter().filter(|it| it.deed == Deed::Create).cloned().collect();
    let is_dropping = has_word(sql, "drop");
    for new in created {
        let is_old = |it: &&Changed| {
            let same_kind = it.deed == Deed::Drop && it.object.kind == new.object.kind && it.noun == new.noun;
            same_kind
                && if new.object.kind.is_part() {
                    !is_dropping && it.object.owner() == new.object.owner() && is_only(&changes.list, it, &new)
                } else {
                    is_alike(&changes.before, &it.object, &changes.after, &new.object)
                }
        };
        let Some(old) = changes.list.iter().find(is_old).cloned() else { continue };
        for it in &mut changes.list {
            if *it == new {
                it.deed = Deed::Rename(old.object.clone());
            }
        }
        changes.list.retain(|it| *it != old);
    }
}

/// True where no other part of the kind comes or goes in the same table: a statement renames one part at a time.
fn is_only(list: &[Changed], old: &Changed, new: &Changed) -> bool {
    let rivals = list.iter().filter(|it| {
        let moves = matches!(it.deed, Deed::Create | Deed::Drop);
        moves && it.object.kind == new.object.kind && it.object.owner() == new.object.owner()
    });
    rivals.filter(|it| *it != old && *it != new).count() == 0
}

fn is_alike(before: &Schema, old: &ObjectPath, after: &Schema, new: &ObjectPath) -> bool {
    match new.kind {
        ObjectKind::Table => match (before.tables.get(&old.name), after.tables.get(&new.name)) {
            (Some(old), Some(new)) => old.columns.keys().eq(new.columns.keys()),
            _ => false,
        },
        ObjectKind::Enum => match (before.enums.get(&old.name), after.enums.get(&new.name)) {
            (Some(old), Some(new)) => old.values == new.values,
            _ => false,
        },
        ObjectKind::View => match (before.views.get(&old.name), after.views.get(&new.name)) {
            (Some(old), Some(new)) => old.definition == new.definition,
            _ => false,
        },
        // One that stays what it is keeps its own name or its namespace.
        _ => old.name.name == new.name.name || old.name.namespace == new.name.namespace,
    }
}

fn has_word(sql: &str, word: &str) -> bool {
    sql.split(|character: char| !character.is_alphanumeric() && character != '_')
        .any(|found| found.eq_ignore_ascii_case(word))
}

/// The places in a statement that declare or name an object, declarations first.
pub(crate) fn place_in(statement: &MigrationStatement, object: &ObjectPath) -> Option<Span> {
    let uses = statement.uses.iter().filter(|found| found.object == *object);
    uses.min_by_key(|found| (!found.is_declaration, found.location.span)).map(|found| found.location.span)
}
