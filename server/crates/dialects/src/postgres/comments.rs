//! `COMMENT ON`.

use schema::{Dialect, Name, ObjectKind, ObjectPath, OpaqueKind, Table};

use super::objects::{Objects, part_text};
use crate::quote_identifier;
use crate::sql_text::{Script, literal, quoted};

const DIALECT: Dialect = Dialect::Postgres;

pub(crate) fn write(objects: &Objects<'_>, tables: &[&Table], script: &mut Script) {
    for table in tables {
        if let Some(comment) = &table.comment {
            script.statement(&format!("COMMENT ON TABLE {} IS {}", quoted(DIALECT, &table.name), literal(comment)));
        }
        for column in table.columns.values() {
            if let Some(comment) = &column.comment {
                let target = column_text(&table.name, &column.name);
                script.statement(&format!("COMMENT ON {target} IS {}", literal(comment)));
            }
        }
    }
    for (path, comment) in &objects.schema.comments {
        let Some(target) = target(objects, path) else { continue };
        let statement = format!("COMMENT ON {target} IS {}", literal(comment));
        if objects.is_made(path) {
            script.statement(&statement);
        } else {
            script.statement_as_comment(&statement);
        }
    }
}

fn column_text(table: &Name, column: &str) -> String {
    format!("COLUMN {}.{}", quoted(DIALECT, table), quote_identifier(DIALECT, column))
}

pub(crate) fn target(objects: &Objects<'_>, path: &ObjectPath) -> Option<String> {
    let own = |class: &str| Some(format!("{class} {}", objects.text(path)));
    match path.kind {
        ObjectKind::Namespace => own("SCHEMA"),
        ObjectKind::Enum => own("TYPE"),
        ObjectKind::Domain => match &path.part {
            Some(part) => {
                let part = quote_identifier(DIALECT, part);
                Some(format!("CONSTRAINT {part} ON DOMAIN {}", quoted(DIALECT, &path.name)))
            }
            None => own("DOMAIN"),
        },
        ObjectKind::Sequence => own("SEQUENCE"),
        ObjectKind::View => {
            let is_materialized = objects.schema.views.get(&path.name).is_some_and(|view| view.materialized);
            own(if is_materialized { "MATERIALIZED VIEW" } else { "VIEW" })
        }
        ObjectKind::Role => own("ROLE"),
        ObjectKind::Extension => own("EXTENSION"),
        ObjectKind::Table => own("TABLE"),
        ObjectKind::Column => Some(column_text(&path.name, path.part.as_deref()?)),
        ObjectKind::PrimaryKey
        | ObjectKind::Unique
        | ObjectKind::ForeignKey
        | ObjectKind::Check
        | ObjectKind::Exclusion => part_text("CONSTRAINT", path),
        ObjectKind::Index => {
            let index = Name::new(path.name.namespace.as_str(), path.part.as_deref()?);
            Some(format!("INDEX {}", quoted(DIALECT, &index)))
        }
        ObjectKind::Policy => part_text("POLICY", path),
        ObjectKind::Opaque => {
            let class = objects.opaque_kind(path)?;
            let word = opaque_word(class);
            if path.part.is_some() { part_text(&word, path) } else { own(&word) }
        }
        ObjectKind::EnumValue | ObjectKind::RowLevelSecurity => None,
    }
}

fn opaque_word(kind: OpaqueKind) -> String {
    match kind {
        OpaqueKind::Language => String::from("LANGUAGE"),
        kind => kind.as_str().to_ascii_uppercase(),
    }
}
