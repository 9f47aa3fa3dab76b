//! What was done to an object, in plain words.

use schema::{Alteration, Aspect, ObjectKind, ObjectPath, Schema};

use crate::changed::{Changed, Changes, Deed};
use crate::{object_line, words};

/// `add column `users.email` (text NOT NULL)`.
pub(crate) fn sentence(changed: &Changed, changes: &Changes) -> String {
    let (verb, rest) = (verb(changed), rest(changed, changes));
    let what = named(&changed.object, changed.noun);
    match &changed.deed {
        // A list has its own parentheses.
        Deed::Create if rest.starts_with('(') => format!("{verb} {what} {rest}"),
        Deed::Create if !rest.is_empty() => format!("{verb} {what} ({rest})"),
        Deed::Create | Deed::Drop => format!("{verb} {what}"),
        Deed::Alter(_) if rest.is_empty() => format!("{verb} {what}"),
        Deed::Alter(_) => format!("{verb} {what}: {rest}"),
        Deed::Rename(from) => format!("{verb} {} to `{}`", named(from, changed.noun), changed.object.short()),
        Deed::Grant(_, to) => format!("{verb} {rest} on {what} to `{to}`"),
        Deed::Revoke(_, to) => format!("{verb} {rest} on {what} from `{to}`"),
        Deed::Comment(_) => format!("{verb} {what}"),
        Deed::Forget => format!("nothing is told about `{}` from here on", changed.object.short()),
    }
}

/// The same as far as it is about one object: of a table that is created, the column that is meant.
pub(crate) fn sentence_about(object: &ObjectPath, changed: &Changed, changes: &Changes) -> String {
    let sentence = sentence(changed, changes);
    let is_created_along = changed.deed == Deed::Create && changed.object != *object && object.part.is_some();
    match object_line::definition(object, &changes.after).filter(|_| is_created_along) {
        Some(definition) if definition.is_empty() => format!("{sentence}, with `{}`", object.last_name()),
        Some(definition) => format!("{sentence}, with `{}` {definition}", object.last_name()),
        None => sentence,
    }
}

/// The same without the object's name: `add column text NOT NULL`.
pub(crate) fn detail(changed: &Changed, changes: &Changes) -> String {
    let kind = changed.noun.unwrap_or(words::kind_word(changed.object.kind));
    let rest = rest(changed, changes);
    let space = if rest.is_empty() { "" } else { " " };
    match &changed.deed {
        Deed::Create | Deed::Drop | Deed::Alter(_) => format!("{} {kind}{space}{rest}", verb(changed)),
        Deed::Rename(from) => format!("rename {kind} from {}", from.last_name()),
        Deed::Grant(_, to) => format!("grant {rest} to {to}"),
        Deed::Revoke(_, to) => format!("revoke {rest} from {to}"),
        Deed::Comment(_) => format!("{} {kind}", verb(changed)),
        Deed::Forget => String::from("nothing is told about it from here on"),
    }
}

/// The stable word for what was done, such as `add_column`, `rename_table` or `comment`.
pub(crate) fn kind(changed: &Changed) -> String {
    let verb = match &changed.deed {
        Deed::Grant(..) => return String::from("grant"),
        Deed::Revoke(..) => return String::from("revoke"),
        Deed::Comment(_) => return String::from("comment"),
        Deed::Forget => return String::from("unknown"),
        _ => verb(changed),
    };
    let kind = match changed.noun {
        Some(noun) => noun.replace(' ', "_"),
        None => changed.object.kind.as_str().to_owned(),
    };
    format!("{verb}_{kind}")
}

fn verb(changed: &Changed) -> &'static str {
    let is_switch = changed.object.kind == ObjectKind::RowLevelSecurity;
    match &changed.deed {
        Deed::Create if is_switch => "enable",
        Deed::Drop if is_switch => "disable",
        Deed::Create if changed.object.kind.is_part() => "add",
        Deed::Create => "create",
        Deed::Drop => "drop",
        Deed::Alter(_) => "alter",
        Deed::Rename(_) => "rename",
        Deed::Grant(..) => "grant",
        Deed::Revoke(..) => "revoke",
        Deed::Comment(Some(_)) => "comment on",
        Deed::Comment(None) => "take the comment from",
        Deed::Forget => "forget",
    }
}

fn rest(changed: &Changed, changes: &Changes) -> String {
    match &changed.deed {
        Deed::Create => created(&changed.object, &changes.after),
        Deed::Alter(alterations) => alterations.iter().map(alteration).collect::<Vec<String>>().join("; "),
        Deed::Grant(privileges, _) | Deed::Revoke(privileges, _) => privileges.join(", "),
        _ => String::new(),
    }
}

fn created(object: &ObjectPath, after: &Schema) -> String {
    match after.tables.get(&object.name) {
        Some(table) if object.kind == ObjectKind::Table && !table.columns.is_empty() => match table.columns.len() {
            1 => String::from("1 column"),
            count => format!("{count} columns"),
        },
        // A query is more than a few words.
        _ if matches!(object.kind, ObjectKind::Table | ObjectKind::View) => String::new(),
        _ => object_line::definition(object, after).unwrap_or_default(),
    }
}

fn named(object: &ObjectPath, noun: Option<&str>) -> String {
    match noun {
        Some(noun) => format!("{noun} `{}`", object.short()),
        None => words::object(object),
    }
}

/// `type `text` → `varchar(255)``.
fn alteration(alteration: &Alteration) -> String {
    let (from, to) = (alteration.from.as_deref(), alteration.to.as_deref());
    match (alteration.aspect, from, to) {
        (Aspect::NotNull, _, Some("true")) => String::from("nullable → NOT NULL"),
        (Aspect::NotNull, ..) => String::from("NOT NULL → nullable"),
        (aspect, Some("false"), Some("true")) => format!("{} set", aspect.as_str()),
        (aspect, Some("true"), Some("false")) => format!("{} taken away", aspect.as_str()),
        (aspect, from, to) => {
            let text = |value: Option<&str>| value.map_or_else(|| String::from("none"), |it| format!("`{it}`"));
            format!("{} {} → {}", aspect.as_str(), text(from), text(to))
        }
    }
}
