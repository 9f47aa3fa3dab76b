//! What of a database a project is about.

use schema::{Name, ObjectKind, ObjectPath, Schema};

/// Which objects are looked at. What is left out is neither compared nor touched.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// The namespaces; None for all.
    pub namespaces: Option<Vec<String>>,
    /// Patterns of table and view names with `*` and `?`, `!` before those left out; empty for all.
    pub tables: Vec<String>,
    /// All roles of the server are looked at only where it is said, and then not these.
    pub roles: Option<Vec<String>>,
    /// Roles that the schema files declare: they are looked at in any case.
    pub declared_roles: Vec<String>,
    /// Tables that a migration tool keeps for itself.
    pub ledgers: Vec<Name>,
}

impl Filter {
    /// Takes out of a schema what is not looked at.
    pub fn apply(&self, schema: &mut Schema) {
        let is_namespace = |name: &str| self.namespaces.as_ref().is_none_or(|all| all.iter().any(|it| it == name));
        let is_in = |name: &Name| name.namespace.is_empty() || is_namespace(&name.namespace);
        let is_table = |name: &Name| is_in(name) && !self.ledgers.contains(name) && self.takes_table(&name.name);
        schema.namespaces.retain(|name| is_namespace(name));
        schema.enums.retain(|name, _| is_in(name));
        schema.domains.retain(|name, _| is_in(name));
        schema.sequences.retain(|name, sequence| {
            is_in(name) && sequence.owned_by.as_ref().is_none_or(|(table, _)| !self.ledgers.contains(table))
        });
        schema.tables.retain(|name, _| is_table(name));
        schema.views.retain(|name, _| is_table(name));
        schema.opaque.retain(|key, _| is_in(&key.name) && key.on.as_ref().is_none_or(is_table));
        let role = |name: &str| {
            let is_in = |list: &Vec<String>| list.iter().any(|it| it == name);
            is_in(&self.declared_roles) || self.roles.as_ref().is_some_and(|left_out| !is_in(left_out))
        };
        schema.roles.retain(|name, _| role(name));
        let is_path = |path: &ObjectPath| match path.kind {
            ObjectKind::Namespace => is_namespace(&path.name.name),
            ObjectKind::Role => role(&path.name.name),
            ObjectKind::Table | ObjectKind::View => is_table(&path.name),
            kind if kind.is_part() => is_table(&path.name),
            _ => is_in(&path.name),
        };
        schema.grants.retain(|(path, _), _| is_path(path));
        schema.comments.retain(|path, _| is_path(path));
    }

    fn takes_table(&self, name: &str) -> bool {
        let (left_out, taken): (Vec<&str>, Vec<&str>) =
            self.tables.iter().map(String::as_str).partition(|pattern| pattern.starts_with('!'));
        let is_left_out = left_out.iter().any(|pattern| matches_pattern(pattern.trim_start_matches('!'), name));
        !is_left_out && (taken.is_empty() || taken.iter().any(|pattern| matches_pattern(pattern, name)))
    }
}

/// True where a name fits a pattern: `*` is any text, `?` one character.
pub fn matches_pattern(pattern: &str, name: &str) -> bool {
    let Some((head, rest)) = pattern.split_once('*') else {
        return pattern.chars().count() == name.chars().count()
            && pattern.chars().zip(name.chars()).all(|(pattern, it)| pattern == '?' || pattern == it);
    };
    let n_head = head.chars().count();
    let fits_head =
        name.chars().count() >= n_head && matches_pattern(head, &name.chars().take(n_head).collect::<String>());
    let tail: Vec<char> = name.chars().skip(n_head).collect();
    fits_head && (0..=tail.len()).any(|start| matches_pattern(rest, &tail.iter().skip(start).collect::<String>()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_those_of_the_shell() {
        for (pattern, name, fits) in [
            ("users", "users", true),
            ("users", "user", false),
            ("app_*", "app_users", true),
            ("app_*", "xapp_users", false),
            ("*_log", "a_log", true),
            ("a?c*e", "abcde", true),
            ("*", "", true),
        ] {
            assert_eq!(matches_pattern(pattern, name), fits, "{pattern} {name}");
        }
    }

    #[test]
    fn a_pattern_with_an_exclamation_mark_leaves_out() {
        let filter = Filter { tables: vec![String::from("!spatial_*"), String::from("*")], ..Filter::default() };
        assert!(filter.takes_table("users") && !filter.takes_table("spatial_ref_sys"));
    }
}
