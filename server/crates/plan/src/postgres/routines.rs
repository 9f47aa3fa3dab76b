//! Functions, procedures and triggers: made, replaced, dropped.
//!
//! What a function's text names is known only where the server reads it when the function is made: in the header, in a body of SQL, and
//! where PL/pgSQL declares. The rest it looks up when it runs.

use dialects::postgres::statements::{alter_column, routine_name, scalar, short_name};
use dialects::{Create, bound_text, create_object, held_text, mentions, mentions_call, quote_identifier};
use schema::{Aspect, Body, Dialect, Name, ObjectKind, ObjectPath, OpaqueKey, OpaqueKind, OpaqueObject, Schema};

use super::group::{Group, Token};
use super::order::Phase;
use super::sides::{Sides, namespace_needs};
use super::views::columns_of;
use super::work::Work;
use crate::{Hazard, LockMode, Obstacle, Step};

const DIALECT: Dialect = Dialect::Postgres;

pub(crate) fn write(sides: &Sides<'_>, groups: &mut Vec<Group>) {
    let work = sides.work;
    let opaque = |path: &&ObjectPath| path.kind == ObjectKind::Opaque;
    for (key, object) in work.drops.keys().filter(opaque).flat_map(|path| sides.before.opaque_of(path)) {
        match key.on {
            Some(_) => groups.push(drop_trigger(key)),
            None => groups.push(drop_routine(sides, object)),
        }
    }
    for (key, object) in work.creates.keys().filter(opaque).flat_map(|path| sides.after.opaque_of(path)) {
        match &key.on {
            Some(table) => groups.extend(create_trigger(sides, object, table, Create::New)),
            None => groups.extend(create_routine(sides, object, Create::New)),
        }
    }
    for (path, aspects) in work.alters.iter().filter(|(path, _)| path.kind == ObjectKind::Opaque) {
        for (key, object) in sides.after.opaque_of(path) {
            match &key.on {
                Some(table) if aspects.contains(&Aspect::Definition) => {
                    groups.extend(create_trigger(sides, object, table, Create::OrReplace));
                }
                Some(table) => groups.push(Group::new(Phase::CreateTrigger, vec![firing(object, table)])),
                None => groups.extend(create_routine(sides, object, Create::OrReplace)),
            }
        }
    }
    for_those_who_name_them(sides, groups);
}

/// Objects that have to be made anew because of a change elsewhere, though their text is not known.
pub(crate) fn unknown_texts(before: &Schema, after: &Schema, work: &Work) -> Vec<Obstacle> {
    let rebuilt = work.creates.keys().filter(|path| path.kind == ObjectKind::Opaque);
    let unknown = rebuilt.flat_map(|path| after.opaque_of(path)).filter(|(_, object)| object.definition.is_none());
    let unknown = unknown.filter(|(key, _)| before.opaque.contains_key(*key));
    let obstacle = |(key, _): (&OpaqueKey, &OpaqueObject)| Obstacle {
        object: key.path(),
        reason: format!(
            "The {} {} has to be made anew because of a change elsewhere, and its text is not kept: drop it in a migration of your own \
             before, and create it again after.",
            key.kind.as_str(),
            key.path()
        ),
    };
    unknown.map(obstacle).collect()
}

/// Definitions that are not known any more because something they name was renamed: they are made as they are to be, whether they differ
/// or not.
pub(crate) fn make_lost_ones(original: &Schema, before: &Schema, after: &Schema, work: &mut Work) {
    let of_name = |key: &OpaqueKey| {
        let (kind, name) = (key.kind, key.bare_name().to_owned());
        original.opaque.values().filter(move |it| it.key.kind == kind && it.key.bare_name() == name)
    };
    let is_lost = |key: &OpaqueKey| {
        key.kind.is_defined()
            && before.opaque.get(key).is_some_and(|it| it.definition.is_none())
            && of_name(key).all(|it| it.definition.is_some())
    };
    for (key, object) in after.opaque.iter().filter(|(key, object)| object.definition.is_some() && is_lost(key)) {
        let has_statements =
            |object: &OpaqueObject| object.definition.as_ref().is_some_and(|it| matches!(it.body, Body::Sql(_)));
        let path = key.path();
        if key.on.is_some() || has_statements(object) || of_name(key).any(|it| has_statements(it)) {
            work.rebuild(path);
        } else if !work.is_dropped(&path) {
            work.alters.entry(path).or_insert_with(|| vec![Aspect::Definition]);
        }
    }
}

/// The names of functions that go, be it to be made anew.
pub(crate) fn dropped_functions<'a>(before: &'a Schema, work: &Work) -> Vec<&'a str> {
    let is_it = |key: &&OpaqueKey| key.kind == OpaqueKind::Function && work.is_dropped(&key.path());
    before.opaque.keys().filter(is_it).map(OpaqueKey::bare_name).collect()
}

fn class(key: &OpaqueKey) -> &'static str {
    if key.kind == OpaqueKind::Procedure { "PROCEDURE" } else { "FUNCTION" }
}

fn drop_routine(sides: &Sides<'_>, routine: &OpaqueObject) -> Group {
    let (key, path) = (&routine.key, routine.key.path());
    let kind = if key.kind == OpaqueKind::Procedure { "drop_procedure" } else { "drop_function" };
    let mut steps = defaults(sides, &path, key.bare_name(), |_| String::from("DROP DEFAULT"), "drop_default");
    let mut step = Step::of(&path, kind, format!("DROP {} {};", class(key), routine_name(&key.name)));
    // What these are made of is not known.
    let by_name = sides.before.opaque.keys().find(|it| {
        use OpaqueKind::{Aggregate, Cast, EventTrigger, Operator, OperatorClass, Rule};
        matches!(it.kind, Aggregate | Cast | EventTrigger | Operator | OperatorClass | Rule)
    });
    step = step.warns(by_name.map(|it| {
        let (other, it) = (it.kind.as_str(), it.path());
        Hazard::MayFail(format!("Fails where the {other} {it} uses {}: what it is made of is not known.", key.name))
    }));
    steps.push(step);
    let needs = users_gone(sides, key);
    Group::new(Phase::DropRoutine, steps).needs(needs).gives([Token::Gone(path)])
}

/// Columns that keep a default that calls the function: the default goes while the function does.
fn defaults(
    sides: &Sides<'_>,
    of: &ObjectPath,
    function: &str,
    action: impl Fn(&str) -> String,
    kind: &'static str,
) -> Vec<Step> {
    let mut steps = Vec::new();
    if !(sides.work.is_dropped(of) && sides.work.is_created(of)) {
        return steps;
    }
    for (name, after) in &sides.after.tables {
        let Some(before) = sides.before.tables.get(name) else { continue };
        for column in after.columns.values() {
            let path = ObjectPath::part(ObjectKind::Column, name, column.name.as_str());
            let calls = |it: Option<&schema::Column>| {
                it.and_then(|it| it.default.as_ref()).is_some_and(|it| mentions(DIALECT, &it.text, function))
            };
            let stays = calls(before.columns.get(&column.name)) && calls(Some(column));
            if !stays || sides.work.has(&path, Aspect::Default) || sides.work.is_table_dropped(name) {
                continue;
            }
            let text = column.default.as_ref().map(scalar).unwrap_or_default();
            let sql = alter_column(name, &column.name, &action(&text));
            steps.push(Step::of(&path, kind, sql).takes(LockMode::AccessExclusive, name));
        }
    }
    steps
}

/// Whatever calls the function has to let go of it.
fn users_gone(sides: &Sides<'_>, function: &OpaqueKey) -> Vec<Token> {
    let (before, work) = (sides.before, sides.work);
    let name = function.bare_name();
    let calls = |text: &str| mentions(DIALECT, text, name);
    let mut needs = Vec::new();
    for (key, object) in &before.opaque {
        let is_user = object.calls.as_deref() == Some(name)
            || object.definition.as_ref().is_some_and(|it| key != function && calls(&held_text(it)));
        if is_user {
            needs.push(Token::Gone(key.path()));
            // A trigger may go with its table.
            needs.extend(key.on.iter().map(|on| Token::Gone(ObjectPath::new(ObjectKind::Table, on))));
        }
    }
    let expression = |it: &Option<schema::Expression>| it.as_ref().is_some_and(|it| calls(&it.text));
    for table in before.tables.values() {
        let part = |kind, name: &String| Token::Gone(ObjectPath::part(kind, &table.name, name.as_str()));
        let n_before = needs.len();
        for column in table.columns.values() {
            let generated = column.generated.as_ref().is_some_and(|it| calls(&it.expression.text));
            let has_default = column.default.as_ref().is_some_and(|it| calls(&it.text));
            if !generated && !has_default {
                continue;
            }
            let path = ObjectPath::part(ObjectKind::Column, &table.name, column.name.as_str());
            // A default that goes on calling it is taken off for the moment.
            let is_altered = generated || work.has(&path, Aspect::Default);
            let is_anew = work.replaced.contains_key(&path);
            needs.extend((is_altered && !is_anew).then(|| Token::Made(path.clone())));
            needs.push(Token::Gone(path));
        }
        let checks = table.checks.values().filter(|it| calls(&it.expression.text));
        needs.extend(checks.map(|it| part(ObjectKind::Check, &it.name)));
        let indexes = table.indexes.values().filter(|it| super::dependents::index_texts(it).any(calls));
        needs.extend(indexes.map(|it| part(ObjectKind::Index, &it.name)));
        let policies = table.policies.values().filter(|it| expression(&it.using) || expression(&it.with_check));
        for policy in policies {
            let path = ObjectPath::part(ObjectKind::Policy, &table.name, policy.name.as_str());
            needs.extend((!work.is_dropped(&path)).then(|| Token::Made(path.clone())));
            needs.push(Token::Gone(path));
        }
        if needs.len() > n_before {
            needs.push(Token::Gone(ObjectPath::new(ObjectKind::Table, &table.name)));
        }
    }
    let views = before.views.values().filter(|view| expression(&view.definition));
    needs.extend(views.map(|view| Token::Gone(ObjectPath::new(ObjectKind::View, &view.name))));
    needs
}

fn create_routine(sides: &Sides<'_>, routine: &OpaqueObject, how: Create) -> Option<Group> {
    let (key, path) = (&routine.key, routine.key.path());
    let definition = routine.definition.as_deref()?;
    let word = if key.kind == OpaqueKind::Procedure { "create_procedure" } else { "create_function" };
    let mut steps = vec![Step::of(&path, word, create_object(DIALECT, routine, how)?)];
    steps.extend(defaults(sides, &path, key.bare_name(), |text| format!("SET DEFAULT {text}"), "set_default"));
    let text = bound_text(definition);
    let names = |name: &Name| mentions(DIALECT, &text, &name.name);
    let made = |kind| move |name: &Name| Token::Made(ObjectPath::new(kind, name));
    let mut needs = vec![namespace_needs(&key.name), Token::Gone(path.clone())];
    needs.extend(sides.after.enums.keys().filter(|it| names(it)).map(made(ObjectKind::Enum)));
    needs.extend(sides.after.domains.keys().filter(|it| names(it)).map(made(ObjectKind::Domain)));
    let looks_into = matches!(&definition.body, Body::Sql(_))
        || matches!(&definition.body, Body::Text { language, .. } if language == "sql");
    for name in sides.after.tables.keys().filter(|it| names(it)) {
        needs.push(made(ObjectKind::Table)(name));
        needs.extend(looks_into.then(|| columns_of(sides, name)).into_iter().flatten());
    }
    needs.extend(sides.after.views.keys().filter(|it| names(it)).map(made(ObjectKind::View)));
    let others = sides.after.opaque.keys().filter(|it| it.on.is_none() && *it != key && looks_into);
    needs.extend(others.filter(|it| mentions(DIALECT, &text, it.bare_name())).map(|it| Token::Made(it.path())));
    Some(Group::new(Phase::CreateRoutine, steps).needs(needs).gives([Token::Made(path)]))
}

fn drop_trigger(key: &OpaqueKey) -> Group {
    let path = key.path();
    let table = key.on.as_ref().unwrap_or(&key.name);
    let sql = format!("DROP TRIGGER {} ON {};", quote_identifier(DIALECT, &key.name.name), short_name(table));
    let step = Step::of(&path, "drop_trigger", sql).takes(LockMode::AccessExclusive, table);
    Group::new(Phase::DropTrigger, vec![step]).gives([Token::Gone(path)])
}

fn create_trigger(sides: &Sides<'_>, trigger: &OpaqueObject, table: &Name, how: Create) -> Option<Group> {
    let path = trigger.key.path();
    let step = Step::of(&path, "create_trigger", create_object(DIALECT, trigger, how)?);
    let is_there = sides.before.tables.contains_key(table);
    let mut steps = vec![if is_there { step.takes(LockMode::ShareRowExclusive, table) } else { step }];
    if !trigger.firing.is_usual() {
        steps.push(firing(trigger, table));
    }
    let mut needs = vec![Token::Gone(path.clone())];
    needs.extend([ObjectKind::Table, ObjectKind::View].map(|kind| Token::Made(ObjectPath::new(kind, table))));
    needs.extend(columns_of(sides, table));
    Some(Group::new(Phase::CreateTrigger, steps).needs(needs).gives([Token::Made(path)]))
}

fn firing(trigger: &OpaqueObject, table: &Name) -> Step {
    let (word, name) = (trigger.firing.as_str(), quote_identifier(DIALECT, &trigger.key.name.name));
    let sql = format!("ALTER TABLE {} {word} TRIGGER {name};", short_name(table));
    Step::of(&trigger.key.path(), "alter_trigger", sql).takes(LockMode::ShareRowExclusive, table)
}

/// Statements that call a function that is made come after it, and what a function or trigger holds changes after it has let go.
fn for_those_who_name_them(sides: &Sides<'_>, groups: &mut [Group]) {
    let work = sides.work;
    let made = sides.after.opaque.keys().filter(|key| {
        let path = key.path();
        key.on.is_none() && (work.is_created(&path) || work.alters.contains_key(&path))
    });
    let made: Vec<&OpaqueKey> = made.collect();
    let gone = sides.before.opaque.values().map(|object| &**object);
    let gone = gone.filter(|object| work.is_dropped(&object.key.path()));
    let text = |object: &'_ OpaqueObject| object.definition.as_deref().map(|it| held_text(it).into_owned());
    let gone: Vec<(&OpaqueObject, String)> = gone.map(|object| (object, text(object).unwrap_or_default())).collect();
    if made.is_empty() && gone.is_empty() {
        return;
    }
    for group in groups {
        // A text may be called only when it runs: of these it is told apart.
        let looks = !matches!(group.phase, Phase::CreateRoutine | Phase::DropRoutine | Phase::DropTrigger);
        let calls = |key: &&&OpaqueKey| group.steps.iter().any(|it| mentions_call(DIALECT, &it.sql, key.bare_name()));
        let mut needs: Vec<Token> =
            made.iter().filter(|_| looks).filter(calls).map(|key| Token::Made(key.path())).collect();
        for (object, text) in &gone {
            let is_held = |path: &ObjectPath| match path.kind {
                ObjectKind::Table | ObjectKind::View | ObjectKind::Enum | ObjectKind::Domain => {
                    object.key.on.is_none() && mentions(DIALECT, text, &path.name.name)
                }
                ObjectKind::Column => match &object.key.on {
                    Some(table) => *table == path.name,
                    None => mentions(DIALECT, text, &path.name.name),
                },
                _ => false,
            };
            let changes = matches!(group.phase, Phase::AlterColumn | Phase::DropColumn | Phase::RebuildType);
            let of_step = |step: &Step| changes && is_held(&step.object);
            let given = |token: &Token| matches!(token, Token::Gone(path) if is_held(path));
            if group.steps.iter().any(of_step) || group.gives.iter().any(given) {
                needs.push(Token::Gone(object.key.path()));
            }
        }
        group.needs.extend(needs);
    }
}

/// Alterations that `CREATE OR REPLACE` does not make: another result, other names of arguments, a constraint trigger.
pub(crate) fn is_made_anew(before: &Schema, after: &Schema, path: &ObjectPath) -> bool {
    let definition = |schema: &Schema| schema.opaque_of(path).find_map(|(_, object)| object.definition.clone());
    let (Some(old), Some(new)) = (definition(before), definition(after)) else { return false };
    old.is_constraint || new.is_constraint || !new.signature.replaces(&old.signature)
}

/// A drop of this table with CASCADE would take along a function that is not to go.
pub(crate) fn is_held_by_routine(sides: &Sides<'_>, table: &Name) -> bool {
    let stays = |object: &&OpaqueObject| object.key.on.is_none() && !sides.work.is_dropped(&object.key.path());
    let holds = |object: &OpaqueObject| match &object.definition {
        Some(definition) => mentions(DIALECT, &held_text(definition), &table.name),
        None => object.key.kind.is_defined() && mentions(DIALECT, &object.key.name.name, &table.name),
    };
    sides.before.opaque.values().map(|object| &**object).filter(stays).any(holds)
}
