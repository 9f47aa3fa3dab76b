//! What a table's columns do not say themselves: keys, constraints, indexes, policies.

use schema::{ForeignKey, ForeignKeyAction, Name, ObjectKind, ObjectPath, Policy, Table, Unique};

use super::Printer;
use super::literals::{object, string, strings};
use super::tables::Inline;

impl Printer<'_> {
    /// The lines of the array, comments included.
    pub(super) fn extras(&mut self, table: &Table, inline: &Inline<'_>) -> String {
        let mut lines = String::new();
        let mut add = |text: String| {
            if text.is_empty() {
                return;
            }
            // A line within SQL stays where it is.
            let mut is_comment = true;
            for line in text.trim_end().split('\n') {
                if is_comment {
                    lines.push_str("  ");
                }
                is_comment &= line.starts_with("//");
                lines.push_str(line);
                lines.push('\n');
            }
        };
        if let Some(key) = table.primary_key.as_ref().filter(|_| inline.primary_key.is_none()) {
            let usual = || dialects::implicit_names::choose(&table.name.name, "", "pkey", |_| false);
            // Drizzle would make a name of its own where the database has given one.
            let is_given = key.name.is_none() && self.is_postgres() && !self.is_one();
            let name = key.name.clone().or_else(|| is_given.then(usual));
            let name = name.map(|name| format!("name: {}, ", string(&name))).unwrap_or_default();
            let columns = self.own_columns(table, &key.columns);
            add(format!("{}({{ {name}columns: [{columns}] }}),", self.core("primaryKey")));
        }
        for unique in table.uniques.values() {
            if !self.is_postgres() && !self.is_one() {
                add(self.unique_on_sqlite(table, unique));
                continue;
            }
            if unique.columns.first().and_then(|it| inline.uniques.get(it.as_str())).is_some_and(|it| *it == unique) {
                continue;
            }
            let path = ObjectPath::part(ObjectKind::Unique, &table.name, unique.name.as_str());
            add(self.of_constraint(&path, &unique.include, unique.deferral));
            let nulls = if unique.nulls_not_distinct { ".nullsNotDistinct()" } else { "" };
            let columns = self.own_columns(table, &unique.columns);
            add(format!("{}({}).on({columns}){nulls},", self.core("unique"), string(&unique.name)));
        }
        for key in table.foreign_keys.values() {
            if key.columns.first().and_then(|it| inline.references.get(it.as_str())).is_some_and(|it| *it == key) {
                continue;
            }
            add(self.foreign_key(table, key));
        }
        for check in table.checks.values() {
            let path = ObjectPath::part(ObjectKind::Check, &table.name, check.name.as_str());
            if check.not_valid {
                add(self.leave_out(path.clone(), "Drizzle cannot say NOT VALID"));
            }
            if check.no_inherit {
                add(self.leave_out(path, "Drizzle cannot say NO INHERIT"));
            }
            let expression = self.sql(&check.expression.text);
            add(format!("{}({}, {expression}),", self.core("check"), string(&check.name)));
        }
        for index in table.indexes.values() {
            add(self.index(table, index));
        }
        for policy in table.policies.values() {
            let policy = self.policy(policy);
            add(format!("{policy},"));
        }
        lines
    }

    /// Before 1.0 there is only an index for it, which the database keeps apart from a constraint.
    fn unique_on_sqlite(&mut self, table: &Table, unique: &Unique) -> String {
        let usual = format!("{}_{}_unique", table.name.name, unique.columns.join("_"));
        // What has no name in the database has its own text for one here.
        let name = if unique.name.to_ascii_lowercase().starts_with("unique (") { &usual } else { &unique.name };
        let path = ObjectPath::part(ObjectKind::Unique, &table.name, unique.name.as_str());
        let note = self.leave_out(path, "Drizzle makes a unique index of what is a UNIQUE constraint in the database");
        let columns = self.own_columns(table, &unique.columns);
        format!("{note}{}({}).on({columns}),", self.core("unique"), string(name))
    }

    /// What of a foreign key Drizzle has no words for.
    pub(super) fn notes_of(&self, key: &ForeignKey) -> Vec<String> {
        let mut notes = Vec::new();
        if key.match_full {
            notes.push(String::from("Drizzle cannot say MATCH FULL"));
        }
        if !key.deferral.is_immediate() {
            notes.push(format!("Drizzle cannot say {}", key.deferral.as_str()));
        }
        if key.not_valid {
            notes.push(String::from("Drizzle cannot say NOT VALID"));
        }
        notes
    }

    fn foreign_key(&mut self, table: &Table, key: &ForeignKey) -> String {
        let path = ObjectPath::part(ObjectKind::ForeignKey, &table.name, key.name.as_str());
        let notes = self.notes_of(key);
        let is_known = self.schema.tables.get(&key.to).is_some_and(|to| {
            !to.opaque && !key.to_columns.is_empty() && key.to_columns.iter().all(|it| to.columns.contains_key(it))
        });
        if !is_known {
            let what = format!("it refers to {}, which is not in this file", key.to);
            return self.leave_out(path, what);
        }
        let mut text: String = notes.into_iter().map(|note| self.leave_out(path.clone(), note)).collect();
        let columns = self.own_columns(table, &key.columns);
        let foreign_columns: Vec<String> = match key.to == table.name {
            true => vec![self.own_columns(table, &key.to_columns)],
            false => key.to_columns.iter().map(|column| self.column_of(&key.to, column)).collect(),
        };
        let name = if key.unnamed { String::new() } else { format!("name: {}, ", string(&key.name)) };
        let foreign_key = self.core("foreignKey");
        let foreign_columns = foreign_columns.join(", ");
        text.push_str(&format!("{foreign_key}({{ {name}columns: [{columns}], foreignColumns: [{foreign_columns}] }})"));
        for (method, action) in [("onDelete", key.on_delete), ("onUpdate", key.on_update)] {
            if action != ForeignKeyAction::NoAction {
                text.push_str(&format!(".{method}({})", string(action.as_str())));
            }
        }
        text.push_str(",\n");
        text
    }

    /// `table.a, table.b`, as the extras of the table say it.
    pub(super) fn own_columns(&self, table: &Table, columns: &[String]) -> String {
        let columns: Vec<String> = columns.iter().map(|column| self.own_column(&table.name, column)).collect();
        columns.join(", ")
    }

    pub(super) fn own_column(&self, table: &Name, column: &str) -> String {
        format!("table.{}", self.names.column(table, column).unwrap_or_default())
    }

    /// `users.id`
    pub(super) fn column_of(&self, table: &Name, column: &str) -> String {
        let object = self.names.object(ObjectKind::Table, table);
        format!("{object}.{}", self.names.column(table, column).unwrap_or_default())
    }

    pub(super) fn policy(&mut self, policy: &Policy) -> String {
        let mut options = Vec::new();
        if !policy.permissive {
            options.push(("as", string("restrictive")));
        }
        if policy.command != "ALL" {
            options.push(("for", string(&policy.command.to_lowercase())));
        }
        match policy.to.as_slice() {
            [] => {}
            [only] if only == "public" => {}
            [only] => options.push(("to", self.role(only))),
            several if several.iter().any(|it| self.schema.roles.contains_key(it)) => {
                let roles: Vec<String> = several.iter().map(|role| self.role(role)).collect();
                options.push(("to", format!("[{}]", roles.join(", "))));
            }
            several => options.push(("to", strings(several))),
        }
        if let Some(using) = &policy.using {
            options.push(("using", self.sql(&using.text)));
        }
        if let Some(with_check) = &policy.with_check {
            options.push(("withCheck", self.sql(&with_check.text)));
        }
        let name = string(&policy.name);
        let function = self.core("pgPolicy");
        match options.as_slice() {
            [] => format!("{function}({name})"),
            options => format!("{function}({name}, {})", object(options)),
        }
    }

    fn role(&self, role: &str) -> String {
        match self.schema.roles.contains_key(role) {
            true => self.names.object(ObjectKind::Role, &Name::new("", role)),
            false => string(role),
        }
    }
}
