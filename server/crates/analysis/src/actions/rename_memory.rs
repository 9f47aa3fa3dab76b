//! Renames that were decided on before a migration is made: by renaming in the editor.

use schema::{ObjectKind, ObjectPath};

/// Decided renames of one project, each from the name that the migrations record to the one that the schema files have.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RenameMemory {
    renames: Vec<(ObjectPath, ObjectPath)>,
}

impl RenameMemory {
    /// Takes in one more. A rename of what was renamed before leads from its first name; one that leads back is none.
    pub fn remember(&mut self, from: &ObjectPath, to: &ObjectPath) {
        if from.kind == ObjectKind::Table {
            for (_, known) in &mut self.renames {
                if known.kind.is_part() && known.name == from.name {
                    known.name = to.name.clone();
                }
            }
        }
        let earlier = self.renames.iter().position(|(_, known)| known == from);
        let first = earlier.map_or_else(|| from.clone(), |place| self.renames.remove(place).0);
        // What took the name before is not renamed to it any more.
        self.renames.retain(|(known, other)| *known != first && other != to);
        if first != *to {
            self.renames.push((first, to.clone()));
        }
    }

    /// As answers are written.
    pub fn as_answers(&self) -> Vec<(String, String)> {
        self.renames.iter().map(|(from, to)| (from.to_string(), to.to_string())).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use schema::Name;

    fn check(renames: &[(&str, &str)], expected: &[(&str, &str)]) {
        let path = |written: &str| match written.split_once('.') {
            Some((table, column)) => ObjectPath::part(ObjectKind::Column, &Name::new("public", table), column),
            None => ObjectPath::new(ObjectKind::Table, &Name::new("public", written)),
        };
        let mut memory = RenameMemory::default();
        renames.iter().for_each(|(from, to)| memory.remember(&path(from), &path(to)));
        let expected: Vec<_> =
            expected.iter().map(|(from, to)| (format!("public.{from}"), format!("public.{to}"))).collect();
        assert_eq!(memory.as_answers(), expected);
    }

    #[test]
    fn a_rename_leads_from_the_first_name_to_the_last() {
        check(&[("users.a", "users.b"), ("users.b", "users.c")], &[("users.a", "users.c")]);
        check(&[("users.a", "users.b"), ("users.b", "users.a")], &[]);
    }

    #[test]
    fn a_columns_rename_follows_its_table() {
        check(
            &[("users.a", "users.b"), ("users", "people"), ("people.b", "people.c")],
            &[("users", "people"), ("users.a", "people.c")],
        );
    }

    #[test]
    fn a_name_is_taken_once() {
        check(&[("users.a", "users.b"), ("users.x", "users.b")], &[("users.x", "users.b")]);
    }
}
