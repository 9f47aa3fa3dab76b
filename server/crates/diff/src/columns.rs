//! Columns of a table that stays.

use schema::{Aspect, Change, Column, Dialect, Generated, Identity, ObjectKind, Table};

use crate::Silence;
use crate::alterations::{Alterations, missing, shared, yes_no};
use crate::sequences;
use crate::tables::TablePair;

pub(crate) fn columns(pair: &TablePair, changes: &mut Vec<Change>) {
    let kind = ObjectKind::Column;
    let (before, after) = (&pair.before.columns, &pair.after.columns);
    changes.extend(missing(after, before).map(|(name, _)| Change::create(pair.path(kind, name))));
    if pair.may_drop(kind) {
        changes.extend(missing(before, after).map(|(name, _)| Change::drop(pair.path(kind, name))));
    }
    if pair.may_alter(kind) {
        for (name, before, after) in shared(before, after) {
            column(pair, before, after).finish(|| pair.path(kind, name), changes);
        }
    }
}

fn column(pair: &TablePair, before: &Column, after: &Column) -> Alterations {
    let unknown = before.unknown.union(after.unknown);
    let mut alterations = Alterations::default();
    if !unknown.sql_type {
        alterations.compare(Aspect::Type, &before.sql_type, &after.sql_type, |it| Some(it.text.clone()));
    }
    if !unknown.default {
        alterations.compare(Aspect::Default, &before.default, &after.default, |it| {
            it.as_ref().map(|value| value.text.clone())
        });
    }
    if !unknown.not_null && before.not_null != after.not_null && !both_in_primary_key(pair, &after.name) {
        alterations.compare(Aspect::NotNull, &before.not_null, &after.not_null, yes_no);
    }
    if !unknown.identity {
        alterations.compare(Aspect::Identity, &before.identity, &after.identity, |it| it.as_ref().map(identity));
    }
    if !unknown.generated {
        alterations.compare(Aspect::Generated, &before.generated, &after.generated, |it| it.as_ref().map(generated));
    }
    if !unknown.autoincrement {
        alterations.compare(Aspect::Autoincrement, &before.autoincrement, &after.autoincrement, yes_no);
    }
    // Drizzle has neither: only a schema that states one can differ by it.
    if after.collation.is_some() || pair.silence == Silence::MeansAbsent {
        alterations.compare(Aspect::Collation, &before.collation, &after.collation, Clone::clone);
    }
    if after.comment.is_some() || pair.silence == Silence::MeansAbsent {
        alterations.compare(Aspect::Comment, &before.comment, &after.comment, Clone::clone);
    }
    alterations
}

/// PostgreSQL makes key columns NOT NULL without being told, so there the flag adds nothing. Of SQLite's only an `integer` that is the
/// whole key is never NULL: it is the row's number. (lang_createtable.html, 5. ROWIDs and the INTEGER PRIMARY KEY.)
fn both_in_primary_key(pair: &TablePair, column: &str) -> bool {
    let in_key = |table: &Table| {
        let key = table.primary_key.as_ref().filter(|key| key.columns.iter().any(|it| it == column));
        let is_row_number = || table.columns.get(column).is_some_and(|it| it.sql_type.canonical == "integer");
        match pair.dialect {
            Dialect::Postgres => key.is_some(),
            Dialect::Sqlite => key.is_some_and(|key| key.columns.len() == 1) && is_row_number(),
        }
    };
    in_key(pair.before) && in_key(pair.after)
}

fn generated(generated: &Generated) -> String {
    let storage = if generated.stored { "STORED" } else { "VIRTUAL" };
    format!("({}) {storage}", generated.expression.text)
}

fn identity(identity: &Identity) -> String {
    let when = if identity.always { "ALWAYS" } else { "BY DEFAULT" };
    let name = schema::Name::new(identity.sequence_namespace.as_str(), identity.sequence_name.as_str());
    format!("{when} (SEQUENCE NAME {name} {})", sequences::options(&identity.options))
}
