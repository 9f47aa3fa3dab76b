//! Both schemas with what is to be done between them.

use std::collections::HashMap;

use dialects::postgres::statements::{Targets, Types};
use schema::{Column, Name, ObjectKind, ObjectPath, Schema, SqlType, Table};

use super::group::Token;
use super::work::Work;

/// What the statements are made from. `before` has the new names already.
pub(crate) struct Sides<'a> {
    pub(crate) before: &'a Schema,
    pub(crate) after: &'a Schema,
    pub(crate) work: &'a Work,
    pub(crate) types: Types<'a>,
    pub(crate) before_types: Types<'a>,
    /// The sequences behind serial columns of `before`, by table and column.
    serials: &'a HashMap<(Name, String), Name>,
}

impl<'a> Sides<'a> {
    pub(crate) fn new(
        before: &'a Schema,
        after: &'a Schema,
        work: &'a Work,
        serials: &'a HashMap<(Name, String), Name>,
    ) -> Sides<'a> {
        Sides { before, after, work, types: Types::of(after), before_types: Types::of(before), serials }
    }

    /// The objects of `after`, for statements about objects that are there by then.
    pub(crate) fn targets(&self) -> Targets<'a> {
        Targets::of(self.after)
    }

    pub(crate) fn serial_sequence(&self, table: &Name, column: &str) -> Option<&Name> {
        self.serials.get(&(table.clone(), column.to_owned()))
    }

    /// The table in both schemas, where it stays.
    pub(crate) fn staying(&self, table: &Name) -> Option<(&'a Table, &'a Table)> {
        Some((self.before.tables.get(table)?, self.after.tables.get(table)?))
    }

    /// What a type of `after` has to be there.
    pub(crate) fn type_needs(&self, sql_type: &SqlType) -> Option<Token> {
        let user_type = || self.types.user_type(sql_type).map(|name| ObjectPath::new(ObjectKind::Domain, name));
        let path = sql_type.enum_name.as_ref().map(|name| ObjectPath::new(ObjectKind::Enum, name));
        path.or_else(user_type).map(Token::Made)
    }

    /// What a column of `after` has to be there: its type, and the sequence that its default takes from.
    pub(crate) fn column_needs(&self, column: &Column) -> Vec<Token> {
        let mut needs: Vec<Token> = self.type_needs(&column.sql_type).into_iter().collect();
        if let Some(default) = column.default.as_ref().filter(|default| default.canonical.contains("nextval(")) {
            let named = self.after.sequences.keys().filter(|name| default.text.contains(&name.name));
            needs.extend(named.map(|name| Token::Made(ObjectPath::new(ObjectKind::Sequence, name))));
        }
        needs
    }
}

/// By table and column: sequences that a column owns.
pub(crate) fn serial_sequences(spelled_out: &Schema) -> HashMap<(Name, String), Name> {
    let owned = spelled_out.sequences.values();
    owned.filter_map(|sequence| Some((sequence.owned_by.clone()?, sequence.name.clone()))).collect()
}

pub(crate) fn namespace_needs(name: &Name) -> Token {
    Token::Made(ObjectPath::global(ObjectKind::Namespace, name.namespace.as_str()))
}

/// A name in the space of relations that the table's namespace has.
pub(crate) fn relation(table: &Name, name: &str) -> Name {
    Name::new(table.namespace.as_str(), name)
}
