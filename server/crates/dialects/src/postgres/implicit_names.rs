//! The names PostgreSQL gives to what a statement leaves unnamed. (`makeObjectName`, `ChooseRelationName`, `ChooseConstraintName`,
//! `ChooseIndexNameAddition` in src/backend/commands/indexcmds.c and src/backend/catalog/pg_constraint.c.)

/// NAMEDATALEN without its final NUL: names are at most this many bytes.
pub const MAX_NAME_BYTES: usize = 63;

/// `<first>_<second>_<label>`, the longer of the two names shortened byte by byte until all fits, then `<label>1`, `<label>2`, …
/// until `is_taken` says no.
pub fn choose(first: &str, second: &str, label: &str, is_taken: impl Fn(&str) -> bool) -> String {
    let mut name = join(first, second, label);
    let mut pass = 0_u32;
    while is_taken(&name) {
        pass += 1;
        name = join(first, second, &format!("{label}{pass}"));
    }
    name
}

/// The column part of an index's or foreign key's name: the names joined by `_`, no more once they pass 63 bytes.
pub fn columns_part<'a>(columns: impl IntoIterator<Item = &'a str>) -> String {
    let mut part = String::new();
    for column in columns {
        if !part.is_empty() {
            part.push('_');
        }
        part.push_str(clipped(column, MAX_NAME_BYTES));
        if part.len() >= MAX_NAME_BYTES + 1 {
            break;
        }
    }
    part
}

/// A name as the server keeps it: cut to 63 bytes at a character's boundary.
pub fn clipped(name: &str, max_bytes: usize) -> &str {
    name.get(..name.floor_char_boundary(max_bytes)).unwrap_or(name)
}

fn join(first: &str, second: &str, label: &str) -> String {
    let n_separators = usize::from(!second.is_empty()) + usize::from(!label.is_empty());
    let room = MAX_NAME_BYTES.saturating_sub(label.len() + n_separators);
    let (mut first_len, mut second_len) = (first.len(), second.len());
    while first_len + second_len > room {
        if first_len > second_len {
            first_len -= 1;
        } else {
            second_len -= 1;
        }
    }
    let parts = [clipped(first, first_len), clipped(second, second_len), label];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_made_of_table_columns_and_label() {
        assert_eq!(choose("users", "", "pkey", |_| false), "users_pkey");
        assert_eq!(choose("users", "email", "key", |_| false), "users_email_key");
        assert_eq!(choose("users", "email", "key", |name| name == "users_email_key"), "users_email_key1");
        assert_eq!(columns_part(["a", "b"]), "a_b");
    }

    #[test]
    fn a_long_name_loses_bytes_where_it_is_longest() {
        let (table, column) = ("t".repeat(60), "c".repeat(20));
        let name = choose(&table, &column, "fkey", |_| false);
        assert_eq!(name, format!("{}_{column}_fkey", "t".repeat(37)));
        assert_eq!(name.len(), 63);
        let both = choose(&table, &"c".repeat(60), "fkey", |_| false);
        assert_eq!(both, format!("{}_{}_fkey", "t".repeat(29), "c".repeat(28)));
        assert_eq!(choose(&"é".repeat(40), "", "pkey", |_| false), format!("{}_pkey", "é".repeat(29)));
    }
}
