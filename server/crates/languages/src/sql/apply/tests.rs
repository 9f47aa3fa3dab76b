//! Statements in, the schema they leave out.

use expect_test::{Expect, expect};
use schema::{Dialect, Table};
use source::FilePath;
use std::fmt::Write as _;

use crate::sql::{State, apply, statements};

/// Applies a text and shows the schema, a line an object, then the findings.
fn check_in(dialect: Dialect, text: &str, expected: Expect) {
    let mut state = State::new(dialect);
    state.begin(&FilePath::from(std::path::Path::new("/m.sql")), false);
    for statement in statements(dialect, text) {
        apply(&mut state, &statement);
    }
    let mut shown = String::new();
    let schema = state.schema();
    for found in schema.enums.values() {
        let _ = writeln!(shown, "enum {} ({})", found.name, found.values.join(", "));
    }
    for domain in schema.domains.values() {
        let _ = writeln!(shown, "domain {} {}", domain.name, domain.sql_type.text);
    }
    for table in schema.tables.values() {
        show_table(table, &mut shown);
    }
    for view in schema.views.values() {
        let text = view.definition.as_ref().map(|it| it.text.as_str()).unwrap_or_default();
        let _ = writeln!(shown, "view {}: {text}", view.name);
    }
    for sequence in schema.sequences.values() {
        let owner = sequence.owned_by.as_ref().map(|(table, column)| format!(" owned by {table}.{column}"));
        let _ = writeln!(shown, "sequence {}{}", sequence.name, owner.unwrap_or_default());
    }
    for key in schema.opaque.keys() {
        let on = key.on.as_ref().map(|table| format!(" on {table}"));
        let _ = writeln!(shown, "{} {}{}", key.kind.as_str(), key.name, on.unwrap_or_default());
    }
    for grant in schema.grants.values() {
        let _ = writeln!(shown, "grant {} on {} to {}", grant.privileges.join(", "), grant.on, grant.to);
    }
    for (path, text) in &schema.comments {
        let _ = writeln!(shown, "comment on {path}: {text}");
    }
    for name in &schema.unknown {
        let _ = writeln!(shown, "unknown {name}");
    }
    for finding in state.take_diagnostics() {
        let _ = writeln!(shown, "{} at {:?}: {}", finding.code, finding.location.span.text(text), finding.message);
    }
    expected.assert_eq(&shown);
}

fn show_table(table: &Table, shown: &mut String) {
    let _ = writeln!(shown, "table {}{}", table.name, if table.opaque { " opaque" } else { "" });
    for column in table.columns.values() {
        let _ = write!(shown, "  {} {}", column.name, column.sql_type.canonical);
        if column.not_null {
            shown.push_str(" not null");
        }
        if let Some(default) = &column.default {
            let _ = write!(shown, " default {}", default.text);
        }
        if let Some(generated) = &column.generated {
            let _ = write!(shown, " as ({})", generated.expression.text);
        }
        if let Some(identity) = &column.identity {
            let _ = write!(shown, " identity {}", identity.sequence_name);
        }
        shown.push('\n');
    }
    if let Some(key) = &table.primary_key {
        let name = key.name.as_ref().or(key.server_name.as_ref()).map(String::as_str).unwrap_or_default();
        let _ = writeln!(shown, "  primary key {name} ({})", key.columns.join(", "));
    }
    for unique in table.uniques.values() {
        let _ = writeln!(shown, "  unique {} ({})", unique.name, unique.columns.join(", "));
    }
    for key in table.foreign_keys.values() {
        let (columns, to_columns) = (key.columns.join(", "), key.to_columns.join(", "));
        let _ = writeln!(shown, "  foreign key {} ({columns}) to {} ({to_columns})", key.name, key.to);
    }
    for check in table.checks.values() {
        let _ = writeln!(shown, "  check {} ({})", check.name, check.expression.text);
    }
    for index in table.indexes.values() {
        let predicate = index.predicate.as_ref().map(|it| format!(" where {}", it.text));
        let _ = writeln!(shown, "  index {}{}", index.name, predicate.unwrap_or_default());
    }
    for policy in table.policies.keys() {
        let _ = writeln!(shown, "  policy {policy}");
    }
    for parent in table.inherits.iter().chain(table.partition_of.iter().map(|it| &it.parent)) {
        let _ = writeln!(shown, "  of {parent}");
    }
}

fn check(text: &str, expected: Expect) {
    check_in(Dialect::Postgres, text, expected);
}

fn check_sqlite(text: &str, expected: Expect) {
    check_in(Dialect::Sqlite, text, expected);
}

#[test]
fn unnamed_parts_get_the_names_that_the_server_makes() {
    check(
        "CREATE TABLE t (id serial PRIMARY KEY, a int UNIQUE CHECK (a > 0), b int REFERENCES t, CHECK (a < b), UNIQUE (a, b));
        CREATE INDEX ON t (a, lower(b::text));
        CREATE INDEX ON t (a, lower(b::text));
        ALTER TABLE t ADD UNIQUE (a);",
        expect![[r#"
            table public.t
              id integer not null default nextval('public.t_id_seq'::regclass)
              a integer
              b integer
              primary key t_pkey (id)
              unique t_a_key (a)
              unique t_a_b_key (a, b)
              unique t_a_key1 (a)
              foreign key t_b_fkey (b) to public.t (id)
              check t_a_check (a > 0)
              check t_check (a < b)
              index t_a_lower_idx
              index t_a_lower_idx1
            sequence public.t_id_seq owned by public.t.id
        "#]],
    );
}

#[test]
fn a_renamed_table_keeps_the_names_of_its_parts_and_is_followed_by_references() {
    check(
        "CREATE TABLE a (id int PRIMARY KEY, n int CHECK (n > 0));
        CREATE TABLE b (a_id int REFERENCES a);
        CREATE INDEX a_n ON a (n) WHERE n > 1;
        ALTER TABLE a RENAME TO c;
        ALTER TABLE c RENAME COLUMN n TO m;
        ALTER TABLE c RENAME COLUMN id TO key;",
        expect![[r#"
            table public.b
              a_id integer
              foreign key b_a_id_fkey (a_id) to public.c (key)
            table public.c
              key integer not null
              m integer
              primary key a_pkey (key)
              check a_n_check ("m" > 0)
              index a_n where "m" > 1
        "#]],
    );
}

#[test]
fn a_dropped_column_goes_with_all_that_names_it() {
    check(
        "CREATE TABLE a (id serial PRIMARY KEY, x int UNIQUE, y int, CHECK (x > y), CHECK (y > 0));
        CREATE TABLE b (x int REFERENCES a (x));
        CREATE INDEX a_y ON a (y) WHERE x > 0;
        CREATE INDEX a_only_y ON a (y);
        ALTER TABLE a DROP COLUMN x CASCADE, DROP COLUMN id;",
        expect![[r#"
            table public.a
              y integer
              check a_y_check (y > 0)
              index a_only_y
            table public.b
              x integer
        "#]],
    );
}

#[test]
fn what_contradicts_the_state_is_told_once_and_then_left_alone() {
    check(
        "CREATE TABLE a (id int);
        CREATE TABLE a (id int);
        ALTER TABLE a ADD COLUMN b int;
        ALTER TABLE gone ADD COLUMN b int;
        ALTER TABLE gone ADD COLUMN c int;
        DROP TABLE IF EXISTS never;
        DROP TABLE other;
        ALTER TABLE auth.users ADD COLUMN x int;
        CREATE TABLE c (id int);
        ALTER TABLE c DROP COLUMN nothing;",
        expect![[r#"
            table public.a
              id integer
              b integer
            table public.c
              id integer
            unknown public.a
            unknown public.c
            unknown public.gone
            unknown public.other
            sql/contradiction at "a": relation `a` exists already at this point, so this statement fails
            sql/contradiction at "gone": table `gone` does not exist at this point, so this statement fails
            sql/contradiction at "other": table `other` does not exist at this point, so this statement fails
            sql/contradiction at "nothing": column `c.nothing` does not exist at this point, so this statement fails
        "#]],
    );
}

#[test]
fn a_block_that_guards_its_statements_takes_effect() {
    check(
        "CREATE TYPE mood AS ENUM ('ok');
        DO $$ BEGIN CREATE TYPE mood AS ENUM ('ok'); EXCEPTION WHEN duplicate_object THEN null; END $$;
        CREATE TABLE a (id int PRIMARY KEY, m mood);
        CREATE TABLE b (a_id int);
        DO $$ BEGIN
          ALTER TABLE b ADD CONSTRAINT b_a FOREIGN KEY (a_id) REFERENCES a (id);
        EXCEPTION WHEN duplicate_object THEN null; END $$;
        DO $$ DECLARE r record; BEGIN FOR r IN SELECT 1 LOOP EXECUTE format('ALTER TABLE %I ADD x int', r); ALTER TABLE b ADD y int; END LOOP; END $$;",
        expect![[r#"
            enum public.mood (ok)
            table public.a
              id integer not null
              m public.mood
              primary key a_pkey (id)
            table public.b
              a_id integer
              foreign key b_a (a_id) to public.a (id)
            unknown public.b
            sql/opaque-block at "DO $$ DECLARE r record; BEGIN FOR r IN SELECT 1 LOOP EXECUTE format('ALTER TABLE %I ADD x int', r); ALTER TABLE b ADD y int; END LOOP; END $$": what this block does depends on data or variables: nothing is told about `b`
        "#]],
    );
}

#[test]
fn enums_are_extended_renamed_and_found_in_columns() {
    check(
        "CREATE SCHEMA s;
        CREATE TYPE s.mood AS ENUM ('ok', 'bad');
        SET search_path = s, public;
        CREATE TABLE a (m mood DEFAULT 'ok', list mood[]);
        ALTER TYPE mood ADD VALUE 'good' BEFORE 'bad';
        ALTER TYPE mood RENAME VALUE 'ok' TO 'fine';
        ALTER TYPE mood RENAME TO state;
        ALTER TYPE state SET SCHEMA public;",
        expect![[r#"
            enum public.state (fine, good, bad)
            table s.a
              m public.state default 'fine'
              list public.state[]
        "#]],
    );
}

#[test]
fn comments_on_parts_of_a_table_follow_them() {
    check(
        "CREATE TABLE t (a int CONSTRAINT positive CHECK (a > 0) CONSTRAINT one UNIQUE);
         CREATE INDEX i ON t (a);
         CREATE POLICY p ON t;
         COMMENT ON CONSTRAINT positive ON t IS 'check';
         COMMENT ON CONSTRAINT one ON t IS 'unique';
         COMMENT ON INDEX i IS 'index';
         COMMENT ON POLICY p ON t IS 'policy';
         ALTER TABLE t RENAME CONSTRAINT positive TO not_negative;
         ALTER INDEX one RENAME TO only;
         ALTER INDEX i RENAME TO j;
         ALTER POLICY p ON t RENAME TO q;
         CREATE TABLE u (a int CONSTRAINT gone CHECK (a > 0));
         CREATE POLICY p ON u;
         COMMENT ON CONSTRAINT gone ON u IS 'check';
         COMMENT ON POLICY p ON u IS 'policy';
         ALTER TABLE u DROP CONSTRAINT gone;
         DROP POLICY p ON u",
        expect![[r#"
            table public.t
              a integer
              unique one (a)
              check not_negative (a > 0)
              index j
              policy q
            table public.u
              a integer
            comment on public.t.one: unique
            comment on public.t.not_negative: check
            comment on public.t.j: index
            comment on public.t.q: policy
            unknown public.one
            sql/unreadable-statement at "only": this statement cannot be read: expected a name instead of `only`
        "#]],
    );
}

#[test]
fn a_namespace_is_dropped_with_all_in_it() {
    check(
        "CREATE SCHEMA s; CREATE TABLE s.a (id int PRIMARY KEY); CREATE TABLE b (id int REFERENCES s.a);
        CREATE VIEW s.v AS SELECT id FROM s.a; CREATE FUNCTION s.f(a int) RETURNS int LANGUAGE sql AS 'SELECT 1';
        CREATE FUNCTION f(a int, b text DEFAULT 'x') RETURNS int LANGUAGE sql AS 'SELECT 1';
        DROP SCHEMA s CASCADE;
        CREATE TRIGGER tr BEFORE INSERT ON b FOR EACH ROW EXECUTE FUNCTION f();
        GRANT ALL ON b TO reader; COMMENT ON FUNCTION f(int, text) IS 'adds'; COMMENT ON TABLE b IS 'b';",
        expect![[r#"
            table public.b
              id integer
            function public.f(integer, text)
            trigger public.tr on public.b
            grant DELETE, INSERT, REFERENCES, SELECT, TRIGGER, TRUNCATE, UPDATE on public.b to reader
            comment on public.f(integer, text): adds
        "#]],
    );
}

#[test]
fn a_partition_has_the_keys_and_indexes_of_its_parent() {
    check(
        "CREATE TABLE p (id int, at date NOT NULL, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
        CREATE INDEX p_at ON p (at);
        CREATE TABLE p1 PARTITION OF p FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
        ALTER TABLE p ADD COLUMN n int CHECK (n > 0);
        CREATE TABLE p2 (LIKE p INCLUDING ALL);
        ALTER TABLE p ATTACH PARTITION p2 DEFAULT;
        ALTER TABLE p DETACH PARTITION p1;
        DROP TABLE p;",
        expect![[r#"
            table public.p1
              id integer not null
              at date not null
              n integer
              primary key p1_pkey (id, at)
              check p_n_check (n > 0)
              index p1_at_idx
        "#]],
    );
}

#[test]
fn keys_and_indexes_of_a_partition_go_with_those_of_its_parent() {
    check(
        "CREATE TABLE t (id int, at date NOT NULL) PARTITION BY RANGE (at);
        CREATE TABLE t1 PARTITION OF t FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
        CREATE INDEX t_id_idx ON t (id);
        ALTER TABLE t ADD CONSTRAINT t_unique UNIQUE (at, id);
        ALTER TABLE t ADD PRIMARY KEY (id, at);
        DROP INDEX t_id_idx;
        ALTER TABLE t DROP CONSTRAINT t_unique;
        ALTER TABLE t DROP CONSTRAINT t_pkey;",
        expect![[r#"
            table public.t
              id integer not null
              at date not null
            table public.t1
              id integer not null
              at date not null
              of public.t
        "#]],
    );
}

#[test]
fn privileges_follow_a_renamed_role() {
    check(
        "CREATE ROLE a; CREATE TABLE t (id int); GRANT SELECT ON t TO a; ALTER ROLE a RENAME TO b;",
        expect![[r#"
            table public.t
              id integer
            grant SELECT on public.t to b
        "#]],
    );
}

#[test]
fn an_array_of_an_enum_keeps_its_dimensions_whatever_its_sizes() {
    check(
        "CREATE TYPE e AS ENUM ('a'); CREATE TABLE t (a e[3], b e[3][2], c e[]);",
        expect![[r#"
            enum public.e (a)
            table public.t
              a public.e[]
              b public.e[][]
              c public.e[]
        "#]],
    );
}

#[test]
fn a_trigger_goes_with_its_function_whatever_that_is_called() {
    check(
        "CREATE TABLE t (id int);
        CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
        CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();
        CREATE TRIGGER other BEFORE INSERT ON t FOR EACH ROW EXECUTE PROCEDURE public.h();
        ALTER FUNCTION f() RENAME TO g;
        DROP FUNCTION g CASCADE;",
        expect![[r#"
            table public.t
              id integer
            trigger public.other on public.t
        "#]],
    );
}

#[test]
fn a_materialized_view_goes_with_its_indexes_and_a_ledger_is_the_tools_own() {
    check(
        "CREATE TABLE t (id int);
        CREATE MATERIALIZED VIEW m AS SELECT id FROM t;
        CREATE UNIQUE INDEX m_id ON m (id);
        DROP MATERIALIZED VIEW m;
        CREATE MATERIALIZED VIEW m AS SELECT id FROM t;
        CREATE UNIQUE INDEX m_id ON m (id);
        CREATE TRIGGER tr BEFORE INSERT ON __diesel_schema_migrations FOR EACH ROW EXECUTE FUNCTION f();
        ALTER TABLE schema_migrations ADD COLUMN x int;",
        expect![[r#"
            table public.t
              id integer
            view public.m: SELECT id FROM t
        "#]],
    );
}

#[test]
fn sqlite_rebuilds_a_table_under_its_name() {
    check_sqlite(
        "CREATE TABLE `users` (`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL, `name` text);
        CREATE TABLE `posts` (`id` integer PRIMARY KEY, `user_id` integer, FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade);
        CREATE UNIQUE INDEX `users_name` ON `users` (`name`);
        PRAGMA foreign_keys=OFF;
        CREATE TABLE `__new_users` (`id` integer PRIMARY KEY NOT NULL, `full_name` text NOT NULL, `boss` integer REFERENCES users(id));
        INSERT INTO `__new_users`(\"id\", \"full_name\") SELECT \"id\", \"name\" FROM `users`;
        DROP TABLE `users`;
        ALTER TABLE `__new_users` RENAME TO `users`;
        PRAGMA foreign_keys=ON;
        CREATE UNIQUE INDEX `users_name` ON `users` (`full_name`);",
        expect![[r#"
            table posts
              id integer
              user_id integer
              primary key  (id)
              foreign key (user_id) references users (id) (user_id) to users (id)
            table users
              id integer not null
              full_name text not null
              boss integer
              primary key  (id)
              foreign key (boss) references users (id) (boss) to users (id)
              index users_name
        "#]],
    );
}

#[test]
fn sqlite_alters_in_place_and_names_do_not_count_by_case() {
    check_sqlite(
        "CREATE TABLE T (a integer, b text DEFAULT 'x') STRICT;
        ALTER TABLE t ADD COLUMN c real DEFAULT 1.5;
        ALTER TABLE t RENAME COLUMN B TO d;
        ALTER TABLE t DROP COLUMN A;
        ALTER TABLE t ALTER COLUMN \"c\" TO \"c\" text NOT NULL;
        CREATE VIRTUAL TABLE search USING fts5(body);
        CREATE TRIGGER trg AFTER INSERT ON t BEGIN INSERT INTO search VALUES (1); DELETE FROM search; END;
        DROP TABLE IF EXISTS nowhere;",
        expect![[r#"
            table T
              d text default 'x'
              c text not null
            table search opaque
            trigger trg on T
        "#]],
    );
}
