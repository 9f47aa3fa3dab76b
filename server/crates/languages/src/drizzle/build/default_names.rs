//! The names that drizzle-kit gives to what a schema file does not name.
//!
//! They changed with 1.0 (drizzle-kit's `dialects/{postgres,sqlite}/grammar.ts`). There, drizzle-kit also looks past a name that
//! nobody chose, so each is noted.

use schema::{Dialect, ObjectKind, Table};

use super::super::Release;

/// What names are made for.
#[derive(Clone, Copy)]
pub(in crate::drizzle) struct Naming {
    pub(in crate::drizzle) release: Release,
    pub(in crate::drizzle) dialect: Dialect,
}

impl Naming {
    /// Of a key listed among a table's extras; None where the database names it.
    pub(super) fn primary_key(self, table: &str, columns: &[String]) -> Option<String> {
        match self.release {
            Release::BeforeOne => Some(format!("{table}_{}_pk", columns.join("_"))),
            Release::One => None,
        }
    }

    /// Of a column's own `.unique()`.
    pub(super) fn column_unique(self, table: &str, column: &str) -> String {
        match (self.release, self.dialect) {
            (Release::One, Dialect::Postgres) => format!("{table}_{column}_key"),
            _ => format!("{table}_{column}_unique"),
        }
    }

    /// Of one listed among a table's extras.
    pub(super) fn unique(self, table: &str, columns: &[String]) -> String {
        format!("{table}_{}_unique", columns.join("_"))
    }

    pub(super) fn index(self, table: &str, columns: &[&str]) -> String {
        format!("{table}_{}_index", columns.join("_"))
    }

    pub(in crate::drizzle) fn foreign_key(
        self,
        table: &str,
        columns: &[String],
        to: &str,
        to_columns: &[String],
    ) -> String {
        let middle = format!("{table}_{}_{to}_{}", columns.join("_"), to_columns.join("_"));
        match (self.release, self.dialect) {
            (Release::BeforeOne, _) => format!("{middle}_fk"),
            (Release::One, Dialect::Sqlite) => format!("fk_{middle}_fk"),
            (Release::One, Dialect::Postgres) => {
                let name = format!("{middle}_fkey");
                let units = |text: &str| text.encode_utf16().count();
                match (units(&name) > 63, units(table) < 45) {
                    (false, _) => name,
                    (true, true) => format!("{table}_{}_fkey", hash(&name)),
                    (true, false) => format!("{}_fkey", hash(&name)),
                }
            }
        }
    }

    /// Notes a name that nobody chose.
    pub(super) fn note(self, table: &mut Table, kind: ObjectKind, name: &str) {
        if self.release == Release::One {
            table.default_names.insert((kind, name.to_owned()));
        }
    }
}

/// drizzle-kit's own hash: the characters as the digits of a number to the base 53, in twelve digits to the base 62.
fn hash(text: &str) -> String {
    const DIGITS: &[u8; 62] = b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    const LENGTH: u32 = 12;
    let modulus = 62u128.pow(LENGTH);
    let (mut sum, mut power) = (0u128, 1u128);
    for character in text.chars() {
        sum = (sum + u128::from(u32::from(character)) * power) % modulus;
        power = power * 53 % modulus;
    }
    let mut digits = Vec::new();
    for _ in 0..LENGTH {
        digits.extend(DIGITS.get(usize::try_from(sum % 62).unwrap_or_default()).map(|digit| char::from(*digit)));
        sum /= 62;
    }
    digits.into_iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_name_is_shortened_by_a_hash() {
        // As drizzle-kit 1.0.0-rc.5 names them.
        let naming = Naming { release: Release::One, dialect: Dialect::Postgres };
        let columns = [String::from("organization_membership_identifier")];
        let to = [String::from("identifier")];
        let name = |table: &str| naming.foreign_key(table, &columns, "organization_memberships", &to);
        assert_eq!(name("members"), "members_yMzI6Ck6qaJk_fkey");
        assert_eq!(name("members_of_the_organization_that_have_been_invited"), "HJA12VkOXoAU_fkey");
        assert_eq!(naming.foreign_key("a", &to, "b", &to), "a_identifier_b_identifier_fkey");
    }
}
