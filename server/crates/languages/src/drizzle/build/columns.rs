//! Columns: names, types, defaults, and the constraints a column brings itself.

use std::rc::Rc;
use std::sync::Arc;

use schema::{
    Column, ColumnFacts, Dialect, Generated, Identity, Index, IndexColumn, IndexKey, Map, Name, ObjectKind, ObjectPath,
    SqlType, Unique,
};
use source::{Location, codes};

use super::super::entities::sql::{Style, render};
use super::super::entities::{ColumnBuilder, Entity, Field, Known, TableSpec, reason};
use super::super::evaluate::{Interpreter, Reason, Value, display};
use super::super::{casing, defaults, defaults_of_one};
use super::Build;
use super::objects::sequence_options;
use super::tables::Draft;
use crate::{Origin, Use};

impl Interpreter<'_> {
    fn builder_of(&mut self, field: &Field) -> Known<Rc<ColumnBuilder>> {
        let columns = self.columns_of(&field.table)?;
        match self.property(&columns, &field.key) {
            Value::Entity(Entity::Column(builder)) => Ok(builder),
            // A view of another table's columns: the field itself stands there.
            Value::Entity(Entity::Field(inner)) => self.nested(|interpreter| interpreter.builder_of(&inner)),
            Value::Unknown(reason) => Err(reason),
            _ => Err(reason(self, "it is not a column", &field.at)),
        }
    }

    /// The name as given, else the key: what default names are made of.
    pub(crate) fn raw_column_name(&mut self, field: &Field) -> Known<Arc<str>> {
        let builder = self.builder_of(field)?;
        builder.name.clone().unwrap_or_else(|| Ok(field.key.clone()))
    }

    /// The name in the database.
    pub(crate) fn column_name_in(&mut self, field: &Field) -> Known<Arc<str>> {
        let builder = self.builder_of(field)?;
        match &builder.name {
            Some(name) => name.clone(),
            None => Ok(Arc::from(casing::apply(self.casing, &field.key))),
        }
    }

    pub(crate) fn column_name(&mut self, field: &Rc<Field>) -> Known<Arc<str>> {
        self.column_name_in(field)
    }

    pub(super) fn is_vector(&mut self, field: &Field) -> bool {
        self.builder_of(field).is_ok_and(|builder| builder.function == "vector")
    }
}

impl Build<'_, '_> {
    pub(super) fn columns(&mut self, draft: &mut Draft, spec: &Rc<TableSpec>) {
        let object = match self.interpreter.columns_of(spec) {
            Ok(object) => object,
            Err(reason) => {
                let focus = self.focus.clone();
                self.open_part(draft, ObjectKind::Column, "the columns of this table", &reason, &focus);
                return self.open_column_constraints(draft);
            }
        };
        if let Some(reason) = object.open_reason() {
            let at = self.call_place(&reason.location);
            self.open_part(draft, ObjectKind::Column, "some columns of this table", &reason, &at);
            self.open_column_constraints(draft);
        }
        for key in object.keys() {
            let value = self.interpreter.property(&object, &key);
            let origin = self.property_origin(object.origin(&key).as_ref());
            match value {
                Value::Entity(Entity::Column(builder)) => self.column(draft, &key, &builder, origin),
                Value::Unknown(reason) => {
                    let what = format!("the column `{key}`");
                    self.open_part(draft, ObjectKind::Column, &what, &reason, &origin.focus);
                    self.open_column_constraints(draft);
                }
                Value::Undefined => {}
                _ => {
                    let reason = reason(self.interpreter, "it is not a column builder", &origin.focus);
                    let what = format!("the column `{key}`");
                    self.open_part(draft, ObjectKind::Column, &what, &reason, &origin.focus);
                }
            }
        }
    }

    /// A column nobody knows may bring keys and constraints nobody knows.
    fn open_column_constraints(&mut self, draft: &mut Draft) {
        draft.table.set_open(ObjectKind::PrimaryKey);
        draft.table.set_open(ObjectKind::ForeignKey);
        draft.table.set_open(self.unique_kind());
    }

    fn column(&mut self, draft: &mut Draft, key: &str, builder: &Rc<ColumnBuilder>, origin: Origin) {
        let raw_name = builder.name.clone().unwrap_or_else(|| Ok(Arc::from(key)));
        let name = match &builder.name {
            Some(Ok(name)) => name.to_string(),
            Some(Err(reason)) => {
                let reason = reason.clone();
                let what = format!("the name of the column `{key}`");
                self.open_part(draft, ObjectKind::Column, &what, &reason, &origin.focus);
                return self.open_column_constraints(draft);
            }
            None => casing::apply(self.interpreter.casing, key),
        };
        let path = ObjectPath::part(ObjectKind::Column, &draft.table.name, name.as_str());
        self.uses.push(Use { location: origin.focus.clone(), object: path.clone(), is_declaration: true });
        self.use_enum(builder);
        let column = self.column_model(draft, &name, builder, &path, &origin);
        if draft.table.columns.contains_key(&name) {
            let message = format!("the table {} has two columns named `{name}`", draft.table.name);
            self.diagnose(codes::DUPLICATE_NAME, &origin.focus, message, "give one of them another name");
        }
        let raw_name = raw_name.map(|name| name.to_string()).unwrap_or_default();
        self.column_constraints(draft, &name, &raw_name, builder, &origin);
        draft.table.columns.insert(name, column);
        self.origins.push((path, origin));
    }

    fn use_enum(&mut self, builder: &ColumnBuilder) {
        let Some(spec) = &builder.enum_type else { return };
        let Ok(name) = &spec.name else { return };
        let namespace = spec.namespace.as_deref().unwrap_or("public");
        let object = ObjectPath::new(ObjectKind::Enum, &Name::new(namespace, name.to_string()));
        let text = self.interpreter.load(&builder.site.file).map(|module| module.text.clone()).unwrap_or_default();
        let callee = builder.site.span.text(&text).split('(').next().unwrap_or_default().len();
        let mut location = builder.site.clone();
        location.span.end = location.span.start + u32::try_from(callee).unwrap_or_default();
        self.uses.push(Use { location, object, is_declaration: false });
    }

    /// The column alone.
    pub(super) fn column_model(
        &mut self,
        draft: &Draft,
        name: &str,
        builder: &Rc<ColumnBuilder>,
        path: &ObjectPath,
        origin: &Origin,
    ) -> Column {
        let mut unknown = ColumnFacts::default();
        let mut note = |build: &mut Self, facts: ColumnFacts, what: &str, reason: &Rc<Reason>| {
            unknown = unknown.union(facts);
            let what = format!("the {what} of {}", path.short());
            build.unknown(Some(path.clone()), &what, reason, &origin.focus);
        };
        let none = ColumnFacts::default();
        for (facts, reason) in &builder.unknown {
            note(self, *facts, unknown_word(*facts), reason);
        }
        let (type_text, enum_name) = match &builder.sql_type {
            Ok(text) => (text.clone(), enum_name(builder, self.is_one())),
            Err(reason) => {
                note(self, ColumnFacts { sql_type: true, ..none }, "type", reason);
                (String::new(), None)
            }
        };
        let sql_type = dialects::sql_type(self.dialect, &type_text, enum_name);
        let default = match &builder.default {
            None => None,
            Some(value) => match self.default_scalar(builder, &sql_type, value, path, &origin.focus) {
                Ok(scalar) => Some(scalar),
                Err(reason) => {
                    note(self, ColumnFacts { default: true, ..none }, "default", &reason);
                    None
                }
            },
        };
        let generated = match &builder.generated {
            None => None,
            Some((value, config)) => match self.generated(value, config, &builder.site) {
                Ok(generated) => Some(generated),
                Err(reason) => {
                    note(self, ColumnFacts { generated: true, ..none }, "generated expression", &reason);
                    None
                }
            },
        };
        let identity = match &builder.identity {
            None => None,
            Some((always, options)) => match self.identity(draft, name, &type_text, *always, options) {
                Ok(identity) => Some(identity),
                Err(reason) => {
                    note(self, ColumnFacts { identity: true, ..none }, "identity", &reason);
                    None
                }
            },
        };
        Column {
            name: name.to_owned(),
            sql_type,
            not_null: self.is_not_null(builder),
            default,
            generated,
            identity,
            autoincrement: builder.autoincrement,
            collation: None,
            comment: None,
            unknown,
        }
    }

    /// Where 1.0 differs: SQLite's key columns are not marked, and every bigserial is.
    fn is_not_null(&self, builder: &ColumnBuilder) -> bool {
        match self.dialect {
            _ if !self.is_one() => builder.not_null,
            Dialect::Sqlite => builder.not_null && !builder.primary_key,
            Dialect::Postgres => builder.not_null || builder.function == "bigserial",
        }
    }

    pub(super) fn default_scalar(
        &mut self,
        builder: &ColumnBuilder,
        sql_type: &SqlType,
        value: &Value,
        path: &ObjectPath,
        at: &Location,
    ) -> Known<schema::Scalar> {
        let default_text = if self.is_one() { defaults_of_one::default_text } else { defaults::default_text };
        let text = default_text(self.interpreter, builder, &sql_type.text, value, at)?;
        if let Some(fault) = text.fault {
            let message = format!("drizzle-kit writes a wrong default for {}: {fault}", path.short());
            self.diagnose(codes::INTERPOLATED_VALUE, at, message, "write the default as sql`…` instead");
        }
        Ok(dialects::default(self.dialect, &text.text, text.form, sql_type))
    }

    pub(super) fn generated(&mut self, value: &Value, config: &Value, site: &Location) -> Known<Generated> {
        let value = match value {
            callback @ Value::Function(_) => {
                self.interpreter.nested(|interpreter| interpreter.call(callback, Vec::new(), site))
            }
            other => other.clone(),
        };
        let is_sqlite = self.dialect == Dialect::Sqlite;
        let text = match &value {
            Value::Entity(Entity::Sql(sql)) => {
                let style = Style { dialect: self.dialect, bare_columns: is_sqlite, inline: sql.inline };
                let rendered = render(self.interpreter, &sql.chunks, style, site)?;
                rendered.fields.iter().for_each(|field| self.use_field(field));
                self.placeholder(rendered.has_placeholder, site);
                rendered.text
            }
            Value::Unknown(reason) => return Err(reason.clone()),
            other => match display(other) {
                Some(text) => text,
                None => return Err(reason(self.interpreter, "the expression is neither SQL nor a value", site)),
            },
        };
        let stored = match config {
            _ if !is_sqlite => true,
            Value::Object(config) => {
                self.interpreter.property(config, "mode").as_str().is_some_and(|mode| &**mode == "stored")
            }
            _ => false,
        };
        let text = if is_sqlite { format!("({text})") } else { text };
        Ok(Generated { expression: dialects::expression(self.dialect, &text), stored })
    }

    /// A value inside SQL that drizzle-kit turns into a placeholder.
    pub(super) fn placeholder(&mut self, has_placeholder: bool, at: &Location) {
        if has_placeholder {
            let message = String::from("a value in this SQL becomes a placeholder ($1 or ?), which is an error in DDL");
            self.diagnose(
                codes::INTERPOLATED_VALUE,
                at,
                message,
                "write the value into the SQL text, or use sql.raw()",
            );
        }
    }

    fn identity(
        &mut self,
        draft: &Draft,
        name: &str,
        type_text: &str,
        always: bool,
        options: &Value,
    ) -> Known<Identity> {
        let maximum = match type_text {
            "integer" => "2147483647",
            "bigint" => "9223372036854775807",
            _ => "32767",
        };
        let given_name = match options {
            Value::Object(options) => self.interpreter.property(options, "name"),
            _ => Value::Undefined,
        };
        let sequence_name = match given_name {
            Value::String(given) => given.to_string(),
            Value::Unknown(reason) => return Err(reason),
            _ => format!("{}_{name}_seq", draft.plain_name),
        };
        // drizzle-kit's lower bound for descending identities is that of smallint whatever the type.
        let options = sequence_options(self.interpreter, options, maximum, "-32768")?;
        Ok(Identity { always, sequence_name, sequence_namespace: draft.table.name.namespace.clone(), options })
    }

    /// Keys and constraints that the column's chain adds to the table.
    fn column_constraints(
        &mut self,
        draft: &mut Draft,
        name: &str,
        raw_name: &str,
        builder: &Rc<ColumnBuilder>,
        origin: &Origin,
    ) {
        if builder.primary_key {
            Self::inline_primary_key(draft, name);
        }
        for (kind, reason) in &builder.open {
            let what = format!("a constraint of the column `{name}`");
            self.open_part(draft, *kind, &what, reason, &origin.focus);
        }
        if let Some((unique_name, nulls_not_distinct)) = &builder.unique {
            let unique_name = match unique_name {
                None => {
                    let name = self.naming().column_unique(&draft.plain_name, raw_name);
                    self.naming().note(&mut draft.table, self.unique_kind(), &name);
                    name
                }
                Some(Ok(given)) => given.to_string(),
                Some(Err(reason)) => {
                    let kind = self.unique_kind();
                    let reason = reason.clone();
                    return self.open_part(draft, kind, "the name of a unique constraint", &reason, &origin.focus);
                }
            };
            self.add_unique(draft, unique_name, vec![name.to_owned()], *nulls_not_distinct, origin);
        }
        for (target, actions, site) in &builder.references {
            self.column_reference(draft, name, raw_name, (target, actions, site), origin);
        }
    }

    /// A unique constraint, which on SQLite drizzle-kit makes a unique index.
    pub(super) fn add_unique(
        &mut self,
        draft: &mut Draft,
        name: String,
        columns: Vec<String>,
        nulls_not_distinct: bool,
        origin: &Origin,
    ) {
        let kind = self.unique_kind();
        let exists = match kind {
            ObjectKind::Index => draft.table.indexes.contains_key(&name),
            _ => draft.table.uniques.contains_key(&name),
        };
        if exists {
            let message = format!("the table {} has two unique constraints named `{name}`", draft.table.name);
            self.diagnose(
                codes::DUPLICATE_NAME,
                &origin.focus,
                message,
                "give one of them another name: drizzle-kit refuses both",
            );
        }
        self.origins.push((ObjectPath::part(kind, &draft.table.name, name.as_str()), origin.clone()));
        if kind == ObjectKind::Unique {
            draft.table.uniques.insert(name.clone(), Unique::new(name, columns, nulls_not_distinct));
            return;
        }
        let columns = columns
            .into_iter()
            .map(|column| IndexColumn {
                key: IndexKey::Column(column),
                ascending: true,
                nulls_first: false,
                opclass: None,
                collation: None,
            })
            .collect();
        let index = Index {
            name: name.clone(),
            unique: true,
            method: String::new(),
            columns,
            include: Vec::new(),
            predicate: None,
            with: Map::default(),
            nulls_not_distinct: false,
            concurrently: Some(false),
        };
        draft.table.indexes.insert(name, index);
    }
}

/// Before 1.0, drizzle-kit does not name the enum of a column whose enum was made from an object.
fn enum_name(builder: &ColumnBuilder, is_one: bool) -> Option<Name> {
    let spec = builder.enum_type.as_ref().filter(|spec| is_one || !spec.from_object)?;
    let name = spec.name.as_ref().ok()?;
    Some(Name::new(spec.namespace.as_deref().unwrap_or("public"), name.to_string()))
}

fn unknown_word(facts: ColumnFacts) -> &'static str {
    match facts {
        ColumnFacts { sql_type: true, .. } => "type",
        ColumnFacts { default: true, .. } => "default",
        ColumnFacts { generated: true, .. } => "generated expression",
        ColumnFacts { identity: true, .. } => "identity",
        ColumnFacts { autoincrement: true, .. } => "AUTOINCREMENT",
        _ => "definition",
    }
}
