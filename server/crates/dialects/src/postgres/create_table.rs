//! `CREATE TABLE`.
//!
//! A partition is made as a table of its own and gets its place later: so its keys and indexes keep their names.

use schema::{Check, Column, Dialect, Identity, Name, OpaqueKind, Scalar, Schema, SqlType, Table};
use std::collections::HashMap;

use super::{constraints, implicit_names, sequences, types};
use crate::quote_identifier;
use crate::sql_text::{Script, element_lines, in_parentheses, joined, note, quoted, scalar};

const DIALECT: Dialect = Dialect::Postgres;

/// What a table's statement needs to know of the rest of the schema.
pub(crate) struct Context<'a> {
    schema: &'a Schema,
    /// Domains and types known by name only, by the canonical form that a column's type has.
    user_types: HashMap<String, &'a Name>,
}

impl<'a> Context<'a> {
    pub(crate) fn new(schema: &'a Schema) -> Context<'a> {
        let opaque = schema.opaque.keys().filter(|key| key.kind == OpaqueKind::Type).map(|key| &key.name);
        let user_types = schema.domains.keys().chain(opaque).map(|name| (types::quoted_name(name), name)).collect();
        Context { schema, user_types }
    }

    /// The domain or type that a column's type is, or is an array of.
    pub(crate) fn user_type(&self, sql_type: &SqlType) -> Option<&'a Name> {
        self.user_types.get(sql_type.canonical.trim_end_matches("[]")).copied()
    }

    /// The type as a statement names it that runs with the usual search path.
    pub(crate) fn type_text(&self, sql_type: &SqlType) -> String {
        let name = match &sql_type.enum_name {
            Some(name) => Some(name),
            // As it is written where that names it in full; one of the default namespace is found anyway.
            None => self.user_type(sql_type).filter(|name| {
                name.namespace != DIALECT.default_namespace() && types::canonical(&sql_type.text) != sql_type.canonical
            }),
        };
        match name {
            Some(name) => format!("{}{}", type_name(name), types::dimensions(&sql_type.text)),
            None => sql_type.text.trim().to_owned(),
        }
    }
}

/// A type of the database's own name is only found in its namespace.
fn type_name(name: &Name) -> String {
    let is_shadowed = types::is_builtin(&name.name);
    if is_shadowed && name.namespace == DIALECT.default_namespace() {
        return format!("{}.{}", quote_identifier(DIALECT, &name.namespace), quote_identifier(DIALECT, &name.name));
    }
    quoted(DIALECT, name)
}

pub(crate) fn write(ctx: &Context<'_>, table: &Table, script: &mut Script) {
    let inherited = Inherited::of(ctx.schema, table);
    let mut elements: Vec<(String, Option<String>)> = Vec::new();
    let mut unknown = Vec::new();
    for column in table.columns.values().filter(|column| !inherited.is_column(column)) {
        if column.unknown.sql_type {
            unknown.push(format!("{} is a column too, its type is not known", quote_identifier(DIALECT, &column.name)));
        } else {
            elements.push((column_text(ctx, table, column, &inherited), note(column.unknown)));
        }
    }
    let (inside, later) = constraints::clauses(table, |check| !inherited.is_check(check));
    elements.extend(inside.into_iter().map(|clause| (clause, None)));
    let unlogged = if table.unlogged { "UNLOGGED " } else { "" };
    let mut text = format!("CREATE {unlogged}TABLE {} (", quoted(DIALECT, &table.name));
    text.push_str(&element_lines(&elements, &unknown));
    text.push(')');
    if !table.inherits.is_empty() {
        text.push_str(&format!(" INHERITS ({})", joined(table.inherits.iter().map(|name| quoted(DIALECT, name)))));
    }
    if let Some(key) = &table.partition_by {
        text.push_str(&format!(" PARTITION BY {}", key.text.trim()));
    }
    if !table.options.is_empty() {
        text.push_str(&format!(" WITH ({})", storage_parameters(&table.options)));
    }
    script.statement(&text);
    for clause in &later {
        script.statement(&constraints::add(&table.name, clause));
    }
}

fn column_text(ctx: &Context<'_>, table: &Table, column: &Column, inherited: &Inherited<'_>) -> String {
    let mut text = format!("{} {}", quote_identifier(DIALECT, &column.name), ctx.type_text(&column.sql_type));
    if let Some(collation) = &column.collation {
        text.push_str(&format!(" COLLATE {collation}"));
    }
    let key = table.primary_key.as_ref().filter(|key| constraints::is_inline(&table.name, key));
    if key.is_some_and(|key| key.columns.contains(&column.name)) {
        text.push_str(" PRIMARY KEY");
    }
    if let Some(identity) = &column.identity {
        text.push_str(&identity_text(table, column, identity));
    }
    match &column.default {
        Some(default) => text.push_str(&format!(" DEFAULT {}", scalar(DIALECT, default))),
        None if inherited.has_default(&column.name) => text.push_str(" DEFAULT NULL"),
        None => {}
    }
    if let Some(generated) = &column.generated {
        let storage = if generated.stored { "STORED" } else { "VIRTUAL" };
        let expression = in_parentheses(DIALECT, &generated.expression.text);
        text.push_str(&format!(" GENERATED ALWAYS AS {expression} {storage}"));
    }
    if column.not_null {
        text.push_str(" NOT NULL");
    }
    text
}

fn identity_text(table: &Table, column: &Column, identity: &Identity) -> String {
    let name = Name::new(identity.sequence_namespace.as_str(), identity.sequence_name.as_str());
    let is_usual = name.namespace == table.name.namespace
        && name.name == implicit_names::choose(&table.name.name, &column.name, "seq", |_| false);
    let mut options = Vec::new();
    if !is_usual && !name.name.is_empty() {
        options.push(format!("SEQUENCE NAME {}", quoted(DIALECT, &name)));
    }
    options.extend(sequences::options(&identity.options, &column.sql_type.canonical));
    let options = if options.is_empty() { String::new() } else { format!(" ({})", options.join(" ")) };
    let when = if identity.always { "ALWAYS" } else { "BY DEFAULT" };
    format!(" GENERATED {when} AS IDENTITY{options}")
}

/// `fillfactor = 70, autovacuum_enabled = false`.
pub(crate) fn storage_parameters<'a>(options: impl IntoIterator<Item = (&'a String, &'a Scalar)>) -> String {
    joined(options.into_iter().map(|(name, value)| format!("{name} = {}", scalar(DIALECT, value))))
}

/// What a table has from the tables it inherits from, without saying it.
pub(crate) struct Inherited<'a> {
    parents: Vec<&'a Table>,
}

impl<'a> Inherited<'a> {
    pub(crate) fn of(schema: &'a Schema, table: &Table) -> Inherited<'a> {
        let parents = table.inherits.iter().filter_map(|name| schema.tables.get(name)).map(|it| &**it);
        Inherited { parents: parents.filter(|parent| !parent.opaque).collect() }
    }

    fn column(&self, name: &str) -> Option<&'a Column> {
        self.parents.iter().find_map(|parent| parent.columns.get(name))
    }

    /// True where the column is the parent's as it stands; comments and identities are not inherited.
    pub(crate) fn is_column(&self, own: &Column) -> bool {
        self.column(&own.name).is_some_and(|column| {
            let plain = Column { comment: own.comment.clone(), identity: None, ..column.clone() };
            plain == *own
        })
    }

    pub(crate) fn has_default(&self, name: &str) -> bool {
        self.column(name).is_some_and(|column| column.default.is_some())
    }

    pub(crate) fn is_check(&self, own: &Check) -> bool {
        self.parents.iter().any(|parent| parent.checks.get(&own.name).is_some_and(|it| it == own && !it.no_inherit))
    }
}
