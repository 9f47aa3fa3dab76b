//! `DROP`, and what goes with the object that is dropped.

use schema::{Dialect, IndexKey, Name, ObjectKey, ObjectKind, ObjectPath, OpaqueKind, Table};
use source::{Span, codes};

use super::{comments, constraints, does_not_exist, grants, missing, opaque, partitions, policies, shown, types};
use crate::sql::State;
use crate::sql::state::{Relation, identity_sequences};
use crate::sql::statement::{Class, Drop, Ident, Target};

pub(crate) fn drop_objects(state: &mut State, statement: &Drop) {
    // What is dropped together may depend on each other.
    let together: Vec<Name> =
        statement.objects.iter().filter_map(|object| state.relation(&object.name).map(|(name, _)| name)).collect();
    for object in &statement.objects {
        drop_object(state, object, statement, &together);
    }
}

fn drop_object(state: &mut State, object: &Target, statement: &Drop, together: &[Name]) {
    let Drop { if_exists, cascade, .. } = *statement;
    let written = &object.name;
    if state.is_temporary(written) {
        state.remove_temporary(written);
        return;
    }
    match object.class {
        Class::Table | Class::View | Class::MaterializedView | Class::Sequence | Class::Index => {
            drop_relation(state, object, if_exists, cascade, together);
        }
        Class::Namespace => drop_namespace(state, &written.name, if_exists),
        Class::Type | Class::Domain => match types::find(state, written) {
            Some(key) => drop_type(state, &key, written.span(), cascade),
            None => missing(state, written, "type", if_exists),
        },
        Class::Policy => {
            if let Some(policy) = &object.part {
                policies::drop(state, written, policy, if_exists);
            }
        }
        Class::Role => state.set(ObjectKey::Role(written.name.text.clone()), None),
        Class::Extension => {
            if !state.schema.extensions.contains_key(&written.name.text) && !if_exists {
                does_not_exist(state, written.span(), "extension", &written.name.text);
            }
            state.set(ObjectKey::Extension(written.name.text.clone()), None);
        }
        Class::Opaque(kind) => drop_opaque(state, kind, object, if_exists, cascade),
        Class::Column | Class::Constraint | Class::DomainConstraint => {}
    }
}

fn drop_relation(state: &mut State, object: &Target, if_exists: bool, cascade: bool, together: &[Name]) {
    let written = &object.name;
    let Some((name, relation)) = state.relation(written) else {
        let word = match object.class {
            Class::View => "view",
            Class::MaterializedView => "materialized view",
            Class::Sequence => "sequence",
            Class::Index => "index",
            _ => "table",
        };
        missing(state, written, word, if_exists);
        return;
    };
    if state.has_uses() {
        state.uses(written.name.span, grants::relation_path(name.clone(), &relation), false);
    }
    match &relation {
        Relation::Table => {
            if !cascade {
                report_dependants(state, &name, written.span(), together);
            }
            drop_table(state, &name);
        }
        Relation::View => {
            if !cascade {
                report_dependants(state, &name, written.span(), together);
            }
            drop_view(state, &name);
        }
        Relation::Sequence => drop_sequence(state, &name),
        Relation::Index(table) => drop_index(state, table, &name),
        Relation::Composite => does_not_exist(state, written.span(), "relation", &shown(written)),
    }
}

/// Views and foreign keys that forbid to drop a relation without CASCADE.
fn report_dependants(state: &mut State, name: &Name, span: Span, together: &[Name]) {
    if state.dialect == Dialect::Sqlite || state.schema.unknown.contains(name) {
        return;
    }
    let view = state.schema.views.values().find(|view| view.reads.contains(name) && !together.contains(&view.name));
    let key = state.schema.tables.values().filter(|table| table.name != *name && !together.contains(&table.name));
    let key = key.flat_map(|table| table.foreign_keys.values().map(move |key| (table, key)));
    let key = key.filter(|(_, key)| key.to == *name).map(|(table, key)| (table.name.name.clone(), key.name.clone()));
    let dependant = match (view, key.into_iter().next()) {
        (Some(view), _) => format!("view `{}` reads it", view.name.name),
        (None, Some((table, key))) => format!("foreign key `{key}` of `{table}` references it"),
        (None, None) => return,
    };
    if state.is_guarded {
        return;
    }
    state.find(
        codes::CONTRADICTION,
        span,
        format!("`{}` cannot be dropped at this point: {dependant}", name.name),
        "Drop what depends on it first, or add CASCADE. What depends on it counts as dropped from here on.",
    );
}

/// A table goes with its indexes, constraints, triggers, rules, the sequences it owns, its partitions, and the views and foreign keys of
/// others that need it.
pub(crate) fn drop_table(state: &mut State, name: &Name) {
    for child in state.children(name) {
        drop_table(state, &child);
    }
    let Some(table) = state.take_table(name) else { return };
    for sequence in identity_sequences(&table) {
        state.take_relation(&sequence);
    }
    drop_owned(state, name, None);
    let triggers: Vec<_> = state.schema.opaque.keys().filter(|key| key.on.as_ref() == Some(name)).cloned().collect();
    triggers.iter().for_each(|key| opaque::remove(state, key));
    drop_views_of(state, name);
    // SQLite keeps references to a table that is gone: they may mean the next table of the name.
    if state.dialect == Dialect::Postgres {
        drop_references(state, |key| key.to == *name);
    }
    forget(state, &ObjectPath::new(ObjectKind::Table, name));
}

fn forget(state: &mut State, path: &ObjectPath) {
    comments::forget_object(state, path);
    grants::forget_object(state, path);
}

fn drop_owned(state: &mut State, table: &Name, column: Option<&str>) {
    let is_owned = |sequence: &&std::sync::Arc<schema::Sequence>| {
        let owner = sequence.owned_by.as_ref();
        owner.is_some_and(|(owner, it)| owner == table && column.is_none_or(|column| it == column))
    };
    let owned: Vec<Name> = state.schema.sequences.values().filter(is_owned).map(|it| it.name.clone()).collect();
    for sequence in owned {
        state.take_relation(&sequence);
        state.set(ObjectKey::Sequence(sequence.clone()), None);
        forget(state, &ObjectPath::new(ObjectKind::Sequence, &sequence));
    }
}

fn drop_references(state: &mut State, is_gone: impl Fn(&schema::ForeignKey) -> bool) {
    let concerned: Vec<Name> = state
        .schema
        .tables
        .values()
        .filter(|table| table.foreign_keys.values().any(&is_gone))
        .map(|table| table.name.clone())
        .collect();
    for name in concerned {
        if let Some(mut lifted) = state.lift(&name) {
            lifted.table.foreign_keys.retain(|_, key| !is_gone(key));
            state.put_back(lifted);
        }
    }
}

fn drop_views_of(state: &mut State, relation: &Name) {
    if state.dialect == Dialect::Sqlite {
        return;
    }
    let views: Vec<Name> =
        state.schema.views.values().filter(|view| view.reads.contains(relation)).map(|it| it.name.clone()).collect();
    for view in views {
        drop_view(state, &view);
    }
}

fn drop_view(state: &mut State, name: &Name) {
    state.take_relation(name);
    if state.schema.views.get(name).is_some_and(|view| view.materialized) {
        state.take_indexes_of(name);
    }
    state.set(ObjectKey::View(name.clone()), None);
    let rules: Vec<_> = state.schema.opaque.keys().filter(|key| key.on.as_ref() == Some(name)).cloned().collect();
    rules.iter().for_each(|key| opaque::remove(state, key));
    forget(state, &ObjectPath::new(ObjectKind::View, name));
    drop_views_of(state, name);
}

fn drop_sequence(state: &mut State, name: &Name) {
    state.take_relation(name);
    state.set(ObjectKey::Sequence(name.clone()), None);
    forget(state, &ObjectPath::new(ObjectKind::Sequence, name));
    // Defaults that take from it go with CASCADE; without it the statement fails.
    let texts = [super::next_value(name), super::next_value(&Name::new("", name.name.as_str()))];
    let integer = dialects::sql_type(Dialect::Postgres, "bigint", None);
    let defaults = texts.map(|text| dialects::default(Dialect::Postgres, &text, schema::Form::Sql, &integer).canonical);
    let takes =
        |column: &schema::Column| column.default.as_ref().is_some_and(|default| defaults.contains(&default.canonical));
    let concerned: Vec<Name> = state
        .schema
        .tables
        .values()
        .filter(|table| table.columns.values().any(takes))
        .map(|table| table.name.clone())
        .collect();
    for table in concerned {
        if let Some(table) = state.table_mut(&table) {
            table.columns.values_mut().filter(|column| takes(column)).for_each(|column| column.default = None);
        }
    }
}

/// What is said of a materialized view's indexes.
pub(crate) fn change_view(state: &mut State, name: &Name, change: impl FnOnce(&mut schema::View)) {
    if let Some(view) = state.schema.views.get(name).cloned() {
        let mut changed = schema::View::clone(&view);
        change(&mut changed);
        state.set(ObjectKey::View(name.clone()), Some(schema::Object::View(std::sync::Arc::new(changed))));
    }
}

fn drop_index(state: &mut State, table: &Name, name: &Name) {
    let Some(mut lifted) = state.lift(table) else {
        state.take_relation(name);
        change_view(state, table, |view| drop(view.indexes.shift_remove(&name.name)));
        forget(state, &ObjectPath::part(ObjectKind::Index, table, name.name.as_str()));
        return;
    };
    let gone = lifted.table.indexes.shift_remove(&name.name);
    let is_there = gone.is_some();
    let key = lifted.table.indexes.keys().find(|it| it.eq_ignore_ascii_case(&name.name)).cloned();
    if let (false, Dialect::Sqlite, Some(key)) = (is_there, state.dialect, key) {
        lifted.table.indexes.shift_remove(&key);
    }
    state.put_back(lifted);
    forget(state, &ObjectPath::part(ObjectKind::Index, table, name.name.as_str()));
    if let Some(gone) = gone {
        drop_in_partitions(state, table, |partition| {
            let is_alike = |it: &schema::Index| schema::Index { name: gone.name.clone(), ..it.clone() } == gone;
            let name = partition.indexes.values().find(|it| is_alike(it)).map(|it| it.name.clone());
            if let Some(name) = name {
                partition.indexes.shift_remove(&name);
            }
        });
    }
}

/// The keys and indexes of partitions go with the one of the partitioned table that they are part of.
fn drop_in_partitions(state: &mut State, table: &Name, remove: impl Fn(&mut Table)) {
    for child in partitions::descendants(state, table) {
        let is_partition = state.table(&child).is_some_and(|it| it.partition_of.is_some());
        if let Some(mut lifted) = Some(()).filter(|()| is_partition).and_then(|()| state.lift(&child)) {
            remove(&mut lifted.table);
            state.put_back(lifted);
        }
    }
}

pub(crate) fn drop_constraint(state: &mut State, table_name: &Name, constraint: &Ident, if_exists: bool) {
    let Some(mut lifted) = state.lift(table_name) else { return };
    let key_columns = lifted.table.primary_key.as_ref().map(|key| key.columns.clone());
    let unique = lifted.table.uniques.get(&constraint.text).cloned();
    let unique_columns = unique.as_ref().map(|unique| unique.columns.clone());
    let had_key = lifted.table.primary_key.is_some();
    let is_there = constraints::remove(&mut lifted.table, &constraint.text);
    let lost_key = had_key && lifted.table.primary_key.is_none();
    state.put_back(lifted);
    if !is_there {
        if !if_exists && !state.is_guarded && !state.schema.unknown.contains(table_name) {
            does_not_exist(state, constraint.span, "constraint", &constraint.text);
            state.forget(&Name::new(table_name.namespace.as_str(), constraint.text.as_str()));
            state.forget(table_name);
        }
        return;
    }
    comments::move_part(state, table_name, ObjectKind::Check, &constraint.text, None);
    // Foreign keys that rest on the key go with CASCADE; without it the statement fails.
    drop_in_partitions(state, table_name, |partition| {
        if lost_key {
            partition.primary_key.take_if(|key| Some(&key.columns) == key_columns.as_ref());
        }
        let is_alike = |it: &&schema::Unique| unique.as_ref().is_some_and(|unique| it.columns == unique.columns);
        if let Some(name) = partition.uniques.values().find(is_alike).map(|it| it.name.clone()) {
            partition.uniques.shift_remove(&name);
        }
    });
    let gone = if lost_key { key_columns } else { unique_columns };
    if let Some(columns) = gone {
        drop_references(state, |key| key.to == *table_name && key.to_columns == columns);
    }
    for child in partitions::descendants(state, table_name) {
        if let Some(mut lifted) = state.lift(&child) {
            constraints::remove(&mut lifted.table, &constraint.text);
            state.put_back(lifted);
        }
    }
}

/// A column goes with every constraint and index that names it.
pub(crate) fn drop_column(state: &mut State, table_name: &Name, written: &Ident, if_exists: bool, cascade: bool) {
    let Some(table) = state.table(table_name).cloned() else { return };
    let known = constraints::column_name(state, &table, &written.text);
    let Some(column) = known else {
        let is_silent = if_exists || table.opaque || state.schema.unknown.contains(table_name);
        if !is_silent {
            does_not_exist(state, written.span, "column", &format!("{}.{}", table_name.name, written.text));
            if !state.is_guarded {
                state.forget(table_name);
            }
        }
        return;
    };
    if state.has_uses() {
        state.uses(written.span, ObjectPath::part(ObjectKind::Column, table_name, column.as_str()), false);
    }
    let mut tables = partitions::descendants(state, table_name);
    tables.push(table_name.clone());
    for name in tables {
        remove_column(state, &name, &column);
    }
    if cascade {
        let reading: Vec<Name> = state
            .schema
            .views
            .values()
            .filter(|view| {
                let text = view.definition.as_ref().map(|it| it.text.as_str()).unwrap_or_default();
                view.reads.contains(table_name) && dialects::names_column(state.dialect, text, &column)
            })
            .map(|view| view.name.clone())
            .collect();
        for view in reading {
            drop_view(state, &view);
        }
    }
}

fn remove_column(state: &mut State, table_name: &Name, column: &str) {
    let dialect = state.dialect;
    let Some(mut lifted) = state.lift(table_name) else { return };
    let table = &mut lifted.table;
    if let Some(sequence) = table.columns.get(column).and_then(|it| it.identity.as_ref()) {
        let name = Name::new(sequence.sequence_namespace.as_str(), sequence.sequence_name.as_str());
        state.take_relation(&name);
    }
    let names_before = part_names(table);
    let lost_keys = keys_on(table, column);
    take_parts_of(dialect, table, column);
    table.columns.shift_remove(column);
    // Columns computed from it go with CASCADE; without it the statement fails.
    let computed: Vec<String> = table
        .columns
        .values()
        .filter(|it| {
            let generated = it.generated.as_ref();
            generated.is_some_and(|it| dialects::names_column(dialect, &it.expression.text, column))
        })
        .map(|it| it.name.clone())
        .collect();
    for computed in computed {
        take_parts_of(dialect, table, &computed);
        table.columns.shift_remove(&computed);
    }
    let names_after = part_names(&lifted.table);
    state.put_back(lifted);
    for gone in names_before.iter().filter(|name| !names_after.contains(name)) {
        comments::move_part(state, table_name, ObjectKind::Index, gone, None);
    }
    drop_owned(state, table_name, Some(column));
    if dialect == Dialect::Postgres {
        drop_references(state, |key| {
            key.to == *table_name
                && (key.to_columns.iter().any(|it| it == column) || lost_keys.contains(&key.to_columns))
        });
    }
    comments::forget_object(state, &ObjectPath::part(ObjectKind::Column, table_name, column));
}

/// The names of the constraints and indexes of a table.
fn part_names(table: &Table) -> Vec<String> {
    let key = crate::sql::state::primary_key_name(table).map(|name| name.into_owned());
    let constraints = table.uniques.keys().chain(table.checks.keys()).chain(table.foreign_keys.keys());
    let others = constraints.chain(table.exclusions.keys()).chain(table.indexes.keys()).cloned();
    key.into_iter().chain(others).collect()
}

/// The columns of each key that the column is part of.
fn keys_on(table: &Table, column: &str) -> Vec<Vec<String>> {
    let keys = table.primary_key.iter().map(|key| &key.columns).chain(table.uniques.values().map(|it| &it.columns));
    keys.filter(|columns| columns.iter().any(|it| it == column)).cloned().collect()
}

fn take_parts_of(dialect: Dialect, table: &mut Table, column: &str) {
    let has = |columns: &[String]| columns.iter().any(|it| it == column);
    let names = |text: &str| dialects::names_column(dialect, text, column);
    if table.primary_key.as_ref().is_some_and(|key| has(&key.columns) || has(&key.include)) {
        table.primary_key = None;
    }
    table.uniques.retain(|_, unique| !has(&unique.columns) && !has(&unique.include));
    table.foreign_keys.retain(|_, key| !has(&key.columns));
    table.checks.retain(|_, check| !names(&check.expression.text));
    table.exclusions.retain(|_, exclusion| !names(&exclusion.definition.text));
    table.indexes.retain(|_, index| {
        let is_key = index.columns.iter().any(|key| match &key.key {
            IndexKey::Column(name) => name == column,
            IndexKey::Expression(expression) => names(&expression.text),
        });
        let is_in_predicate = index.predicate.as_ref().is_some_and(|predicate| names(&predicate.text));
        !is_key && !has(&index.include) && !is_in_predicate
    });
}

fn drop_type(state: &mut State, key: &ObjectKey, span: Span, cascade: bool) {
    let path = key.path();
    let columns: Vec<(Name, String)> = state
        .schema
        .tables
        .values()
        .flat_map(|table| {
            let is_of_it = |column: &&schema::Column| is_of_type(column, key);
            table.columns.values().filter(is_of_it).map(|it| (table.name.clone(), it.name.clone())).collect::<Vec<_>>()
        })
        .collect();
    if let (false, Some((table, column))) = (cascade || state.is_guarded, columns.first()) {
        state.find(
            codes::CONTRADICTION,
            span,
            format!(
                "`{}` cannot be dropped at this point: column `{}.{column}` is of this type",
                path.name.name, table.name
            ),
            "Change or drop the column first, or add CASCADE. The column counts as dropped from here on.",
        );
    }
    for (table, column) in columns {
        remove_column(state, &table, &column);
    }
    match key {
        ObjectKey::Opaque(opaque_key) => opaque::remove(state, opaque_key),
        _ => state.set(key.clone(), None),
    }
    forget(state, &path);
}

fn is_of_type(column: &schema::Column, key: &ObjectKey) -> bool {
    match key {
        ObjectKey::Enum(name) => column.sql_type.enum_name.as_ref() == Some(name),
        _ => {
            let name = dialects::quoted_name(Dialect::Postgres, &key.path().name);
            column.sql_type.canonical.trim_end_matches("[]") == name
        }
    }
}

fn drop_opaque(state: &mut State, kind: OpaqueKind, object: &Target, if_exists: bool, cascade: bool) {
    let found = opaque::find(state, kind, &object.name, object.part.as_ref(), object.signature.as_deref());
    if found.is_empty() {
        let name = object.part.as_ref().map_or_else(|| shown(&object.name), |part| part.text.clone());
        let is_known_place = object.part.is_none() || state.relation(&object.name).is_some();
        // DROP ROUTINE and functions of extensions: what this history did not make, it cannot miss.
        let is_sure = matches!(kind, OpaqueKind::Trigger | OpaqueKind::Rule) && is_known_place;
        if !if_exists && is_sure && !state.is_unknown(&object.name) {
            does_not_exist(state, object.name.span(), kind.as_str(), &name);
        }
        return;
    }
    for key in found {
        if state.has_uses() {
            let span = object.part.as_ref().map_or(object.name.name.span, |part| part.span);
            state.uses(span, key.path(), false);
        }
        opaque::remove(state, &key);
        forget(state, &key.path());
        if cascade && kind == OpaqueKind::Function {
            drop_triggers_of(state, &key.name);
        }
    }
}

/// Triggers that call a dropped function.
fn drop_triggers_of(state: &mut State, function: &Name) {
    let bare = function.name.split('(').next().unwrap_or_default();
    let triggers: Vec<_> = state
        .schema
        .opaque
        .values()
        .filter(|object| object.key.kind == OpaqueKind::Trigger && object.calls.as_deref() == Some(bare))
        .map(|object| object.key.clone())
        .collect();
    triggers.iter().for_each(|key| opaque::remove(state, key));
}

fn drop_namespace(state: &mut State, name: &Ident, if_exists: bool) {
    let is_there = state.has_namespace(&name.text);
    if !is_there {
        if !if_exists {
            does_not_exist(state, name.span, "schema", &name.text);
        }
        return;
    }
    if state.has_uses() {
        state.uses(name.span, ObjectPath::global(ObjectKind::Namespace, name.text.as_str()), false);
    }
    let is_in = |it: &&Name| it.namespace == name.text;
    let tables: Vec<Name> = state.schema.tables.keys().filter(is_in).cloned().collect();
    tables.iter().for_each(|table| drop_table(state, table));
    let views: Vec<Name> = state.schema.views.keys().filter(is_in).cloned().collect();
    views.iter().for_each(|view| drop_view(state, view));
    let sequences: Vec<Name> = state.schema.sequences.keys().filter(is_in).cloned().collect();
    sequences.iter().for_each(|sequence| drop_sequence(state, sequence));
    let enums = state.schema.enums.keys().filter(is_in).cloned().map(ObjectKey::Enum);
    let domains = state.schema.domains.keys().filter(is_in).cloned().map(ObjectKey::Domain);
    let opaques = state.schema.opaque.keys().filter(|key| key.name.namespace == name.text).cloned();
    let types: Vec<ObjectKey> = enums.chain(domains).chain(opaques.map(ObjectKey::Opaque)).collect();
    types.iter().for_each(|key| drop_type(state, key, name.span, true));
    state.set(ObjectKey::Namespace(name.text.clone()), None);
    forget(state, &ObjectPath::global(ObjectKind::Namespace, name.text.as_str()));
}
