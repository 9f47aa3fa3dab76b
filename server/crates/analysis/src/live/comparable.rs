//! A schema and a catalog brought into one shape, so that what differs is what a person would call different.

use std::sync::Arc;

use schema::{Dialect, Grant, Map, ObjectKind, Policy, Schema, SqlType};

/// Brings a schema (`desired` or `history`) into the shape of what a database holds, and evens out what means nothing:
///
/// - the number of an array's dimensions, of which the server keeps none;
/// - a default of NULL, which the server keeps where a length has to be kept, and which means none;
/// - the columns of views, whose types need a database;
/// - whether a materialized view is filled, which is a state and no definition;
/// - lengths in the arguments of functions, of which the server keeps none;
/// - a policy for CURRENT_USER, which the server keeps as one for whoever ran it;
/// - NOT NULL of SQLite's `INTEGER PRIMARY KEY`, which holds no NULL in any case;
/// - definitions of functions and triggers that are not known;
/// - comments on extensions, which bring their own;
/// - privileges that an owner or everybody has without a GRANT.
pub fn comparable(schema: &Schema, live: &Schema) -> (Schema, Schema) {
    let mut ours = dialects::as_stored(schema).into_owned();
    let mut theirs = dialects::as_stored(live).into_owned();
    for side in [&mut ours, &mut theirs] {
        even_out(side);
    }
    for (key, object) in &mut theirs.opaque {
        if let Some(our_object) = ours.opaque.get(key).filter(|it| it.definition.is_none()) {
            Arc::make_mut(object).definition.clone_from(&our_object.definition);
        }
    }
    for (name, view) in &mut theirs.views {
        if ours.views.get(name).is_none_or(|it| it.columns.is_empty()) {
            Arc::make_mut(view).columns = Map::default();
        }
        if let Some(our_view) = ours.views.get(name).filter(|it| it.with_no_data != view.with_no_data) {
            Arc::make_mut(view).with_no_data = our_view.with_no_data;
        }
    }
    for (name, table) in &mut theirs.tables {
        let Some(our_table) = ours.tables.get(name).filter(|_| table.policies.values().any(|it| !it.to.is_empty()))
        else {
            continue;
        };
        for (policy_name, policy) in &mut Arc::make_mut(table).policies {
            if let Some(our_policy) = our_table.policies.get(policy_name).filter(|ours| is_for_the_same(ours, policy)) {
                policy.to.clone_from(&our_policy.to);
            }
        }
    }
    (ours, theirs)
}

/// True where ours names whoever runs it, and the other roles are the same.
fn is_for_the_same(ours: &Policy, theirs: &Policy) -> bool {
    let is_word = |role: &String| ["current_user", "current_role", "session_user"].contains(&role.as_str());
    let mut named = ours.to.iter().filter(|role| !is_word(role));
    ours.to.iter().any(is_word) && ours.to.len() == theirs.to.len() && named.all(|role| theirs.to.contains(role))
}

fn even_out(schema: &mut Schema) {
    let one_dimension = |sql_type: &mut SqlType| {
        while let Some(less) = sql_type.canonical.strip_suffix("[][]") {
            sql_type.canonical = format!("{less}[]");
        }
    };
    if schema.dialect == Dialect::Postgres {
        for domain in schema.domains.values_mut() {
            one_dimension(&mut Arc::make_mut(domain).sql_type);
        }
        for table in schema.tables.values_mut().map(Arc::make_mut) {
            for column in table.columns.values_mut() {
                one_dimension(&mut column.sql_type);
                column.default.take_if(|default| default.canonical.starts_with("null::"));
            }
            for policy in table.policies.values_mut() {
                policy.to.sort();
            }
        }
    }
    if schema.dialect == Dialect::Sqlite {
        for table in schema.tables.values_mut() {
            let key = table.primary_key.as_ref().map(|key| key.columns.as_slice());
            let Some([column]) = key.filter(|_| !table.options.contains_key("without rowid")) else { continue };
            let column = column.clone();
            if table.columns.get(&column).is_some_and(|it| !it.not_null && it.sql_type.canonical == "integer")
                && let Some(found) = Arc::make_mut(table).columns.get_mut(&column)
            {
                found.not_null = true;
            }
        }
    }
    let grants = std::mem::take(&mut schema.grants).into_values().filter(|grant| !is_everybodys(grant));
    let grants = grants.map(|mut grant| {
        grant.on.name.name = dialects::canonical_arguments(&grant.on.name.name);
        ((grant.on.clone(), grant.to.clone()), grant)
    });
    schema.grants = grants.collect();
    let comments =
        std::mem::take(&mut schema.comments).into_iter().filter(|(path, _)| path.kind != ObjectKind::Extension);
    let comments = comments.map(|(mut path, text)| {
        path.name.name = dialects::canonical_arguments(&path.name.name);
        (path, text)
    });
    schema.comments = comments.collect();
    let opaque = std::mem::take(&mut schema.opaque).into_iter();
    let opaque = opaque.map(|(key, mut object)| {
        let key = dialects::with_canonical_arguments(key);
        if object.key != key {
            Arc::make_mut(&mut object).key.clone_from(&key);
        }
        (key, object)
    });
    schema.opaque = opaque.collect();
    schema.namespaces.retain(|name| name != schema.dialect.default_namespace());
}

/// What PostgreSQL gives to everybody unasked.
fn is_everybodys(grant: &Grant) -> bool {
    grant.to == "public"
        && grant.privileges.iter().all(|privilege| match grant.on.kind {
            ObjectKind::Opaque => privilege == "EXECUTE" || privilege == "USAGE",
            ObjectKind::Enum | ObjectKind::Domain => privilege == "USAGE",
            ObjectKind::Namespace => grant.on.name.name == "public" && privilege == "USAGE",
            _ => false,
        })
}
