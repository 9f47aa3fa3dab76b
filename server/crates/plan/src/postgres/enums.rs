//! Enums: made, extended, and made anew where values go or change their order; domains over another type in the same way.

use dialects::postgres::statements::{add_enum_value, alter_column, create_domain, create_enum, full_name, scalar};
use dialects::quote_identifier;
use schema::{Column, Dialect, Enum, Name, ObjectKind, ObjectPath, Schema, Table};

use super::columns::{readers_gone, text_like};
use super::dependents::is_of_rebuilt_type;
use super::group::{Group, Token};
use super::namespace_objects::{owners, type_uses};
use super::order::Phase;
use super::renames::aside_name;
use super::sides::{Sides, namespace_needs};
use crate::{Hazard, LockMode, Step};

pub(crate) fn write(sides: &Sides<'_>, groups: &mut Vec<Group>) {
    for path in sides.work.creates.keys().filter(|path| path.kind == ObjectKind::Enum) {
        if let Some(it) = sides.after.enums.get(&path.name) {
            let step = Step::of(path, "create_enum", create_enum(it));
            // A relation has a type of its name too.
            let needs = [namespace_needs(&path.name), Token::Gone(path.clone()), Token::Free(path.name.clone())];
            groups.push(Group::new(Phase::CreateEnum, vec![step]).needs(needs).gives([Token::Made(path.clone())]));
        }
    }
    for (name, after) in &sides.after.enums {
        let before = sides.before.enums.get(name);
        groups.extend(before.and_then(|before| added_values(sides, before, after)));
    }
    for path in sides.work.rebuilt_types.keys() {
        rebuild(sides, path, groups);
    }
    groups.extend(owners(sides));
}

/// The last first, so that each finds the value before which it goes.
fn added_values(sides: &Sides<'_>, before: &Enum, after: &Enum) -> Option<Group> {
    let path = ObjectPath::new(ObjectKind::Enum, &after.name);
    if sides.work.rebuilt_types.contains_key(&path) {
        return None;
    }
    let mut steps = Vec::new();
    for (at, value) in after.values.iter().enumerate() {
        let part = ObjectPath::part(ObjectKind::EnumValue, &after.name, value.as_str());
        if !sides.work.is_created(&part) {
            continue;
        }
        // Values are added in their order: only one that was there can stand behind.
        let next = after.values.iter().skip(at + 1).find(|it| before.values.contains(it));
        let step = Step::of(&part, "add_enum_value", add_enum_value(&after.name, value, next.map(String::as_str)));
        steps.push(step.warns(is_used_at_once(sides, value).then(|| {
            let why = format!(
                "A later step uses the value {value}: PostgreSQL wants the transaction that adds it to be over by then."
            );
            Hazard::NotInTransaction(why)
        })));
    }
    (!steps.is_empty()).then(|| Group::new(Phase::AddEnumValue, steps).gives([Token::Made(path)]))
}

/// True where a default, a check, a predicate, a policy or a view of `after` that is new has the value.
fn is_used_at_once(sides: &Sides<'_>, value: &str) -> bool {
    let literal = dialects::postgres::statements::literal(value);
    let mentions = |schema: &Schema, table: &Name| {
        let Some(table) = schema.tables.get(table) else { return 0 };
        let defaults = table.columns.values().filter_map(|it| it.default.as_ref()).map(|it| it.text.as_str());
        let checks = table.checks.values().map(|it| it.expression.text.as_str());
        let predicates = table.indexes.values().filter_map(|it| it.predicate.as_ref()).map(|it| it.text.as_str());
        let policies =
            table.policies.values().flat_map(|it| it.using.iter().chain(&it.with_check)).map(|it| it.text.as_str());
        let bare = literal.trim_matches('\'').to_owned();
        defaults
            .chain(checks)
            .chain(predicates)
            .chain(policies)
            .filter(|text| text.contains(&literal) || text.contains(&format!("\"{bare}\"")))
            .count()
    };
    let is_in_view = |schema: &Schema, name: &Name| {
        schema.views.get(name).and_then(|it| it.definition.as_ref()).is_some_and(|it| it.text.contains(&literal))
    };
    sides.after.tables.keys().any(|table| mentions(sides.after, table) > mentions(sides.before, table))
        || sides.after.views.keys().any(|view| is_in_view(sides.after, view) && !is_in_view(sides.before, view))
}

/// The old type goes out of the way, the columns are cast through their text, which fails where a value is not one of the new type, and
/// nothing is lost then.
fn rebuild(sides: &Sides<'_>, path: &ObjectPath, groups: &mut Vec<Group>) {
    let uses = type_uses(sides, path);
    if uses.is_empty()
        && let Some(after) = sides.after.enums.get(&path.name)
    {
        let dropped = Step::of(path, "drop_enum", format!("DROP TYPE {};", full_name(&path.name)));
        let created = Step::of(path, "create_enum", create_enum(after));
        groups.push(Group::new(Phase::RebuildType, vec![dropped, created]).gives([Token::Made(path.clone())]));
        return;
    }
    let (class, steps) = match path.kind {
        ObjectKind::Enum => {
            let Some(after) = sides.after.enums.get(&path.name) else { return };
            ("TYPE", vec![Step::of(path, "create_enum", create_enum(after))])
        }
        _ => {
            let Some(after) = sides.after.domains.get(&path.name) else { return };
            let steps = create_domain(&sides.types, after).into_iter().map(|sql| Step::of(path, "create_domain", sql));
            ("DOMAIN", steps.collect())
        }
    };
    let aside = free_type_name(sides, &path.name);
    let renamed = format!(
        "ALTER {class} {} RENAME TO {};",
        full_name(&path.name),
        quote_identifier(Dialect::Postgres, &aside.name)
    );
    let steps = std::iter::once(Step::of(path, "rename_enum", renamed)).chain(steps).collect();
    let over = sides.after.domains.get(&path.name).and_then(|it| sides.type_needs(&it.sql_type));
    groups.push(Group::new(Phase::RebuildType, steps).needs(over).gives([Token::Made(path.clone())]));
    for (name, table) in &sides.after.tables {
        let Some(before) = sides.before.tables.get(name) else { continue };
        for column in table.columns.values() {
            let Some(old) = before.columns.get(&column.name) else { continue };
            let column_path = ObjectPath::part(ObjectKind::Column, name, column.name.as_str());
            // One that changes its type, or its expression, has its own steps.
            let is_other =
                sides.work.has(&column_path, schema::Aspect::Type) || sides.work.replaced.contains_key(&column_path);
            if !is_other && is_of(sides, path, column) && is_of_rebuilt_type(sides.work, &old.sql_type) {
                groups.push(cast_column(sides, path, table, old, column));
            }
        }
    }
    let dropped = Step::of(path, "drop_enum", format!("DROP {class} {};", full_name(&aside)));
    let group = Group::new(Phase::RebuildType, vec![dropped]).needs(uses);
    groups.push(group.needs([Token::Made(path.clone())]).gives([Token::Gone(path.clone())]));
}

fn is_of(sides: &Sides<'_>, path: &ObjectPath, column: &Column) -> bool {
    match path.kind {
        ObjectKind::Enum => column.sql_type.enum_name.as_ref() == Some(&path.name),
        _ => column.sql_type.enum_name.is_none() && sides.types.user_type(&column.sql_type) == Some(&path.name),
    }
}

fn cast_column(sides: &Sides<'_>, of: &ObjectPath, table: &Table, before: &Column, after: &Column) -> Group {
    let path = ObjectPath::part(ObjectKind::Column, &table.name, after.name.as_str());
    let step = |kind, action: &str| {
        let sql = alter_column(&table.name, &after.name, action);
        Step::of(&path, kind, sql).takes(LockMode::AccessExclusive, &table.name)
    };
    let name = sides.types.full(&after.sql_type);
    let column = quote_identifier(Dialect::Postgres, &after.name);
    let cast = format!("SET DATA TYPE {name} USING {column}::{}::{name}", text_like(&after.sql_type));
    let fails = format!("Fails where {} of a row of {} is no value of {} any more.", after.name, table.name, of.name);
    let mut steps = Vec::new();
    if before.default.is_some() {
        steps.push(step("drop_default", "DROP DEFAULT"));
    }
    steps.push(step("set_data_type", &cast).warns([Hazard::Rewrites(table.name.clone()), Hazard::MayFail(fails)]));
    if let Some(default) = &after.default {
        steps.push(step("set_default", &format!("SET DEFAULT {}", scalar(default))));
    }
    // Other facts of the column that change have steps of their own, after these.
    Group::new(Phase::RebuildType, steps)
        .needs(sides.type_needs(&after.sql_type))
        .needs([Token::Made(of.clone())])
        .needs(readers_gone(sides, &path))
        .gives([Token::Made(path)])
}

fn free_type_name(sides: &Sides<'_>, name: &Name) -> Name {
    let mut aside = name.clone();
    let is_taken = |name: &Name| {
        [sides.before, sides.after].iter().any(|it| it.enums.contains_key(name) || it.domains.contains_key(name))
    };
    for n in 1.. {
        aside.name = aside_name(&name.name, n);
        if !is_taken(&aside) {
            break;
        }
    }
    aside
}
