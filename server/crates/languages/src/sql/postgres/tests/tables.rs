//! CREATE TABLE and CREATE INDEX.

use expect_test::expect;

use super::check;

#[test]
fn a_table_as_drizzle_kit_writes_it() {
    check(
        r#"CREATE TABLE IF NOT EXISTS "app"."users" (
	"id" serial PRIMARY KEY NOT NULL,
	"Email" varchar(255) DEFAULT 'x' NOT NULL,
	"at" timestamp (3) with time zone DEFAULT now(),
	"tags" text[] DEFAULT '{}'::text[],
	"mood" "app"."mood",
	CONSTRAINT "users_Email_unique" UNIQUE("Email")
);"#,
        expect![[r#"
            CREATE TABLE IF NOT EXISTS "app"."users"… => CreateTable { name: app‹"app"›.users‹"users"›, if_not_exists: true, elements: [
              ColumnDef { name: id‹"id"›, span: ‹"id" serial PRIMARY KEY NOT NULL›, type_name: `serial`:serial, constraints: [
                ColumnConstraint { span: ‹PRIMARY KEY›, kind: PrimaryKey },
                ColumnConstraint { span: ‹NOT NULL›, kind: NotNull },
              ] },
              ColumnDef { name: Email‹"Email"›, span: ‹"Email" varchar(255) DEFAULT 'x' NOT NULL›, type_name: `varchar(255)`, constraints: [
                ColumnConstraint { span: ‹DEFAULT 'x'›, kind: Default(`'x'`) },
                ColumnConstraint { span: ‹NOT NULL›, kind: NotNull },
              ] },
              ColumnDef { name: at‹"at"›, span: ‹"at" timestamp (3) with time zone DEFAULT now()›, type_name: `timestamp (3) with time zone`, constraints: [ColumnConstraint { span: ‹DEFAULT now()›, kind: Default(`now()`) }] },
              ColumnDef { name: tags‹"tags"›, span: ‹"tags" text[] DEFAULT '{}'::text[]›, type_name: `text[]`:text, constraints: [ColumnConstraint { span: ‹DEFAULT '{}'::text[]›, kind: Default(`'{}'::text[]`) }] },
              ColumnDef { name: mood‹"mood"›, span: ‹"mood" "app"."mood"›, type_name: `"app"."mood"`:app‹"app"›.mood‹"mood"› },
              Constraint(TableConstraint { name: users_Email_unique‹"users_Email_unique"›, span: ‹CONSTRAINT "users_Email_unique" UNIQUE("Email")›, kind: Unique { columns: [Email‹"Email"›] } }),
            ] }
        "#]],
    );
}

#[test]
fn names_are_folded_and_cut() {
    check(
        r#"CREATE TABLE Db.S.Users (Ä int, "Ä""q" int, U&"\0061b" int, U&"!0061" UESCAPE '!' int,
    äääääääääääääääääääääääääääääääääää int)"#,
        expect![[r#"
            CREATE TABLE Db.S.Users (Ä int, "Ä""q" i… => CreateTable { name: s‹S›.users‹Users›, elements: [
              ColumnDef { name: Ä, span: ‹Ä int›, type_name: `int` },
              ColumnDef { name: Ä"q‹"Ä""q"›, span: ‹"Ä""q" int›, type_name: `int` },
              ColumnDef { name: ab‹U&"\0061b"›, span: ‹U&"\0061b" int›, type_name: `int` },
              ColumnDef { name: a‹U&"!0061"›, span: ‹U&"!0061" UESCAPE '!' int›, type_name: `int` },
              ColumnDef { name: äääääääääääääääääääääääääääääää‹äääääääääääääääääääääääääääääääääää›, span: ‹äääääääääääääääääääääääääääääääääää int›, type_name: `int` },
            ] }
        "#]],
    );
}

#[test]
fn types_have_a_name_unless_the_grammar_spells_them() {
    check(
        r#"CREATE TABLE t (a Mood, b "My Type"(3)[], c public.citext, d uuid, e numeric(10, 2)[][], f double precision, g bit varying(5),
    h interval day to second(3), i national character varying (3), j int array[4], k pg_catalog.int4, l "char", m time with time zone)"#,
        expect![[r#"
            CREATE TABLE t (a Mood, b "My Type"(3)[]… => CreateTable { name: t, elements: [
              ColumnDef { name: a, span: ‹a Mood›, type_name: `Mood`:mood‹Mood› },
              ColumnDef { name: b, span: ‹b "My Type"(3)[]›, type_name: `"My Type"(3)[]`:My Type‹"My Type"› },
              ColumnDef { name: c, span: ‹c public.citext›, type_name: `public.citext`:public.citext },
              ColumnDef { name: d, span: ‹d uuid›, type_name: `uuid`:uuid },
              ColumnDef { name: e, span: ‹e numeric(10, 2)[][]›, type_name: `numeric(10, 2)[][]` },
              ColumnDef { name: f, span: ‹f double precision›, type_name: `double precision` },
              ColumnDef { name: g, span: ‹g bit varying(5)›, type_name: `bit varying(5)` },
              ColumnDef { name: h, span: ‹h interval day to second(3)›, type_name: `interval day to second(3)` },
              ColumnDef { name: i, span: ‹i national character varying (3)›, type_name: `national character varying (3)` },
              ColumnDef { name: j, span: ‹j int array[4]›, type_name: `int array[4]` },
              ColumnDef { name: k, span: ‹k pg_catalog.int4›, type_name: `pg_catalog.int4`:pg_catalog.int4 },
              ColumnDef { name: l, span: ‹l "char"›, type_name: `"char"`:char‹"char"› },
              ColumnDef { name: m, span: ‹m time with time zone›, type_name: `time with time zone` },
            ] }
        "#]],
    );
}

#[test]
fn a_columns_constraints_keep_their_text() {
    check(
        "CREATE TABLE t (
    a int CONSTRAINT x NOT NULL NULL DEFAULT (1 + 2) CHECK ((a > 0)) NO INHERIT,
    b text COLLATE \"C\" UNIQUE NULLS NOT DISTINCT DEFERRABLE INITIALLY DEFERRED,
    c int REFERENCES s.p (id) MATCH FULL ON DELETE SET NULL (c) ON UPDATE CASCADE DEFERRABLE,
    d int GENERATED ALWAYS AS (a * 2) STORED,
    e int GENERATED ALWAYS AS (a * 3),
    f int GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME \"q\" START WITH +1 INCREMENT BY -1 NO MAXVALUE CYCLE) PRIMARY KEY
)",
        expect![[r#"
            CREATE TABLE t ( a int CONSTRAINT x NOT … => CreateTable { name: t, elements: [
              ColumnDef { name: a, span: ‹a int CONSTRAINT x NOT NULL NULL DEFAULT (1 + 2) CHECK ((a > 0)) NO INHERIT›, type_name: `int`, constraints: [
                ColumnConstraint { name: x, span: ‹CONSTRAINT x NOT NULL›, kind: NotNull },
                ColumnConstraint { span: ‹NULL›, kind: Null },
                ColumnConstraint { span: ‹DEFAULT (1 + 2)›, kind: Default(`(1 + 2)`) },
                ColumnConstraint { span: ‹CHECK ((a > 0)) NO INHERIT›, kind: Check { expression: `(a > 0)`, no_inherit: true } },
              ] },
              ColumnDef { name: b, span: ‹b text COLLATE "C" UNIQUE NULLS NOT DISTINCT DEFERRABLE INITIALLY DEFERRED›, type_name: `text`:text, collation: "\"C\"", constraints: [
                ColumnConstraint { span: ‹UNIQUE NULLS NOT DISTINCT DEFERRABLE INITIALLY DEFERRED›, kind: Unique { nulls_not_distinct: true, deferral: Deferred } },
              ] },
              ColumnDef { name: c, span: ‹c int REFERENCES s.p (id) MATCH FULL ON DELETE SET NULL (c) ON UPDATE CASCADE DEFERRABLE›, type_name: `int`, constraints: [
                ColumnConstraint { span: ‹REFERENCES s.p (id) MATCH FULL ON DELETE SET NULL (c) ON UPDATE CASCADE DEFERRABLE›, kind: References { table: s.p, columns: [id], on_delete: SetNull, on_update: Cascade, match_full: true, deferral: Deferrable } },
              ] },
              ColumnDef { name: d, span: ‹d int GENERATED ALWAYS AS (a * 2) STORED›, type_name: `int`, constraints: [
                ColumnConstraint { span: ‹GENERATED ALWAYS AS (a * 2) STORED›, kind: Generated { expression: `a * 2`, stored: true } },
              ] },
              ColumnDef { name: e, span: ‹e int GENERATED ALWAYS AS (a * 3)›, type_name: `int`, constraints: [
                ColumnConstraint { span: ‹GENERATED ALWAYS AS (a * 3)›, kind: Generated { expression: `a * 3`, stored: false } },
              ] },
              ColumnDef { name: f, span: ‹f int GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME "q" START WITH +1 INCREMENT BY -1 NO MAXVALUE CYCLE) PRIMARY KEY›, type_name: `int`, constraints: [
                ColumnConstraint { span: ‹GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME "q" START WITH +1 INCREMENT BY -1 NO MAXVALUE CYCLE)›, kind: Identity { always: false, options: [SequenceName(q‹"q"›), Start("1"), Increment("-1"), MaxValue(None), Cycle(true)] } },
                ColumnConstraint { span: ‹PRIMARY KEY›, kind: PrimaryKey },
              ] },
            ] }
        "#]],
    );
}

#[test]
fn a_collation_behind_a_default_is_the_columns() {
    check(
        r#"CREATE TABLE t (a text DEFAULT 'x' || 'y' COLLATE pg_catalog."default" NOT NULL)"#,
        expect![[r#"
        CREATE TABLE t (a text DEFAULT 'x' || 'y… => CreateTable { name: t, elements: [
          ColumnDef { name: a, span: ‹a text DEFAULT 'x' || 'y' COLLATE pg_catalog."default" NOT NULL›, type_name: `text`:text, collation: "pg_catalog.\"default\"", constraints: [
            ColumnConstraint { span: ‹DEFAULT 'x' || 'y' COLLATE pg_catalog."default"›, kind: Default(`'x' || 'y'`) },
            ColumnConstraint { span: ‹NOT NULL›, kind: NotNull },
          ] },
        ] }
    "#]],
    );
}

#[test]
fn a_tables_constraints() {
    check(
        "CREATE TABLE t (
    CONSTRAINT a PRIMARY KEY (id, b) INCLUDE (c) DEFERRABLE,
    UNIQUE NULLS NOT DISTINCT (d) WITH (fillfactor = 70) USING INDEX TABLESPACE x,
    FOREIGN KEY (a, b) REFERENCES s.u ON DELETE RESTRICT ON UPDATE SET DEFAULT,
    CHECK (a > 0) NO INHERIT,
    EXCLUDE USING gist (r WITH &&) WHERE (a > 0) INITIALLY DEFERRED,
    CONSTRAINT n NOT NULL a,
    PRIMARY KEY (a, r WITHOUT OVERLAPS),
    FOREIGN KEY (a, PERIOD r) REFERENCES u (a, PERIOD r)
)",
        expect![[r#"
            CREATE TABLE t ( CONSTRAINT a PRIMARY KE… => CreateTable { name: t, elements: [
              Constraint(TableConstraint { name: a, span: ‹CONSTRAINT a PRIMARY KEY (id, b) INCLUDE (c) DEFERRABLE›, kind: PrimaryKey { columns: [id, b], include: [c] }, deferral: Deferrable }),
              Constraint(TableConstraint { span: ‹UNIQUE NULLS NOT DISTINCT (d) WITH (fillfactor = 70) USING INDEX TABLESPACE x›, kind: Unique { columns: [d], nulls_not_distinct: true } }),
              Constraint(TableConstraint { span: ‹FOREIGN KEY (a, b) REFERENCES s.u ON DELETE RESTRICT ON UPDATE SET DEFAULT›, kind: ForeignKey { columns: [a, b], references: References { table: s.u, on_delete: Restrict, on_update: SetDefault } } }),
              Constraint(TableConstraint { span: ‹CHECK (a > 0) NO INHERIT›, kind: Check { expression: `a > 0`, no_inherit: true } }),
              Constraint(TableConstraint { span: ‹EXCLUDE USING gist (r WITH &&) WHERE (a > 0) INITIALLY DEFERRED›, kind: Exclude { definition: `USING gist (r WITH &&) WHERE (a > 0)` }, deferral: Deferred }),
              Constraint(TableConstraint { name: n, span: ‹CONSTRAINT n NOT NULL a›, kind: NotNull { column: a } }),
              Constraint(TableConstraint { span: ‹PRIMARY KEY (a, r WITHOUT OVERLAPS)›, kind: PrimaryKey { columns: [a, r] } }),
              Constraint(TableConstraint { span: ‹FOREIGN KEY (a, PERIOD r) REFERENCES u (a, PERIOD r)›, kind: ForeignKey { columns: [a, r], references: References { table: u, columns: [a, r] } } }),
            ] }
        "#]],
    );
}

#[test]
fn all_that_stands_around_the_columns() {
    check(
        "CREATE UNLOGGED TABLE t (LIKE s.u INCLUDING ALL EXCLUDING INDEXES, LIKE v) INHERITS (p, s.q)
    PARTITION BY RANGE (a, (b + 1) COLLATE \"C\" x_ops) USING heap WITH (fillfactor=70, toast.autovacuum_enabled = false, x) TABLESPACE y;
CREATE TABLE t PARTITION OF p (a DEFAULT 1, CHECK (a > 0), b WITH OPTIONS NOT NULL) FOR VALUES FROM (1) TO (MAXVALUE);
CREATE TABLE t PARTITION OF s.p DEFAULT PARTITION BY LIST (a);
CREATE TEMP TABLE t ();
CREATE TABLE pg_temp.t (a int);
CREATE FOREIGN TABLE t (a int OPTIONS (b 'c')) SERVER s;",
        expect![[r#"
            CREATE UNLOGGED TABLE t (LIKE s.u INCLUD… => CreateTable { name: t, unlogged: true, elements: [
              Like { table: s.u, including: LikeOptions { comments: true, constraints: true, defaults: true, generated: true, identity: true } },
              Like { table: v, including: LikeOptions },
            ], inherits: [p, s.q], partition_by: `RANGE (a, (b + 1) COLLATE "C" x_ops)`, options: [("fillfactor", "70"), ("toast.autovacuum_enabled", "false"), ("x", "true")] }
            CREATE TABLE t PARTITION OF p (a DEFAULT… => CreateTable { name: t, elements: [
              ColumnDef { name: a, span: ‹a DEFAULT 1›, constraints: [ColumnConstraint { span: ‹DEFAULT 1›, kind: Default(`1`) }] },
              Constraint(TableConstraint { span: ‹CHECK (a > 0)›, kind: Check { expression: `a > 0` } }),
              ColumnDef { name: b, span: ‹b WITH OPTIONS NOT NULL›, constraints: [ColumnConstraint { span: ‹NOT NULL›, kind: NotNull }] },
            ], partition_of: (p, `FOR VALUES FROM (1) TO (MAXVALUE)`) }
            CREATE TABLE t PARTITION OF s.p DEFAULT … => CreateTable { name: t, partition_by: `LIST (a)`, partition_of: (s.p, `DEFAULT`) }
            CREATE TEMP TABLE t () => CreateTable { name: t, temporary: true }
            CREATE TABLE pg_temp.t (a int) => CreateTable { name: pg_temp.t, temporary: true, elements: [ColumnDef { name: a, span: ‹a int›, type_name: `int` }] }
            CREATE FOREIGN TABLE t (a int OPTIONS (b… => CreateTable { name: t, foreign: true, elements: [ColumnDef { name: a, span: ‹a int OPTIONS (b 'c')›, type_name: `int` }] }
        "#]],
    );
}

#[test]
fn tables_of_unknown_columns() {
    check(
        "CREATE TABLE IF NOT EXISTS s.t (a, b) AS SELECT 1, 2 WITH NO DATA;
CREATE TEMP TABLE t AS EXECUTE p;
SELECT * INTO TEMP t FROM u;
WITH a AS (SELECT 1) SELECT * INTO s.t FROM a;
CREATE TABLE t OF u (PRIMARY KEY (a));",
        expect![[r#"
            CREATE TABLE IF NOT EXISTS s.t (a, b) AS… => CreateTableAs { name: s.t, if_not_exists: true, columns: [a, b] }
            CREATE TEMP TABLE t AS EXECUTE p => CreateTableAs { name: t, temporary: true }
            SELECT * INTO TEMP t FROM u => CreateTableAs { name: t, temporary: true }
            WITH a AS (SELECT 1) SELECT * INTO s.t F… => CreateTableAs { name: s.t }
            CREATE TABLE t OF u (PRIMARY KEY (a)) => CreateTableAs { name: t }
        "#]],
    );
}

#[test]
fn indexes() {
    check(
        r#"CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS i ON ONLY s.t USING Btree
    (a ASC NULLS FIRST, lower(b) DESC NULLS LAST, (a || b) COLLATE "C" public.text_ops (x = 1), (c), d COLLATE "de" text_ops)
    INCLUDE (e, f) NULLS NOT DISTINCT WITH (fillfactor = 70) TABLESPACE x WHERE a > 1;
CREATE INDEX ON t ("a b");"#,
        expect![[r#"
            CREATE UNIQUE INDEX CONCURRENTLY IF NOT … => CreateIndex { only: true, name: i, table: s.t, unique: true, concurrently: true, if_not_exists: true, method: "btree", keys: [
              IndexKeyDef { key: Column(a), nulls_first: true },
              IndexKeyDef { key: Expression(`lower(b)`), descending: true, nulls_first: Some(false) },
              IndexKeyDef { key: Expression(`a || b`), collation: "\"C\"", opclass: "public.text_ops" },
              IndexKeyDef { key: Column(c) },
              IndexKeyDef { key: Column(d), collation: "de", opclass: "text_ops" },
            ], include: [e, f], nulls_not_distinct: true, predicate: `a > 1`, options: [("fillfactor", "70")] }
            CREATE INDEX ON t ("a b") => CreateIndex { table: t, keys: [IndexKeyDef { key: Column(a b‹"a b"›) }] }
        "#]],
    );
}
