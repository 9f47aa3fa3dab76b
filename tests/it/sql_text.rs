//! A schema printed as SQL and read again is the same schema.
//!
//! What is known by name only is not in the printed text: it is left out of the comparison.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use expect_test::{Expect, expect};
use languages::drizzle::Reader;
use schema::{Dialect, ObjectKind, Schema};
use source::{FilePath, MemoryFiles};

/// The schema of a SQL text as it is printed, which reads as the same schema.
fn check(dialect: Dialect, text: &str, expected: Expect) {
    let (schema, findings) = read(dialect, text);
    assert_eq!(findings, Vec::<String>::new());
    expected.assert_eq(&dialects::sql_text(&schema));
    round_trip(&schema).unwrap_or_else(|difference| panic!("{difference}"));
}

/// The schema that a SQL text makes, and what is found wrong in it.
fn read(dialect: Dialect, text: &str) -> (Schema, Vec<String>) {
    let mut files = MemoryFiles::new("");
    files.set("/schema.sql", text);
    let desired = languages::sql::read_schema(dialect, &[FilePath::from(Path::new("/schema.sql"))], &files);
    (desired.schema, desired.diagnostics.into_iter().map(|finding| finding.message).collect())
}

fn round_trip(schema: &Schema) -> Result<(), String> {
    let text = dialects::sql_text(schema);
    let (again, findings) = read(schema.dialect, &text);
    let (before, after) = (comparable(schema), comparable(&again));
    if before == after && json(&before) == json(&after) && findings.is_empty() {
        return Ok(());
    }
    let (before, after) = (json(&before), json(&after));
    let (before, after): (Vec<&str>, Vec<&str>) = (before.lines().collect(), after.lines().collect());
    let only = |sign: &str, these: &[&str], those: &[&str]| {
        let lines = these.iter().filter(|line| !those.contains(line)).map(|line| format!("{sign} {}\n", line.trim()));
        lines.take(12).collect::<String>()
    };
    let differences = only("-", &before, &after) + &only("+", &after, &before);
    Err(format!("{}\n{differences}\nprinted:\n{text}", findings.join("\n")))
}

/// Maps in the order of their keys.
fn json(schema: &Schema) -> String {
    fn sorted(value: &serde_json::Value) -> serde_json::Value {
        match value {
            serde_json::Value::Object(map) => {
                let mut entries: Vec<_> = map.iter().map(|(key, value)| (key.clone(), sorted(value))).collect();
                entries.sort_by(|a, b| a.0.cmp(&b.0));
                serde_json::Value::Object(entries.into_iter().collect())
            }
            serde_json::Value::Array(items) => serde_json::Value::Array(items.iter().map(sorted).collect()),
            other => other.clone(),
        }
    }
    serde_json::to_string_pretty(&sorted(&serde_json::to_value(schema).unwrap())).unwrap()
}

/// What of a schema can be printed, in the one form that its printed text has.
fn comparable(schema: &Schema) -> Schema {
    let mut schema = schema.clone();
    schema.unknown.clear();
    schema.tables.retain(|_, table| !table.opaque);
    schema.views.retain(|_, view| !view.opaque && !view.existing);
    let is_there = |on: &schema::Name| schema.tables.contains_key(on) || schema.views.contains_key(on);
    schema.opaque.retain(|key, object| object.definition.is_some() && key.on.as_ref().is_none_or(is_there));
    schema.opaque.sort_keys();
    // What a view reads is found at its statement, where it may not be there yet.
    schema.views.values_mut().for_each(|view| Arc::make_mut(view).reads.clear());
    for table in schema.tables.values_mut() {
        let table = Arc::make_mut(table);
        // Policies stand for the switch.
        table.row_level_security |= !table.policies.is_empty();
        if let Some(key) = &mut table.primary_key {
            // The server's name is stated where it is another one than usual.
            let usual = dialects::implicit_names::choose(&table.name.name, "", "pkey", |_| false);
            let server_name = key.server_name.take();
            key.name = key.name.take().or(server_name).filter(|name| *name != usual);
        }
    }
    let (tables, views) = (schema.tables.clone(), schema.views.clone());
    let routines: Vec<schema::ObjectPath> = schema.opaque.keys().map(|key| key.path()).collect();
    let is_made = |path: &schema::ObjectPath| match path.kind {
        ObjectKind::Opaque => routines.contains(path),
        ObjectKind::Table => tables.contains_key(&path.name),
        ObjectKind::View => views.contains_key(&path.name),
        ObjectKind::Column => tables.contains_key(&path.name) || views.contains_key(&path.name),
        _ => true,
    };
    schema.grants.retain(|(path, _), _| is_made(path));
    schema.grants.sort_keys();
    schema.comments.retain(|path, _| is_made(path));
    schema
}

#[test]
fn postgres_everything_a_table_holds_is_printed() {
    check(
        Dialect::Postgres,
        r#"
        CREATE SCHEMA app;
        CREATE EXTENSION citext SCHEMA app;
        CREATE TYPE app.state AS ENUM ('new', 'it''s done');
        CREATE TYPE date AS ENUM ('a');
        CREATE DOMAIN app.email AS text NOT NULL CHECK (VALUE LIKE '%@%');
        CREATE DOMAIN app.work_email AS app.email DEFAULT 'a@b' CONSTRAINT short CHECK (length(VALUE) < 90);
        ALTER DOMAIN app.work_email ADD CONSTRAINT later CHECK (VALUE <> '') NOT VALID;
        CREATE SEQUENCE app.numbers INCREMENT -2 MAXVALUE -10 CYCLE;
        CREATE SEQUENCE hand START 7 CACHE 5;
        CREATE UNLOGGED TABLE app.people (
            id bigserial,
            hand int DEFAULT nextval('hand'),
            "Name" varchar(80) COLLATE "C" DEFAULT 'it''s -- not a comment',
            kind public.date,
            state app.state[] NOT NULL DEFAULT '{}',
            email app.work_email,
            doubled int GENERATED ALWAYS AS (hand * 2) STORED,
            number smallint GENERATED BY DEFAULT AS IDENTITY (START WITH 10 MINVALUE 5 SEQUENCE NAME app.own),
            plain int GENERATED ALWAYS AS IDENTITY,
            PRIMARY KEY (id) INCLUDE (hand),
            CONSTRAINT one UNIQUE NULLS NOT DISTINCT (hand, email) INCLUDE (kind) DEFERRABLE INITIALLY DEFERRED,
            CONSTRAINT some CHECK (hand > 0 AND (hand < 9 OR hand > 11)) NO INHERIT,
            EXCLUDE USING gist (hand WITH =, number WITH <>) WHERE (hand > 1) DEFERRABLE
        ) WITH (fillfactor = 70, toast.autovacuum_enabled = false);
        ALTER SEQUENCE hand OWNED BY app.people.hand;
        ALTER TABLE app.people ADD CONSTRAINT again UNIQUE NULLS NOT DISTINCT (hand, email) INCLUDE (kind)
            DEFERRABLE INITIALLY DEFERRED;
        ALTER TABLE app.people ADD CHECK (number <> 3) NOT VALID;
        CREATE TABLE pets (
            owner bigint REFERENCES app.people ON DELETE CASCADE ON UPDATE SET NULL,
            friend int,
            id int CONSTRAINT pets_are_counted PRIMARY KEY
        );
        ALTER TABLE pets ADD CONSTRAINT friends FOREIGN KEY (friend) REFERENCES pets MATCH FULL
            DEFERRABLE INITIALLY IMMEDIATE NOT VALID;
        CREATE UNIQUE INDEX ON pets USING btree ((friend + 1), owner DESC NULLS LAST, lower(id::text) COLLATE "C" text_pattern_ops,
            id NULLS FIRST) INCLUDE (friend) NULLS NOT DISTINCT WITH (fillfactor = 50) WHERE friend > 0;
        ALTER INDEX pets_are_counted RENAME TO pets_are_numbered;
        "#,
        expect![[r#"
            CREATE SCHEMA "app";

            CREATE EXTENSION IF NOT EXISTS "citext" SCHEMA "app";

            CREATE SEQUENCE "app"."numbers" INCREMENT BY -2 MAXVALUE -10 CYCLE;
            CREATE SEQUENCE "hand" START WITH 7 CACHE 5;

            CREATE TYPE "app"."state" AS ENUM ('new', 'it''s done');
            CREATE TYPE "date" AS ENUM ('a');

            CREATE DOMAIN "app"."email" AS text NOT NULL
              CONSTRAINT "email_check" CHECK (VALUE LIKE '%@%');

            CREATE DOMAIN "app"."work_email" AS app.email DEFAULT 'a@b'
              CONSTRAINT "short" CHECK (length(VALUE) < 90);

            ALTER DOMAIN "app"."work_email" ADD CONSTRAINT "later" CHECK (VALUE <> '') NOT VALID;

            CREATE UNLOGGED TABLE "app"."people" (
              "id" bigserial NOT NULL,
              "hand" int DEFAULT nextval('hand'),
              "Name" varchar(80) COLLATE "C" DEFAULT 'it''s -- not a comment',
              "kind" "public"."date",
              "state" "app"."state"[] DEFAULT '{}' NOT NULL,
              "email" app.work_email,
              "doubled" int GENERATED ALWAYS AS (hand * 2) STORED,
              "number" smallint GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME "app"."own" MINVALUE 5 START WITH 10) NOT NULL,
              "plain" int GENERATED ALWAYS AS IDENTITY NOT NULL,
              PRIMARY KEY ("id") INCLUDE ("hand"),
              CONSTRAINT "one" UNIQUE NULLS NOT DISTINCT ("hand", "email") INCLUDE ("kind") DEFERRABLE INITIALLY DEFERRED,
              CONSTRAINT "some" CHECK (hand > 0 AND (hand < 9 OR hand > 11)) NO INHERIT,
              CONSTRAINT "people_hand_number_excl" EXCLUDE USING gist (hand WITH =, number WITH <>) WHERE (hand > 1) DEFERRABLE
            ) WITH (fillfactor = 70, toast.autovacuum_enabled = false);

            ALTER TABLE "app"."people" ADD CONSTRAINT "again" UNIQUE NULLS NOT DISTINCT ("hand", "email") INCLUDE ("kind") DEFERRABLE INITIALLY DEFERRED;
            ALTER TABLE "app"."people" ADD CONSTRAINT "people_number_check" CHECK (number <> 3) NOT VALID;

            CREATE TABLE "pets" (
              "owner" bigint,
              "friend" int,
              "id" int NOT NULL,
              CONSTRAINT "pets_are_numbered" PRIMARY KEY ("id")
            );

            CREATE UNIQUE INDEX "pets_expr_owner_lower_id_friend_idx" ON "pets" USING btree ((friend + 1), "owner" DESC NULLS LAST, lower(id::text) COLLATE "C" text_pattern_ops, "id" NULLS FIRST) INCLUDE ("friend") NULLS NOT DISTINCT WITH (fillfactor = 50) WHERE friend > 0;

            ALTER TABLE "pets" ADD CONSTRAINT "pets_owner_fkey" FOREIGN KEY ("owner") REFERENCES "app"."people" ("id") ON DELETE CASCADE ON UPDATE SET NULL;
            ALTER TABLE "pets" ADD CONSTRAINT "friends" FOREIGN KEY ("friend") REFERENCES "pets" ("id") MATCH FULL DEFERRABLE NOT VALID;

            ALTER SEQUENCE "hand" OWNED BY "app"."people"."hand";
        "#]],
    );
}

#[test]
fn postgres_keys_whose_names_the_server_made_keep_them() {
    check(
        Dialect::Postgres,
        "CREATE TABLE old (id int PRIMARY KEY, a int UNIQUE CHECK (a > 0)); ALTER TABLE old RENAME TO new;",
        expect![[r#"
            CREATE TABLE "new" (
              "id" int NOT NULL,
              "a" int,
              CONSTRAINT "old_pkey" PRIMARY KEY ("id"),
              CONSTRAINT "old_a_key" UNIQUE ("a"),
              CONSTRAINT "old_a_check" CHECK (a > 0)
            );
        "#]],
    );
}

#[test]
fn postgres_partitions_keep_their_own_keys_and_indexes() {
    check(
        Dialect::Postgres,
        "
        CREATE TABLE tenants (id int PRIMARY KEY);
        CREATE TABLE events (id int, at date NOT NULL, tenant int REFERENCES tenants, PRIMARY KEY (id, at))
            PARTITION BY RANGE (at);
        CREATE TABLE events_2023 (extra_check int CHECK (extra_check > 0), id int, at date, tenant int)
            PARTITION BY LIST (id);
        ALTER TABLE events_2023 DROP COLUMN extra_check;
        CREATE TABLE events_2023_one PARTITION OF events_2023 (CHECK (id < 100)) FOR VALUES IN (1);
        CREATE INDEX by_tenant ON events_2023 (tenant);
        CREATE TABLE events_2024 PARTITION OF events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
        CREATE TABLE events_rest PARTITION OF events DEFAULT;
        CREATE INDEX ON events (tenant) WHERE id > 0;
        ",
        expect![[r#"
            CREATE TABLE "tenants" (
              "id" int PRIMARY KEY NOT NULL
            );

            CREATE TABLE "events" (
              "id" int NOT NULL,
              "at" date NOT NULL,
              "tenant" int,
              PRIMARY KEY ("id", "at")
            ) PARTITION BY RANGE (at);

            CREATE TABLE "events_2023" (
              "id" int,
              "at" date,
              "tenant" int
            ) PARTITION BY LIST (id);

            CREATE TABLE "events_2023_one" (
              "id" int,
              "at" date,
              "tenant" int,
              CONSTRAINT "events_2023_one_id_check" CHECK (id < 100)
            );

            CREATE TABLE "events_2024" (
              "id" int NOT NULL,
              "at" date NOT NULL,
              "tenant" int,
              PRIMARY KEY ("id", "at")
            );

            CREATE TABLE "events_rest" (
              "id" int NOT NULL,
              "at" date NOT NULL,
              "tenant" int,
              PRIMARY KEY ("id", "at")
            );

            CREATE INDEX "events_tenant_idx" ON "events" USING btree ("tenant") WHERE id > 0;
            CREATE INDEX "by_tenant" ON "events_2023" USING btree ("tenant");
            CREATE INDEX "events_2023_one_tenant_idx" ON "events_2023_one" USING btree ("tenant");
            CREATE INDEX "events_2024_tenant_idx" ON "events_2024" USING btree ("tenant") WHERE id > 0;
            CREATE INDEX "events_rest_tenant_idx" ON "events_rest" USING btree ("tenant") WHERE id > 0;

            ALTER TABLE "events" ADD CONSTRAINT "events_tenant_fkey" FOREIGN KEY ("tenant") REFERENCES "tenants" ("id");
            ALTER TABLE "events_2024" ADD CONSTRAINT "events_tenant_fkey" FOREIGN KEY ("tenant") REFERENCES "tenants" ("id");
            ALTER TABLE "events_rest" ADD CONSTRAINT "events_tenant_fkey" FOREIGN KEY ("tenant") REFERENCES "tenants" ("id");

            ALTER TABLE "events_2023" ATTACH PARTITION "events_2023_one" FOR VALUES IN (1);
            ALTER TABLE "events" ATTACH PARTITION "events_2024" FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
            ALTER TABLE "events" ATTACH PARTITION "events_rest" DEFAULT;
        "#]],
    );
}

#[test]
fn postgres_children_say_what_they_add_to_their_parents() {
    check(
        Dialect::Postgres,
        "
        CREATE TABLE child_first (z int);
        CREATE TABLE things (id int PRIMARY KEY, name text DEFAULT 'x' CHECK (name <> ''));
        COMMENT ON COLUMN things.id IS 'number';
        CREATE TABLE named (name text);
        CREATE TABLE books (pages int, name text DEFAULT 'untitled', CHECK (pages > 0)) INHERITS (things, named);
        CREATE TABLE plain () INHERITS (books);
        ",
        expect![[r#"
            CREATE TABLE "child_first" (
              "z" int
            );

            CREATE TABLE "things" (
              "id" int PRIMARY KEY NOT NULL,
              "name" text DEFAULT 'x',
              CONSTRAINT "things_name_check" CHECK (name <> '')
            );

            CREATE TABLE "named" (
              "name" text
            );

            CREATE TABLE "books" (
              "name" text DEFAULT 'untitled',
              "pages" int,
              CONSTRAINT "books_pages_check" CHECK (pages > 0)
            ) INHERITS ("things", "named");

            CREATE TABLE "plain" () INHERITS ("books");

            COMMENT ON COLUMN "things"."id" IS 'number';
        "#]],
    );
}

#[test]
fn postgres_views_policies_roles_privileges_and_comments_are_printed() {
    check(
        Dialect::Postgres,
        r#"
        CREATE ROLE reader;
        CREATE ROLE "Boss" CREATEDB CREATEROLE NOINHERIT;
        CREATE SCHEMA app;
        CREATE TABLE app.notes (id int PRIMARY KEY, owner text);
        CREATE SEQUENCE counter;
        CREATE TYPE mood AS ENUM ('ok');
        CREATE DOMAIN positive AS int CONSTRAINT is_positive CHECK (VALUE > 0);
        CREATE VIEW second AS SELECT id FROM app.notes; -- replaced below by one that reads another view
        CREATE VIEW first WITH (security_barrier) AS SELECT * FROM app.notes WHERE id > 0 WITH LOCAL CHECK OPTION;
        CREATE OR REPLACE VIEW second WITH (security_invoker = true) AS (SELECT id FROM first /* note */);
        CREATE MATERIALIZED VIEW counts USING heap WITH (fillfactor = 70) TABLESPACE fast AS SELECT count(*) FROM second
            WITH NO DATA;
        ALTER TABLE app.notes ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
        CREATE POLICY "own rows" ON app.notes AS RESTRICTIVE FOR UPDATE TO reader, current_user, "Boss"
            USING (owner = current_user) WITH CHECK (owner = current_user -- me
            );
        CREATE POLICY all_rows ON app.notes USING (true);
        GRANT SELECT, INSERT ON app.notes TO reader WITH GRANT OPTION;
        GRANT UPDATE ON app.notes TO reader;
        GRANT SELECT ON second TO PUBLIC;
        GRANT USAGE ON SCHEMA app TO "Boss";
        GRANT ALL ON SEQUENCE counter TO reader;
        GRANT USAGE ON TYPE mood TO reader;
        COMMENT ON SCHEMA app IS 'it''s ours';
        COMMENT ON TABLE app.notes IS 'two
lines';
        COMMENT ON COLUMN app.notes.owner IS 'a role';
        COMMENT ON COLUMN second.id IS 'id';
        COMMENT ON VIEW first IS 'v';
        COMMENT ON MATERIALIZED VIEW counts IS 'm';
        COMMENT ON CONSTRAINT notes_pkey ON app.notes IS 'k';
        COMMENT ON INDEX app.notes_pkey IS 'i';
        COMMENT ON POLICY all_rows ON app.notes IS 'p';
        COMMENT ON TYPE mood IS 'e';
        COMMENT ON DOMAIN positive IS 'd';
        COMMENT ON CONSTRAINT is_positive ON DOMAIN positive IS 'c';
        COMMENT ON SEQUENCE counter IS 's';
        COMMENT ON ROLE reader IS 'r';
        "#,
        expect![[r#"
            CREATE SCHEMA "app";

            CREATE ROLE "reader";
            CREATE ROLE "Boss" WITH CREATEDB CREATEROLE NOINHERIT;

            CREATE SEQUENCE "counter";

            CREATE TYPE "mood" AS ENUM ('ok');

            CREATE DOMAIN "positive" AS int
              CONSTRAINT "is_positive" CHECK (VALUE > 0);

            CREATE TABLE "app"."notes" (
              "id" int PRIMARY KEY NOT NULL,
              "owner" text
            );

            CREATE VIEW "first" WITH (security_barrier = true, check_option = local) AS
            SELECT * FROM app.notes WHERE id > 0;

            CREATE VIEW "second" WITH (security_invoker = true) AS
            SELECT id FROM first;

            CREATE MATERIALIZED VIEW "counts" USING "heap" WITH (fillfactor = 70) TABLESPACE "fast" AS
            SELECT count(*) FROM second
            WITH NO DATA;

            ALTER TABLE "app"."notes" ENABLE ROW LEVEL SECURITY;
            ALTER TABLE "app"."notes" FORCE ROW LEVEL SECURITY;

            CREATE POLICY "own rows" ON "app"."notes" AS RESTRICTIVE FOR UPDATE TO "Boss", current_user, "reader" USING (owner = current_user) WITH CHECK (owner = current_user);
            CREATE POLICY "all_rows" ON "app"."notes" AS PERMISSIVE FOR ALL TO public USING (true);

            GRANT UPDATE ON TABLE "app"."notes" TO "reader";
            GRANT INSERT, SELECT ON TABLE "app"."notes" TO "reader" WITH GRANT OPTION;
            GRANT SELECT ON TABLE "second" TO public;
            GRANT USAGE ON SCHEMA "app" TO "Boss";
            GRANT SELECT, UPDATE, USAGE ON SEQUENCE "counter" TO "reader";
            GRANT USAGE ON TYPE "mood" TO "reader";

            COMMENT ON TABLE "app"."notes" IS 'two
            lines';

            COMMENT ON COLUMN "app"."notes"."owner" IS 'a role';
            COMMENT ON SCHEMA "app" IS 'it''s ours';
            COMMENT ON COLUMN "second"."id" IS 'id';
            COMMENT ON VIEW "first" IS 'v';
            COMMENT ON MATERIALIZED VIEW "counts" IS 'm';
            COMMENT ON CONSTRAINT "notes_pkey" ON "app"."notes" IS 'k';
            COMMENT ON INDEX "app"."notes_pkey" IS 'i';
            COMMENT ON POLICY "all_rows" ON "app"."notes" IS 'p';
            COMMENT ON TYPE "mood" IS 'e';
            COMMENT ON DOMAIN "positive" IS 'd';
            COMMENT ON CONSTRAINT "is_positive" ON DOMAIN "positive" IS 'c';
            COMMENT ON SEQUENCE "counter" IS 's';
            COMMENT ON ROLE "reader" IS 'r';
        "#]],
    );
}

#[test]
fn postgres_what_is_known_by_name_only_is_told_in_comments() {
    check(
        Dialect::Postgres,
        "
        CREATE SCHEMA app;
        CREATE FUNCTION app.touch(a numeric(10,2), b text) RETURNS int LANGUAGE sql AS 'select 1';
        CREATE PROCEDURE tidy() LANGUAGE sql AS 'select 1';
        CREATE TYPE app.pair AS (a int, b int);
        CREATE TABLE copies AS SELECT 1 AS x;
        CREATE TABLE points (at app.pair[], kept int);
        CREATE TRIGGER t BEFORE UPDATE ON points EXECUTE FUNCTION app.touch();
        GRANT EXECUTE ON FUNCTION app.touch(numeric, text) TO PUBLIC;
        GRANT SELECT ON copies TO PUBLIC;
        COMMENT ON FUNCTION app.touch(numeric, text) IS 'more
than one line';
        COMMENT ON TRIGGER t ON points IS 't';
        COMMENT ON COLUMN app.pair.a IS 'first';
        ",
        expect![[r#"
            -- 2 objects are not made here: see the end.

            SET check_function_bodies = false;

            CREATE SCHEMA "app";

            CREATE TABLE "points" (
              "at" app.pair[],
              "kept" int
            );

            CREATE FUNCTION "app"."touch"(a numeric(10,2), b text) RETURNS int LANGUAGE sql AS 'select 1';
            CREATE PROCEDURE "tidy"() LANGUAGE sql AS 'select 1';

            CREATE TRIGGER "t" BEFORE UPDATE ON "points" EXECUTE FUNCTION app.touch();

            GRANT EXECUTE ON FUNCTION "app"."touch"(numeric, text) TO public;
            -- GRANT SELECT ON TABLE "copies" TO public;

            COMMENT ON FUNCTION "app"."touch"(numeric, text) IS 'more
            than one line';

            COMMENT ON TRIGGER "t" ON "points" IS 't';
            -- COMMENT ON COLUMN "app"."pair"."a" IS 'first';

            -- table copies: made by hand-written SQL
            -- type app.pair: made by hand-written SQL
        "#]],
    );
}

#[test]
fn sqlite_everything_is_printed() {
    check(
        Dialect::Sqlite,
        r#"
        CREATE TABLE people (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            "Name" text COLLATE NOCASE NOT NULL DEFAULT 'it''s',
            born int DEFAULT (unixepoch() - 1),
            at text DEFAULT CURRENT_TIMESTAMP,
            minus real DEFAULT -1.5,
            untyped,
            doubled int GENERATED ALWAYS AS (born * 2) STORED,
            halved int AS (born / 2),
            boss int REFERENCES people ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED,
            pet int CONSTRAINT pets REFERENCES pets (id) ON UPDATE CASCADE,
            UNIQUE ("Name", born),
            CONSTRAINT one UNIQUE (born),
            CHECK (born > 0),
            CONSTRAINT alive CHECK (born < 3000)
        );
        CREATE TABLE pets (id ANY, name TEXT, PRIMARY KEY (id, name)) STRICT, WITHOUT ROWID;
        CREATE TABLE tags (tag text CONSTRAINT tags_key PRIMARY KEY);
        CREATE UNIQUE INDEX i ON people (lower("Name") DESC, born COLLATE BINARY, born + 1) WHERE born IS NOT NULL;
        CREATE VIEW old AS SELECT * FROM people WHERE born < 1900;
        CREATE VIRTUAL TABLE search USING fts5(body);
        CREATE TRIGGER touched AFTER UPDATE ON people BEGIN SELECT 1; END;
        "#,
        expect![[r#"
            -- 1 object is not made here: see the end.

            CREATE TABLE "people" (
              "id" INTEGER PRIMARY KEY AUTOINCREMENT,
              "Name" text COLLATE NOCASE DEFAULT 'it''s' NOT NULL,
              "born" int DEFAULT (unixepoch() - 1),
              "at" text DEFAULT CURRENT_TIMESTAMP,
              "minus" real DEFAULT -1.5,
              "untyped",
              "doubled" int GENERATED ALWAYS AS (born * 2) STORED,
              "halved" int GENERATED ALWAYS AS (born / 2) VIRTUAL,
              "boss" int,
              "pet" int,
              UNIQUE ("Name", "born"),
              CONSTRAINT "one" UNIQUE ("born"),
              CHECK (born > 0),
              CONSTRAINT "alive" CHECK (born < 3000),
              FOREIGN KEY ("boss") REFERENCES "people" ("id") ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED,
              CONSTRAINT "pets" FOREIGN KEY ("pet") REFERENCES "pets" ("id") ON UPDATE CASCADE
            );

            CREATE TABLE "pets" (
              "id" ANY,
              "name" TEXT,
              PRIMARY KEY ("id", "name")
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE "tags" (
              "tag" text,
              CONSTRAINT "tags_key" PRIMARY KEY ("tag")
            );

            CREATE UNIQUE INDEX "i" ON "people" (lower("Name") DESC, "born" COLLATE BINARY, born + 1) WHERE born IS NOT NULL;

            CREATE VIEW "old" AS
            SELECT * FROM people WHERE born < 1900;

            CREATE TRIGGER `touched` AFTER UPDATE ON `people` BEGIN SELECT 1; END;

            -- table search: made by hand-written SQL
        "#]],
    );
}

#[test]
fn sqldefs_schemas_come_back() {
    for (file, dialect) in [("sqldef_pg.json", Dialect::Postgres), ("sqldef_sqlite.json", Dialect::Sqlite)] {
        let Some(path) = sqldef(file) else {
            println!("not run: no {file}; set DRIFTLENS_CONFORMANCE to its folder");
            continue;
        };
        let contents: serde_json::Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
        let (mut n_texts, mut n_unsound, mut failures) = (0, 0, Vec::new());
        for case in contents["cases"].as_array().unwrap() {
            let text = |side: &str| case[side].as_str().unwrap_or_default().to_owned();
            let (current, up, desired) = (text("current"), text("up"), text("desired"));
            for (side, text) in [("current", current.clone()), ("up", current + "\n" + &up), ("desired", desired)] {
                let (schema, findings) = read(dialect, &text);
                n_texts += 1;
                n_unsound += usize::from(!findings.is_empty());
                if let (true, Err(difference)) = (findings.is_empty(), round_trip(&schema)) {
                    let (file, name) = (&case["file"], &case["name"]);
                    failures.push(format!("--- {file} {name} {side}\n{text}\n{difference}"));
                }
            }
        }
        println!(
            "{file}: {n_texts} texts, {n_unsound} of them unsound; {} come back as something else",
            failures.len()
        );
        assert!(failures.is_empty(), "{}", failures.join("\n"));
    }
}

fn sqldef(file: &str) -> Option<PathBuf> {
    let folder = match std::env::var_os("DRIFTLENS_CONFORMANCE") {
        Some(folder) => PathBuf::from(folder),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/conformance/sqldef"),
    };
    let paths = [folder.join(file), folder.join("sqldef").join(file), folder.join("../sqldef").join(file)];
    paths.into_iter().find(|path| path.is_file())
}

/// Projects whose printed schema reads as another one, with the reason.
const READS_OTHERWISE: &[(&str, &str)] = &[
    ("pg-bigserial-null-bug", "drizzle-kit takes a bigserial column for one that may be null"),
    ("pg-defaults-scalars", "PostgreSQL keeps no DEFAULT NULL"),
    ("pg-defaults-sql", "PostgreSQL keeps no DEFAULT NULL"),
    ("pg-enum-object-bug", "drizzle-kit does not say that the types are enums"),
    ("pg-enums", "a column is of an enum that is not exported"),
    ("pg-long-names", "names that the server cuts off, so that two are one"),
    ("pg-policies-linked", "policies on tables that are made elsewhere"),
    ("pg-supabase", "policies on tables that are made elsewhere"),
    ("pg-unexported", "foreign keys lead to tables that are not exported"),
    ("sqlite-json-quote-bug", "drizzle-kit leaves a quote inside a string as it is"),
];

#[test]
fn drizzle_schemas_come_back() {
    let projects = Path::new(env!("CARGO_MANIFEST_DIR")).join("drizzle");
    let mut failures = Vec::new();
    let mut n_projects = 0;
    for entry in fs::read_dir(&projects).unwrap() {
        let folder = entry.unwrap().path();
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        let Some(schema) = drizzle_schema(&folder) else { continue };
        n_projects += 1;
        let is_listed = READS_OTHERWISE.iter().any(|(listed, _)| *listed == name);
        match (drizzle_round_trip(&schema), is_listed) {
            (Ok(()), true) => failures.push(format!("--- {name} is listed, but comes back as it was")),
            (Err(difference), false) => failures.push(format!("--- {name}\n{difference}")),
            _ => {}
        }
    }
    println!("{n_projects} projects; {} are listed", READS_OTHERWISE.len());
    assert!(n_projects > 100, "only {n_projects} projects");
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

fn drizzle_schema(folder: &Path) -> Option<Schema> {
    let disk = workspace::Disk::new();
    let mut reader = Reader::new();
    let reading = reader.read_config(&workspace::Disk::normalize(&folder.join("drizzle.config.ts")), &disk);
    Some(reader.read_schema(&reading.config?, &disk).schema)
}

/// Drizzle knows things that no database keeps, so a diff tells.
fn drizzle_round_trip(schema: &Schema) -> Result<(), String> {
    let text = dialects::sql_text(schema);
    let (again, findings) = read(schema.dialect, &text);
    let (before, after) = (dialects::as_stored(schema), dialects::as_stored(&again));
    let there = diff::diff(&before, &after).changes;
    let back = diff::diff(&after, &before).changes;
    if there.is_empty() && back.is_empty() && findings.is_empty() {
        return Ok(());
    }
    let changes: Vec<String> = there.iter().chain(&back).map(|change| format!("{change:?}")).collect();
    Err(format!("{}\n{}\nprinted:\n{text}", findings.join("\n"), changes.join("\n")))
}
