//! A schema and a catalog brought into one shape, so that what differs is what a person would call different.

use std::sync::Arc;

use schema::{Dialect, Grant, Map, ObjectKind, Schema, SqlType};

/// Brings a schema (`desired` or `history`) into the shape of what a database holds, and evens out what means nothing:
///
/// - the number of an array's dimensions, of which the server keeps none;
/// - a default of NULL, which the server keeps where a length has to be kept, and which means none;
/// - the columns of views, whose types need a database;
/// - privileges that an owner or everybody has without a GRANT.
pub fn comparable(schema: &Schema, live: &Schema) -> (Schema, Schema) {
    let mut ours = dialects::as_stored(schema).into_owned();
    let mut theirs = dialects::as_stored(live).into_owned();
    for side in [&mut ours, &mut theirs] {
        even_out(side);
    }
    for (name, view) in &mut theirs.views {
        if ours.views.get(name).is_none_or(|it| it.columns.is_empty()) {
            Arc::make_mut(view).columns = Map::default();
        }
    }
    (ours, theirs)
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
    let grants = std::mem::take(&mut schema.grants).into_iter();
    schema.grants = grants.filter(|(_, grant)| !is_everybodys(grant)).collect();
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
