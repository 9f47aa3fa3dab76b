//! Views and materialized views.

use std::rc::Rc;
use std::sync::Arc;

use schema::{Column, Map, Name, ObjectKind, ObjectPath, Table, View};
use source::Location;

use super::super::entities::sql::{Sql, Style, render};
use super::super::entities::{ColumnBuilder, Entity, Known, ViewSpec, query, reason};
use super::super::evaluate::Value;
use super::tables::Draft;
use super::{Build, Item};
use crate::Origin;

impl Build<'_, '_> {
    pub(super) fn view(&mut self, spec: &Rc<ViewSpec>) {
        self.out.identity = spec.identity;
        let focus = self.focus.clone();
        let namespace = spec.namespace.as_deref().unwrap_or(self.dialect.default_namespace());
        let name = match &spec.name {
            Ok(name) => Name::new(namespace, name.to_string()),
            Err(reason) => {
                self.out.item = Item::Unknown;
                return self.unknown(None, "the name of this view", reason, &focus);
            }
        };
        let path = ObjectPath::new(ObjectKind::View, &name);
        self.declare(path.clone(), &spec.site);
        let mut view = View {
            indexes: schema::Map::default(),
            name: name.clone(),
            materialized: spec.materialized,
            existing: spec.query.is_none(),
            definition: None,
            opaque: false,
            reads: Vec::new(),
            columns: Map::default(),
            primary_key: Vec::new(),
            with: Map::default(),
            with_no_data: spec.with_no_data.then_some(true),
            using: spec.using.as_str().map(|using| using.to_string()),
            tablespace: spec.tablespace.as_str().map(|tablespace| tablespace.to_string()),
        };
        if let Err(reason) = self.view_parts(&mut view, spec) {
            view.opaque = true;
            self.unknown(Some(path), "the definition of this view", &reason, &focus);
        }
        self.out.item = Item::View(Arc::new(view));
    }

    fn view_parts(&mut self, view: &mut View, spec: &Rc<ViewSpec>) -> Known<()> {
        view.with = self.options(Some(&spec.with), &spec.site)?;
        // An existing plain view keeps no options.
        if view.existing && !view.materialized {
            view.with.clear();
        }
        let style = Style { dialect: self.dialect, bare_columns: false, inline: true };
        let mut selected: Vec<(Arc<str>, Value)> = Vec::new();
        if let Some(value) = &spec.query {
            let chunks = match value {
                Value::Entity(Entity::Sql(sql)) => sql.chunks.clone(),
                Value::Entity(Entity::Query(inner)) => {
                    selected = query::selected(self.interpreter, inner, &spec.site)?;
                    query::as_sql(self.interpreter, inner, &spec.site)?.chunks
                }
                Value::Unknown(reason) => return Err(reason.clone()),
                _ => return Err(reason(self.interpreter, "the query is neither SQL nor a select", &spec.site)),
            };
            let rendered = render(self.interpreter, &chunks, style, &spec.site)?;
            rendered.fields.iter().for_each(|field| self.use_field(field));
            view.definition = Some(dialects::expression(self.dialect, &rendered.text));
        }
        match &spec.columns {
            Value::Object(object) => {
                for key in object.keys() {
                    if let Value::Entity(Entity::Column(builder)) = self.interpreter.property(object, &key) {
                        self.view_column(view, &key, &builder);
                    }
                }
            }
            _ => {
                for (_, value) in selected {
                    self.selected_column(view, &value)?;
                }
            }
        }
        Ok(())
    }

    /// A selected column looks as it does in its table.
    fn selected_column(&mut self, view: &mut View, value: &Value) -> Known<()> {
        if let Value::Entity(Entity::Field(field)) = value {
            let columns = self.interpreter.columns_of(&field.table)?;
            match self.interpreter.property(&columns, &field.key) {
                Value::Entity(Entity::Column(builder)) => self.view_column(view, &field.key, &builder),
                Value::Unknown(reason) => return Err(reason),
                _ => {}
            }
        }
        Ok(())
    }

    /// No casing here: drizzle-kit gives none to the columns of views.
    fn view_column(&mut self, view: &mut View, key: &str, builder: &Rc<ColumnBuilder>) {
        let name = match &builder.name {
            Some(Ok(name)) => name.to_string(),
            Some(Err(_)) => return,
            None => key.to_owned(),
        };
        let draft = Draft { plain_name: view.name.name.clone(), table: Table::new(view.name.clone()) };
        let path = ObjectPath::part(ObjectKind::Column, &view.name, name.as_str());
        let at: Location = self.focus.clone();
        let origin = Origin { full: at.span, focus: at, related: Vec::new() };
        let mut plain = (**builder).clone();
        if let Some(Value::String(text)) = &plain.default {
            // drizzle-kit doubles no quotes in the defaults of views.
            plain.default = Some(Value::Entity(Entity::Sql(Rc::new(Sql::raw(&format!("'{text}'"))))));
        }
        let column: Column = self.column_model(&draft, &name, &Rc::new(plain), &path, &origin);
        if builder.primary_key {
            view.primary_key.push(name.clone());
        }
        view.columns.insert(name, column);
    }
}
