//! Primary keys, unique constraints, foreign keys, checks.

use std::rc::Rc;

use schema::{Check, Deferral, Dialect, ForeignKey, ForeignKeyAction, ObjectKind, ObjectPath, PrimaryKey};
use source::{Location, codes};

use super::super::entities::sql::{Sql, Style, render};
use super::super::entities::{CheckSpec, Entity, Field, ForeignKeySpec, Known, PrimaryKeySpec, UniqueSpec, reason};
use super::super::evaluate::{Reason, Value};
use super::Build;
use super::tables::Draft;
use crate::Origin;

/// A list of columns: as given, and in the database.
struct Columns {
    fields: Vec<Rc<Field>>,
    raw: Vec<String>,
    names: Vec<String>,
}

impl Build<'_, '_> {
    fn column_list(&mut self, values: &[Value], at: &Location) -> Known<Columns> {
        let mut columns = Columns { fields: Vec::new(), raw: Vec::new(), names: Vec::new() };
        for value in values {
            match value {
                Value::Entity(Entity::Field(field)) => {
                    columns.raw.push(self.interpreter.raw_column_name(field)?.to_string());
                    columns.names.push(self.interpreter.column_name(field)?.to_string());
                    columns.fields.push(field.clone());
                }
                Value::Unknown(reason) => return Err(reason.clone()),
                _ => return Err(reason(self.interpreter, "what is listed here is not a column", at)),
            }
        }
        columns.fields.clone().iter().for_each(|field| self.use_field(field));
        Ok(columns)
    }

    /// With a casing, drizzle-kit replaces each column's own name in the default name, once and textually.
    fn recased(&self, mut name: String, columns: &Columns) -> String {
        if self.interpreter.casing.is_some() {
            for (raw, cased) in columns.raw.iter().zip(&columns.names) {
                name = name.replacen(raw, cased, 1);
            }
        }
        name
    }

    fn call_origin(&self, site: &Location) -> Origin {
        let focus = self.call_place(site);
        Origin { full: focus.span, focus, related: Vec::new() }
    }

    pub(super) fn primary_key(&mut self, draft: &mut Draft, spec: &Rc<PrimaryKeySpec>) {
        let origin = self.call_origin(&spec.site);
        let columns = match self.column_list(&spec.columns, &spec.site) {
            Ok(columns) => columns,
            Err(reason) => {
                return self.open_part(draft, ObjectKind::PrimaryKey, "the primary key", &reason, &origin.focus);
            }
        };
        if let (Dialect::Sqlite, [single], false) = (self.dialect, columns.names.as_slice(), self.is_one()) {
            let path = ObjectPath::part(ObjectKind::PrimaryKey, &draft.table.name, single.as_str());
            self.origins.push((path, origin));
            return Self::inline_primary_key(draft, single);
        }
        let name = match &spec.name {
            Some(Ok(name)) => name.to_string(),
            Some(Err(reason)) => {
                let reason = reason.clone();
                return self.open_part(draft, ObjectKind::PrimaryKey, "the primary key's name", &reason, &origin.focus);
            }
            None => match self.naming().primary_key(&draft.plain_name, &columns.raw) {
                Some(name) => name,
                None => {
                    let path = ObjectPath::part(ObjectKind::PrimaryKey, &draft.table.name, columns.names.join("_"));
                    self.origins.push((path, origin));
                    draft.table.primary_key = Some(PrimaryKey::new(None, columns.names));
                    return;
                }
            },
        };
        let name = self.recased(name, &columns);
        let path = ObjectPath::part(ObjectKind::PrimaryKey, &draft.table.name, name.as_str());
        self.origins.push((path, origin));
        draft.table.primary_key = Some(PrimaryKey::new(Some(name), columns.names));
    }

    pub(super) fn unique(&mut self, draft: &mut Draft, spec: &Rc<UniqueSpec>) {
        let origin = self.call_origin(&spec.site);
        let kind = self.unique_kind();
        let columns = match self.column_list(&spec.columns, &spec.site) {
            Ok(columns) => columns,
            Err(reason) => return self.open_part(draft, kind, "a unique constraint", &reason, &origin.focus),
        };
        let name = match &spec.name {
            Some(Ok(name)) => name.to_string(),
            Some(Err(reason)) => {
                let reason = reason.clone();
                return self.open_part(draft, kind, "the name of a unique constraint", &reason, &origin.focus);
            }
            None => {
                let name = self.naming().unique(&draft.plain_name, &columns.raw);
                self.naming().note(&mut draft.table, kind, &name);
                name
            }
        };
        self.add_unique(draft, name, columns.names, spec.nulls_not_distinct, &origin);
    }

    pub(super) fn foreign_key(&mut self, draft: &mut Draft, spec: &Rc<ForeignKeySpec>) {
        let origin = self.call_origin(&spec.site);
        let name = match &spec.name {
            Some(Err(reason)) => {
                let reason = reason.clone();
                return self.open_part(draft, ObjectKind::ForeignKey, "a foreign key's name", &reason, &origin.focus);
            }
            Some(Ok(name)) => Some(name.to_string()),
            None => None,
        };
        let lists = self
            .list_of(&spec.columns, &spec.site)
            .and_then(|columns| Ok((columns, self.list_of(&spec.foreign_columns, &spec.site)?)));
        let actions = (spec.on_delete.clone(), spec.on_update.clone());
        let result = lists
            .and_then(|(columns, foreign)| self.add_foreign_key(draft, name, &columns, &foreign, &actions, &origin));
        if let Err(reason) = result {
            self.open_part(draft, ObjectKind::ForeignKey, "a foreign key", &reason, &origin.focus);
        }
    }

    fn list_of(&mut self, value: &Value, at: &Location) -> Known<Columns> {
        match value.as_array() {
            Some(items) => self.column_list(&items, at),
            None => self.column_list(std::slice::from_ref(value), at),
        }
    }

    /// `.references(() => users.id, actions)`.
    pub(super) fn column_reference(
        &mut self,
        draft: &mut Draft,
        name: &str,
        raw_name: &str,
        (target, actions, site): (&Value, &Value, &Location),
        origin: &Origin,
    ) {
        let target = self.interpreter.nested(|interpreter| interpreter.call(target, Vec::new(), site));
        let columns = Columns { fields: Vec::new(), raw: vec![raw_name.to_owned()], names: vec![name.to_owned()] };
        let actions = match actions {
            Value::Object(config) => {
                (self.interpreter.property(config, "onDelete"), self.interpreter.property(config, "onUpdate"))
            }
            other => (other.clone(), other.clone()),
        };
        let result = self
            .column_list(&[target], site)
            .and_then(|foreign| self.add_foreign_key(draft, None, &columns, &foreign, &actions, origin));
        if let Err(reason) = result {
            let what = format!("what `{name}` references");
            self.open_part(draft, ObjectKind::ForeignKey, &what, &reason, &origin.focus);
        }
    }

    fn add_foreign_key(
        &mut self,
        draft: &mut Draft,
        name: Option<String>,
        columns: &Columns,
        foreign: &Columns,
        (on_delete, on_update): &(Value, Value),
        origin: &Origin,
    ) -> Known<()> {
        let Some(target) = foreign.fields.first().map(|field| field.table.clone()) else {
            return Err(reason(self.interpreter, "it names no columns", &origin.focus));
        };
        let to = self.interpreter.table_name(&target)?;
        let name = match name {
            Some(name) => name,
            None => {
                let name = self.naming().foreign_key(&draft.plain_name, &columns.raw, &to.name, &foreign.raw);
                self.naming().note(&mut draft.table, ObjectKind::ForeignKey, &name);
                name
            }
        };
        let name = self.recased(name, columns);
        let name = self.recased(name, foreign);
        let key = ForeignKey {
            name: name.clone(),
            columns: columns.names.clone(),
            to,
            to_columns: foreign.names.clone(),
            on_delete: self.action(on_delete, &origin.focus)?,
            on_update: self.action(on_update, &origin.focus)?,
            unnamed: false,
            match_full: false,
            deferral: Deferral::Immediate,
            not_valid: false,
        };
        let path = ObjectPath::part(ObjectKind::ForeignKey, &draft.table.name, name.as_str());
        self.origins.push((path, origin.clone()));
        draft.table.foreign_keys.insert(name, key);
        Ok(())
    }

    fn action(&mut self, value: &Value, at: &Location) -> Known<ForeignKeyAction> {
        match value {
            Value::String(word) => ForeignKeyAction::parse(word)
                .ok_or_else(|| reason(self.interpreter, "its action is none that SQL knows", at)),
            Value::Unknown(reason) => Err(reason.clone()),
            _ => Ok(ForeignKeyAction::NoAction),
        }
    }

    pub(super) fn check(&mut self, draft: &mut Draft, spec: &Rc<CheckSpec>) {
        let origin = self.call_origin(&spec.site);
        match self.check_parts(spec) {
            Ok((name, text)) => {
                let path = ObjectPath::part(ObjectKind::Check, &draft.table.name, name.as_str());
                if draft.table.checks.contains_key(&name) {
                    let message = format!("the table {} has two checks named `{name}`", draft.table.name);
                    let help = "give one of them another name: drizzle-kit refuses both";
                    self.diagnose(codes::DUPLICATE_NAME, &origin.focus, message, help);
                }
                self.origins.push((path, origin));
                let expression = dialects::expression(self.dialect, &text);
                draft.table.checks.insert(name.clone(), Check::new(name, expression));
            }
            Err(reason) => self.open_part(draft, ObjectKind::Check, "a check", &reason, &origin.focus),
        }
    }

    fn check_parts(&mut self, spec: &Rc<CheckSpec>) -> Result<(String, String), Rc<Reason>> {
        let name = spec.name.clone()?.to_string();
        // From 1.0 on columns print bare here too.
        let text = self.sql_text(&self.inlined(&spec.expression), self.is_one(), &spec.site)?;
        Ok((name, text))
    }

    /// The condition of a check or an index: drizzle-kit 1.0 writes the values in it out on PostgreSQL.
    pub(super) fn inlined(&self, value: &Value) -> Value {
        match value {
            Value::Entity(Entity::Sql(sql)) if self.is_one() && self.dialect == Dialect::Postgres => {
                Value::Entity(Entity::Sql(Rc::new(Sql { inline: true, ..(**sql).clone() })))
            }
            other => other.clone(),
        }
    }

    /// What a unique constraint is in the database: before 1.0, drizzle-kit made it an index on SQLite.
    pub(super) fn unique_kind(&self) -> ObjectKind {
        match self.dialect {
            Dialect::Sqlite if !self.is_one() => ObjectKind::Index,
            _ => ObjectKind::Unique,
        }
    }

    /// SQL of a check, a policy or a condition.
    pub(super) fn sql_text(&mut self, value: &Value, bare_columns: bool, site: &Location) -> Known<String> {
        match value {
            Value::Entity(Entity::Sql(sql)) => {
                let style = Style { dialect: self.dialect, bare_columns, inline: sql.inline };
                let rendered = render(self.interpreter, &sql.chunks, style, site)?;
                rendered.fields.iter().for_each(|field| self.use_field(field));
                self.placeholder(rendered.has_placeholder, site);
                Ok(rendered.text)
            }
            Value::Unknown(reason) => Err(reason.clone()),
            _ => Err(reason(self.interpreter, "the expression is not SQL", site)),
        }
    }
}
