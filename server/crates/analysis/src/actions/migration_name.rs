//! A short name for a migration, made from what it changes: `users_add_email`, `create_posts`.

use schema::{Action, Change, ObjectKind, ObjectPath};

use plan::Rename;

/// How many changes a name may spell out.
const MAX_SPELLED: usize = 2;

/// Words of it are divided by `_`; it is not made fit for a file's name yet.
pub(super) fn migration_name(changes: &[Change], renames: &[Rename]) -> String {
    let mut parts: Vec<String> = renames.iter().map(rename).collect();
    let main: Vec<&Change> = changes.iter().filter(|change| !comes_along(change, changes)).collect();
    let owners: Vec<String> = distinct(main.iter().map(|change| owner(&change.object)));
    parts.extend(main.iter().map(|change| spelled(change)));
    let parts = distinct(parts.into_iter());
    match (parts.as_slice(), owners.as_slice()) {
        ([], _) => String::from("changes"),
        (few, _) if few.len() <= MAX_SPELLED => few.join("_and_"),
        (_, [only]) => format!("{only}_changes"),
        ([first, rest @ ..], _) => format!("{first}_and_{}_more", rest.len()),
    }
}

/// True for what a bigger change brings with it: an index or a key of a new column, a type of a new table.
fn comes_along(change: &Change, all: &[Change]) -> bool {
    let is_created = |kind: ObjectKind| {
        all.iter().any(|it| it.object.kind == kind && it.action == Action::Create && it.object != change.object)
    };
    let has_bigger = |kinds: &[ObjectKind]| {
        all.iter().any(|it| {
            kinds.contains(&it.object.kind) && it.action == change.action && it.object.owner() == change.object.owner()
        })
    };
    match change.object.kind {
        ObjectKind::Enum | ObjectKind::Sequence | ObjectKind::Namespace | ObjectKind::Extension => {
            change.action == Action::Create && (is_created(ObjectKind::Table) || is_created(ObjectKind::Column))
        }
        ObjectKind::Index
        | ObjectKind::Unique
        | ObjectKind::ForeignKey
        | ObjectKind::Check
        | ObjectKind::PrimaryKey
        | ObjectKind::Exclusion => has_bigger(&[ObjectKind::Column]),
        ObjectKind::RowLevelSecurity => has_bigger(&[ObjectKind::Policy]),
        _ => false,
    }
}

fn spelled(change: &Change) -> String {
    let object = &change.object;
    let verb = match change.action {
        Action::Create if object.kind.is_part() => "add",
        Action::Create => "create",
        Action::Drop => "drop",
        Action::Alter(_) => "alter",
    };
    match (&object.part, object.kind) {
        (_, ObjectKind::RowLevelSecurity) => format!("{}_row_level_security", object.name.name),
        (_, ObjectKind::PrimaryKey) => format!("{}_{verb}_primary_key", object.name.name),
        // Names of keys and indexes mostly begin with the table's.
        (Some(part), kind) if kind != ObjectKind::Column && part.starts_with(&object.name.name) => {
            format!("{verb}_{part}")
        }
        (Some(part), _) => format!("{}_{verb}_{part}", object.name.name),
        (None, _) => format!("{verb}_{}", object.name.name),
    }
}

fn rename(rename: &Rename) -> String {
    let (from, to) = (rename.from.last_name(), rename.to.last_name());
    if rename.from.kind.is_part() {
        return format!("{}_rename_{from}_to_{to}", rename.to.name.name);
    }
    if from == to {
        return format!("move_{from}_to_{}", rename.to.name.namespace);
    }
    format!("rename_{from}_to_{to}")
}

fn owner(object: &ObjectPath) -> String {
    object.name.name.clone()
}

fn distinct(items: impl Iterator<Item = String>) -> Vec<String> {
    let mut kept: Vec<String> = Vec::new();
    for item in items {
        if !kept.contains(&item) {
            kept.push(item);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use schema::{Aspect, Name};

    fn part(kind: ObjectKind, table: &str, part: &str) -> ObjectPath {
        ObjectPath::part(kind, &Name::new("public", table), part)
    }

    fn table(name: &str) -> ObjectPath {
        ObjectPath::new(ObjectKind::Table, &Name::new("public", name))
    }

    #[test]
    fn names_say_what_changes() {
        let column = |name: &str| Change::create(part(ObjectKind::Column, "users", name));
        let alteration = schema::Alteration { aspect: Aspect::NotNull, from: None, to: None };
        let alter =
            Change { object: part(ObjectKind::Column, "users", "age"), action: Action::Alter(vec![alteration]) };
        let index = Change::create(part(ObjectKind::Index, "users", "users_email_idx"));
        let mood = Change::create(ObjectPath::new(ObjectKind::Enum, &Name::new("public", "mood")));
        for (changes, expected) in [
            (vec![column("email")], "users_add_email"),
            (vec![column("email"), index.clone()], "users_add_email"),
            (vec![index], "add_users_email_idx"),
            (vec![mood, Change::create(table("posts"))], "create_posts"),
            (vec![column("a"), alter.clone()], "users_add_a_and_users_alter_age"),
            (vec![column("a"), column("b"), alter], "users_changes"),
            (
                vec![Change::create(table("a")), Change::create(table("b")), Change::drop(table("c"))],
                "create_a_and_2_more",
            ),
            (Vec::new(), "changes"),
        ] {
            assert_eq!(migration_name(&changes, &[]), expected);
        }
        let rename =
            Rename { from: part(ObjectKind::Column, "users", "a"), to: part(ObjectKind::Column, "users", "b") };
        assert_eq!(migration_name(&[], &[rename]), "users_rename_a_to_b");
    }
}
