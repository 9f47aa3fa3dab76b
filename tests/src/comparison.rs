//! A replay beside what a real database holds: both brought into one shape, then the facts that are in only one of them.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use dialects::{canonical_arguments, with_canonical_arguments};
use schema::{Grant, Map, Name, ObjectKind, Schema, SqlType, Table};

use crate::facts::facts;

/// A fact that a replay and a database do not agree on; None where one of them has nothing of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    pub place: String,
    pub ours: Option<String>,
    pub theirs: Option<String>,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = |value: &Option<String>| value.clone().unwrap_or_else(|| String::from("—"));
        write!(f, "{}\n    ours:   {}\n    theirs: {}", self.place, text(&self.ours), text(&self.theirs))
    }
}

/// What differs, by place.
pub fn differences(ours: &Schema, theirs: &Schema) -> Vec<Difference> {
    let (ours, theirs) = (facts(ours), facts(theirs));
    let places: BTreeSet<&String> = ours.keys().chain(theirs.keys()).collect();
    let pair = |place: &String| Difference {
        place: place.clone(),
        ours: ours.get(place).cloned(),
        theirs: theirs.get(place).cloned(),
    };
    places.into_iter().map(pair).filter(|difference| difference.ours != difference.theirs).collect()
}

/// What was left out of a comparison because the replay says that it does not know.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LeftOut {
    /// Tables of which only the name is known.
    pub n_opaque_tables: usize,
    /// Names that a statement touched which could not be followed.
    pub n_unknown: usize,
    /// Functions, procedures and triggers that are there, and of which the replay does not know what they are.
    pub n_definitions: usize,
}

/// Brings a replay and a database into one shape. What is evened out here, and nothing else:
///
/// - of a table that the replay knows by name only, the database's parts are left out; of a name that it does not know, everything is;
/// - a view's columns are compared by name, and only where the replay knows them: their types need a database;
/// - privileges that everybody has without a GRANT (EXECUTE on functions, USAGE on types and on `public`), that an owner has,
///   and MAINTAIN, which `ALL` means since PostgreSQL 17 only;
/// - the argument types of functions, which the catalog holds without lengths;
/// - the number of an array's dimensions, of which the server keeps none;
/// - a default of NULL, which the server keeps where a length has to be kept (`varchar(5) DEFAULT NULL`), and which means none;
/// - a policy for CURRENT_USER, which is for whoever runs it: here `postgres`;
/// - definitions of functions and triggers that the replay does not know, and bodies in statements, which the server prints in its own words;
/// - an extension lies in `public` where the statement does not say where;
/// - a comment that an extension brings along.
pub fn normalize(ours: &mut Schema, theirs: &mut Schema) -> LeftOut {
    let n_definitions = leave_unknown_definitions(ours, theirs);
    let left_out = LeftOut { n_definitions, ..leave_out(ours, theirs) };
    even_out_tables(ours);
    even_out_tables(theirs);
    for schema in [&mut *ours, &mut *theirs] {
        schema.namespaces.retain(|name| name != schema.dialect.default_namespace());
        schema.grants =
            std::mem::take(&mut schema.grants).into_iter().filter_map(|(_, grant)| granted(grant)).collect();
        let opaque = std::mem::take(&mut schema.opaque).into_values().map(|object| {
            let key = with_canonical_arguments(object.key.clone());
            (key, object)
        });
        schema.opaque = opaque.collect();
        let comments =
            std::mem::take(&mut schema.comments).into_iter().filter(|(path, _)| path.kind != ObjectKind::Extension);
        let comments = comments.map(|(mut path, text)| {
            path.name.name = canonical_arguments(&path.name.name);
            (path, text)
        });
        schema.comments = comments.collect();
    }
    left_out
}

/// A definition that the replay does not know is not compared. How many there are.
fn leave_unknown_definitions(ours: &Schema, theirs: &mut Schema) -> usize {
    let unknown = ours.opaque.iter().filter(|(_, object)| object.definition.is_none());
    let unknown: BTreeSet<_> = unknown.map(|(key, _)| with_canonical_arguments(key.clone())).collect();
    let mut n_left_out = 0;
    for (key, object) in &mut theirs.opaque {
        if unknown.contains(&with_canonical_arguments(key.clone())) {
            n_left_out += usize::from(object.definition.is_some());
            Arc::make_mut(object).definition = None;
        }
    }
    n_left_out
}

fn even_out_tables(schema: &mut Schema) {
    let one_dimension = |sql_type: &mut SqlType| {
        while let Some(less) = sql_type.canonical.strip_suffix("[][]") {
            sql_type.canonical = format!("{less}[]");
        }
    };
    for domain in schema.domains.values_mut() {
        one_dimension(&mut Arc::make_mut(domain).sql_type);
    }
    for table in schema.tables.values_mut().map(Arc::make_mut) {
        for column in table.columns.values_mut() {
            one_dimension(&mut column.sql_type);
            column.default.take_if(|default| default.canonical.starts_with("null::"));
        }
        for policy in table.policies.values_mut() {
            for role in &mut policy.to {
                if ["current_user", "current_role", "session_user"].contains(&role.as_str()) {
                    *role = String::from("postgres");
                }
            }
            policy.to.sort();
        }
    }
}

fn leave_out(ours: &mut Schema, theirs: &mut Schema) -> LeftOut {
    let mut left_out = LeftOut { n_opaque_tables: 0, n_unknown: ours.unknown.len(), n_definitions: 0 };
    let unknown = std::mem::take(&mut ours.unknown);
    let is_known = |name: &Name| !unknown.contains(name);
    for schema in [&mut *ours, &mut *theirs] {
        schema.enums.retain(|name, _| is_known(name));
        schema.domains.retain(|name, _| is_known(name));
        schema.sequences.retain(|name, _| is_known(name));
        schema.tables.retain(|name, _| is_known(name));
        schema.views.retain(|name, _| is_known(name));
        schema.opaque.retain(|key, _| is_known(&key.name) && key.on.as_ref().is_none_or(is_known));
        schema.grants.retain(|(path, _), _| is_known(&path.name));
        schema.comments.retain(|path, _| is_known(&path.name));
    }
    for table in ours.tables.values_mut().filter(|table| table.opaque) {
        left_out.n_opaque_tables += 1;
        let only_a_name = Table { opaque: true, ..Table::new(table.name.clone()) };
        if let Some(place) = theirs.tables.get_mut(&table.name) {
            *place = Arc::new(only_a_name.clone());
        }
        *table = Arc::new(only_a_name);
    }
    for (name, view) in &mut theirs.views {
        if ours.views.get(name).is_none_or(|it| it.columns.is_empty()) {
            Arc::make_mut(view).columns = Map::default();
        }
    }
    left_out
}

fn granted(mut grant: Grant) -> Option<((schema::ObjectPath, String), Grant)> {
    let is_everybodys = |privilege: &String| {
        grant.to == "public"
            && match grant.on.kind {
                ObjectKind::Opaque => privilege == "EXECUTE" || privilege == "USAGE",
                ObjectKind::Enum | ObjectKind::Domain => privilege == "USAGE",
                ObjectKind::Namespace => grant.on.name.name == "public" && privilege == "USAGE",
                _ => false,
            }
    };
    let kept = |privileges: &Vec<String>| {
        let kept = privileges.iter().filter(|it| *it != "MAINTAIN" && !is_everybodys(it));
        let mut kept: Vec<String> = kept.cloned().collect();
        kept.sort();
        kept
    };
    let (privileges, with_grant_option) = (kept(&grant.privileges), kept(&grant.with_grant_option));
    (grant.privileges, grant.with_grant_option) = (privileges, with_grant_option);
    grant.on.name.name = canonical_arguments(&grant.on.name.name);
    let is_nothing = grant.privileges.is_empty() || grant.to == "postgres";
    (!is_nothing).then(|| ((grant.on.clone(), grant.to.clone()), grant))
}

#[cfg(test)]
mod tests {
    use schema::Dialect;

    use super::*;

    #[test]
    fn a_difference_names_its_place_and_both_sides() {
        let (mut ours, mut theirs) = (Schema::new(Dialect::Postgres), Schema::new(Dialect::Postgres));
        ours.namespaces = vec![String::from("public"), String::from("a")];
        theirs.namespaces = vec![String::from("b")];
        assert_eq!(normalize(&mut ours, &mut theirs), LeftOut::default());
        let shown: Vec<String> = differences(&ours, &theirs).iter().map(ToString::to_string).collect();
        let expected =
            ["schema a\n    ours:   is there\n    theirs: —", "schema b\n    ours:   —\n    theirs: is there"];
        assert_eq!(shown, expected);
    }
}
