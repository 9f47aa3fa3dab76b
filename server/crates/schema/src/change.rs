//! What differs between two schemas.

use serde::Serialize;

use crate::{ObjectKind, ObjectPath};

/// One difference: an object and what happens to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub object: ObjectPath,
    pub action: Action,
}

/// What happens to an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    Create,
    Drop,
    /// Never empty.
    Alter(Vec<Alteration>),
}

/// One fact of an object before and after, as written; None where the fact is absent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alteration {
    pub aspect: Aspect,
    pub from: Option<String>,
    pub to: Option<String>,
}

/// The facts of objects that can change while the object stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Aspect {
    Type,
    NotNull,
    Default,
    Generated,
    Identity,
    Autoincrement,
    Collation,
    Comment,
    /// Columns of a key, constraint or index, with their order and options.
    Columns,
    Name,
    References,
    OnDelete,
    OnUpdate,
    NullsNotDistinct,
    Expression,
    Unique,
    Method,
    Predicate,
    With,
    Include,
    Concurrently,
    Command,
    Permissive,
    Roles,
    Using,
    WithCheck,
    Values,
    Options,
    Definition,
    Materialized,
    WithNoData,
    Tablespace,
    Existing,
    Enabled,
    /// DEFERRABLE and INITIALLY DEFERRED.
    Deferral,
    /// NOT VALID.
    Validated,
    /// MATCH FULL.
    Match,
    NoInherit,
    /// PARTITION BY, PARTITION OF and INHERITS.
    Partition,
    Unlogged,
    /// FORCE ROW LEVEL SECURITY.
    Forced,
    /// OWNED BY.
    Owner,
}

impl Aspect {
    /// The word for a person.
    pub fn as_str(self) -> &'static str {
        match self {
            Aspect::Type => "type",
            Aspect::NotNull => "NOT NULL",
            Aspect::Default => "default",
            Aspect::Generated => "generated expression",
            Aspect::Identity => "identity",
            Aspect::Autoincrement => "autoincrement",
            Aspect::Collation => "collation",
            Aspect::Comment => "comment",
            Aspect::Columns => "columns",
            Aspect::Name => "name",
            Aspect::References => "references",
            Aspect::OnDelete => "ON DELETE",
            Aspect::OnUpdate => "ON UPDATE",
            Aspect::NullsNotDistinct => "NULLS NOT DISTINCT",
            Aspect::Expression => "expression",
            Aspect::Unique => "uniqueness",
            Aspect::Method => "method",
            Aspect::Predicate => "WHERE",
            Aspect::With => "WITH options",
            Aspect::Include => "INCLUDE",
            Aspect::Concurrently => "CONCURRENTLY",
            Aspect::Command => "command",
            Aspect::Permissive => "permissive or restrictive",
            Aspect::Roles => "roles",
            Aspect::Using => "USING",
            Aspect::WithCheck => "WITH CHECK",
            Aspect::Values => "values",
            Aspect::Options => "options",
            Aspect::Definition => "definition",
            Aspect::Materialized => "materialized",
            Aspect::WithNoData => "WITH NO DATA",
            Aspect::Tablespace => "tablespace",
            Aspect::Existing => "existing",
            Aspect::Enabled => "enabled",
            Aspect::Deferral => "deferral",
            Aspect::Validated => "NOT VALID",
            Aspect::Match => "MATCH FULL",
            Aspect::NoInherit => "NO INHERIT",
            Aspect::Partition => "partition",
            Aspect::Unlogged => "UNLOGGED",
            Aspect::Forced => "FORCE ROW LEVEL SECURITY",
            Aspect::Owner => "OWNED BY",
        }
    }
}

impl Change {
    pub fn create(object: ObjectPath) -> Change {
        Change { object, action: Action::Create }
    }

    pub fn drop(object: ObjectPath) -> Change {
        Change { object, action: Action::Drop }
    }

    /// The stable word for the change, such as `add_column`, `drop_index` or `alter_enum`.
    pub fn kind(&self) -> String {
        let verb = match (&self.action, self.object.kind.is_part()) {
            (_, _) if self.object.kind == ObjectKind::RowLevelSecurity => match self.action {
                Action::Drop => "disable",
                _ => "enable",
            },
            (Action::Create, true) => "add",
            (Action::Create, false) => "create",
            (Action::Drop, _) => "drop",
            (Action::Alter(_), _) => "alter",
        };
        format!("{verb}_{}", self.object.kind.as_str())
    }
}
