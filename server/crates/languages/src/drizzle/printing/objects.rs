//! Namespaces, enums, sequences, roles.

use std::collections::BTreeSet;

use schema::{BIGINT, Name, ObjectKind, ObjectPath};

use super::Printer;
use super::columns::sequence_options;
use super::literals::{object, string, strings};

impl Printer<'_> {
    /// Those that are listed; what is not but has something in it is declared and not exported, as in the file that it came from.
    pub(super) fn namespaces(&mut self) -> String {
        if !self.is_postgres() {
            return String::new();
        }
        let schema = self.schema;
        let default = schema.dialect.default_namespace();
        let objects = schema.tables.keys().chain(schema.enums.keys()).chain(schema.sequences.keys());
        let all: BTreeSet<&str> = objects.chain(schema.views.keys()).map(|name| name.namespace.as_str()).collect();
        let listed: Vec<&str> = schema.namespaces.iter().map(String::as_str).collect();
        let more = all.into_iter().filter(|name| !listed.contains(name)).map(|name| ("", name));
        let mut text = String::new();
        for (export, namespace) in listed.iter().map(|name| ("export ", *name)).chain(more) {
            if namespace != default && !namespace.is_empty() {
                let name = self.names.namespace(namespace);
                let function = self.core("pgSchema");
                text.push_str(&format!("{export}const {name} = {function}({});\n", string(namespace)));
            }
        }
        text
    }

    pub(super) fn enums(&mut self) -> String {
        let schema = self.schema;
        let mut text = String::new();
        for (name, found) in &schema.enums {
            if found.values.is_empty() {
                let path = ObjectPath::new(ObjectKind::Enum, name);
                text.push_str(&self.leave_out(path, "Drizzle has no enums without values"));
                continue;
            }
            let function = self.maker(&name.namespace, ("pgEnum", "pgEnum"), "enum");
            let export = self.names.object(ObjectKind::Enum, name);
            let values = strings(&found.values);
            text.push_str(&format!("export const {export} = {function}({}, {values});\n", string(&name.name)));
        }
        text
    }

    pub(super) fn sequences(&mut self) -> String {
        let schema = self.schema;
        let mut text = String::new();
        for (name, sequence) in &schema.sequences {
            let path = ObjectPath::new(ObjectKind::Sequence, name);
            if sequence.integer != BIGINT {
                let what = format!("it is of {}, which Drizzle cannot say", sequence.integer);
                text.push_str(&self.leave_out(path.clone(), what));
            }
            if let Some((table, column)) = &sequence.owned_by {
                let what = format!("it belongs to {table}.{column}, which Drizzle cannot say");
                text.push_str(&self.leave_out(path, what));
            }
            let options = sequence_options(&sequence.options, "9223372036854775807", "-9223372036854775808");
            let options = if options.is_empty() { String::new() } else { format!(", {}", object(&options)) };
            let function = self.maker(&name.namespace, ("pgSequence", "pgSequence"), "sequence");
            let export = self.names.object(ObjectKind::Sequence, name);
            text.push_str(&format!("export const {export} = {function}({}{options});\n", string(&name.name)));
        }
        text
    }

    pub(super) fn roles(&mut self) -> String {
        let schema = self.schema;
        let mut text = String::new();
        for role in schema.roles.values() {
            let mut options = Vec::new();
            for (option, value, usual) in [
                ("createDb", role.create_db, false),
                ("createRole", role.create_role, false),
                ("inherit", role.inherit, true),
            ] {
                if value != usual {
                    options.push((option, value.to_string()));
                }
            }
            let options = if options.is_empty() { String::new() } else { format!(", {}", object(&options)) };
            let export = self.names.object(ObjectKind::Role, &Name::new("", role.name.as_str()));
            let function = self.core("pgRole");
            text.push_str(&format!("export const {export} = {function}({}{options});\n", string(&role.name)));
        }
        text
    }
}
