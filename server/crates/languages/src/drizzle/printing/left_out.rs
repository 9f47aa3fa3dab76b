//! What Drizzle has no words for.

use schema::{Column, Deferral, Name, ObjectKind, ObjectPath, OpaqueKey, OpaqueKind, Table};

use super::{LeftOut, Printer};

impl Printer<'_> {
    /// Notes it; the text is the comment at its place.
    pub(super) fn leave_out(&mut self, object: ObjectPath, what: impl Into<String>) -> String {
        let what = what.into();
        let comment = format!("// {}: {}\n", one_line(&object.short()), one_line(&what));
        self.left_out.push(LeftOut { object, what });
        comment
    }

    /// What of a whole table is not said; also that of its triggers and its comment.
    pub(super) fn left_out_of_table(&mut self, table: &Table) -> String {
        let path = ObjectPath::new(ObjectKind::Table, &table.name);
        let mut whats = Vec::new();
        if let Some(key) = &table.partition_by {
            whats.push(format!("it is partitioned by {}, which Drizzle cannot say", key.text));
        }
        if let Some(of) = &table.partition_of {
            whats.push(format!("it is a partition of {} ({}), which Drizzle cannot say", of.parent, of.bound.text));
        }
        if !table.inherits.is_empty() {
            let parents: Vec<String> = table.inherits.iter().map(Name::to_string).collect();
            whats.push(format!("it inherits from {}, which Drizzle cannot say", parents.join(", ")));
        }
        if table.unlogged {
            whats.push(String::from("it is UNLOGGED, which Drizzle cannot say"));
        }
        if !table.options.is_empty() {
            let options: Vec<String> = table.options.iter().map(|(key, it)| format!("{key} = {}", it.text)).collect();
            whats.push(format!("it has options that Drizzle has no words for: {}", options.join(", ")));
        }
        if table.force_row_level_security {
            whats.push(String::from("its policies hold for its owner too (FORCE), which Drizzle cannot say"));
        }
        if !self.schema.policies_enable && !table.row_level_security && !table.policies.is_empty() {
            whats.push(String::from(
                "row level security is off although it has policies; in Drizzle a policy switches it on",
            ));
        }
        if let Some(comment) = &table.comment {
            whats.push(commented(comment));
        }
        let mut text: String = whats.into_iter().map(|what| self.leave_out(path.clone(), what)).collect();
        if let Some(key) = &table.primary_key {
            let path = ObjectPath::part(ObjectKind::PrimaryKey, &table.name, key.name.clone().unwrap_or_default());
            text.push_str(&self.of_constraint(&path, &key.include, key.deferral));
        }
        for exclusion in table.exclusions.values() {
            let path = ObjectPath::part(ObjectKind::Exclusion, &table.name, exclusion.name.as_str());
            let what = format!("Drizzle has no exclusion constraints: EXCLUDE {}", exclusion.definition.text);
            text.push_str(&self.leave_out(path, what));
        }
        let schema = self.schema;
        for key in schema.opaque.keys().filter(|key| key.on.as_ref() == Some(&table.name)) {
            text.push_str(&self.left_out_object(key));
        }
        text
    }

    pub(super) fn left_out_of_column(&mut self, table: &Name, column: &Column) -> String {
        let path = ObjectPath::part(ObjectKind::Column, table, column.name.as_str());
        let mut text = String::new();
        if let Some(collation) = &column.collation {
            let what = format!("it has the collation {collation}, which Drizzle cannot say");
            text.push_str(&self.leave_out(path.clone(), what));
        }
        if let Some(comment) = &column.comment {
            text.push_str(&self.leave_out(path, commented(comment)));
        }
        text
    }

    /// INCLUDE and DEFERRABLE of a key or a unique constraint.
    pub(super) fn of_constraint(&mut self, path: &ObjectPath, include: &[String], deferral: Deferral) -> String {
        let mut text = String::new();
        if !include.is_empty() {
            let what = format!("Drizzle cannot say INCLUDE ({})", include.join(", "));
            text.push_str(&self.leave_out(path.clone(), what));
        }
        if !deferral.is_immediate() {
            text.push_str(&self.leave_out(path.clone(), format!("Drizzle cannot say {}", deferral.as_str())));
        }
        text
    }

    fn left_out_object(&mut self, key: &OpaqueKey) -> String {
        let kind = match key.kind {
            OpaqueKind::Other => String::from("objects of this kind"),
            OpaqueKind::Trigger => String::from("triggers"),
            OpaqueKind::Rule => String::from("rules"),
            OpaqueKind::Function => String::from("functions"),
            OpaqueKind::Procedure => String::from("procedures"),
            OpaqueKind::Aggregate => String::from("aggregates"),
            kind => format!("objects of the kind `{}`", kind.as_str()),
        };
        let on = key.on.as_ref().map(|on| format!(" (it is one on {on})")).unwrap_or_default();
        self.leave_out(ObjectPath::new(ObjectKind::Opaque, &key.name), format!("Drizzle has no {kind}{on}"))
    }

    /// What belongs to no table of the file.
    pub(super) fn rest(&mut self) -> String {
        let schema = self.schema;
        let mut text = String::new();
        for extension in schema.extensions.keys() {
            let path = ObjectPath::global(ObjectKind::Extension, extension.as_str());
            text.push_str(&self.leave_out(path, "Drizzle has no extensions"));
        }
        for domain in schema.domains.values() {
            let what = format!(
                "Drizzle has no domains; its columns have a type of this name (it is {})",
                domain.sql_type.canonical
            );
            text.push_str(&self.leave_out(ObjectPath::new(ObjectKind::Domain, &domain.name), what));
        }
        let is_elsewhere = |key: &&OpaqueKey| key.on.as_ref().is_none_or(|on| !schema.tables.contains_key(on));
        for key in schema.opaque.keys().filter(is_elsewhere) {
            text.push_str(&self.left_out_object(key));
        }
        for grant in schema.grants.values() {
            let what = format!("Drizzle has no privileges: {} to {}", grant.privileges.join(", "), grant.to);
            text.push_str(&self.leave_out(grant.on.clone(), what));
        }
        for (path, comment) in &schema.comments {
            text.push_str(&self.leave_out(path.clone(), commented(comment)));
        }
        for name in &schema.unknown {
            let path = ObjectPath::new(ObjectKind::Opaque, name);
            text.push_str(&self.leave_out(path, "it could not be read, so nothing is known about it"));
        }
        if text.is_empty() { text } else { format!("// Not in this file:\n{text}") }
    }
}

fn commented(comment: &str) -> String {
    format!("Drizzle has no comments; its is \"{}\"", one_line(comment))
}

/// A comment ends where its line does.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<&str>>().join(" ").replace(|it: char| it.is_control(), " ")
}
