//! Statements as short text. Whatever is printed is first held against the place that it claims to stand at.

use schema::{Deferral, ForeignKeyAction};

use super::super::lexer::{Kind as TokenKind, Token};
use super::super::reader;
use crate::sql::statement::*;

/// A line a statement, and a line for each part of it.
pub(super) fn print(text: &str) -> String {
    let printer = Printer { text };
    super::super::statements(text).iter().map(|statement| printer.statement(statement)).collect()
}

struct Printer<'a> {
    text: &'a str,
}

impl Printer<'_> {
    fn statement(&self, statement: &Statement) -> String {
        let mut lines = vec![self.kind(&statement.kind)];
        match &statement.kind {
            Kind::CreateTable(table) => lines.extend(table.elements.iter().map(|element| self.element(element))),
            Kind::CreateIndex(index) => lines.extend(index.keys.iter().map(|key| self.key(key))),
            Kind::CreateView(view) => lines.push(format!("reads [{}]", self.qnames(&view.reads))),
            Kind::AlterRelation { actions, .. } => lines.extend(actions.iter().map(|action| self.action(action))),
            _ => {}
        }
        lines.join("\n  ") + "\n"
    }

    fn kind(&self, kind: &Kind) -> String {
        match kind {
            Kind::CreateTable(table) => {
                let name = self.qname(table.name.as_ref().unwrap());
                let options: String = table.options.iter().map(|(key, value)| format!(" {key}={value}")).collect();
                let flags = flags(&[("if not exists", table.if_not_exists), ("temporary", table.temporary)]);
                format!("create table {name}{flags}{options}")
            }
            Kind::CreateTableAs { name, if_not_exists, temporary, columns } => {
                let flags = flags(&[("if not exists", *if_not_exists), ("temporary", *temporary)]);
                format!("create table as {}{flags}{}", self.qname(name), self.idents(columns))
            }
            Kind::CreateVirtualTable { name, if_not_exists } => {
                format!("create virtual table {}{}", self.qname(name), flags(&[("if not exists", *if_not_exists)]))
            }
            Kind::CreateIndex(index) => {
                let name = QName { namespace: index.namespace.clone(), name: index.name.clone().unwrap() };
                let flags = flags(&[("unique", index.unique), ("if not exists", index.if_not_exists)]);
                let predicate = index.predicate.as_ref().map(|snippet| format!(" where {}", self.snippet(snippet)));
                let (name, table) = (self.qname(&name), self.qname(&index.table));
                format!("create index {name} on {table}{flags}{}", predicate.unwrap_or_default())
            }
            Kind::CreateView(view) => {
                let flags = flags(&[("if not exists", view.if_not_exists), ("temporary", view.temporary)]);
                let (name, columns) = (self.qname(&view.name), self.idents(&view.columns));
                format!("create view {name}{columns}{flags} as {}", self.snippet(&view.query))
            }
            Kind::CreateOpaque(opaque) => {
                let on = opaque.on.as_ref().map(|on| self.qname(on)).unwrap_or_default();
                let flags = flags(&[("if not exists", opaque.if_not_exists)]);
                format!("create {} {} on {on}{flags}", opaque.kind.as_str(), self.qname(&opaque.name))
            }
            Kind::AlterRelation { relation, name, .. } => format!("alter {relation:?} {}", self.qname(name)),
            Kind::Drop(drop) => {
                let flags = flags(&[("if exists", drop.if_exists)]);
                let target = drop.objects.first().unwrap();
                format!("drop {:?} {}{flags}", target.class, self.qname(&target.name))
            }
            Kind::Unreadable(unreadable) => {
                let at = unreadable.at.text(self.text);
                format!("unreadable: {} | {at} | names [{}]", unreadable.message, self.qnames(&unreadable.names))
            }
            other => format!("{other:?}"),
        }
    }

    fn element(&self, element: &TableElement) -> String {
        match element {
            TableElement::Column(column) => self.column(column),
            TableElement::Constraint(constraint) => self.constraint(constraint),
            TableElement::Like { .. } => unreachable!("SQLite has no LIKE"),
        }
    }

    fn column(&self, column: &ColumnDef) -> String {
        assert!(column.span.text(self.text).ends_with(|end: char| !end.is_whitespace()));
        let sql_type = column.type_name.as_ref().map(|sql_type| {
            assert!(sql_type.span.text(self.text).contains(&sql_type.text) || sql_type.text.contains(['"', '\'', '`']));
            format!(" {}", sql_type.text)
        });
        let collation = column.collation.as_ref().map(|collation| format!("; collate {collation}"));
        let constraints: String =
            column.constraints.iter().map(|constraint| self.column_constraint(constraint)).collect();
        let name = self.ident(&column.name);
        format!("{name}{}{}{constraints}", sql_type.unwrap_or_default(), collation.unwrap_or_default())
    }

    fn column_constraint(&self, constraint: &ColumnConstraint) -> String {
        let name = self.constraint_name(&constraint.name);
        let kind = match &constraint.kind {
            ColumnConstraintKind::NotNull => "not null".to_owned(),
            ColumnConstraintKind::Null => "null".to_owned(),
            ColumnConstraintKind::Default(snippet) => format!("default {}", self.snippet(snippet)),
            ColumnConstraintKind::Check { expression, .. } => format!("check {}", self.snippet(expression)),
            ColumnConstraintKind::PrimaryKey { autoincrement, .. } => {
                format!("primary key{}", flags(&[("autoincrement", *autoincrement)]))
            }
            ColumnConstraintKind::Unique { .. } => "unique".to_owned(),
            ColumnConstraintKind::References(references) => self.references(references),
            ColumnConstraintKind::Generated { expression, stored } => {
                format!("generated {} {}", if *stored { "stored" } else { "virtual" }, self.snippet(expression))
            }
            ColumnConstraintKind::Identity { .. } => unreachable!("SQLite has no identity columns"),
        };
        format!("; {name}{kind}")
    }

    fn constraint(&self, constraint: &TableConstraint) -> String {
        let name = self.constraint_name(&constraint.name);
        let kind = match &constraint.kind {
            TableConstraintKind::PrimaryKey { columns, .. } => format!("primary key{}", self.idents(columns)),
            TableConstraintKind::Unique { columns, .. } => format!("unique{}", self.idents(columns)),
            TableConstraintKind::ForeignKey { columns, references } => {
                assert_eq!(constraint.deferral, references.deferral);
                format!("foreign key{} {}", self.idents(columns), self.references(references))
            }
            TableConstraintKind::Check { expression, .. } => format!("check {}", self.snippet(expression)),
            other => format!("{other:?}"),
        };
        format!("- {name}{kind}")
    }

    fn constraint_name(&self, name: &Option<Ident>) -> String {
        name.as_ref().map(|name| format!("{}: ", self.ident(name))).unwrap_or_default()
    }

    fn references(&self, references: &References) -> String {
        let mut text = format!("references {}{}", self.qname(&references.table), self.idents(&references.columns));
        for (event, action) in [("delete", references.on_delete), ("update", references.on_update)] {
            if action != ForeignKeyAction::NoAction {
                text += &format!(" on {event} {}", action.as_str());
            }
        }
        if references.deferral != Deferral::Immediate {
            text += &format!(" {:?}", references.deferral);
        }
        text
    }

    fn key(&self, key: &IndexKeyDef) -> String {
        let what = match &key.key {
            IndexKeyKind::Column(name) => self.ident(name),
            IndexKeyKind::Expression(snippet) => format!("({})", self.snippet(snippet)),
        };
        let collation = key.collation.as_ref().map(|collation| format!(" collate {collation}"));
        let nulls = key.nulls_first.map(|first| if first { " nulls first" } else { " nulls last" });
        let flags = flags(&[("desc", key.descending)]);
        format!("{what}{}{flags}{}", collation.unwrap_or_default(), nulls.unwrap_or_default())
    }

    fn action(&self, action: &AlterAction) -> String {
        match action {
            AlterAction::AddColumn { column, .. } => format!("add {}", self.column(column)),
            AlterAction::DropColumn { name, .. } => format!("drop {}", self.ident(name)),
            AlterAction::AlterColumn { name, action } => format!("alter {} {action:?}", self.ident(name)),
            AlterAction::ReplaceColumn { name, column } => {
                format!("replace {} by {}", self.ident(name), self.column(column))
            }
            AlterAction::RenameColumn { from, to } => format!("rename {} to {}", self.ident(from), self.ident(to)),
            AlterAction::AddConstraint(constraint) => format!("add {}", self.constraint(constraint)),
            AlterAction::DropConstraint { name, .. } => format!("drop constraint {}", self.ident(name)),
            AlterAction::RenameTo { to } => format!("rename to {}", self.ident(to)),
            other => format!("{other:?}"),
        }
    }

    fn snippet(&self, snippet: &Snippet) -> String {
        assert_eq!(snippet.text, snippet.span.text(self.text));
        snippet.text.clone()
    }

    fn qnames(&self, names: &[QName]) -> String {
        names.iter().map(|name| self.qname(name)).collect::<Vec<_>>().join(", ")
    }

    fn qname(&self, name: &QName) -> String {
        let namespace = name.namespace.as_ref().map(|namespace| format!("{}.", self.ident(namespace)));
        namespace.unwrap_or_default() + &self.ident(&name.name)
    }

    /// Empty for none.
    fn idents(&self, names: &[Ident]) -> String {
        let names: Vec<_> = names.iter().map(|name| self.ident(name)).collect();
        if names.is_empty() { String::new() } else { format!(" ({})", names.join(", ")) }
    }

    fn ident(&self, name: &Ident) -> String {
        let token = Token { kind: TokenKind::Word, span: name.span };
        assert_eq!(reader::ident(self.text, token), *name);
        name.text.clone()
    }
}

fn flags(flags: &[(&str, bool)]) -> String {
    flags.iter().filter(|(_, is_set)| *is_set).map(|(flag, _)| format!(" {flag}")).collect()
}
