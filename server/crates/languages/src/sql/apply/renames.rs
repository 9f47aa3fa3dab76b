//! New names and namespaces for what is there, and everything that refers to it.

use std::sync::Arc;

use schema::{
    Dialect, Expression, IndexKey, Name, Object, ObjectKey, ObjectKind, ObjectPath, OpaqueKey, OpaqueObject, Schema,
    SqlType, Table,
};

use super::{
    alter_column, comments, constraints, definitions, does_not_exist, exists_already, missing, moved_functions,
    next_value, opaque, types,
};
use crate::sql::State;
use crate::sql::state::{Relation, identity_sequences};
use crate::sql::statement::{Class, Ident, Target};

/// `ALTER … RENAME TO` for what is no relation.
pub(crate) fn rename(state: &mut State, object: &Target, to: &Ident) {
    let written = &object.name;
    match object.class {
        Class::Table | Class::View | Class::MaterializedView | Class::Sequence | Class::Index => {
            match state.relation(written) {
                Some((mut name, _)) => move_relation(state, &mut name, to, None),
                None => missing(state, written, "relation", false),
            }
        }
        Class::Namespace => rename_namespace(state, &written.name, to),
        Class::Type | Class::Domain => move_type(state, object, |name| Name::new(name.namespace.as_str(), &*to.text)),
        Class::Role => {
            if let Some(mut role) = state.schema.roles.get(&written.name.text).cloned() {
                state.set(ObjectKey::Role(role.name.clone()), None);
                role.name = to.text.clone();
                super::roles::put(state, role);
                role_is_followed(state, &written.name.text, &to.text);
            }
        }
        Class::Opaque(kind) => {
            let found = opaque::find(state, kind, written, object.part.as_ref(), object.signature.as_deref());
            for key in found {
                let arguments = key.name.name.find('(').and_then(|at| key.name.name.get(at..)).unwrap_or_default();
                let name = Name::new(key.name.namespace.as_str(), format!("{}{arguments}", to.text));
                move_opaque(state, &key, OpaqueKey { name, ..key.clone() });
            }
        }
        Class::Policy | Class::Extension | Class::Column | Class::Constraint | Class::DomainConstraint => {}
    }
}

/// Privileges and policies are the role's, whatever its name.
fn role_is_followed(state: &mut State, from: &str, to: &str) {
    let granted: Vec<ObjectPath> =
        state.schema.grants.keys().filter(|(_, role)| role == from).map(|(path, _)| path.clone()).collect();
    for path in granted {
        let key = |role: &str| ObjectKey::Grant(path.clone(), role.to_owned());
        if let Some(Object::Grant(mut grant)) = state.schema.object(&key(from)) {
            to.clone_into(&mut grant.to);
            state.set(key(from), None);
            state.set(key(to), Some(Object::Grant(grant)));
        }
    }
    let is_for = |policy: &schema::Policy| policy.to.iter().any(|role| role == from);
    let concerned: Vec<Name> = state
        .schema
        .tables
        .values()
        .filter(|table| table.policies.values().any(is_for))
        .map(|table| table.name.clone())
        .collect();
    for name in concerned {
        let Some(table) = state.table_mut(&name) else { continue };
        for policy in table.policies.values_mut().filter(|policy| is_for(policy)) {
            replace(&mut policy.to, from, to);
            policy.to.sort();
        }
    }
}

/// `ALTER … SET SCHEMA` for what is no relation.
pub(crate) fn set_namespace(state: &mut State, object: &Target, to: &Ident) {
    let written = &object.name;
    match object.class {
        Class::Table | Class::View | Class::MaterializedView | Class::Sequence | Class::Index => {
            match state.relation(written) {
                Some((mut name, _)) => move_to_namespace(state, &mut name, to),
                None => missing(state, written, "relation", false),
            }
        }
        Class::Type | Class::Domain => move_type(state, object, |name| Name::new(&*to.text, name.name.as_str())),
        Class::Extension => {
            if let Some(mut extension) = state.schema.extensions.get(&written.name.text).cloned() {
                extension.namespace = Some(to.text.clone());
                let key = ObjectKey::Extension(extension.name.clone());
                state.set(key, Some(Object::Extension(extension)));
            }
        }
        Class::Opaque(kind) => {
            let found = opaque::find(state, kind, written, object.part.as_ref(), object.signature.as_deref());
            for key in found {
                let name = Name::new(&*to.text, key.name.name.as_str());
                move_opaque(state, &key, OpaqueKey { name, ..key.clone() });
            }
        }
        _ => {}
    }
}

fn move_opaque(state: &mut State, from: &OpaqueKey, to: OpaqueKey) {
    let Some(object) = state.schema.opaque.get(from).cloned() else { return };
    let (before, after) = (from.path(), to.path());
    state.set(ObjectKey::Opaque(from.clone()), None);
    opaque::put(state, OpaqueObject { key: to.clone(), ..(*object).clone() });
    if opaque::is_routine(from.kind) {
        moved_functions::follow(state, from, &to);
    }
    move_notes(state, &before, &after);
}

/// Comments and grants follow the object they are on.
fn move_notes(state: &mut State, from: &ObjectPath, to: &ObjectPath) {
    let moved = |path: &ObjectPath| {
        let is_it = path == from || (from.part.is_none() && path.part.is_some() && path.name == from.name);
        is_it.then(|| ObjectPath {
            kind: path.kind,
            name: to.name.clone(),
            part: if path == from { to.part.clone() } else { path.part.clone() },
        })
    };
    let comments: Vec<(ObjectPath, ObjectPath)> =
        state.schema.comments.keys().filter_map(|path| Some((path.clone(), moved(path)?))).collect();
    for (before, after) in comments {
        let text = state.schema.object(&ObjectKey::Comment(before.clone()));
        state.set(ObjectKey::Comment(before), None);
        state.set(ObjectKey::Comment(after), text);
    }
    let grants: Vec<(ObjectPath, String, ObjectPath)> = state
        .schema
        .grants
        .keys()
        .filter_map(|(path, role)| Some((path.clone(), role.clone(), moved(path)?)))
        .collect();
    for (before, role, after) in grants {
        let grant = state.schema.object(&ObjectKey::Grant(before.clone(), role.clone()));
        state.set(ObjectKey::Grant(before, role.clone()), None);
        if let Some(Object::Grant(mut grant)) = grant {
            grant.on = after.clone();
            state.set(ObjectKey::Grant(after, role), Some(Object::Grant(grant)));
        }
    }
}

pub(crate) fn move_to_namespace(state: &mut State, name: &mut Name, to: &Ident) {
    let same_name = Ident { text: name.name.clone(), span: to.span };
    if name.namespace == to.text {
        return;
    }
    // The sequences of a table go where it goes.
    let owned: Vec<Name> = state
        .schema
        .sequences
        .values()
        .filter(|sequence| sequence.owned_by.as_ref().is_some_and(|(table, _)| table == name))
        .map(|sequence| sequence.name.clone())
        .collect();
    move_relation(state, name, &same_name, Some(&to.text));
    for mut sequence in owned {
        let same_name = Ident { text: sequence.name.clone(), span: to.span };
        move_relation(state, &mut sequence, &same_name, Some(&to.text));
    }
}

/// Moves a table, view, sequence, index or composite type to a new name or namespace. `name` becomes the new one.
pub(crate) fn move_relation(state: &mut State, name: &mut Name, to: &Ident, namespace: Option<&str>) {
    let target = Name::new(namespace.unwrap_or(&name.namespace), to.text.as_str());
    let Some(relation) = state.relation_of(name).cloned() else { return };
    let is_same = target == *name || (state.dialect == Dialect::Sqlite && target.name.eq_ignore_ascii_case(&name.name));
    if state.relation_of(&target).is_some() && !is_same {
        exists_already(state, to.span, "relation", &target.name);
        if state.is_guarded {
            return;
        }
        state.forget(&target);
        state.forget(&name.clone());
        return;
    }
    if state.has_uses() && namespace.is_none() {
        state.uses(to.span, renamed_path(&relation, &target), true);
    }
    match relation {
        Relation::Table => move_table(state, name, &target),
        Relation::View => {
            if let Some(view) = state.schema.views.get(name).cloned() {
                let mut moved = schema::View::clone(&view);
                moved.name = target.clone();
                for index in moved.indexes.keys() {
                    state.take_relation(&Name::new(name.namespace.as_str(), index.as_str()));
                    let index = Name::new(target.namespace.as_str(), index.as_str());
                    state.put_relation(&index, Relation::Index(target.clone()));
                }
                state.set(ObjectKey::View(name.clone()), None);
                state.set(ObjectKey::View(target.clone()), Some(Object::View(Arc::new(moved))));
            }
            state.take_relation(name);
            state.put_relation(&target, Relation::View);
            triggers_move(state, name, &target);
            reading_views_follow(state, name, &target);
            let path = |name: &Name| ObjectPath::new(ObjectKind::View, name);
            move_notes(state, &path(name), &path(&target));
        }
        Relation::Sequence => move_sequence(state, name, &target),
        Relation::Index(table) => {
            if let Some(mut lifted) = state.lift(&table) {
                let parts = &mut lifted.table;
                if !constraints::rename(parts, &name.name, &target.name)
                    && let Some(mut index) = parts.indexes.shift_remove(&name.name)
                {
                    index.name = target.name.clone();
                    parts.indexes.insert(target.name.clone(), index);
                }
                state.put_back(lifted);
                comments::move_part(state, &table, ObjectKind::Index, &name.name, Some(&target.name));
            }
        }
        Relation::Composite => {
            let from = types::type_key(name);
            state.take_relation(name);
            state.put_relation(&target, Relation::Composite);
            move_opaque(state, &from, types::type_key(&target));
        }
    }
    name_is_changed(state, name, &target);
    *name = target;
}

/// Functions name types and relations in their headers, and are told apart by some of them.
fn name_is_changed(state: &mut State, from: &Name, to: &Name) {
    definitions::name_is_changed(state, from, to);
    for (key, target) in opaque::with_argument(state, from, to) {
        move_opaque(state, &key, target);
    }
}

fn renamed_path(relation: &Relation, target: &Name) -> ObjectPath {
    match relation {
        Relation::Table => ObjectPath::new(ObjectKind::Table, target),
        Relation::View => ObjectPath::new(ObjectKind::View, target),
        Relation::Sequence => ObjectPath::new(ObjectKind::Sequence, target),
        Relation::Index(table) => ObjectPath::part(ObjectKind::Index, table, target.name.as_str()),
        Relation::Composite => ObjectPath::new(ObjectKind::Opaque, target),
    }
}

fn move_table(state: &mut State, from: &Name, to: &Name) {
    let Some(mut table) = state.take_table(from) else { return };
    table.name = to.clone();
    for column in table.columns.values_mut() {
        // The sequence of an identity column goes where its table goes.
        if let Some(identity) = column.identity.as_mut().filter(|it| it.sequence_namespace == from.namespace) {
            state.take_relation(&Name::new(from.namespace.as_str(), identity.sequence_name.as_str()));
            identity.sequence_namespace = to.namespace.clone();
            state.put_relation(&Name::new(to.namespace.as_str(), identity.sequence_name.as_str()), Relation::Sequence);
        }
    }
    follow(&mut table, from, to);
    state.put_table(table);
    let concerned: Vec<Name> =
        state.schema.tables.values().filter(|table| refers(table, from)).map(|it| it.name.clone()).collect();
    for name in concerned {
        if let Some(mut lifted) = state.lift(&name) {
            follow(&mut lifted.table, from, to);
            state.put_back(lifted);
        }
    }
    let owned: Vec<(Name, String)> = state
        .schema
        .sequences
        .values()
        .filter_map(|sequence| {
            let (table, column) = sequence.owned_by.as_ref()?;
            (table == from).then(|| (sequence.name.clone(), column.clone()))
        })
        .collect();
    for (sequence, column) in owned {
        alter_column::set_owner(state, &sequence, Some((to.clone(), column)));
    }
    triggers_move(state, from, to);
    reading_views_follow(state, from, to);
    let path = |name: &Name| ObjectPath::new(ObjectKind::Table, name);
    move_notes(state, &path(from), &path(to));
}

/// Triggers and rules go with their table or view.
fn triggers_move(state: &mut State, from: &Name, to: &Name) {
    let on_it: Vec<OpaqueKey> =
        state.schema.opaque.keys().filter(|key| key.on.as_ref() == Some(from)).cloned().collect();
    for key in on_it {
        let name = Name::new(to.namespace.as_str(), key.name.name.as_str());
        move_opaque(state, &key, OpaqueKey { kind: key.kind, name, on: Some(to.clone()) });
    }
}

fn reading_views_follow(state: &mut State, from: &Name, to: &Name) {
    let reading: Vec<Name> =
        state.schema.views.values().filter(|view| view.reads.contains(from)).map(|it| it.name.clone()).collect();
    for view in reading {
        if let Some(view) = state.view_mut(&view) {
            view.reads.iter_mut().filter(|read| *read == from).for_each(|read| *read = to.clone());
        }
    }
}

fn refers(table: &Table, to: &Name) -> bool {
    table.foreign_keys.values().any(|key| key.to == *to)
        || table.inherits.contains(to)
        || table.partition_of.as_ref().is_some_and(|it| it.parent == *to)
}

/// References of a table to another that got a new name.
fn follow(table: &mut Table, from: &Name, to: &Name) {
    for key in table.foreign_keys.values_mut().filter(|key| key.to == *from) {
        key.to = to.clone();
    }
    rename_unnamed(table);
    table.inherits.iter_mut().filter(|parent| *parent == from).for_each(|parent| *parent = to.clone());
    if let Some(partition) = table.partition_of.as_mut().filter(|it| it.parent == *from) {
        partition.parent = to.clone();
    }
}

/// What stands for the name of an unnamed foreign key says where it leads.
fn rename_unnamed(table: &mut Table) {
    if !table.foreign_keys.values().any(|key| key.unnamed) {
        return;
    }
    let keys = std::mem::take(&mut table.foreign_keys);
    for (name, mut key) in keys {
        let name = if key.unnamed { constraints::unnamed_key(&key) } else { name };
        key.name = name.clone();
        table.foreign_keys.insert(name, key);
    }
}

fn move_sequence(state: &mut State, from: &Name, to: &Name) {
    state.take_relation(from);
    state.put_relation(to, Relation::Sequence);
    if let Some(sequence) = state.schema.sequences.get(from).cloned() {
        let mut moved = schema::Sequence::clone(&sequence);
        moved.name = to.clone();
        state.set(ObjectKey::Sequence(from.clone()), None);
        state.set(ObjectKey::Sequence(to.clone()), Some(Object::Sequence(Arc::new(moved))));
        let integer = dialects::sql_type(Dialect::Postgres, "bigint", None);
        let canonical = |text: &str| dialects::default(Dialect::Postgres, text, schema::Form::Sql, &integer).canonical;
        let before = [canonical(&next_value(from)), canonical(&next_value(&Name::new("", from.name.as_str())))];
        let after = next_value(to);
        alter_column::rewrite_defaults(state, |column| {
            let default = column.default.as_ref()?;
            before.contains(&default.canonical).then(|| after.clone())
        });
    } else {
        let concerned: Vec<Name> = state
            .schema
            .tables
            .values()
            .filter(|table| identity_sequences(table).any(|it| it == *from))
            .map(|table| table.name.clone())
            .collect();
        for name in concerned {
            let Some(table) = state.table_mut(&name) else { continue };
            let identities = table.columns.values_mut().filter_map(|column| column.identity.as_mut());
            for identity in identities.filter(|it| it.sequence_name == from.name) {
                identity.sequence_name = to.name.clone();
                identity.sequence_namespace = to.namespace.clone();
            }
        }
    }
    let path = |name: &Name| ObjectPath::new(ObjectKind::Sequence, name);
    move_notes(state, &path(from), &path(to));
}

/// Moves an enum, a domain or another type, and the columns of it.
fn move_type(state: &mut State, object: &Target, target: impl Fn(&Name) -> Name) {
    let Some(key) = types::find(state, &object.name) else {
        missing(state, &object.name, "type", false);
        return;
    };
    let from = key.path().name;
    let to = target(&from);
    if state.has_uses() {
        state.uses(object.name.name.span, key.path(), false);
    }
    if to == from {
        return;
    }
    match &key {
        ObjectKey::Enum(_) => {
            if let Some(found) = state.schema.enums.get(&from).cloned() {
                let mut moved = schema::Enum::clone(&found);
                moved.name = to.clone();
                state.set(key.clone(), None);
                state.set(ObjectKey::Enum(to.clone()), Some(Object::Enum(Arc::new(moved))));
            }
        }
        ObjectKey::Domain(_) => {
            if let Some(found) = state.schema.domains.get(&from).cloned() {
                let mut moved = schema::Domain::clone(&found);
                moved.name = to.clone();
                state.set(key.clone(), None);
                state.set(ObjectKey::Domain(to.clone()), Some(Object::Domain(Arc::new(moved))));
            }
        }
        _ => {
            state.take_relation(&from);
            state.put_relation(&to, Relation::Composite);
            move_opaque(state, &types::type_key(&from), types::type_key(&to));
        }
    }
    columns_follow(state, &from, &to);
    name_is_changed(state, &from, &to);
    let kind = key.path().kind;
    move_notes(state, &ObjectPath::new(kind, &from), &ObjectPath::new(kind, &to));
}

fn columns_follow(state: &mut State, from: &Name, to: &Name) {
    let old = dialects::quoted_name(Dialect::Postgres, from);
    let is_of_it = |sql_type: &SqlType| {
        sql_type.enum_name.as_ref() == Some(from) || sql_type.canonical.trim_end_matches("[]") == old
    };
    let concerned: Vec<Name> = state
        .schema
        .tables
        .values()
        .filter(|table| table.columns.values().any(|column| is_of_it(&column.sql_type)))
        .map(|table| table.name.clone())
        .collect();
    for name in concerned {
        let Some(table) = state.table_mut(&name) else { continue };
        for column in table.columns.values_mut().filter(|column| is_of_it(&column.sql_type)) {
            let suffix = "[]".repeat(column.sql_type.canonical.matches("[]").count());
            column.sql_type = match &column.sql_type.enum_name {
                Some(_) => dialects::sql_type(Dialect::Postgres, &format!("{}{suffix}", to.name), Some(to.clone())),
                None => {
                    let text = format!("{}{suffix}", dialects::quoted_name(Dialect::Postgres, to));
                    SqlType { canonical: text.clone(), text, enum_name: None }
                }
            };
        }
    }
}

pub(crate) fn rename_column(state: &mut State, table_name: &Name, from: &Ident, to: &Ident) {
    let Some(table) = state.table(table_name).cloned() else { return };
    if table.columns.is_empty() && table.opaque {
        return;
    }
    let Some(column) = constraints::known_column(state, &table, from) else { return };
    if state.has_uses() {
        state.uses(to.span, ObjectPath::part(ObjectKind::Column, table_name, to.text.as_str()), true);
    }
    let is_taken = constraints::column_name(state, &table, &to.text).is_some_and(|it| it != column);
    if is_taken {
        exists_already(state, to.span, "column", &format!("{}.{}", table_name.name, to.text));
        if !state.is_guarded {
            state.forget(table_name);
        }
        return;
    }
    let mut tables = super::partitions::descendants(state, table_name);
    tables.push(table_name.clone());
    for name in &tables {
        let Some(mut lifted) = state.lift(name) else { continue };
        rename_in_table(state.dialect, &mut lifted.table, &column, &to.text);
        state.put_back(lifted);
    }
    references_follow(state, &tables, &column, &to.text);
    definitions::column_is_renamed(state, &tables, &column, &to.text);
    for sequence in state.schema.sequences.values().map(Arc::clone).collect::<Vec<_>>() {
        if let Some((table, owned)) = &sequence.owned_by
            && tables.contains(table)
            && *owned == column
        {
            let owner = Some((table.clone(), to.text.clone()));
            alter_column::set_owner(state, &sequence.name, owner);
        }
    }
    let path = |column: &str| ObjectPath::part(ObjectKind::Column, table_name, column);
    move_notes(state, &path(&column), &path(&to.text));
}

fn references_follow(state: &mut State, tables: &[Name], from: &str, to: &str) {
    let is_it = |key: &schema::ForeignKey| tables.contains(&key.to) && key.to_columns.iter().any(|it| it == from);
    let concerned: Vec<Name> = state
        .schema
        .tables
        .values()
        .filter(|table| table.foreign_keys.values().any(is_it))
        .map(|table| table.name.clone())
        .collect();
    for name in concerned {
        if let Some(mut lifted) = state.lift(&name) {
            for key in lifted.table.foreign_keys.values_mut().filter(|key| is_it(key)) {
                replace(&mut key.to_columns, from, to);
            }
            rename_unnamed(&mut lifted.table);
            state.put_back(lifted);
        }
    }
}

fn replace(columns: &mut [String], from: &str, to: &str) {
    columns.iter_mut().filter(|column| *column == from).for_each(|column| to.clone_into(column));
}

/// The column in its table, and in every key, constraint, index and expression of it. Names of constraints and indexes stay.
fn rename_in_table(dialect: Dialect, table: &mut Table, from: &str, to: &str) {
    if let Some(position) = table.columns.get_index_of(from)
        && let Some((_, mut column)) = table.columns.shift_remove_index(position)
    {
        to.clone_into(&mut column.name);
        table.columns.shift_insert(position, to.to_owned(), column);
    }
    let unnamed: Vec<String> = match dialect {
        Dialect::Postgres => Vec::new(),
        Dialect::Sqlite => unnamed_constraints(table),
    };
    let rewrite = |expression: &mut Expression| {
        if dialects::names_column(dialect, &expression.text, from) {
            *expression = dialects::expression(dialect, &dialects::rename_column(dialect, &expression.text, from, to));
        }
    };
    if let Some(key) = &mut table.primary_key {
        replace(&mut key.columns, from, to);
        replace(&mut key.include, from, to);
    }
    for unique in table.uniques.values_mut() {
        replace(&mut unique.columns, from, to);
        replace(&mut unique.include, from, to);
    }
    for key in table.foreign_keys.values_mut() {
        replace(&mut key.columns, from, to);
    }
    rename_unnamed(table);
    table.checks.values_mut().for_each(|check| rewrite(&mut check.expression));
    table.exclusions.values_mut().for_each(|exclusion| rewrite(&mut exclusion.definition));
    table.columns.values_mut().filter_map(|it| it.generated.as_mut()).for_each(|it| rewrite(&mut it.expression));
    if let Some(key) = &mut table.partition_by {
        rewrite(key);
    }
    for index in table.indexes.values_mut() {
        for column in &mut index.columns {
            match &mut column.key {
                IndexKey::Column(name) if name == from => to.clone_into(name),
                IndexKey::Column(_) => {}
                IndexKey::Expression(expression) => rewrite(expression),
            }
        }
        replace(&mut index.include, from, to);
        if let Some(predicate) = &mut index.predicate {
            rewrite(predicate);
        }
    }
    rename_made(table, &unnamed);
    for policy in table.policies.values_mut() {
        policy.using.iter_mut().chain(&mut policy.with_check).for_each(&rewrite);
    }
}

/// Checks and unique constraints whose names SQLite does not keep: what stands for them is made of their content.
fn unnamed_constraints(table: &Table) -> Vec<String> {
    let checks = table.checks.values().filter(|it| it.name == constraints::unnamed_check(&it.expression));
    let uniques = table.uniques.values().filter(|it| it.name == constraints::unnamed_unique(&it.columns));
    checks.map(|it| it.name.clone()).chain(uniques.map(|it| it.name.clone())).collect()
}

fn rename_made(table: &mut Table, unnamed: &[String]) {
    if unnamed.is_empty() {
        return;
    }
    for (name, mut check) in std::mem::take(&mut table.checks) {
        if unnamed.contains(&name) {
            check.name = constraints::unnamed_check(&check.expression);
        }
        table.checks.insert(check.name.clone(), check);
    }
    for (name, mut unique) in std::mem::take(&mut table.uniques) {
        if unnamed.contains(&name) {
            unique.name = constraints::unnamed_unique(&unique.columns);
        }
        table.uniques.insert(unique.name.clone(), unique);
    }
}

/// Everything in a namespace, and every reference to it. Rare: the whole schema is walked.
fn rename_namespace(state: &mut State, from: &Ident, to: &Ident) {
    if !state.has_namespace(&from.text) {
        does_not_exist(state, from.span, "schema", &from.text);
        return;
    }
    if state.has_namespace(&to.text) {
        exists_already(state, to.span, "schema", &to.text);
        return;
    }
    state.set(ObjectKey::Namespace(to.text.clone()), Some(Object::Namespace));
    let is_in = |it: &&Name| it.namespace == from.text;
    let schema: &Schema = &state.schema;
    let relations: Vec<Name> =
        schema.tables.keys().chain(schema.views.keys()).chain(schema.sequences.keys()).filter(is_in).cloned().collect();
    let types: Vec<Name> = schema.enums.keys().chain(schema.domains.keys()).filter(is_in).cloned().collect();
    for mut name in relations {
        let same_name = Ident { text: name.name.clone(), span: to.span };
        move_relation(state, &mut name, &same_name, Some(&to.text));
    }
    for name in types {
        let ident = |text: &str| Ident { text: text.to_owned(), span: from.span };
        let written = crate::sql::statement::QName { namespace: Some(ident(&name.namespace)), name: ident(&name.name) };
        let object = Target { class: Class::Type, name: written, part: None, signature: None };
        move_type(state, &object, |name| Name::new(&*to.text, name.name.as_str()));
    }
    // Types that have moved are part of their names.
    let is_here = |key: &&OpaqueKey| key.name.namespace == from.text && key.on.is_none();
    let opaques: Vec<OpaqueKey> = state.schema.opaque.keys().filter(is_here).cloned().collect();
    for key in opaques {
        let name = Name::new(&*to.text, key.name.name.as_str());
        move_opaque(state, &key, OpaqueKey { name, ..key.clone() });
    }
    state.set(ObjectKey::Namespace(from.text.clone()), None);
    let path = |name: &str| ObjectPath::global(ObjectKind::Namespace, name);
    move_notes(state, &path(&from.text), &path(&to.text));
}
