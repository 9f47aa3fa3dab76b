//! Is there an object of this path?

use crate::{ObjectKind, ObjectPath, OpaqueKey, OpaqueObject, Schema};

impl Schema {
    /// True where the schema holds the object; for a part, where what it belongs to holds it.
    pub fn contains(&self, path: &ObjectPath) -> bool {
        let part = path.part.as_deref().unwrap_or_default();
        let table = || self.tables.get(&path.name);
        let name = path.name.name.as_str();
        match path.kind {
            ObjectKind::Namespace => self.namespaces.iter().any(|it| it == name),
            ObjectKind::Enum => self.enums.contains_key(&path.name),
            ObjectKind::EnumValue => self.enums.get(&path.name).is_some_and(|it| it.values.iter().any(|it| it == part)),
            ObjectKind::Domain => self.domains.contains_key(&path.name),
            ObjectKind::Sequence => self.sequences.contains_key(&path.name),
            ObjectKind::Table => table().is_some(),
            ObjectKind::Column => table().is_some_and(|it| it.columns.contains_key(part)),
            ObjectKind::PrimaryKey => table().is_some_and(|it| it.primary_key.is_some()),
            ObjectKind::Unique => table().is_some_and(|it| it.uniques.contains_key(part)),
            ObjectKind::ForeignKey => table().is_some_and(|it| it.foreign_keys.contains_key(part)),
            ObjectKind::Check => table().is_some_and(|it| it.checks.contains_key(part)),
            ObjectKind::Exclusion => table().is_some_and(|it| it.exclusions.contains_key(part)),
            ObjectKind::Index => {
                let view = || self.views.get(&path.name).is_some_and(|it| it.indexes.contains_key(part));
                table().is_some_and(|it| it.indexes.contains_key(part)) || view()
            }
            ObjectKind::RowLevelSecurity => table().is_some_and(|it| self.has_row_level_security(it)),
            ObjectKind::Policy => {
                table().is_some_and(|it| it.policies.contains_key(part)) || self.policies.contains_key(part)
            }
            ObjectKind::View => self.views.contains_key(&path.name),
            ObjectKind::Role => self.roles.contains_key(name),
            ObjectKind::Extension => self.extensions.contains_key(name),
            ObjectKind::Opaque => self.opaque_of(path).next().is_some(),
        }
    }

    /// The objects that a path names: a type may have the name of a statistics object.
    pub fn opaque_of<'a>(&'a self, path: &'a ObjectPath) -> impl Iterator<Item = (&'a OpaqueKey, &'a OpaqueObject)> {
        let is_it = |key: &OpaqueKey| match (&key.on, &path.part) {
            (Some(on), Some(part)) => *on == path.name && key.name.name == *part,
            (None, None) => key.name == path.name,
            _ => false,
        };
        self.opaque.iter().filter(move |(key, _)| is_it(key)).map(|(key, object)| (key, &**object))
    }
}
