//! Columns of tables that stay: added, dropped, altered.

use dialects::postgres::statements::{
    add_column, alter_column, identity_clause, is_usual_primary_key, literal, scalar, set_identity, short_name,
};
use dialects::{names_column, quote_identifier};
use schema::{Aspect, Column, Dialect, Form, Name, ObjectKind, ObjectPath, Scalar, SqlType, Table};

use super::conversions::{Conversion, conversion, keeps_rows, rounds};
use super::dependents::{is_of_rebuilt_type, policy_names, reads};
use super::group::{Group, Token};
use super::order::Phase;
use super::sides::{Sides, relation};
use super::tables::regclass;
use super::work::primary_key;
use crate::{Hazard, LockMode, Step};

const DIALECT: Dialect = Dialect::Postgres;

pub(crate) fn write(sides: &Sides<'_>, groups: &mut Vec<Group>) {
    let work = sides.work;
    for path in work.alters.keys().filter(|path| path.kind == ObjectKind::Column) {
        if let Some(pair) = Pair::of(sides, path) {
            groups.extend(drop_expression(path, &pair));
            groups.extend(alter(sides, path, &pair));
        }
    }
    for path in work.replaced.keys() {
        if let Some(pair) = Pair::of(sides, path) {
            groups.extend(replace(sides, path, &pair));
        }
    }
    for path in work.creates.keys().filter(|path| path.kind == ObjectKind::Column) {
        let part = path.part.as_deref().unwrap_or_default();
        let table = sides.after.tables.get(&path.name);
        if let Some((table, column)) = table.and_then(|table| Some((table, table.columns.get(part)?))) {
            groups.push(add(sides, path, table, column));
        }
    }
    for path in work.drops.keys().filter(|path| path.kind == ObjectKind::Column) {
        groups.push(drop_column(sides, path));
    }
}

/// A column in both versions.
struct Pair<'a> {
    table: &'a Table,
    before: &'a Column,
    after: &'a Column,
}

impl<'a> Pair<'a> {
    fn of(sides: &Sides<'a>, path: &ObjectPath) -> Option<Pair<'a>> {
        let (old, new) = sides.staying(&path.name)?;
        let part = path.part.as_deref()?;
        Some(Pair { table: new, before: old.columns.get(part)?, after: new.columns.get(part)? })
    }

    fn step(&self, kind: &'static str, action: &str) -> Step {
        let path = ObjectPath::part(ObjectKind::Column, &self.table.name, self.after.name.as_str());
        let sql = alter_column(&self.table.name, &self.after.name, action);
        Step::of(&path, kind, sql).takes(LockMode::AccessExclusive, &self.table.name)
    }
}

/// The type of the values: the integer behind a serial type.
fn value_type(sql_type: &SqlType) -> SqlType {
    dialects::expand_serial(&sql_type.canonical).unwrap_or_else(|| sql_type.clone())
}

fn is_serial(column: &Column) -> bool {
    dialects::expand_serial(&column.sql_type.canonical).is_some()
}

/// The values stay, and the columns that they were made of can change from then on.
fn drop_expression(path: &ObjectPath, pair: &Pair<'_>) -> Option<Group> {
    let is_dropped = pair.before.generated.is_some() && pair.after.generated.is_none();
    let step = || pair.step("drop_generated", "DROP EXPRESSION");
    is_dropped.then(|| Group::new(Phase::AlterColumn, vec![step()]).gives([Token::Gone(path.clone())]))
}

fn alter(sides: &Sides<'_>, path: &ObjectPath, pair: &Pair<'_>) -> Option<Group> {
    let mut steps = what_leaves(sides, path, pair);
    steps.extend(values(sides, path, pair));
    let has_not_null = sides.work.has(path, Aspect::NotNull);
    let after = pair.after;
    if has_not_null && (after.not_null || after.identity.is_some()) && !is_said_by_key_alone(pair) {
        steps.push(set_not_null(pair));
    }
    steps.extend(identity(sides, path, pair));
    let is_in_key = pair.table.primary_key.as_ref().is_some_and(|key| key.columns.contains(&after.name));
    if has_not_null && !after.not_null && !is_in_key && after.identity.is_none() && !is_serial(after) {
        steps.push(pair.step("drop_not_null", "DROP NOT NULL"));
    }
    if steps.is_empty() {
        return None;
    }
    let mut needs = sides.column_needs(after);
    if pair.before.generated.is_some() && after.generated.is_none() {
        needs.push(Token::Gone(path.clone()));
    }
    if !after.not_null {
        needs.push(Token::Gone(primary_key(&path.name)));
    }
    needs.extend(readers_gone(sides, path));
    Some(Group::new(Phase::AlterColumn, steps).needs(needs).gives([Token::Made(path.clone())]))
}

/// What filled the column so far and does not any more.
fn what_leaves(sides: &Sides<'_>, path: &ObjectPath, pair: &Pair<'_>) -> Vec<Step> {
    let (before, after) = (pair.before, pair.after);
    let mut steps = Vec::new();
    if is_serial(before) && !is_serial(after) {
        steps.push(pair.step("drop_default", "DROP DEFAULT"));
        steps.extend(drop_serial_sequence(sides, path));
    }
    if before.identity.is_some() && after.identity.is_none() {
        steps.push(pair.step("drop_identity", "DROP IDENTITY"));
    }
    steps
}

/// The type and the default, that of a serial column included.
fn values(sides: &Sides<'_>, path: &ObjectPath, pair: &Pair<'_>) -> Vec<Step> {
    let has = |aspect| sides.work.has(path, aspect);
    let (before, after) = (pair.before, pair.after);
    let (from, to) = (value_type(&before.sql_type), value_type(&after.sql_type));
    let mut steps = Vec::new();
    if (has(Aspect::Type) && from != to) || has(Aspect::Collation) {
        let default = if is_serial(before) { None } else { before.default.as_ref() };
        steps.extend(set_type(sides, pair, &from, &to, default));
    } else if has(Aspect::Default) && !is_of_rebuilt_type(sides.work, &before.sql_type) {
        match &after.default {
            Some(default) => steps.push(pair.step("set_default", &format!("SET DEFAULT {}", scalar(default)))),
            // A serial type brings its own.
            None if is_serial(after) => {}
            None => steps.push(pair.step("drop_default", "DROP DEFAULT")),
        }
    }
    if is_serial(after) && is_serial(before) && from != to {
        let sequence = sides.serial_sequence(&path.name, &after.name);
        let sql = sequence.map(|name| format!("ALTER SEQUENCE {} AS {};", short_name(name), to.canonical));
        steps.extend(sql.map(|sql| Step::of(path, "alter_sequence", sql)));
    }
    if is_serial(after) && !is_serial(before) {
        steps.extend(make_serial(pair));
    }
    steps
}

/// An identity that comes, or changes its sequence.
fn identity(sides: &Sides<'_>, path: &ObjectPath, pair: &Pair<'_>) -> Vec<Step> {
    let mut steps = Vec::new();
    match (&pair.before.identity, &pair.after.identity) {
        (None, Some(identity)) => {
            if pair.before.default.is_some() && !sides.work.has(path, Aspect::Default) {
                steps.push(pair.step("drop_default", "DROP DEFAULT"));
            }
            steps.push(pair.step("add_identity", &format!("ADD {}", identity_clause(identity))));
            steps.extend(go_on_from_rows(pair, &identity.options.increment, &identity.options.min_value));
        }
        (Some(old), Some(new)) => {
            let name = relation(&path.name, &old.sequence_name);
            if old.sequence_name != new.sequence_name && !new.sequence_name.is_empty() {
                let to = quote_identifier(DIALECT, &new.sequence_name);
                let sql = format!("ALTER SEQUENCE {} RENAME TO {to};", short_name(&name));
                steps.push(Step::of(path, "rename_sequence", sql));
            }
            let actions = set_identity(old, new);
            let is_bound = |action: &String| action.starts_with("SET M");
            let fails = format!("Fails where the numbers of {path} have passed the new bounds.");
            let hazard = actions.iter().any(is_bound).then_some(Hazard::MayFail(fails));
            // Bounds and start have to fit each other at any moment.
            let actions = if hazard.is_some() && actions.len() > 1 { vec![actions.join(" ")] } else { actions };
            steps.extend(actions.iter().map(|action| pair.step("alter_identity", action).warns(hazard.clone())));
        }
        _ => {}
    }
    steps
}

/// True where NOT NULL comes with the primary key and is not written.
fn is_said_by_key_alone(pair: &Pair<'_>) -> bool {
    pair.before.not_null == pair.after.not_null && pair.after.identity.is_none() && !is_serial(pair.after)
}

fn set_not_null(pair: &Pair<'_>) -> Step {
    let (table, column) = (&pair.table.name, &pair.after.name);
    pair.step("set_not_null", "SET NOT NULL").warns([
        Hazard::Scans(table.clone()),
        Hazard::MayFail(format!("Fails where {column} of a row of {table} is NULL.")),
    ])
}

/// The new type with what a default needs around it.
fn set_type(
    sides: &Sides<'_>,
    pair: &Pair<'_>,
    from: &SqlType,
    to: &SqlType,
    old_default: Option<&Scalar>,
) -> Vec<Step> {
    let new_default = pair.after.default.as_ref();
    let name = sides.types.full(to);
    let conversion = conversion(from, to);
    let column = quote_identifier(DIALECT, &pair.after.name);
    let collation = pair.after.collation.as_ref().map(|it| format!(" COLLATE {it}")).unwrap_or_default();
    let using = match conversion {
        Conversion::ByItself => String::new(),
        Conversion::Cast => format!(" USING {column}::{name}"),
        // An array is read element by element, unless only one of the two is one.
        Conversion::ThroughText => {
            let is_array = |it: &SqlType| it.canonical.ends_with("[]");
            let text = if is_array(to) { text_like(from) } else { "text" };
            format!(" USING {column}::{text}::{name}")
        }
    };
    let table = &pair.table.name;
    let mut step = pair.step("set_data_type", &format!("SET DATA TYPE {name}{collation}{using}"));
    if !keeps_rows(from, to) {
        step = step.warns([Hazard::Rewrites(table.clone())]);
        if !pair.table.indexes.is_empty() || pair.table.primary_key.is_some() || !pair.table.uniques.is_empty() {
            step = step.warns([Hazard::BuildsIndex(table.clone())]);
        }
        let what = format!("Fails where {} of a row of {table} cannot be read as {name}.", pair.after.name);
        step = step.warns((!always_fits(from, to)).then_some(Hazard::MayFail(what)));
    }
    if rounds(from, to) {
        let what = format!("The values of the column {table}.{} are rounded to what {name} holds.", pair.after.name);
        step = step.warns([Hazard::LosesData(what)]);
    }
    let set = |default: &Scalar| pair.step("set_default", &format!("SET DEFAULT {}", scalar(default)));
    let drop = || pair.step("drop_default", "DROP DEFAULT");
    match (old_default, new_default) {
        // What the old type takes as a constant of the new one is carried over by the change.
        (_, Some(new)) if to.enum_name.is_some() && conversion == Conversion::Cast && is_constant(new) => {
            let cast = format!("SET DEFAULT {}::{name}", scalar(new));
            vec![pair.step("set_default", &cast), step]
        }
        (Some(_), Some(new)) if conversion == Conversion::ByItself => vec![step, set(new)],
        (Some(_), Some(new)) => vec![drop(), step, set(new)],
        (Some(_), None) => vec![drop(), step],
        (None, Some(new)) => vec![step, set(new)],
        (None, None) => vec![step],
    }
}

fn is_constant(default: &Scalar) -> bool {
    let text = default.text.trim();
    default.form == Form::Sql && text.starts_with('\'') && text.ends_with('\'')
}

/// `text`, or an array of it.
pub(crate) fn text_like(sql_type: &SqlType) -> &'static str {
    if sql_type.canonical.ends_with("[]") { "text[]" } else { "text" }
}

/// True where every value of the old type is one of the new.
fn always_fits(from: &SqlType, to: &SqlType) -> bool {
    matches!(to.canonical.as_str(), "text" | "character varying")
        || matches!(
            (from.canonical.as_str(), to.canonical.as_str()),
            ("smallint", "integer" | "bigint" | "numeric")
                | ("integer", "bigint" | "numeric")
                | ("bigint", "numeric")
                | ("json", "jsonb")
                | ("jsonb", "json")
                | ("date", "timestamp" | "timestamp with time zone")
                | ("timestamp", "timestamp with time zone")
                | ("timestamp with time zone", "timestamp")
        )
}

fn drop_serial_sequence(sides: &Sides<'_>, path: &ObjectPath) -> Option<Step> {
    let sequence = sides.serial_sequence(&path.name, path.part.as_deref()?)?;
    Some(Step::of(path, "drop_sequence", format!("DROP SEQUENCE {};", short_name(sequence))))
}

/// A sequence that goes on where the rows end, the default that takes from it, and its owner.
fn make_serial(pair: &Pair<'_>) -> Vec<Step> {
    let (table, column) = (&pair.table.name, &pair.after.name);
    let name = relation(table, &dialects::implicit_names::choose(&table.name, column, "seq", |_| false));
    let integer = value_type(&pair.after.sql_type).canonical;
    let path = ObjectPath::part(ObjectKind::Column, table, column.as_str());
    let owner = format!("{}.{}", short_name(table), quote_identifier(DIALECT, column));
    let create = format!("CREATE SEQUENCE {} AS {integer} OWNED BY {owner};", short_name(&name));
    let mut steps = vec![Step::of(&path, "create_sequence", create)];
    steps.push(go_on(pair, &regclass(&name), "1"));
    steps.push(pair.step("set_default", &format!("SET DEFAULT nextval({})", regclass(&name))));
    steps
}

/// The sequence of a new identity goes on where the rows end.
fn go_on_from_rows(pair: &Pair<'_>, increment: &str, min_value: &str) -> Option<Step> {
    if increment.starts_with('-') {
        return None;
    }
    let (table, column) = (&pair.table.name, &pair.after.name);
    let sequence = format!("pg_get_serial_sequence({}, {})", regclass(table), literal(column));
    Some(go_on(pair, &sequence, if min_value.is_empty() { "1" } else { min_value }))
}

fn go_on(pair: &Pair<'_>, sequence: &str, min_value: &str) -> Step {
    let (table, column) = (&pair.table.name, quote_identifier(DIALECT, &pair.after.name));
    let path = ObjectPath::part(ObjectKind::Column, table, pair.after.name.as_str());
    let sql = format!(
        "SELECT setval({sequence}, max({column})) FROM {} HAVING max({column}) >= {min_value};",
        short_name(table)
    );
    let hazards = [Hazard::Scans(table.clone())];
    Step::of(&path, "set_sequence_value", sql).takes(LockMode::AccessShare, table).warns(hazards)
}

/// What reads the column and is made anew has to be gone while the column changes.
pub(crate) fn readers_gone(sides: &Sides<'_>, path: &ObjectPath) -> Vec<Token> {
    let (before, column) = (sides.before, path.part.as_deref().unwrap_or_default());
    let mut gone: Vec<Token> = Vec::new();
    let views = before.views.values().filter(|view| reads(before, view).contains(&path.name));
    gone.extend(views.map(|view| Token::Gone(ObjectPath::new(ObjectKind::View, &view.name))));
    for table in before.tables.values() {
        for policy in table.policies.values().filter(|policy| policy_names(policy, column)) {
            gone.push(Token::Gone(ObjectPath::part(ObjectKind::Policy, &table.name, policy.name.as_str())));
        }
        for key in table.foreign_keys.values().filter(|key| key.to == path.name || table.name == path.name) {
            gone.push(Token::Gone(ObjectPath::part(ObjectKind::ForeignKey, &table.name, key.name.as_str())));
        }
    }
    let Some(table) = before.tables.get(&path.name) else { return gone };
    let part = |kind, name: &str| Token::Gone(ObjectPath::part(kind, &table.name, name));
    gone.extend(table.checks.keys().map(|name| part(ObjectKind::Check, name)));
    gone.extend(table.exclusions.keys().map(|name| part(ObjectKind::Exclusion, name)));
    gone.extend(table.indexes.keys().map(|name| part(ObjectKind::Index, name)));
    gone.extend(table.uniques.keys().map(|name| part(ObjectKind::Unique, name)));
    let generated = table.columns.values().filter(|it| {
        it.name != column && it.generated.as_ref().is_some_and(|it| names_column(DIALECT, &it.expression.text, column))
    });
    gone.extend(generated.map(|it| part(ObjectKind::Column, &it.name)));
    gone
}

/// A generated column gets another expression by being made anew; its values come from the other columns.
fn replace(sides: &Sides<'_>, path: &ObjectPath, pair: &Pair<'_>) -> [Group; 2] {
    let name = quote_identifier(DIALECT, &pair.after.name);
    let sql = format!("ALTER TABLE {} drop column {name};", short_name(&path.name));
    let mut dropped = Step::of(path, "drop_column", sql).takes(LockMode::AccessExclusive, &path.name);
    if pair.before.generated.is_none() {
        dropped = dropped.warns([lost_values(path)]);
    }
    let added = Step::of(path, "add_column", add_column(&sides.types, &path.name, pair.after, false))
        .takes(LockMode::AccessExclusive, &path.name)
        .warns(pair.after.generated.as_ref().is_some_and(|it| it.stored).then(|| Hazard::Rewrites(path.name.clone())));
    let added = added.warns(blocked_by_rows(path, pair.after));
    let mut readers = readers_gone(sides, path);
    readers.push(Token::Gone(primary_key(&path.name)));
    let mut needs = sides.column_needs(pair.after);
    needs.extend(sources(pair.table, pair.after));
    needs.push(Token::Gone(path.clone()));
    // Apart, since a source may change its type in between.
    [
        Group::new(Phase::AlterColumn, vec![dropped]).needs(readers).gives([Token::Gone(path.clone())]),
        Group::new(Phase::AlterColumn, vec![added]).needs(needs).gives([Token::Made(path.clone())]),
    ]
}

/// The columns of which a generated column is made.
fn sources(table: &Table, column: &Column) -> Vec<Token> {
    let Some(generated) = &column.generated else { return Vec::new() };
    let named = table.columns.keys().filter(|it| names_column(DIALECT, &generated.expression.text, it));
    named.map(|it| Token::Made(ObjectPath::part(ObjectKind::Column, &table.name, it.as_str()))).collect()
}

fn add(sides: &Sides<'_>, path: &ObjectPath, table: &Table, column: &Column) -> Group {
    let key = table.primary_key.as_ref().filter(|key| is_usual_primary_key(&table.name, key));
    let is_key = key.is_some_and(|key| key.columns.contains(&column.name));
    let mut step = Step::of(path, "add_column", add_column(&sides.types, &table.name, column, is_key))
        .takes(LockMode::AccessExclusive, &table.name);
    let is_volatile = column.default.as_ref().is_some_and(is_volatile);
    let is_stored = column.generated.as_ref().is_some_and(|it| it.stored);
    if is_volatile || is_stored || is_serial(column) || column.identity.is_some() {
        step = step.warns([Hazard::Rewrites(table.name.clone())]);
    }
    if is_key {
        step = step.warns([Hazard::BuildsIndex(table.name.clone())]);
        let has_own_values = is_serial(column) || column.identity.is_some();
        step = step.warns((!has_own_values).then(|| {
            let what = format!(
                "Fails where {} has several rows: {} is its key, and has no values of its own for them.",
                table.name, column.name
            );
            Hazard::MayFail(what)
        }));
    }
    step = step.warns(blocked_by_rows(path, column)).warns(blocked_by_domain(sides, path, column));
    let mut needs = sides.column_needs(column);
    needs.extend(sources(table, column));
    let mut gives = vec![Token::Made(path.clone())];
    if is_key {
        needs.push(Token::Gone(primary_key(&table.name)));
        gives.push(Token::Made(primary_key(&table.name)));
    }
    Group::new(Phase::AddColumn, vec![step]).needs(needs).gives(gives)
}

fn blocked_by_rows(path: &ObjectPath, column: &Column) -> Option<Hazard> {
    let is_filled =
        column.default.is_some() || column.identity.is_some() || column.generated.is_some() || is_serial(column);
    (column.not_null && !is_filled).then(|| {
        let what = format!("Fails where {} has rows: {} is NOT NULL and has no default.", path.name, column.name);
        Hazard::MayFail(what)
    })
}

/// A domain may want a value where the column does not say so.
fn blocked_by_domain(sides: &Sides<'_>, path: &ObjectPath, column: &Column) -> Option<Hazard> {
    let domain = sides.after.domains.get(sides.types.user_type(&column.sql_type)?)?;
    let lacks_value = domain.not_null && domain.default.is_none() && column.default.is_none();
    (lacks_value && column.generated.is_none() && !column.not_null).then(|| {
        let (table, name) = (&path.name, &domain.name);
        Hazard::MayFail(format!("Fails where {table} has rows: {} is of {name}, which is NOT NULL.", column.name))
    })
}

/// True for a default that is computed for each row. (`contain_volatile_functions`; for all that is not known to be stable it is said.)
fn is_volatile(default: &Scalar) -> bool {
    let text = &default.canonical;
    let is_stable = ["now()", "current_timestamp", "current_date", "localtimestamp"].contains(&text.as_str())
        || text.starts_with("timezone('")
        || text.starts_with("array[");
    default.form == Form::Sql && text.contains('(') && !text.starts_with('\'') && !is_stable
}

fn drop_column(sides: &Sides<'_>, path: &ObjectPath) -> Group {
    let name = quote_identifier(DIALECT, path.last_name());
    let sql = format!("ALTER TABLE {} DROP COLUMN {name};", short_name(&path.name));
    let step =
        Step::of(path, "drop_column", sql).takes(LockMode::AccessExclusive, &path.name).warns([lost_values(path)]);
    let mut needs = readers_gone(sides, path);
    needs.push(Token::Gone(primary_key(&path.name)));
    for table in sides.before.tables.values() {
        // A policy that is altered lets go of the column by that.
        let policies = table.policies.values().filter(|policy| policy_names(policy, path.last_name()));
        needs.extend(
            policies.map(|it| Token::Made(ObjectPath::part(ObjectKind::Policy, &table.name, it.name.as_str()))),
        );
    }
    let mut gives = vec![Token::Gone(path.clone())];
    gives.extend(freed_sequences(sides, &path.name, path.last_name()));
    Group::new(Phase::DropColumn, vec![step]).needs(needs).gives(gives)
}

fn freed_sequences(sides: &Sides<'_>, table: &Name, column: &str) -> Vec<Token> {
    let identity = sides.before.tables.get(table).and_then(|it| it.columns.get(column)?.identity.as_ref());
    let identity = identity.map(|it| relation(table, &it.sequence_name));
    identity.into_iter().chain(sides.serial_sequence(table, column).cloned()).map(Token::Free).collect()
}

fn lost_values(path: &ObjectPath) -> Hazard {
    Hazard::LosesData(format!("The values of the column {path} are gone."))
}
