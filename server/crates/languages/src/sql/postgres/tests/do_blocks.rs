//! DO blocks.

use expect_test::expect;

use super::check;

#[test]
fn a_guard_by_an_exception_is_seen_through() {
    check(
        r#"DO $$ BEGIN
 ALTER TABLE "a" ADD CONSTRAINT "k" FOREIGN KEY ("b") REFERENCES "public"."d"("id") ON DELETE cascade;
EXCEPTION
 WHEN duplicate_object OR SQLSTATE '42710' THEN null;
 WHEN others THEN RAISE NOTICE '%', 1;
END $$;"#,
        expect![[r#"
            DO $$ BEGIN ALTER TABLE "a" ADD CONSTRAI… => Do { statements: [
              Statement { span: ‹ALTER TABLE "a" ADD CONSTRAINT "k" FOREIGN KEY ("b") REFERENCES "public"."d"("id") ON DELETE cascade›, kind: AlterRelation { relation: Table, name: a‹"a"›, actions: [
                AddConstraint(TableConstraint { name: k‹"k"›, span: ‹CONSTRAINT "k" FOREIGN KEY ("b") REFERENCES "public"."d"("id") ON DELETE cascade›, kind: ForeignKey { columns: [b‹"b"›], references: References { table: public‹"public"›.d‹"d"›, columns: [id‹"id"›], on_delete: Cascade } } }),
              ] } },
            ] }
        "#]],
    );
}

#[test]
fn a_guard_by_a_question_is_seen_through() {
    check(
        "do $body$
<<l>> declare n int := 3;
begin
  if not exists (select 1 from pg_type where typname = 'x') then create type x as enum ('a'); else raise notice 'there'; end if;
  IF to_regclass('public.t') IS NULL AND (SELECT count(*) FROM u) = 0 THEN DROP TABLE IF EXISTS v; INSERT INTO w VALUES (1); END IF;
  PERFORM f(1);
  begin create table q (a int); exception when others then null; end;
end l $body$ language plpgsql",
        expect![[r#"
            do $body$ <<l>> declare n int := 3; begi… => Do { statements: [
              Statement { span: ‹create type x as enum ('a')›, kind: CreateEnum { name: x, values: [a‹'a'›] } },
              Statement { span: ‹DROP TABLE IF EXISTS v›, kind: Drop { objects: [Target { class: Table, name: v }], if_exists: true } },
              Statement { span: ‹create table q (a int)›, kind: CreateTable { name: q, elements: [ColumnDef { name: a, span: ‹a int›, type_name: `int` }] } },
            ] }
        "#]],
    );
}

#[test]
fn constant_texts_are_executed_in_their_place() {
    check(
        "DO $$ BEGIN EXECUTE 'CREATE TABLE q (a text DEFAULT ''x'')'; EXECUTE $x$DROP TABLE r$x$; END $$; DO 'BEGIN DROP TABLE \"a''b\"; END';
DO $$ BEGIN EXECUTE 'DO $x$ BEGIN DROP TABLE z; END $x$'; END $$; DO $$ BEGIN EXECUTE v; EXECUTE w || 'DROP TABLE ä",
        expect![[r#"
            DO $$ BEGIN EXECUTE 'CREATE TABLE q (a t… => Do { statements: [
              Statement { span: ‹CREATE TABLE q (a text DEFAULT ''x'')›, kind: CreateTable { name: q, elements: [
                ColumnDef { name: a, span: ‹a text DEFAULT ''x''›, type_name: `text`:text, constraints: [ColumnConstraint { span: ‹DEFAULT ''x''›, kind: Default('x'‹''x''›) }] },
              ] } },
              Statement { span: ‹DROP TABLE r›, kind: Drop { objects: [Target { class: Table, name: r }] } },
            ] }
            DO 'BEGIN DROP TABLE "a''b"; END' => Do { statements: [
              Statement { span: ‹DROP TABLE "a''b"›, kind: Drop { objects: [Target { class: Table, name: a'b‹"a''b"› }] } },
            ] }
            DO $$ BEGIN EXECUTE 'DO $x$ BEGIN DROP T… => Do { statements: [
              Statement { span: ‹DO $x$ BEGIN DROP TABLE z; END $x$›, kind: Do { statements: [Statement { span: ‹DROP TABLE z›, kind: Drop { objects: [Target { class: Table, name: z }] } }] } },
            ] }
            DO $$ BEGIN EXECUTE v; EXECUTE w || 'DRO… => Do { is_opaque: true, names: [ä] }
        "#]],
    );
}

#[test]
fn logic_without_definitions_is_passed_over() {
    check(
        "DO $$ DECLARE r record; BEGIN
  FOR r IN SELECT CASE WHEN true THEN 1 END LOOP UPDATE t SET a = 1; EXECUTE format('DELETE FROM %I', r.x); END LOOP;
  CASE n WHEN 1 THEN NULL; ELSE RETURN; END CASE;
  x := 1; comment := 2; WHILE true LOOP EXIT; END LOOP;
END $$",
        expect![[r#"
            DO $$ DECLARE r record; BEGIN FOR r IN S… => Do
        "#]],
    );
}

#[test]
fn logic_around_definitions_is_opaque_with_what_it_names() {
    check(
        "DO $$ DECLARE r record; BEGIN DROP TABLE a; FOR r IN SELECT 1 LOOP EXECUTE format('ALTER TABLE s.b ADD COLUMN %I int', r.x); END LOOP; END $$;
DO $$ BEGIN EXECUTE 'DROP TABLE part_' || n; EXECUTE format('DROP TABLE part_%s', n); EXECUTE v; END $$;
DO $$ BEGIN IF version() > 'x' THEN CREATE INDEX i ON t (a); END IF; END $$;
DO $$ BEGIN IF EXISTS (SELECT 1) THEN ALTER TABLE a RENAME COLUMN b TO c; ELSE ALTER TABLE a ADD COLUMN c int; END IF; END $$;
DO LANGUAGE plpython3u $$ x = 'CREATE TABLE t (a int)' $$",
        expect![[r#"
            DO $$ DECLARE r record; BEGIN DROP TABLE… => Do { is_opaque: true, names: [a, s.b] }
            DO $$ BEGIN EXECUTE 'DROP TABLE part_' |… => Do { is_opaque: true }
            DO $$ BEGIN IF version() > 'x' THEN CREA… => Do { is_opaque: true, names: [i, t] }
            DO $$ BEGIN IF EXISTS (SELECT 1) THEN AL… => Do { is_opaque: true, names: [a] }
            DO LANGUAGE plpython3u $$ x = 'CREATE TA… => Do { is_opaque: true, names: [t] }
        "#]],
    );
}

#[test]
fn a_broken_block_is_opaque_and_a_broken_statement_in_it_unreadable() {
    check(
        "DO $$ BEGIN DROP TABLE a END $$; DO $$ BEGIN IF EXISTS (SELECT 1) THEN DROP TABLE b; END $$; DO $$ BEGIN CREATE TABLE c (; END $$; DO;",
        expect![[r#"
            DO $$ BEGIN DROP TABLE a END $$ => Do { is_opaque: true, names: [a] }
            DO $$ BEGIN IF EXISTS (SELECT 1) THEN DR… => Do { is_opaque: true, names: [b] }
            DO $$ BEGIN CREATE TABLE c (; END $$ => Do { statements: [
              Statement { span: ‹CREATE TABLE c (›, kind: Unreadable { message: "expected ) behind the last word", at: ‹›, names: [c] } },
            ] }
            DO => Unreadable { message: "expected a string behind the last word", at: ‹› }
        "#]],
    );
}
