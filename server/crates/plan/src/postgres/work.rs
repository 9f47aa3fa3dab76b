//! What is to be dropped, created and altered: the changes of the diff, and what has to follow from them.

use schema::{Action, Aspect, Change, Map, Name, ObjectKind, ObjectPath};

/// Objects by what happens to them. What is dropped and created is made anew.
#[derive(Debug, Default)]
pub(crate) struct Work {
    pub(crate) drops: Map<ObjectPath, ()>,
    pub(crate) creates: Map<ObjectPath, ()>,
    pub(crate) alters: Map<ObjectPath, Vec<Aspect>>,
    /// Constraints and indexes under another name: old path and new one.
    pub(crate) part_renames: Vec<(ObjectPath, ObjectPath)>,
    /// Enums and domains that PostgreSQL cannot alter in place.
    pub(crate) rebuilt_types: Map<ObjectPath, ()>,
    /// Columns that are dropped and added, since their expression cannot be altered.
    pub(crate) replaced: Map<ObjectPath, ()>,
}

impl Work {
    pub(crate) fn of(changes: &[Change]) -> Work {
        let mut work = Work::default();
        for change in changes {
            let path = of_one_key(&change.object);
            match &change.action {
                Action::Create => drop(work.creates.insert(path, ())),
                Action::Drop => drop(work.drops.insert(path, ())),
                Action::Alter(alterations) => {
                    let aspects: Vec<Aspect> = alterations.iter().map(|alteration| alteration.aspect).collect();
                    if is_made_anew(path.kind, &aspects) {
                        work.rebuild(path);
                    } else {
                        work.alters.insert(path, aspects);
                    }
                }
            }
        }
        work
    }

    /// True where that was not so before.
    pub(crate) fn rebuild(&mut self, path: ObjectPath) -> bool {
        // What was to be renamed only is dropped under its old name.
        if let Some(at) = self.part_renames.iter().position(|(_, to)| of_one_key(to) == path) {
            let (from, _) = self.part_renames.remove(at);
            self.drops.insert(of_one_key(&from), ());
            self.creates.insert(path, ());
            return true;
        }
        let is_new = self.drops.insert(path.clone(), ()).is_none();
        self.creates.insert(path.clone(), ());
        self.alters.shift_remove(&path);
        is_new
    }

    pub(crate) fn is_dropped(&self, path: &ObjectPath) -> bool {
        self.drops.contains_key(path)
    }

    pub(crate) fn is_created(&self, path: &ObjectPath) -> bool {
        self.creates.contains_key(path)
    }

    /// The name that the part had before, where it only gets another one.
    pub(crate) fn renamed_from(&self, path: &ObjectPath) -> Option<&str> {
        let renamed = self.part_renames.iter().find(|(_, to)| to == path);
        renamed.map(|(from, _)| from.last_name())
    }

    pub(crate) fn has(&self, path: &ObjectPath, aspect: Aspect) -> bool {
        self.alters.get(path).is_some_and(|aspects| aspects.contains(&aspect))
    }

    pub(crate) fn is_table_dropped(&self, table: &Name) -> bool {
        self.is_dropped(&ObjectPath::new(ObjectKind::Table, table))
    }

    pub(crate) fn is_table_created(&self, table: &Name) -> bool {
        self.is_created(&ObjectPath::new(ObjectKind::Table, table))
    }
}

/// A table has one primary key, whatever its name: its path here has none.
pub(crate) fn of_one_key(path: &ObjectPath) -> ObjectPath {
    match path.kind {
        ObjectKind::PrimaryKey => primary_key(&path.name),
        _ => path.clone(),
    }
}

pub(crate) fn primary_key(table: &Name) -> ObjectPath {
    ObjectPath::part(ObjectKind::PrimaryKey, table, "")
}

/// True for alterations that no statement makes in place.
fn is_made_anew(kind: ObjectKind, aspects: &[Aspect]) -> bool {
    match kind {
        ObjectKind::Index | ObjectKind::Unique | ObjectKind::Exclusion => true,
        ObjectKind::PrimaryKey => aspects.iter().any(|it| *it != Aspect::Name),
        // Whether NOT VALID goes or comes is seen where both versions are at hand.
        ObjectKind::Check => aspects.iter().any(|it| *it != Aspect::Validated),
        ObjectKind::ForeignKey => aspects.iter().any(|it| !matches!(it, Aspect::Validated | Aspect::Deferral)),
        ObjectKind::View => aspects.iter().any(|it| !matches!(it, Aspect::With | Aspect::Method | Aspect::Tablespace)),
        ObjectKind::Policy => aspects.iter().any(|it| matches!(it, Aspect::Permissive | Aspect::Command)),
        _ => false,
    }
}
