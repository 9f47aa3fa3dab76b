//! Taking one object over from another schema.

use std::sync::Arc;

use crate::{Map, ObjectKind, ObjectPath, Schema, Table};

impl Schema {
    /// Makes the object of a path what it is in `from`: the same, or gone. A part of a table needs the table in both.
    pub fn copy_object(&mut self, from: &Schema, path: &ObjectPath) {
        let name = path.name.name.as_str();
        match path.kind {
            ObjectKind::Namespace => {
                self.namespaces.retain(|it| it != name);
                self.namespaces.extend(from.namespaces.iter().filter(|it| *it == name).cloned());
            }
            ObjectKind::Enum => copy(&mut self.enums, &from.enums, &path.name),
            // Values have an order, so all of them are taken.
            ObjectKind::EnumValue => copy(&mut self.enums, &from.enums, &path.name),
            ObjectKind::Domain => copy(&mut self.domains, &from.domains, &path.name),
            ObjectKind::Sequence => copy(&mut self.sequences, &from.sequences, &path.name),
            ObjectKind::Table => copy(&mut self.tables, &from.tables, &path.name),
            ObjectKind::View => copy(&mut self.views, &from.views, &path.name),
            ObjectKind::Role => copy(&mut self.roles, &from.roles, name),
            ObjectKind::Extension => copy(&mut self.extensions, &from.extensions, name),
            ObjectKind::Opaque => {
                self.opaque.retain(|key, _| key.path() != *path);
                let same = from.opaque.iter().filter(|(key, _)| key.path() == *path);
                self.opaque.extend(same.map(|(key, object)| (key.clone(), object.clone())));
            }
            ObjectKind::Policy if !self.tables.contains_key(&path.name) => {
                copy(&mut self.policies, &from.policies, path.part.as_deref().unwrap_or(name));
            }
            _ => {
                let (Some(table), Some(other)) = (self.tables.get_mut(&path.name), from.tables.get(&path.name)) else {
                    return;
                };
                copy_part(Arc::make_mut(table), other, path);
            }
        }
    }
}

fn copy_part(table: &mut Table, from: &Table, path: &ObjectPath) {
    let part = path.part.as_deref().unwrap_or_default();
    match path.kind {
        ObjectKind::Column => copy(&mut table.columns, &from.columns, part),
        ObjectKind::PrimaryKey => table.primary_key.clone_from(&from.primary_key),
        ObjectKind::Unique => copy(&mut table.uniques, &from.uniques, part),
        ObjectKind::ForeignKey => copy(&mut table.foreign_keys, &from.foreign_keys, part),
        ObjectKind::Check => copy(&mut table.checks, &from.checks, part),
        ObjectKind::Exclusion => copy(&mut table.exclusions, &from.exclusions, part),
        ObjectKind::Index => copy(&mut table.indexes, &from.indexes, part),
        ObjectKind::Policy => copy(&mut table.policies, &from.policies, part),
        ObjectKind::RowLevelSecurity => table.row_level_security = from.row_level_security,
        _ => {}
    }
}

fn copy<K, Q, V>(map: &mut Map<K, V>, from: &Map<K, V>, key: &Q)
where
    K: std::hash::Hash + Eq + Clone + std::borrow::Borrow<Q>,
    Q: std::hash::Hash + Eq + ?Sized,
    V: Clone,
{
    match from.get_key_value(key) {
        Some((key, value)) => drop(map.insert(key.clone(), value.clone())),
        None => drop(map.shift_remove(key)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Dialect, Index, Name};

    fn table(index: Option<&str>) -> Schema {
        let mut schema = Schema::new(Dialect::Postgres);
        let mut table = Table::new(Name::new("public", "users"));
        if let Some(name) = index {
            let index = Index {
                name: name.to_owned(),
                unique: false,
                method: String::from("btree"),
                columns: Vec::new(),
                include: Vec::new(),
                predicate: None,
                with: Map::default(),
                nulls_not_distinct: false,
                concurrently: None,
            };
            table.indexes.insert(name.to_owned(), index);
        }
        schema.tables.insert(table.name.clone(), Arc::new(table));
        schema
    }

    #[test]
    fn an_object_becomes_what_the_other_schema_has() {
        let (mut with, without) = (table(Some("i")), table(None));
        let users = Name::new("public", "users");
        let index = ObjectPath::part(ObjectKind::Index, &users, "i");
        let mut copied = without.clone();
        copied.copy_object(&with, &index);
        assert_eq!(copied, with);
        with.copy_object(&without, &index);
        assert_eq!(with, without);
        with.copy_object(&Schema::new(Dialect::Postgres), &index);
        assert_eq!(with, without, "without the table nothing is known of its parts");
        with.copy_object(&Schema::new(Dialect::Postgres), &ObjectPath::new(ObjectKind::Table, &users));
        assert!(with.tables.is_empty());
    }
}
