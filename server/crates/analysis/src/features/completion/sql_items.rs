//! What a schema has for a place in a statement.

use dialects::{bare_or_quoted, quote_identifier};
use languages::sql::tokens::TokenKind;
use schema::{Column, Dialect, Enum, Name, ObjectKind, ObjectPath, Schema, Table};
use std::sync::Arc;

use super::sql_place::{Expected, expected};
use super::sql_relations::{Named, Relation};
use super::sql_statement::{Prefix, Statement};
use super::{Completion, CompletionKind, State, Subject};
use crate::{ProjectId, words};

/// Where completions are looked for.
pub(super) struct Sources<'s> {
    pub(super) project: &'s ProjectId,
    pub(super) schema: &'s Schema,
    pub(super) state: State,
    /// The table that an expression is over, in a template of a schema file.
    pub(super) own: Option<&'s Table>,
    pub(super) is_part: bool,
}

/// Types that a column can have, as they are usually written.
const POSTGRES_TYPES: [&str; 36] = [
    "bigint",
    "bigserial",
    "bit",
    "boolean",
    "bytea",
    "char",
    "cidr",
    "date",
    "daterange",
    "double precision",
    "inet",
    "int4range",
    "int8range",
    "integer",
    "interval",
    "json",
    "jsonb",
    "macaddr",
    "numeric",
    "numrange",
    "point",
    "real",
    "serial",
    "smallint",
    "smallserial",
    "text",
    "time",
    "time with time zone",
    "timestamp",
    "timestamp with time zone",
    "timestamptz",
    "tsquery",
    "tsrange",
    "tsvector",
    "uuid",
    "varchar",
];
const SQLITE_TYPES: [&str; 5] = ["blob", "integer", "numeric", "real", "text"];

/// What can stand at the cursor of a statement.
pub(super) fn items(statement: &Statement<'_>, sources: &Sources<'_>) -> Vec<Completion> {
    let found = Items { statement, sources };
    match expected(statement, sources.is_part) {
        Expected::Nothing => Vec::new(),
        Expected::Tables { with_views, namespace } => found.tables(with_views, namespace.as_deref()),
        Expected::Views => found.views(None, 0),
        Expected::ColumnsOf { table, but } => found.columns_of(&table, &but, 0),
        Expected::BehindDot { table } => found.columns_of(&table, &[], 0),
        Expected::DeclaredColumns => found.declared(),
        Expected::Operand { of, declared } => found.operand(&of, declared),
        Expected::Types { namespace } => found.types(namespace.as_deref()),
        Expected::OwnTypes => found.own_types(None, 0),
        Expected::ValueOf { table, column } => found.values_of_column(table.as_ref(), &column),
        Expected::ValueOfType { name } => found.values_of_type(&name),
    }
}

struct Items<'i> {
    statement: &'i Statement<'i>,
    sources: &'i Sources<'i>,
}

impl Items<'_> {
    fn dialect(&self) -> Dialect {
        self.statement.dialect
    }

    /// A name as it has to be written, in the quotes that are open or those that it needs.
    fn named(&self, name: &str, kind: CompletionKind, detail: String, rank: u8, object: ObjectPath) -> Completion {
        let (text, filter) = match self.statement.prefix {
            Prefix::Quoted('"') => (quote_identifier(self.dialect(), name), format!("\"{name}")),
            Prefix::Quoted('[') => (format!("[{name}]"), format!("[{name}")),
            Prefix::Quoted(quote) => (format!("{quote}{name}{quote}"), format!("{quote}{name}")),
            _ => (bare_or_quoted(self.dialect(), name), name.to_owned()),
        };
        Completion {
            label: name.to_owned(),
            kind,
            detail,
            span: self.statement.span,
            text,
            filter,
            rank,
            import: None,
            subject: Some(self.subject(object)),
        }
    }

    fn subject(&self, object: ObjectPath) -> Subject {
        Subject::Object { project: self.sources.project.clone(), object, state: self.sources.state.clone() }
    }

    /// True for a name about which something could not be read: it may not be there.
    fn is_doubtful(&self, name: &Name) -> bool {
        self.sources.schema.unknown.contains(name) && !self.is_doubted_here(name)
    }

    /// True where it is the statement at the cursor, half-written, that makes the name doubtful: it is read with the schema file.
    fn is_doubted_here(&self, name: &Name) -> bool {
        let pieces = || self.statement.before.iter().chain(&self.statement.behind);
        self.sources.state == State::Desired
            && pieces().any(|piece| piece.is_name() && self.statement.name(piece) == name.name)
    }

    fn tables(&self, with_views: bool, namespace: Option<&str>) -> Vec<Completion> {
        let mut found: Vec<Completion> = Vec::new();
        for (name, table) in &self.sources.schema.tables {
            if !self.is_doubtful(name)
                && let Some(rank) = self.rank_in(name, namespace)
            {
                let object = ObjectPath::new(ObjectKind::Table, name);
                let mut item = self.named(&name.name, CompletionKind::Table, counted(table), rank, object);
                self.qualify(&mut item, name, namespace);
                found.push(item);
            }
        }
        if with_views {
            found.extend(self.views(namespace, 1));
        }
        found.sort_by(|a, b| (a.rank, &a.label).cmp(&(b.rank, &b.label)));
        found
    }

    fn views(&self, namespace: Option<&str>, rank: u8) -> Vec<Completion> {
        let views = self.sources.schema.views.keys().filter(|name| !self.is_doubtful(name));
        let mut found: Vec<Completion> = views
            .filter_map(|name| {
                let far = self.rank_in(name, namespace)?;
                let object = ObjectPath::new(ObjectKind::View, name);
                let mut item = self.named(&name.name, CompletionKind::View, String::from("view"), rank + far, object);
                self.qualify(&mut item, name, namespace);
                Some(item)
            })
            .collect();
        found.sort_by(|a, b| a.label.cmp(&b.label));
        found
    }

    /// What is in another namespace comes after what needs none, and with it; behind a namespace there is only what it has.
    fn rank_in(&self, name: &Name, namespace: Option<&str>) -> Option<u8> {
        match namespace {
            Some(wanted) => (name.namespace == wanted).then_some(0),
            None => Some(if name.namespace == self.dialect().default_namespace() { 0 } else { 2 }),
        }
    }

    fn qualify(&self, item: &mut Completion, name: &Name, namespace: Option<&str>) {
        if namespace.is_some() || name.namespace == self.dialect().default_namespace() {
            return;
        }
        item.label = format!("{}.{}", name.namespace, name.name);
        match self.statement.prefix {
            Prefix::Word => {
                item.text = format!("{}.{}", bare_or_quoted(self.dialect(), &name.namespace), item.text);
                item.filter = item.label.clone();
            }
            _ => {
                item.text = format!(
                    "{}.{}",
                    bare_or_quoted(self.dialect(), &name.namespace),
                    quote_identifier(self.dialect(), &name.name)
                )
            }
        }
    }

    /// The table that a name in a statement means.
    fn table(&self, named: &Named) -> Option<&Arc<Table>> {
        let tables = &self.sources.schema.tables;
        let is_same = |left: &str, right: &str| match self.dialect() {
            Dialect::Postgres => left == right,
            Dialect::Sqlite => left.eq_ignore_ascii_case(right),
        };
        let found = match &named.namespace {
            Some(namespace) => {
                tables.values().find(|it| it.name.namespace == *namespace && is_same(&it.name.name, &named.name))
            }
            None => {
                let mut all = tables.values().filter(|it| is_same(&it.name.name, &named.name));
                let usual = self.dialect().default_namespace();
                let usual = all.clone().find(|it| it.name.namespace == usual);
                // Which of several a search path finds is not known.
                usual.or_else(|| all.next().filter(|_| all.next().is_none()))
            }
        };
        found.filter(|table| !self.is_doubtful(&table.name))
    }

    fn columns_of(&self, named: &Named, but: &[String], rank: u8) -> Vec<Completion> {
        match self.table(named) {
            Some(table) => self.columns(table, but, rank),
            None => self.view_columns(named, rank),
        }
    }

    fn columns(&self, table: &Table, but: &[String], rank: u8) -> Vec<Completion> {
        let is_wanted = |column: &&Column| !but.contains(&column.name);
        table.columns.values().filter(is_wanted).map(|column| self.column(&table.name, column, rank)).collect()
    }

    fn view_columns(&self, named: &Named, rank: u8) -> Vec<Completion> {
        let is_named = |name: &&Name| {
            let namespace = named.namespace.as_deref().unwrap_or(self.dialect().default_namespace());
            name.name == named.name && name.namespace == namespace
        };
        let view = self.sources.schema.views.values().find(|view| is_named(&&view.name));
        let columns =
            view.iter().flat_map(|view| view.columns.values().map(|column| self.column(&view.name, column, rank)));
        columns.collect()
    }

    fn column(&self, owner: &Name, column: &Column, rank: u8) -> Completion {
        let object = ObjectPath::part(ObjectKind::Column, owner, column.name.as_str());
        self.named(&column.name, CompletionKind::Column, words::type_and_facts(column), rank, object)
    }

    /// The columns that the statement itself declares, with the type that it gives them.
    fn declared(&self) -> Vec<Completion> {
        let Some(body) = self.statement.open.first() else { return Vec::new() };
        let mut depth = 0_usize;
        let mut is_start = true;
        let mut found: Vec<Completion> = Vec::new();
        let inside = self.statement.before.iter().skip(body + 1).chain(&self.statement.behind);
        let pieces: Vec<_> = inside.collect();
        for (at, piece) in pieces.iter().enumerate() {
            if depth == 0
                && is_start
                && piece.is_name()
                && !piece.is_any(&["CONSTRAINT", "PRIMARY", "FOREIGN", "UNIQUE", "CHECK", "LIKE", "EXCLUDE"])
            {
                let name = self.statement.name(piece);
                let sql_type = pieces.get(at + 1).filter(|it| it.is_name()).map(|it| it.text.to_owned());
                let object = ObjectPath::new(ObjectKind::Column, &Name::new("", ""));
                let mut item = self.named(&name, CompletionKind::Column, sql_type.unwrap_or_default(), 0, object);
                item.subject = None;
                found.push(item);
            }
            is_start = depth == 0 && piece.is_mark(b',');
            match piece.kind {
                TokenKind::Mark(b'(') => depth += 1,
                TokenKind::Mark(b')') => match depth.checked_sub(1) {
                    Some(shallower) => depth = shallower,
                    None => break,
                },
                _ => {}
            }
        }
        found
    }

    fn operand(&self, relations: &[Relation], declared: bool) -> Vec<Completion> {
        if declared {
            return self.declared();
        }
        let mut found = Vec::new();
        found.extend(self.sources.own.iter().flat_map(|table| self.columns(table, &[], 0)));
        for relation in relations {
            found.extend(self.columns_of(&relation.table, &[], 0));
        }
        // A name that several tables have has to be written with one of theirs.
        let labels: Vec<String> = found.iter().map(|item| item.label.clone()).collect();
        found.retain(|item| labels.iter().filter(|label| **label == item.label).count() == 1);
        if relations.len() > 1 {
            for relation in relations {
                let Some(table) = self.table(&relation.table) else { continue };
                let name = relation.alias.as_deref().unwrap_or(&table.name.name);
                let object = ObjectPath::new(ObjectKind::Table, &table.name);
                found.push(self.named(name, CompletionKind::Alias, format!("of {}", table.name.name), 1, object));
            }
        }
        found
    }

    fn types(&self, namespace: Option<&str>) -> Vec<Completion> {
        let mut found = self.own_types(namespace, 0);
        if namespace.is_none() && self.statement.prefix == Prefix::Word {
            let names: &[&str] = match self.dialect() {
                Dialect::Postgres => &POSTGRES_TYPES,
                Dialect::Sqlite => &SQLITE_TYPES,
            };
            found.extend(names.iter().map(|name| Completion {
                label: (*name).to_owned(),
                kind: CompletionKind::Type,
                detail: String::new(),
                span: self.statement.span,
                text: (*name).to_owned(),
                filter: (*name).to_owned(),
                rank: 1,
                import: None,
                subject: None,
            }));
        }
        found
    }

    /// Enums and domains.
    fn own_types(&self, namespace: Option<&str>, rank: u8) -> Vec<Completion> {
        let schema = self.sources.schema;
        let enums = schema.enums.iter().map(|(name, found)| (name, ObjectKind::Enum, values_of(found)));
        let domains =
            schema.domains.iter().map(|(name, found)| (name, ObjectKind::Domain, found.sql_type.text.clone()));
        enums
            .chain(domains)
            .filter(|(name, ..)| !self.is_doubtful(name))
            .filter_map(|(name, kind, detail)| {
                self.rank_in(name, namespace)?;
                let object = ObjectPath::new(kind, name);
                let mut item = self.named(&name.name, CompletionKind::Type, detail, rank, object);
                self.qualify(&mut item, name, namespace);
                Some(item)
            })
            .collect()
    }

    fn values_of_column(&self, table: Option<&Named>, column: &str) -> Vec<Completion> {
        let table = match table {
            Some(named) => self.table(named).map(Arc::as_ref),
            None => self.sources.own,
        };
        let column = table.and_then(|table| table.columns.get(column));
        let name = column.and_then(|column| column.sql_type.enum_name.as_ref());
        name.map(|name| self.values(name)).unwrap_or_default()
    }

    fn values_of_type(&self, named: &Named) -> Vec<Completion> {
        let is_named = |name: &&Name| {
            name.name == named.name && named.namespace.as_ref().is_none_or(|namespace| name.namespace == *namespace)
        };
        let mut names = self.sources.schema.enums.keys().filter(is_named);
        match (names.next(), names.next()) {
            (Some(name), None) => self.values(name),
            _ => Vec::new(),
        }
    }

    fn values(&self, name: &Name) -> Vec<Completion> {
        let Some(found) = self.sources.schema.enums.get(name).filter(|it| !it.values_unknown) else {
            return Vec::new();
        };
        let detail = format!("of {}", ObjectPath::new(ObjectKind::Enum, name).short());
        let value = |value: &String| Completion {
            label: value.clone(),
            kind: CompletionKind::EnumValue,
            detail: detail.clone(),
            span: self.statement.span,
            text: value.replace('\'', "''"),
            filter: value.clone(),
            rank: 0,
            import: None,
            subject: Some(self.subject(ObjectPath::new(ObjectKind::Enum, name))),
        };
        found.values.iter().map(value).collect()
    }
}

fn counted(table: &Table) -> String {
    match table.columns.len() {
        1 => String::from("1 column"),
        n_columns => format!("{n_columns} columns"),
    }
}

pub(super) fn values_of(found: &Enum) -> String {
    if found.values_unknown {
        return String::from("enum");
    }
    const MOST_LISTED: usize = 6;
    let shown: Vec<&str> = found.values.iter().take(MOST_LISTED).map(String::as_str).collect();
    let more = if found.values.len() > MOST_LISTED { ", …" } else { "" };
    format!("enum: {}{more}", shown.join(", "))
}
