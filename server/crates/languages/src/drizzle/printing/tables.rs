//! Tables.

use rustc_hash::FxHashMap;
use schema::{ForeignKey, ObjectKind, ObjectPath, Table, Unique};

use super::Printer;
use super::literals::string;

/// The constraints that their columns say themselves.
pub(super) struct Inline<'t> {
    pub(super) primary_key: Option<&'t str>,
    pub(super) uniques: FxHashMap<&'t str, &'t Unique>,
    pub(super) references: FxHashMap<&'t str, &'t ForeignKey>,
}

impl Printer<'_> {
    pub(super) fn tables(&mut self) -> String {
        let schema = self.schema;
        let tables: Vec<String> = schema.tables.values().map(|table| self.table(table)).collect();
        tables.join("\n")
    }

    fn table(&mut self, table: &Table) -> String {
        let path = ObjectPath::new(ObjectKind::Table, &table.name);
        if table.opaque {
            return self.leave_out(path, "only its name is known, so it is not in this file");
        }
        let comments = self.left_out_of_table(table);
        let inline = self.inline(table);
        let columns: String =
            table.columns.values().map(|column| format!("  {}", self.column(table, column, &inline))).collect();
        let extras = self.extras(table, &inline);
        let function = self.maker(&table.name.namespace, ("pgTable", "sqliteTable"), "table");
        let mut text = comments;
        let export = self.names.object(ObjectKind::Table, &table.name);
        let exported = if self.elsewhere.contains(&table.name) { "" } else { "export " };
        text.push_str(&format!("{exported}const {export} = {function}({}, {{\n{columns}}}", string(&table.name.name)));
        if !extras.is_empty() {
            let types =
                if extras.contains("foreignKey(") && self.is_in_a_cycle(table) { self.extras_type() } else { "" };
            text.push_str(&format!(", (table){types} => [\n{extras}]"));
        }
        text.push(')');
        if self.switches_on(table) {
            text.push_str(".enableRLS()");
        }
        text.push_str(";\n");
        text
    }

    /// Row level security that no policy switches on.
    fn switches_on(&self, table: &Table) -> bool {
        table.row_level_security && (self.schema.policies_enable || table.policies.is_empty())
    }

    fn is_in_a_cycle(&self, table: &Table) -> bool {
        table
            .foreign_keys
            .values()
            .any(|key| key.to != table.name && self.cyclic.contains(&(table.name.clone(), key.to.clone())))
    }

    fn extras_type(&mut self) -> &'static str {
        match self.is_postgres() {
            true => {
                self.types.insert("PgTableExtraConfigValue");
                ": PgTableExtraConfigValue[]"
            }
            false => {
                self.types.insert("SQLiteTableExtraConfigValue");
                ": SQLiteTableExtraConfigValue[]"
            }
        }
    }

    /// `pgTable` or `app.table`.
    pub(super) fn maker(
        &mut self,
        namespace: &str,
        (postgres, sqlite): (&'static str, &'static str),
        method: &str,
    ) -> String {
        match self.is_postgres() {
            true if namespace != self.schema.dialect.default_namespace() => {
                format!("{}.{method}", self.names.namespace(namespace))
            }
            true => self.core(postgres).to_owned(),
            false => self.core(sqlite).to_owned(),
        }
    }

    fn inline<'t>(&self, table: &'t Table) -> Inline<'t> {
        let mut inline = Inline {
            primary_key: self.inline_key(table),
            uniques: FxHashMap::default(),
            references: FxHashMap::default(),
        };
        for unique in table.uniques.values().filter(|_| self.is_postgres() || self.is_one()) {
            if let ([column], true) =
                (unique.columns.as_slice(), unique.include.is_empty() && unique.deferral.is_immediate())
            {
                inline.uniques.entry(column.as_str()).or_insert(unique);
            }
        }
        for key in table.foreign_keys.values().filter(|key| self.is_plain_reference(table, key)) {
            if let [column] = key.columns.as_slice() {
                inline.references.entry(column.as_str()).or_insert(key);
            }
        }
        inline
    }

    /// The column that is the key by itself, under the name that the database gives it.
    fn inline_key<'t>(&self, table: &'t Table) -> Option<&'t str> {
        let key = table.primary_key.as_ref()?;
        let [column] = key.columns.as_slice() else { return None };
        // On SQLite a key may hold NULL unless it is the row's number, and only among the extras it is not NOT NULL too.
        let may_be_null = |column: &schema::Column| !column.not_null && column.sql_type.canonical != "integer";
        let is_nullable = table.columns.get(column).is_some_and(may_be_null);
        if !self.is_postgres() && !self.is_one() && is_nullable {
            return None;
        }
        let is_usual = match &key.name {
            None => true,
            Some(name) if self.is_postgres() => {
                *name == dialects::implicit_names::choose(&table.name.name, "", "pkey", |_| false)
            }
            Some(_) => !self.is_one(),
        };
        is_usual.then_some(column.as_str())
    }

    /// True where a column can say it: with the name that Drizzle would give it.
    fn is_plain_reference(&self, table: &Table, key: &ForeignKey) -> bool {
        let is_known = self.schema.tables.get(&key.to).is_some_and(|it| !it.opaque);
        let usual = self.naming().foreign_key(&table.name.name, &key.columns, &key.to.name, &key.to_columns);
        let is_single = key.columns.len() == 1 && key.to_columns.len() == 1;
        is_known && is_single && (key.unnamed || key.name == usual) && self.notes_of(key).is_empty()
    }
}
