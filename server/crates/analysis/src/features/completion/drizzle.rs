//! Drizzle schema files: references, keys and indexes, column builders, defaults, and the SQL in templates.

use languages::drizzle::column_builders;
use languages::typescript_tokens::Tokens;
use schema::{Column, Dialect, ObjectKind, ObjectPath, Table};
use source::Span;
use std::path::Path;
use std::sync::Arc;

use super::drizzle_names::{Imports, InScope, in_scope, key_of};
use super::drizzle_place::{Expected, Place, TableCall, place};
use super::sql_items::{Sources, items, values_of};
use super::sql_statement::statement;
use super::{Completion, CompletionKind, State, Subject};
use crate::configuration::DesiredSource;
use crate::{Analysis, Project, words};

/// None where the file is none of the project's.
pub(super) fn complete(
    analysis: &Analysis,
    project: &Project,
    file: &Path,
    text: &str,
    before: &str,
) -> Option<Vec<Completion>> {
    let config = project.config.as_ref()?;
    let desired = project.desired.as_ref()?;
    let is_read =
        matches!(config.desired, DesiredSource::Drizzle(_)) && desired.read_files.iter().any(|it| **it == *file);
    if !is_read {
        return None;
    }
    let place = place(before);
    let imports = Imports::of(&place.tokens);
    let drizzle = Drizzle { analysis, project, file, dialect: config.dialect, text, place: &place, imports };
    Some(drizzle.items())
}

struct Drizzle<'d> {
    analysis: &'d Analysis,
    project: &'d Project,
    file: &'d Path,
    dialect: Dialect,
    text: &'d str,
    place: &'d Place<'d>,
    imports: Imports,
}

impl<'d> Drizzle<'d> {
    fn items(&self) -> Vec<Completion> {
        match &self.place.expected {
            Expected::Nothing => Vec::new(),
            Expected::Builder { qualifier } => self.builders(qualifier.as_deref()),
            Expected::AnyColumn => self.any_column(),
            Expected::ColumnsOf { name } => self.columns_of(name),
            Expected::OwnColumn { parameter } => self.own_columns(&format!("{parameter}.")),
            Expected::OwnColumns => self.own_columns(""),
            Expected::EnumValue { function } => self.enum_values(function),
            Expected::OneOf(values) => values.iter().map(|value| self.value(value, String::new(), None)).collect(),
            Expected::Sql { start } => self.sql(*start),
        }
    }

    fn package(&self) -> &'static str {
        match self.dialect {
            Dialect::Postgres => "drizzle-orm/pg-core",
            Dialect::Sqlite => "drizzle-orm/sqlite-core",
        }
    }

    /// The word at the cursor, up to its end.
    fn span(&self) -> Span {
        let cursor = self.place.prefix.end as usize;
        let rest = self.text.get(cursor..).unwrap_or_default();
        let is_part = |character: char| character.is_alphanumeric() || matches!(character, '_' | '$');
        let n_rest = if self.place.prefix.is_empty() { 0 } else { rest.find(|it| !is_part(it)).unwrap_or(rest.len()) };
        Span::new(self.place.prefix.start as usize, cursor + n_rest)
    }

    /// The inside of the string at the cursor.
    fn string_span(&self) -> Span {
        let cursor = self.place.prefix.end as usize;
        let quote = self.text.get(..self.place.prefix.start as usize).and_then(|before| before.chars().next_back());
        let line = self.text.get(cursor..).and_then(|rest| rest.split(['\n', '\r']).next()).unwrap_or_default();
        let n_rest = quote.and_then(|quote| line.find(quote)).unwrap_or_default();
        Span::new(self.place.prefix.start as usize, cursor + n_rest)
    }

    fn item(
        &self,
        label: String,
        kind: CompletionKind,
        detail: String,
        rank: u8,
        object: Option<ObjectPath>,
    ) -> Completion {
        let project = self.project.id.clone();
        let subject = object.map(|object| Subject::Object { project, object, state: State::Desired });
        let (text, filter) = (label.clone(), label.clone());
        Completion { label, kind, detail, span: self.span(), text, filter, rank, import: None, subject }
    }

    fn builders(&self, qualifier: Option<&str>) -> Vec<Completion> {
        let mut found = Vec::new();
        if qualifier.is_none() {
            for named in self.scope(ObjectKind::Enum) {
                let detail = self.project.desired.as_ref().and_then(|it| it.schema.enums.get(&named.object.name));
                let detail = detail.map(|it| values_of(it)).unwrap_or_default();
                found.push(self.item(named.name, CompletionKind::Builder, detail, 0, Some(named.object.clone())));
            }
        }
        let is_callback =
            qualifier.is_some_and(|it| !self.imports.is_whole(it, self.package()) && !self.is_parameter(it));
        if is_callback {
            return Vec::new();
        }
        for builder in column_builders(self.dialect) {
            let known = self.imports.local_of(self.package(), builder.name);
            let import = match (qualifier, known) {
                (None, None) => match self.imports.end_of_list(self.package()) {
                    Some(end) => Some((end, format!(", {}", builder.name))),
                    None => continue,
                },
                _ => None,
            };
            let rank = if import.is_some() { 2 } else { 1 };
            let label = known.filter(|_| qualifier.is_none()).unwrap_or(builder.name).to_owned();
            let mut item = self.item(label, CompletionKind::Builder, builder.signature.to_owned(), rank, None);
            item.import = import;
            item.subject = Some(Subject::Builder { dialect: self.dialect, name: builder.name.to_owned() });
            found.push(item);
        }
        found
    }

    /// True for the parameter of the callback that gives the columns: `pgTable('users', (t) => ({ id: t.`.
    fn is_parameter(&self, name: &str) -> bool {
        let tokens = &self.place.tokens;
        let is_arrow = |at: usize| (at + 1..at + 4).any(|at| tokens.text_of(at) == "=>");
        (0..tokens.tokens.len()).any(|at| tokens.is_word(at, name) && is_arrow(at))
    }

    fn scope(&self, kind: ObjectKind) -> Vec<InScope<'d>> {
        in_scope(self.analysis, self.project, self.file, &self.imports, kind)
    }

    fn table(&self, object: &ObjectPath) -> Option<&'d Arc<Table>> {
        self.project.desired.as_ref()?.schema.tables.get(&object.name)
    }

    /// `users.id`: first what identifies a row of each table, then the tables themselves.
    fn any_column(&self) -> Vec<Completion> {
        let mut found = Vec::new();
        for named in self.scope(ObjectKind::Table) {
            let Some(table) = self.table(named.object) else { continue };
            let detail = format!("table {}", named.object.short());
            found.push(self.item(named.name.clone(), CompletionKind::Table, detail, 1, Some(named.object.clone())));
            let Some([key]) = table.primary_key.as_ref().map(|key| key.columns.as_slice()) else { continue };
            let Some(column) = table.columns.get(key) else { continue };
            let object = ObjectPath::part(ObjectKind::Column, &table.name, key.as_str());
            let Some(property) = self.key(&object) else { continue };
            let label = format!("{}.{property}", named.name);
            found.push(self.item(label, CompletionKind::Column, words::type_and_facts(column), 0, Some(object)));
        }
        found.sort_by(|a, b| a.label.cmp(&b.label));
        found
    }

    fn key(&self, column: &ObjectPath) -> Option<&'d str> {
        key_of(self.analysis, self.project.desired.as_ref()?.origins.get(column)?)
    }

    /// The columns of a table that the file can name, by their properties.
    fn columns_of(&self, name: &str) -> Vec<Completion> {
        let is_own = self.place.table.as_ref().is_some_and(|table| table.binding.as_deref() == Some(name));
        if is_own {
            return self.own_columns("");
        }
        let named = self.scope(ObjectKind::Table).into_iter().find(|named| named.name == name);
        let table = named.and_then(|named| self.table(named.object));
        table.map(|table| self.columns(table, "")).unwrap_or_default()
    }

    fn columns(&self, table: &Table, before: &str) -> Vec<Completion> {
        let columns = table.columns.values().filter_map(|column| {
            let object = ObjectPath::part(ObjectKind::Column, &table.name, column.name.as_str());
            let key = self.key(&object)?;
            Some(self.column(format!("{before}{key}"), column, object))
        });
        columns.collect()
    }

    fn column(&self, label: String, column: &Column, object: ObjectPath) -> Completion {
        self.item(label, CompletionKind::Column, words::type_and_facts(column), 0, Some(object))
    }

    /// The table around the cursor, as the schema has it.
    fn own_table(&self) -> Option<&'d Arc<Table>> {
        let call = self.place.table.as_ref()?;
        let schema = &self.project.desired.as_ref()?.schema;
        let by_binding = call.binding.as_ref().and_then(|binding| {
            let named = self.scope(ObjectKind::Table).into_iter().find(|named| named.name == *binding)?;
            self.table(named.object)
        });
        let by_name = || {
            let mut named = schema.tables.values().filter(|table| Some(&table.name.name) == call.name.as_ref());
            named.next().filter(|_| named.next().is_none())
        };
        by_binding.or_else(by_name)
    }

    /// What the text has counts first: the schema may not have it yet.
    fn own_columns(&self, before: &str) -> Vec<Completion> {
        let table = self.own_table();
        let mut found = table.map(|table| self.columns(table, before)).unwrap_or_default();
        let written = self.place.table.iter().flat_map(|call: &TableCall| &call.columns);
        for column in written {
            let label = format!("{before}{}", column.key);
            let is_name = column.key.chars().all(|it| it.is_alphanumeric() || matches!(it, '_' | '$'));
            if is_name && !found.iter().any(|item| item.label == label) {
                found.push(self.item(label, CompletionKind::Column, column.builder.clone(), 0, None));
            }
        }
        found
    }

    fn enum_values(&self, function: &str) -> Vec<Completion> {
        // `role('role')`, where the file knows `role` under its own or another name.
        let named = self.scope(ObjectKind::Enum).into_iter().find(|named| named.name == function);
        let Some(object) = named.map(|named| named.object) else { return Vec::new() };
        let known = self.project.desired.as_ref().and_then(|desired| desired.schema.enums.get(&object.name));
        let Some(known) = known.filter(|known| !known.values_unknown) else { return Vec::new() };
        let detail = format!("of {}", object.short());
        known.values.iter().map(|value| self.value(value, detail.clone(), Some(object))).collect()
    }

    fn value(&self, value: &str, detail: String, object: Option<&ObjectPath>) -> Completion {
        let mut item = self.item(value.to_owned(), CompletionKind::EnumValue, detail, 0, object.cloned());
        item.span = self.string_span();
        item.text = value.replace('\\', "\\\\").replace('\'', "\\'").replace('"', "\\\"");
        item
    }

    /// SQL in a template: an expression over the table around it, or a query of its own.
    fn sql(&self, start: u32) -> Vec<Completion> {
        let Some(schema) = self.project.desired.as_ref().map(|desired| &desired.schema) else { return Vec::new() };
        let (text, cursor) = template(&self.place.tokens, self.text, start);
        let Some(mut statement) = statement(self.dialect, &text, cursor) else { return Vec::new() };
        statement.span =
            Span::new(statement.span.start as usize + start as usize, statement.span.end as usize + start as usize);
        let own = self.own_table();
        let is_part = self.place.table.is_some();
        let own = own.map(|table| &**table);
        let sources = Sources { project: &self.project.id, schema, state: State::Desired, own, is_part };
        items(&statement, &sources)
    }
}

/// The text of the template around the cursor, with what stands in `${…}` as values of the same length, and the cursor in it.
fn template(tokens: &Tokens<'_>, text: &str, start: u32) -> (String, usize) {
    let cursor = tokens.text.len();
    let mut found = String::new();
    let mut rest = text.get(start as usize..).unwrap_or_default();
    while let Some(at) = rest.find(['`', '\\', '$']) {
        let (plain, from) = rest.split_at(at);
        found.push_str(plain);
        if from.starts_with('`') {
            rest = "";
            break;
        }
        let length = match from.strip_prefix("${") {
            Some(inside) => 2 + substitution_length(inside),
            None if from.starts_with('\\') => 1 + from.chars().nth(1).map_or(0, char::len_utf8),
            None => 1,
        };
        let (own, behind) = from.split_at(from.floor_char_boundary(length));
        if own.starts_with("${") {
            found.push_str(&"0".repeat(own.len()));
        } else {
            found.push_str(own);
        }
        rest = behind;
    }
    found.push_str(rest);
    let cursor = found.floor_char_boundary(cursor.saturating_sub(start as usize));
    (found, cursor)
}

/// Up to and with the brace that closes `${`.
fn substitution_length(inside: &str) -> usize {
    let mut depth = 1_usize;
    for (at, character) in inside.char_indices() {
        match character {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at + 1;
        }
    }
    inside.len()
}
