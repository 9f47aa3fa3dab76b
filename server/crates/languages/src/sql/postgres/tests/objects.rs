//! Views, policies, roles, extensions, namespaces, and what is known by name only.

use expect_test::expect;

use super::check;

#[test]
fn views_and_what_they_read() {
    check(
        r#"CREATE OR REPLACE TEMP VIEW v (a, b) WITH (security_invoker = true, security_barrier) AS
    SELECT * FROM t JOIN s."U" ON true, ONLY (w), LATERAL (SELECT 1 FROM (b CROSS JOIN c)) q, f(1) WHERE EXISTS (SELECT 1 FROM d) WITH LOCAL CHECK OPTION;
CREATE VIEW v AS ((TABLE t)) WITH CHECK OPTION;
CREATE VIEW v AS (SELECT 1) UNION (SELECT 2 FROM t);
CREATE RECURSIVE VIEW r (n) AS VALUES (1) UNION ALL SELECT n + 1 FROM r, t;
CREATE MATERIALIZED VIEW IF NOT EXISTS s.m USING heap WITH (fillfactor = 3) TABLESPACE x AS SELECT 1 WITH NO DATA;"#,
        expect![[r#"
            CREATE OR REPLACE TEMP VIEW v (a, b) WIT… => CreateView { name: v, or_replace: true, temporary: true, columns: [a, b], query: `SELECT * FROM t JOIN s."U" ON true, ONLY (w), LATERAL (SELECT 1 FROM (b CROSS JOIN c)) q, f(1) WHERE EXISTS (SELECT 1 FROM d)`, options: [("security_invoker", "true"), ("security_barrier", "true")], check_option: "local", reads: [t, s.U‹"U"›, w, b, c, d] }
            CREATE VIEW v AS ((TABLE t)) WITH CHECK … => CreateView { name: v, query: `TABLE t`, check_option: "cascaded", reads: [t] }
            CREATE VIEW v AS (SELECT 1) UNION (SELEC… => CreateView { name: v, query: `(SELECT 1) UNION (SELECT 2 FROM t)`, reads: [t] }
            CREATE RECURSIVE VIEW r (n) AS VALUES (1… => CreateView { name: r, recursive: true, columns: [n], query: `VALUES (1) UNION ALL SELECT n + 1 FROM r, t`, reads: [t] }
            CREATE MATERIALIZED VIEW IF NOT EXISTS s… => CreateView { name: s.m, if_not_exists: true, materialized: true, query: `SELECT 1`, options: [("fillfactor", "3")], method: "heap", tablespace: "x", with_no_data: true }
        "#]],
    );
}

#[test]
fn a_common_table_expression_is_no_relation_where_it_is_seen() {
    check(
        "CREATE VIEW v AS WITH a AS (SELECT * FROM a), b AS (SELECT * FROM a) SELECT * FROM a, b, s.b;
CREATE VIEW v AS WITH RECURSIVE a AS (SELECT 1 UNION SELECT * FROM a) SELECT * FROM a;
CREATE VIEW v AS SELECT * FROM (WITH a AS (SELECT 1) SELECT * FROM a) x, a;",
        expect![[r#"
            CREATE VIEW v AS WITH a AS (SELECT * FRO… => CreateView { name: v, query: `WITH a AS (SELECT * FROM a), b AS (SELECT * FROM a) SELECT * FROM a, b, s.b`, reads: [a, s.b] }
            CREATE VIEW v AS WITH RECURSIVE a AS (SE… => CreateView { name: v, query: `WITH RECURSIVE a AS (SELECT 1 UNION SELECT * FROM a) SELECT * FROM a` }
            CREATE VIEW v AS SELECT * FROM (WITH a A… => CreateView { name: v, query: `SELECT * FROM (WITH a AS (SELECT 1) SELECT * FROM a) x, a`, reads: [a] }
        "#]],
    );
}

#[test]
fn policies() {
    check(
        r#"CREATE POLICY "p x" ON s.t AS RESTRICTIVE FOR SELECT TO PUBLIC, CURRENT_USER, "R" USING (a = 1) WITH CHECK ((b));
CREATE POLICY p ON t;
ALTER POLICY p ON t RENAME TO q;
ALTER POLICY p ON t TO a USING (b) WITH CHECK (c);
DROP POLICY IF EXISTS p ON s.t;"#,
        expect![[r#"
            CREATE POLICY "p x" ON s.t AS RESTRICTIV… => CreatePolicy { name: p x‹"p x"›, table: s.t, permissive: false, command: "SELECT", to: ["public", "current_user", "R"], using: `a = 1`, with_check: `(b)` }
            CREATE POLICY p ON t => CreatePolicy { name: p, table: t, permissive: true, command: "ALL", to: ["public"] }
            ALTER POLICY p ON t RENAME TO q => AlterPolicy { name: p, table: t, rename_to: q }
            ALTER POLICY p ON t TO a USING (b) WITH … => AlterPolicy { name: p, table: t, to: ["a"], using: `b`, with_check: `c` }
            DROP POLICY IF EXISTS p ON s.t => Drop { objects: [Target { class: Policy, name: s.t, part: p }], if_exists: true }
        "#]],
    );
}

#[test]
fn roles() {
    check(
        "CREATE ROLE r WITH LOGIN CREATEDB NOCREATEROLE INHERIT PASSWORD 'createrole' IN ROLE a; CREATE USER u NOINHERIT; CREATE GROUP g;
ALTER ROLE r NOCREATEDB; ALTER USER u CREATEROLE; ALTER ROLE r RENAME TO s; ALTER ROLE ALL SET a TO b; ALTER ROLE CURRENT_USER CREATEDB;
ALTER GROUP g ADD USER x; DROP ROLE IF EXISTS a, b; DROP USER u;",
        expect![[r#"
            CREATE ROLE r WITH LOGIN CREATEDB NOCREA… => CreateRole { name: r, options: RoleOptions { create_db: true, create_role: Some(false), inherit: true } }
            CREATE USER u NOINHERIT => CreateRole { name: u, options: RoleOptions { inherit: Some(false) } }
            CREATE GROUP g => CreateRole { name: g, options: RoleOptions }
            ALTER ROLE r NOCREATEDB => AlterRole { name: r, options: RoleOptions { create_db: Some(false) } }
            ALTER USER u CREATEROLE => AlterRole { name: u, options: RoleOptions { create_role: true } }
            ALTER ROLE r RENAME TO s => Rename { object: Target { class: Role, name: r }, to: s }
            ALTER ROLE ALL SET a TO b => Nothing
            ALTER ROLE CURRENT_USER CREATEDB => Nothing
            ALTER GROUP g ADD USER x => Nothing
            DROP ROLE IF EXISTS a, b => Drop { objects: [Target { class: Role, name: a }, Target { class: Role, name: b }], if_exists: true }
            DROP USER u => Drop { objects: [Target { class: Role, name: u }] }
        "#]],
    );
}

#[test]
fn extensions_and_namespaces() {
    check(
        r#"CREATE EXTENSION IF NOT EXISTS "uuid-ossp" WITH SCHEMA x VERSION '1' CASCADE; CREATE EXTENSION citext; ALTER EXTENSION citext SET SCHEMA y;
ALTER EXTENSION citext UPDATE; CREATE SCHEMA IF NOT EXISTS "S"; CREATE SCHEMA AUTHORIZATION bob; ALTER SCHEMA s RENAME TO t;
CREATE SCHEMA s AUTHORIZATION bob CREATE TABLE t (a int) CREATE VIEW v AS SELECT 1 FROM t GRANT SELECT ON t TO x;"#,
        expect![[r#"
            CREATE EXTENSION IF NOT EXISTS "uuid-oss… => CreateExtension { name: uuid-ossp‹"uuid-ossp"›, if_not_exists: true, namespace: x }
            CREATE EXTENSION citext => CreateExtension { name: citext }
            ALTER EXTENSION citext SET SCHEMA y => SetNamespace { object: Target { class: Extension, name: citext }, to: y }
            ALTER EXTENSION citext UPDATE => Nothing
            CREATE SCHEMA IF NOT EXISTS "S" => CreateNamespace { name: S‹"S"›, if_not_exists: true }
            CREATE SCHEMA AUTHORIZATION bob => CreateNamespace { name: bob }
            ALTER SCHEMA s RENAME TO t => Rename { object: Target { class: Namespace, name: s }, to: t }
            CREATE SCHEMA s AUTHORIZATION bob CREATE… => CreateNamespace { name: s, elements: [
              Statement { span: ‹CREATE TABLE t (a int)›, kind: CreateTable { name: t, elements: [ColumnDef { name: a, span: ‹a int›, type_name: `int` }] } },
              Statement { span: ‹CREATE VIEW v AS SELECT 1 FROM t›, kind: CreateView { name: v, query: `SELECT 1 FROM t`, reads: [t] } },
              Statement { span: ‹GRANT SELECT ON t TO x›, kind: Grant(Privileges { privileges: ["SELECT"], on: [Target { class: Table, name: t }], roles: ["x"] }) },
            ] }
        "#]],
    );
}

#[test]
fn a_functions_signature_is_its_callers_argument_types() {
    check(
        r#"CREATE FUNCTION s.f(a integer DEFAULT 1, OUT b text, INOUT c x.y[] = 3, VARIADIC d text[]) RETURNS int LANGUAGE sql AS 'select 1';
CREATE OR REPLACE FUNCTION f(integer, "char", double precision) RETURNS TABLE (x int) LANGUAGE sql AS '';
CREATE PROCEDURE p() LANGUAGE sql AS '';
CREATE AGGREGATE a(*) (sfunc = f, stype = int); CREATE AGGREGATE a(int ORDER BY text) (sfunc = f, stype = int);
CREATE AGGREGATE a(basetype = int, sfunc = f, stype = int);
DROP FUNCTION IF EXISTS s.f(a integer, OUT b text), g, h() CASCADE; DROP PROCEDURE p(int); DROP ROUTINE r(int); DROP AGGREGATE a(int), b(*);
ALTER FUNCTION f(int) RENAME TO g; ALTER FUNCTION f SET SCHEMA s; ALTER FUNCTION f(int) OWNER TO x; ALTER FUNCTION f(int) IMMUTABLE;
CREATE OPERATOR s.=== (leftarg = int, function = f); DROP OPERATOR s.=== (int, NONE);"#,
        expect![[r#"
            CREATE FUNCTION s.f(a integer DEFAULT 1,… => CreateOpaque { kind: Function, name: s.f, signature: "integer, x.y[], text[]", definition: Definition { text: "(a integer DEFAULT 1, OUT b text, INOUT c x.y[] = 3, VARIADIC d text[]) RETURNS int LANGUAGE sql AS 'select 1'", events: "", header: "(\"a\" integer default 1, out \"b\" text, inout \"c\" x.y[] default 3, variadic \"d\" text[]) returns integer language sql", body: Text { language: "sql", text: "select 1" }, signature: Signature { result: "integer", names: ["a", "c", "d"], n_defaults: 2 } } }
            CREATE OR REPLACE FUNCTION f(integer, "c… => CreateOpaque { kind: Function, name: f, signature: "integer, \"char\", double precision", definition: Definition { text: "(integer, \"char\", double precision) RETURNS TABLE (x int) LANGUAGE sql AS ''", events: "", header: "(\"\" integer, \"\" \"char\", \"\" double precision) returns table(\"x\" integer) language sql", body: Text { language: "sql", text: "" }, signature: Signature { result: "table(\"x\" integer)", names: ["", "", ""], n_defaults: 0 } }, or_replace: true }
            CREATE PROCEDURE p() LANGUAGE sql AS '' => CreateOpaque { kind: Procedure, name: p, signature: "", definition: Definition { text: "() LANGUAGE sql AS ''", events: "", header: "() returns void language sql", body: Text { language: "sql", text: "" }, signature: Signature { result: "void", n_defaults: 0 } } }
            CREATE AGGREGATE a(*) (sfunc = f, stype … => CreateOpaque { kind: Aggregate, name: a, signature: "*" }
            CREATE AGGREGATE a(int ORDER BY text) (s… => CreateOpaque { kind: Aggregate, name: a, signature: "int, text" }
            CREATE AGGREGATE a(basetype = int, sfunc… => CreateOpaque { kind: Aggregate, name: a, signature: "int" }
            DROP FUNCTION IF EXISTS s.f(a integer, O… => Drop { objects: [
              Target { class: Opaque(Function), name: s.f, signature: "integer" },
              Target { class: Opaque(Function), name: g },
              Target { class: Opaque(Function), name: h, signature: "" },
            ], if_exists: true, cascade: true }
            DROP PROCEDURE p(int) => Drop { objects: [Target { class: Opaque(Procedure), name: p, signature: "int" }] }
            DROP ROUTINE r(int) => Drop { objects: [Target { class: Opaque(Function), name: r, signature: "int" }] }
            DROP AGGREGATE a(int), b(*) => Drop { objects: [
              Target { class: Opaque(Aggregate), name: a, signature: "int" },
              Target { class: Opaque(Aggregate), name: b, signature: "*" },
            ] }
            ALTER FUNCTION f(int) RENAME TO g => Rename { object: Target { class: Opaque(Function), name: f, signature: "int" }, to: g }
            ALTER FUNCTION f SET SCHEMA s => SetNamespace { object: Target { class: Opaque(Function), name: f }, to: s }
            ALTER FUNCTION f(int) OWNER TO x => Nothing
            ALTER FUNCTION f(int) IMMUTABLE => AlterRoutine { object: Target { class: Opaque(Function), name: f, signature: "int" }, kind: Function, options: "IMMUTABLE" }
            CREATE OPERATOR s.=== (leftarg = int, fu… => CreateOpaque { kind: Operator, name: s.===, signature: "int, none" }
            DROP OPERATOR s.=== (int, NONE) => Drop { objects: [Target { class: Opaque(Operator), name: s.===, signature: "int, none" }] }
        "#]],
    );
}

#[test]
fn opaque_objects_of_all_kinds_are_created() {
    check(
        "CREATE OR REPLACE CONSTRAINT TRIGGER g AFTER INSERT OR UPDATE OF a ON s.t FOR EACH ROW WHEN (x) EXECUTE FUNCTION f();
CREATE EVENT TRIGGER e ON ddl_command_start EXECUTE FUNCTION f(); CREATE RULE r AS ON INSERT TO s.t DO NOTHING;
CREATE OPERATOR CLASS s.c DEFAULT FOR TYPE int USING btree AS OPERATOR 1 <; CREATE OPERATOR FAMILY f USING btree;
CREATE CAST (int AS text) WITH FUNCTION f(int); CREATE COLLATION IF NOT EXISTS s.c FROM \"C\"; CREATE CONVERSION c FOR 'a' TO 'b' FROM f;
CREATE LANGUAGE l; CREATE PUBLICATION p FOR TABLE a; CREATE SUBSCRIPTION s CONNECTION 'x' PUBLICATION p; CREATE SERVER s FOREIGN DATA WRAPPER w;
CREATE FOREIGN DATA WRAPPER w; CREATE USER MAPPING FOR bob SERVER s; CREATE STATISTICS s.st ON a, b FROM t; CREATE STATISTICS ON a, b FROM t;
CREATE TEXT SEARCH CONFIGURATION c (copy = x); CREATE ACCESS METHOD m TYPE INDEX HANDLER h; CREATE TRANSFORM FOR int LANGUAGE l (FROM SQL WITH FUNCTION f(internal));
CREATE TABLESPACE t LOCATION '/x'; CREATE DATABASE d;",
        expect![[r#"
            CREATE OR REPLACE CONSTRAINT TRIGGER g A… => CreateOpaque { calls: f, kind: Trigger, name: g, on: s.t, definition: Definition { text: "FOR EACH ROW WHEN (x) EXECUTE FUNCTION f()", events: "AFTER INSERT OR UPDATE OF a", is_constraint: true, header: "constraint after insert or update of a for each row when x execute f()", signature: Signature { result: "", n_defaults: 0 } }, or_replace: true }
            CREATE EVENT TRIGGER e ON ddl_command_st… => CreateOpaque { kind: EventTrigger, name: e }
            CREATE RULE r AS ON INSERT TO s.t DO NOT… => CreateOpaque { kind: Rule, name: r, on: s.t }
            CREATE OPERATOR CLASS s.c DEFAULT FOR TY… => CreateOpaque { kind: OperatorClass, name: s.c }
            CREATE OPERATOR FAMILY f USING btree => CreateOpaque { kind: OperatorFamily, name: f }
            CREATE CAST (int AS text) WITH FUNCTION … => CreateOpaque { kind: Cast, name: int AS text‹(int AS text)› }
            CREATE COLLATION IF NOT EXISTS s.c FROM … => CreateOpaque { kind: Collation, name: s.c, if_not_exists: true }
            CREATE CONVERSION c FOR 'a' TO 'b' FROM … => CreateOpaque { kind: Conversion, name: c }
            CREATE LANGUAGE l => CreateOpaque { kind: Language, name: l }
            CREATE PUBLICATION p FOR TABLE a => CreateOpaque { kind: Publication, name: p }
            CREATE SUBSCRIPTION s CONNECTION 'x' PUB… => CreateOpaque { kind: Subscription, name: s }
            CREATE SERVER s FOREIGN DATA WRAPPER w => CreateOpaque { kind: Server, name: s }
            CREATE FOREIGN DATA WRAPPER w => CreateOpaque { kind: ForeignDataWrapper, name: w }
            CREATE USER MAPPING FOR bob SERVER s => CreateOpaque { kind: UserMapping, name: bob s‹s› }
            CREATE STATISTICS s.st ON a, b FROM t => CreateOpaque { kind: Statistics, name: s.st }
            CREATE STATISTICS ON a, b FROM t => Nothing
            CREATE TEXT SEARCH CONFIGURATION c (copy… => CreateOpaque { kind: TextSearch, name: c }
            CREATE ACCESS METHOD m TYPE INDEX HANDLE… => CreateOpaque { kind: AccessMethod, name: m }
            CREATE TRANSFORM FOR int LANGUAGE l (FRO… => CreateOpaque { kind: Transform, name: int l‹l› }
            CREATE TABLESPACE t LOCATION '/x' => CreateOpaque { kind: Tablespace, name: t }
            CREATE DATABASE d => CreateOpaque { kind: Database, name: d }
        "#]],
    );
}

#[test]
fn objects_of_all_classes_are_dropped() {
    check(
        "DROP TABLE IF EXISTS a, s.b CASCADE; DROP INDEX CONCURRENTLY i RESTRICT; DROP VIEW v; DROP MATERIALIZED VIEW m; DROP SEQUENCE s; DROP TYPE t;
DROP DOMAIN d; DROP SCHEMA s CASCADE; DROP EXTENSION e; DROP TRIGGER IF EXISTS t ON s.x; DROP RULE r ON x; DROP EVENT TRIGGER e; DROP CAST (int AS text);
DROP COLLATION c; DROP CONVERSION c; DROP LANGUAGE l; DROP PUBLICATION p; DROP SUBSCRIPTION s; DROP SERVER s; DROP FOREIGN DATA WRAPPER w;
DROP FOREIGN TABLE f; DROP USER MAPPING FOR bob SERVER s; DROP STATISTICS s; DROP TEXT SEARCH PARSER p; DROP ACCESS METHOD m;
DROP TRANSFORM FOR int LANGUAGE l; DROP OPERATOR CLASS c USING btree; DROP TABLESPACE t; DROP DATABASE d; DROP OWNED BY x;",
        expect![[r#"
            DROP TABLE IF EXISTS a, s.b CASCADE => Drop { objects: [Target { class: Table, name: a }, Target { class: Table, name: s.b }], if_exists: true, cascade: true }
            DROP INDEX CONCURRENTLY i RESTRICT => Drop { objects: [Target { class: Index, name: i }] }
            DROP VIEW v => Drop { objects: [Target { class: View, name: v }] }
            DROP MATERIALIZED VIEW m => Drop { objects: [Target { class: MaterializedView, name: m }] }
            DROP SEQUENCE s => Drop { objects: [Target { class: Sequence, name: s }] }
            DROP TYPE t => Drop { objects: [Target { class: Type, name: t }] }
            DROP DOMAIN d => Drop { objects: [Target { class: Domain, name: d }] }
            DROP SCHEMA s CASCADE => Drop { objects: [Target { class: Namespace, name: s }], cascade: true }
            DROP EXTENSION e => Drop { objects: [Target { class: Extension, name: e }] }
            DROP TRIGGER IF EXISTS t ON s.x => Drop { objects: [Target { class: Opaque(Trigger), name: s.x, part: t }], if_exists: true }
            DROP RULE r ON x => Drop { objects: [Target { class: Opaque(Rule), name: x, part: r }] }
            DROP EVENT TRIGGER e => Drop { objects: [Target { class: Opaque(EventTrigger), name: e }] }
            DROP CAST (int AS text) => Drop { objects: [Target { class: Opaque(Cast), name: int AS text‹(int AS text)› }] }
            DROP COLLATION c => Drop { objects: [Target { class: Opaque(Collation), name: c }] }
            DROP CONVERSION c => Drop { objects: [Target { class: Opaque(Conversion), name: c }] }
            DROP LANGUAGE l => Drop { objects: [Target { class: Opaque(Language), name: l }] }
            DROP PUBLICATION p => Drop { objects: [Target { class: Opaque(Publication), name: p }] }
            DROP SUBSCRIPTION s => Drop { objects: [Target { class: Opaque(Subscription), name: s }] }
            DROP SERVER s => Drop { objects: [Target { class: Opaque(Server), name: s }] }
            DROP FOREIGN DATA WRAPPER w => Drop { objects: [Target { class: Opaque(ForeignDataWrapper), name: w }] }
            DROP FOREIGN TABLE f => Drop { objects: [Target { class: Opaque(ForeignTable), name: f }] }
            DROP USER MAPPING FOR bob SERVER s => Drop { objects: [Target { class: Opaque(UserMapping), name: bob s‹s› }] }
            DROP STATISTICS s => Drop { objects: [Target { class: Opaque(Statistics), name: s }] }
            DROP TEXT SEARCH PARSER p => Drop { objects: [Target { class: Opaque(TextSearch), name: p }] }
            DROP ACCESS METHOD m => Drop { objects: [Target { class: Opaque(AccessMethod), name: m }] }
            DROP TRANSFORM FOR int LANGUAGE l => Drop { objects: [Target { class: Opaque(Transform), name: int l‹l› }] }
            DROP OPERATOR CLASS c USING btree => Drop { objects: [Target { class: Opaque(OperatorClass), name: c }] }
            DROP TABLESPACE t => Drop { objects: [Target { class: Opaque(Tablespace), name: t }] }
            DROP DATABASE d => Drop { objects: [Target { class: Opaque(Database), name: d }] }
            DROP OWNED BY x => Nothing
        "#]],
    );
}

#[test]
fn objects_are_renamed_and_moved() {
    check(
        "ALTER TRIGGER t ON s.x RENAME TO u; ALTER RULE r ON x RENAME TO q; ALTER COLLATION c SET SCHEMA s; ALTER STATISTICS s RENAME TO t;
ALTER OPERATOR === (int, NONE) SET SCHEMA s; ALTER AGGREGATE a(*) RENAME TO b; ALTER TEXT SEARCH DICTIONARY d RENAME TO e; ALTER SERVER s RENAME TO t;
ALTER PUBLICATION p ADD TABLE t; ALTER TRIGGER t ON x DEPENDS ON EXTENSION e; ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO x;",
        expect![[r#"
            ALTER TRIGGER t ON s.x RENAME TO u => Rename { object: Target { class: Opaque(Trigger), name: s.x, part: t }, to: u }
            ALTER RULE r ON x RENAME TO q => Rename { object: Target { class: Opaque(Rule), name: x, part: r }, to: q }
            ALTER COLLATION c SET SCHEMA s => SetNamespace { object: Target { class: Opaque(Collation), name: c }, to: s }
            ALTER STATISTICS s RENAME TO t => Rename { object: Target { class: Opaque(Statistics), name: s }, to: t }
            ALTER OPERATOR === (int, NONE) SET SCHEM… => SetNamespace { object: Target { class: Opaque(Operator), name: ===, signature: "int, none" }, to: s }
            ALTER AGGREGATE a(*) RENAME TO b => Rename { object: Target { class: Opaque(Aggregate), name: a, signature: "*" }, to: b }
            ALTER TEXT SEARCH DICTIONARY d RENAME TO… => Rename { object: Target { class: Opaque(TextSearch), name: d }, to: e }
            ALTER SERVER s RENAME TO t => Rename { object: Target { class: Opaque(Server), name: s }, to: t }
            ALTER PUBLICATION p ADD TABLE t => Nothing
            ALTER TRIGGER t ON x DEPENDS ON EXTENSIO… => Nothing
            ALTER DEFAULT PRIVILEGES GRANT SELECT ON… => Nothing
        "#]],
    );
}

#[test]
fn comments() {
    check(
        r"COMMENT ON TABLE s.t IS 'it''s'; COMMENT ON COLUMN s.t.c IS NULL; COMMENT ON COLUMN t.c IS ''; COMMENT ON CONSTRAINT k ON s.t IS E'a\nb';
COMMENT ON CONSTRAINT k ON DOMAIN d IS $$x$$; COMMENT ON INDEX i IS 'x' 
  'y'; COMMENT ON FUNCTION f(a int) IS 'x'; COMMENT ON POLICY p ON t IS 'x'; COMMENT ON TRIGGER g ON t IS 'x'; COMMENT ON VIEW v IS 'x';
COMMENT ON MATERIALIZED VIEW m IS 'x'; COMMENT ON EXTENSION e IS 'x'; COMMENT ON SCHEMA s IS 'x'; COMMENT ON TYPE t IS 'x'; COMMENT ON ROLE r IS 'x';
COMMENT ON CAST (int AS text) IS 'x'; COMMENT ON OPERATOR - (NONE, int) IS 'x'; COMMENT ON LARGE OBJECT 3 IS 'x';",
        expect![[r#"
            COMMENT ON TABLE s.t IS 'it''s' => Comment { object: Target { class: Table, name: s.t }, text: "it's" }
            COMMENT ON COLUMN s.t.c IS NULL => Comment { object: Target { class: Column, name: s.t, part: c } }
            COMMENT ON COLUMN t.c IS '' => Comment { object: Target { class: Column, name: t, part: c } }
            COMMENT ON CONSTRAINT k ON s.t IS E'a\nb… => Comment { object: Target { class: Constraint, name: s.t, part: k }, text: "a\nb" }
            COMMENT ON CONSTRAINT k ON DOMAIN d IS $… => Comment { object: Target { class: DomainConstraint, name: d, part: k }, text: "x" }
            COMMENT ON INDEX i IS 'x' 'y' => Comment { object: Target { class: Index, name: i }, text: "xy" }
            COMMENT ON FUNCTION f(a int) IS 'x' => Comment { object: Target { class: Opaque(Function), name: f, signature: "int" }, text: "x" }
            COMMENT ON POLICY p ON t IS 'x' => Comment { object: Target { class: Policy, name: t, part: p }, text: "x" }
            COMMENT ON TRIGGER g ON t IS 'x' => Comment { object: Target { class: Opaque(Trigger), name: t, part: g }, text: "x" }
            COMMENT ON VIEW v IS 'x' => Comment { object: Target { class: View, name: v }, text: "x" }
            COMMENT ON MATERIALIZED VIEW m IS 'x' => Comment { object: Target { class: MaterializedView, name: m }, text: "x" }
            COMMENT ON EXTENSION e IS 'x' => Comment { object: Target { class: Extension, name: e }, text: "x" }
            COMMENT ON SCHEMA s IS 'x' => Comment { object: Target { class: Namespace, name: s }, text: "x" }
            COMMENT ON TYPE t IS 'x' => Comment { object: Target { class: Type, name: t }, text: "x" }
            COMMENT ON ROLE r IS 'x' => Comment { object: Target { class: Role, name: r }, text: "x" }
            COMMENT ON CAST (int AS text) IS 'x' => Comment { object: Target { class: Opaque(Cast), name: int AS text‹(int AS text)› }, text: "x" }
            COMMENT ON OPERATOR - (NONE, int) IS 'x' => Comment { object: Target { class: Opaque(Operator), name: -, signature: "none, int" }, text: "x" }
            COMMENT ON LARGE OBJECT 3 IS 'x' => Nothing
        "#]],
    );
}

#[test]
fn privileges() {
    check(
        "GRANT SELECT, insert ON s.t, u TO a, GROUP b, PUBLIC, CURRENT_USER WITH GRANT OPTION;
GRANT ALL PRIVILEGES ON ALL TABLES IN SCHEMA a, b TO c; GRANT EXECUTE ON ALL ROUTINES IN SCHEMA a TO c; GRANT USAGE ON SCHEMA a TO c;
GRANT EXECUTE ON FUNCTION f(int), g TO c; GRANT USAGE ON SEQUENCE s.q TO c; GRANT USAGE ON TYPE t TO c; GRANT CONNECT ON DATABASE d TO c;
REVOKE GRANT OPTION FOR SELECT ON t FROM a CASCADE; REVOKE ALL ON TABLE t FROM PUBLIC;
GRANT SELECT (a), UPDATE ON t TO c; GRANT SELECT (a) ON t TO c; GRANT a TO b WITH ADMIN OPTION; REVOKE a FROM b; GRANT SET ON PARAMETER x TO c;",
        expect![[r#"
            GRANT SELECT, insert ON s.t, u TO a, GRO… => Grant(Privileges { privileges: ["SELECT", "INSERT"], on: [Target { class: Table, name: s.t }, Target { class: Table, name: u }], roles: ["a", "b", "public", "current_user"], grant_option: true })
            GRANT ALL PRIVILEGES ON ALL TABLES IN SC… => Grant(Privileges { privileges: ["ALL"], all_in: (Table, [a, b]), roles: ["c"] })
            GRANT EXECUTE ON ALL ROUTINES IN SCHEMA … => Grant(Privileges { privileges: ["EXECUTE"], all_in: (Opaque(Function), [a]), roles: ["c"] })
            GRANT USAGE ON SCHEMA a TO c => Grant(Privileges { privileges: ["USAGE"], on: [Target { class: Namespace, name: a }], roles: ["c"] })
            GRANT EXECUTE ON FUNCTION f(int), g TO c => Grant(Privileges { privileges: ["EXECUTE"], on: [
              Target { class: Opaque(Function), name: f, signature: "int" },
              Target { class: Opaque(Function), name: g },
            ], roles: ["c"] })
            GRANT USAGE ON SEQUENCE s.q TO c => Grant(Privileges { privileges: ["USAGE"], on: [Target { class: Sequence, name: s.q }], roles: ["c"] })
            GRANT USAGE ON TYPE t TO c => Grant(Privileges { privileges: ["USAGE"], on: [Target { class: Type, name: t }], roles: ["c"] })
            GRANT CONNECT ON DATABASE d TO c => Grant(Privileges { privileges: ["CONNECT"], on: [Target { class: Opaque(Database), name: d }], roles: ["c"] })
            REVOKE GRANT OPTION FOR SELECT ON t FROM… => Revoke { privileges: Privileges { privileges: ["SELECT"], on: [Target { class: Table, name: t }], roles: ["a"], grant_option: true }, cascade: true }
            REVOKE ALL ON TABLE t FROM PUBLIC => Revoke { privileges: Privileges { privileges: ["ALL"], on: [Target { class: Table, name: t }], roles: ["public"] } }
            GRANT SELECT (a), UPDATE ON t TO c => Grant(Privileges { privileges: ["UPDATE"], on: [Target { class: Table, name: t }], roles: ["c"] })
            GRANT SELECT (a) ON t TO c => Nothing
            GRANT a TO b WITH ADMIN OPTION => Nothing
            REVOKE a FROM b => Nothing
            GRANT SET ON PARAMETER x TO c => Nothing
        "#]],
    );
}
