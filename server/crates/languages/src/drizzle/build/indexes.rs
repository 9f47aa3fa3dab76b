//! Indexes.

use std::rc::Rc;

use schema::{Dialect, Form, Index, IndexColumn, IndexKey, Map, ObjectKind, ObjectPath, Scalar};
use source::{Location, codes};

use super::super::entities::{Entity, Field, IndexSpec, Known, reason};
use super::super::evaluate::{Value, number_text};
use super::Build;
use super::tables::Draft;
use crate::Origin;

impl Build<'_, '_> {
    pub(super) fn index(&mut self, draft: &mut Draft, spec: &Rc<IndexSpec>) {
        let focus = self.call_place(&spec.site);
        let Some(columns) = &spec.columns else { return };
        match self.index_parts(draft, spec, columns, &focus) {
            Ok(Some(index)) => {
                let path = ObjectPath::part(ObjectKind::Index, &draft.table.name, index.name.as_str());
                self.origins.push((path, Origin { full: focus.span, focus, related: Vec::new() }));
                draft.table.indexes.insert(index.name.clone(), index);
            }
            Ok(None) => draft.table.set_open(ObjectKind::Index),
            Err(reason) => self.open_part(draft, ObjectKind::Index, "an index", &reason, &focus),
        }
    }

    /// None where the index is wrong in itself; a finding says how.
    fn index_parts(
        &mut self,
        draft: &mut Draft,
        spec: &IndexSpec,
        columns: &[Value],
        focus: &Location,
    ) -> Known<Option<Index>> {
        let mut keys = Vec::new();
        for column in columns {
            keys.push(self.index_column(draft, column, spec, focus)?);
        }
        let name = match &spec.name {
            Some(name) => name.clone()?.to_string(),
            None => {
                let is_plain = keys.iter().all(|key| matches!(key.key, IndexKey::Column(_)));
                if !is_plain || self.dialect == Dialect::Sqlite {
                    let what = if is_plain { "" } else { " on an expression" };
                    let message = format!("an index of {}{what} needs a name", draft.table.name);
                    let help = "name it: index('name').on(…); drizzle-kit refuses it otherwise";
                    self.diagnose(codes::UNNAMED_INDEX, focus, message, help);
                    return Ok(None);
                }
                let names: Vec<&str> = keys
                    .iter()
                    .map(|key| match &key.key {
                        IndexKey::Column(name) => name.as_str(),
                        IndexKey::Expression(expression) => expression.text.as_str(),
                    })
                    .collect();
                let name = self.naming().index(&draft.plain_name, &names);
                self.naming().note(&mut draft.table, ObjectKind::Index, &name);
                name
            }
        };
        if draft.table.indexes.contains_key(&name) {
            let message = format!("the table {} has two indexes named `{name}`", draft.table.name);
            self.diagnose(
                codes::DUPLICATE_NAME,
                focus,
                message,
                "give one of them another name: drizzle-kit refuses both",
            );
        }
        let predicate = match &spec.predicate {
            None | Some(Value::Undefined) => None,
            Some(value) => {
                let bare_columns = self.is_one() && self.dialect == Dialect::Postgres;
                let text = self.sql_text(&self.inlined(value), bare_columns, &spec.site)?;
                Some(dialects::expression(self.dialect, &text))
            }
        };
        let is_postgres = self.dialect == Dialect::Postgres;
        let method = match &spec.method {
            Some(Value::String(method)) => method.to_string(),
            Some(Value::Unknown(reason)) => return Err(reason.clone()),
            _ if is_postgres => String::from("btree"),
            _ => String::new(),
        };
        Ok(Some(Index {
            name,
            unique: spec.unique,
            method,
            columns: keys,
            include: Vec::new(),
            predicate,
            with: self.options(spec.with.as_ref(), &spec.site)?,
            nulls_not_distinct: false,
            concurrently: Some(spec.concurrently),
        }))
    }

    fn index_column(&mut self, draft: &Draft, value: &Value, spec: &IndexSpec, focus: &Location) -> Known<IndexColumn> {
        match value {
            Value::Entity(Entity::Field(field)) => {
                let name = self.interpreter.column_name(field)?.to_string();
                self.use_field(field);
                let opclass = match &field.order.opclass {
                    None => None,
                    Some(name) => Some(name.clone()?.to_string()),
                };
                self.check_opclass(draft, field, opclass.is_none(), &name, focus);
                Ok(IndexColumn {
                    key: IndexKey::Column(name),
                    ascending: !field.order.descending,
                    nulls_first: field.order.nulls_first.unwrap_or(false),
                    opclass,
                    collation: None,
                })
            }
            Value::Entity(Entity::Sql(_)) => {
                let text = self.sql_text(value, true, &spec.site)?;
                Ok(IndexColumn {
                    key: IndexKey::Expression(dialects::expression(self.dialect, &text)),
                    ascending: true,
                    nulls_first: false,
                    opclass: None,
                    collation: None,
                })
            }
            Value::Unknown(reason) => Err(reason.clone()),
            _ => Err(reason(self.interpreter, "what it is on is neither a column nor SQL", &spec.site)),
        }
    }

    /// drizzle-kit asks for one on every index of a vector column; for hnsw the database does too.
    fn check_opclass(&mut self, draft: &Draft, field: &Field, is_missing: bool, name: &str, focus: &Location) {
        if is_missing && self.dialect == Dialect::Postgres && self.interpreter.is_vector(field) {
            let message = format!("an index on the vector column {}.{name} needs an operator class", draft.table.name);
            let help = "add .op('vector_l2_ops') or another class to the column; drizzle-kit refuses it otherwise";
            self.diagnose(codes::MISSING_OPCLASS, focus, message, help);
        }
    }

    /// `.with({ fillfactor: 70 })`.
    pub(super) fn options(&mut self, value: Option<&Value>, site: &Location) -> Known<Map<String, Scalar>> {
        let mut options = Map::default();
        let object = match value {
            None | Some(Value::Undefined) => return Ok(options),
            Some(Value::Object(object)) => object.clone(),
            Some(Value::Unknown(reason)) => return Err(reason.clone()),
            Some(_) => return Err(reason(self.interpreter, "the options are not an object", site)),
        };
        if let Some(reason) = object.open_reason() {
            return Err(reason);
        }
        for key in object.keys() {
            let scalar = match self.interpreter.property(&object, &key) {
                Value::Undefined => continue,
                Value::Number(number) => dialects::option_value(&number_text(number), Form::Number),
                Value::Boolean(value) => dialects::option_value(if value { "true" } else { "false" }, Form::Boolean),
                Value::String(text) => dialects::option_value(&text, Form::Sql),
                Value::Unknown(reason) => return Err(reason),
                _ => return Err(reason(self.interpreter, "an option is not a plain value", site)),
            };
            options.insert(key.to_string(), scalar);
        }
        Ok(options)
    }
}
