//! The rows that both dialects share, and how they become parts of the model.

use schema::{
    Deferral, Dialect, ForeignKey, ForeignKeyAction, IndexColumn, IndexKey, Name, ObjectKind, PrimaryKey, Table,
};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use source::{Diagnostic, Location, Span, codes};

use super::state::Row;

/// A primary key or a unique constraint.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct KeyRow {
    pub(super) name: String,
    pub(super) columns: Vec<String>,
    #[serde(default)]
    pub(super) name_explicit: bool,
    pub(super) nulls_not_distinct: Option<bool>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ForeignKeyRow {
    pub(super) name: String,
    columns: Vec<String>,
    schema_to: Option<String>,
    table_to: String,
    columns_to: Vec<String>,
    on_update: Option<String>,
    on_delete: Option<String>,
    #[serde(default)]
    pub(super) name_explicit: bool,
}

#[derive(Deserialize)]
pub(super) struct CheckRow {
    pub(super) name: String,
    pub(super) value: String,
}

#[derive(Deserialize)]
pub(super) struct GeneratedRow {
    #[serde(rename = "as")]
    pub(super) expression: String,
    #[serde(rename = "type", default)]
    pub(super) kind: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct IndexColumnRow {
    value: String,
    #[serde(default)]
    is_expression: bool,
    asc: Option<bool>,
    nulls_first: Option<bool>,
    opclass: Option<OpclassRow>,
}

#[derive(Deserialize)]
struct OpclassRow {
    name: String,
    #[serde(default)]
    default: bool,
}

/// A row in the shape of its kind, or where it was made and what is wrong with it.
pub(super) fn typed<T: DeserializeOwned>(row: Row) -> Result<T, Box<Diagnostic>> {
    let (kind, file, offset) = (row.kind, row.file, row.offset);
    serde_json::from_value(Value::Object(row.fields)).map_err(|error| {
        let message = format!("the snapshot has a row of `{kind}` that cannot be read: {error}");
        let at = Location::new(&file, Span::new(offset, offset));
        let help = "Restore the file from version control, or repair it at this place.";
        Box::new(Diagnostic::new(codes::UNREADABLE_SNAPSHOT, at, message).with_help(help))
    })
}

/// The text of a row's field.
pub(super) fn field<'r>(row: &'r Row, name: &str) -> &'r str {
    row.fields.get(name).and_then(Value::as_str).unwrap_or_default()
}

impl KeyRow {
    /// A name that nobody chose is the database's, which on SQLite keeps none.
    pub(super) fn into_primary_key(self, dialect: Dialect) -> PrimaryKey {
        let mut key = PrimaryKey::new(None, self.columns);
        match dialect {
            _ if self.name_explicit => key.name = Some(self.name),
            Dialect::Postgres => key.server_name = Some(self.name),
            Dialect::Sqlite => {}
        }
        key
    }
}

impl ForeignKeyRow {
    pub(super) fn into_model(self, dialect: Dialect) -> ForeignKey {
        let action = |word: Option<&str>| word.and_then(ForeignKeyAction::parse).unwrap_or(ForeignKeyAction::NoAction);
        ForeignKey {
            unnamed: false,
            name: self.name,
            columns: self.columns,
            to: Name::new(self.schema_to.as_deref().unwrap_or(dialect.default_namespace()), self.table_to),
            to_columns: self.columns_to,
            on_delete: action(self.on_delete.as_deref()),
            on_update: action(self.on_update.as_deref()),
            match_full: false,
            deferral: Deferral::Immediate,
            not_valid: false,
        }
    }
}

impl IndexColumnRow {
    pub(super) fn into_model(self, dialect: Dialect) -> IndexColumn {
        let ascending = self.asc.unwrap_or(true);
        IndexColumn {
            key: match self.is_expression {
                true => IndexKey::Expression(dialects::expression(dialect, &self.value)),
                false => IndexKey::Column(self.value),
            },
            ascending,
            nulls_first: self.nulls_first.unwrap_or(false),
            opclass: self.opclass.filter(|opclass| !opclass.default).map(|opclass| opclass.name),
            collation: None,
        }
    }
}

/// Notes that nobody chose the name of a table's part.
pub(super) fn note_name(table: &mut Table, kind: ObjectKind, name: &str, is_explicit: bool) {
    if !is_explicit {
        table.default_names.insert((kind, name.to_owned()));
    }
}
