//! `sqlc.yaml`, `sqlc.yml`, `sqlc.json`: the schema files or migrations folder of each part, and its engine.

use super::yaml_leaves::{Leaves, Step};

/// Longer ones are not read: such a configuration is a page.
const MOST_BYTES: usize = 256 * 1024;

/// One entry of `sql` (version 2) or `packages` (version 1).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SqlcPart {
    /// `postgresql`, `sqlite`, `mysql`; empty where it is not said, which means `postgresql`.
    pub engine: String,
    /// Files, folders or patterns relative to the configuration's folder.
    pub schema: Vec<String>,
}

/// The parts of a configuration, in their order. What cannot be read says nothing. Aliases are not followed.
pub fn parts(text: &str) -> Vec<SqlcPart> {
    let mut parts: Vec<SqlcPart> = Vec::new();
    if text.len() > MOST_BYTES {
        return parts;
    }
    for (path, value) in Leaves::new(text) {
        let (Some(Step::Key(list)), Some(Step::Position(position)), Some(Step::Key(key))) =
            (path.first(), path.get(1), path.get(2))
        else {
            continue;
        };
        if !matches!(list.as_str(), "sql" | "packages") {
            continue;
        }
        if parts.len() <= *position {
            parts.resize(position + 1, SqlcPart::default());
        }
        let Some(part) = parts.get_mut(*position) else { continue };
        match (key.as_str(), path.get(3)) {
            ("engine", None) => part.engine = value,
            ("schema", None | Some(Step::Position(_))) => part.schema.push(value),
            _ => {}
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    fn check(text: &str, expected: Expect) {
        let told: Vec<String> =
            parts(text).into_iter().map(|part| format!("{:?} {}\n", part.engine, part.schema.join(", "))).collect();
        expected.assert_eq(&told.concat());
    }

    #[test]
    fn version_2_has_parts_with_a_path_or_a_list() {
        check(
            "version: \"2\"\nsql:\n  - engine: \"postgresql\"\n    queries: query.sql # all\n    schema: 'db/migrations'\n    gen:\n      go:\n        package: db\n        overrides:\n          - db_type: uuid\n            go_type: { import: x, type: y }\n  - engine: sqlite\n    schema:\n      - a.sql\n      - \"b\"\n",
            expect![[r#"
                "postgresql" db/migrations
                "sqlite" a.sql, b
            "#]],
        );
    }

    #[test]
    fn version_1_has_packages() {
        check(
            "version: 1\npackages:\n- path: db\n  schema: ./schema.sql\n",
            expect![[r#"
                "" ./schema.sql
            "#]],
        );
    }

    #[test]
    fn json_is_read_too() {
        check(
            "{\n\t\"version\": \"2\",\n\t\"sql\": [\n\t\t{ \"schema\": [\"a.sql\", \"b.sql\"],\n\t\t\"engine\": \"mysql\" }\n\t]\n}\n",
            expect![[r#"
                "mysql" a.sql, b.sql
            "#]],
        );
    }

    #[test]
    fn what_is_broken_or_odd_says_no_more_than_it_can() {
        check("", expect![[""]]);
        check("sql: 5\n", expect![[""]]);
        check("- sql\n", expect![[""]]);
        check(
            "sql:\n  - schema: a.sql\n    engine: [\n",
            expect![[r#"
            "" a.sql
        "#]],
        );
        check(
            "x: &x { schema: a.sql }\nsql:\n  - *x\n  - ? [1, 2]\n    : 3\n    schema: b.sql\n",
            expect![[r#"
            "" 
            "" 
        "#]],
        );
        check(&"[".repeat(100_000), expect![[""]]);
        check(&"- ".repeat(50_000), expect![[""]]);
    }
}
