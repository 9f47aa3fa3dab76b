//! Indexes.

use schema::{Dialect, Form, Index, IndexColumn, IndexKey, Map, ObjectKind, ObjectPath, Scalar, Table};

use super::Printer;
use super::literals::string;

impl Printer<'_> {
    pub(super) fn index(&mut self, table: &Table, index: &Index) -> String {
        let path = ObjectPath::part(ObjectKind::Index, &table.name, index.name.as_str());
        let mut text = String::new();
        if !index.include.is_empty() {
            let what = format!("Drizzle cannot say INCLUDE ({})", index.include.join(", "));
            text.push_str(&self.leave_out(path.clone(), what));
        }
        if index.nulls_not_distinct {
            text.push_str(&self.leave_out(path.clone(), "Drizzle cannot say NULLS NOT DISTINCT of an index"));
        }
        for key in &index.columns {
            if let Some(collation) = &key.collation
                && matches!(key.key, IndexKey::Column(_))
                && self.is_postgres()
            {
                let what = format!("it has a key with the collation {collation}, which Drizzle cannot say");
                text.push_str(&self.leave_out(path.clone(), what));
            }
        }
        let keys: Vec<String> = index.columns.iter().map(|key| self.index_key(table, key)).collect();
        let keys = keys.join(", ");
        let function = self.core(if index.unique { "uniqueIndex" } else { "index" });
        text.push_str(&format!("{function}({})", string(&index.name)));
        match index.method.as_str() {
            "" | "btree" => text.push_str(&format!(".on({keys})")),
            method => text.push_str(&format!(".using({}, {keys})", string(method))),
        }
        if index.concurrently == Some(true) {
            text.push_str(".concurrently()");
        }
        if let Some(predicate) = &index.predicate {
            text.push_str(&format!(".where({})", self.sql(&predicate.text)));
        }
        if let Some(options) = options(&index.with) {
            text.push_str(&format!(".with({options})"));
        }
        text.push_str(",\n");
        text
    }

    fn index_key(&mut self, table: &Table, key: &IndexColumn) -> String {
        let dialect = self.schema.dialect;
        match &key.key {
            IndexKey::Column(name) if dialect == Dialect::Postgres => {
                let mut text = self.own_column(&table.name, name);
                match (key.ascending, key.nulls_first) {
                    (true, false) => {}
                    (true, true) => text.push_str(".asc().nullsFirst()"),
                    (false, true) => text.push_str(".desc().nullsFirst()"),
                    (false, false) => text.push_str(".desc().nullsLast()"),
                }
                if let Some(opclass) = &key.opclass {
                    text.push_str(&format!(".op({})", string(opclass)));
                }
                text
            }
            IndexKey::Column(name) if key.ascending && key.collation.is_none() => self.own_column(&table.name, name),
            // Drizzle has no order for SQLite's columns.
            IndexKey::Column(name) => {
                let column = dialects::quote_identifier(dialect, name);
                self.sql(&with_order(&column, key, dialect))
            }
            IndexKey::Expression(expression) => self.sql(&with_order(expression.text.trim(), key, dialect)),
        }
    }
}

/// An index's key as SQL spells it.
fn with_order(expression: &str, key: &IndexColumn, dialect: Dialect) -> String {
    let mut text = expression.to_owned();
    let is_more = key.collation.is_some() || key.opclass.is_some() || !key.ascending || key.nulls_first;
    if is_more && dialect == Dialect::Postgres {
        text = format!("({text})");
    }
    if let Some(collation) = &key.collation {
        text.push_str(&format!(" collate {}", dialects::quote_identifier(dialect, collation)));
    }
    if let Some(opclass) = &key.opclass {
        text.push_str(&format!(" {opclass}"));
    }
    match (key.ascending, key.nulls_first, dialect) {
        (true, false, _) | (true, true, Dialect::Sqlite) => {}
        (true, true, Dialect::Postgres) => text.push_str(" asc nulls first"),
        (false, true, Dialect::Postgres) => text.push_str(" desc nulls first"),
        (false, false, Dialect::Postgres) => text.push_str(" desc nulls last"),
        (false, _, Dialect::Sqlite) => text.push_str(" desc"),
    }
    text
}

/// `{ fillfactor: 70 }`; None where there are none.
pub(super) fn options(options: &Map<String, Scalar>) -> Option<String> {
    let value = |scalar: &Scalar| match (scalar.form, scalar.canonical.as_str()) {
        (Form::Boolean, word) | (_, word @ ("true" | "false")) => word.to_owned(),
        (_, word) => match word.parse::<i64>() {
            Ok(number) => number.to_string(),
            Err(_) => string(word),
        },
    };
    let key = |key: &str| match key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
        true => key.to_owned(),
        false => string(key),
    };
    let pairs: Vec<String> = options.iter().map(|(name, scalar)| format!("{}: {}", key(name), value(scalar))).collect();
    (!pairs.is_empty()).then(|| format!("{{ {} }}", pairs.join(", ")))
}
