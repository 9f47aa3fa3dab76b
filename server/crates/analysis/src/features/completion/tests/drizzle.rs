//! Drizzle schema files.

use expect_test::{Expect, expect};
use std::fmt::Write as _;

use super::{check, offered};

const PROJECT: &str = "
//- /p/drizzle.config.ts
export default { dialect: 'postgresql', schema: './src/*.ts', out: './drizzle' };
//- /p/src/stamps.ts
import { timestamp } from 'drizzle-orm/pg-core';
export const stamps = { createdAt: timestamp('created_at').notNull().defaultNow() };
//- /p/src/users.ts
import { pgEnum, pgTable, serial, varchar } from 'drizzle-orm/pg-core';
import { stamps } from './stamps';
export const role = pgEnum('role', ['admin', 'member']);
export const users = pgTable('users', {
  id: serial('id').primaryKey(),
  email: varchar('e_mail', { length: 255 }).notNull().unique(),
  role: role('role').default('member'),
  ...stamps,
});
//- /p/src/posts.ts
export {};
";

const HEAD: &str = "import { pgTable, integer, text, index, sql } from 'drizzle-orm/pg-core';
import { users as people, role } from './users';
";

/// In a file that imports a table and an enum.
fn posts(text: &str) -> String {
    format!("{HEAD}{text}")
}

fn drizzle(text: &str, expected: Expect) {
    check(PROJECT, "/p/drizzle.config.ts", "/p/src/posts.ts", &posts(text), &expected);
}

fn labels(text: &str) -> String {
    let (_, found, _) = offered(PROJECT, "/p/drizzle.config.ts", "/p/src/posts.ts", &posts(text));
    found.iter().map(|item| item.label.as_str()).collect::<Vec<&str>>().join(" ")
}

const START: &str =
    "export const posts = pgTable('posts', {\n  id: integer('id').primaryKey(),\n  title: text('post_title'),\n";

#[test]
fn a_reference_has_tables_and_their_keys() {
    drizzle(
        &format!("{START}  author: integer('author').references(() => |"),
        expect![[r#"
        people.id (Column) serial NOT NULL
        people (Table) table users
    "#]],
    );
    drizzle(
        &format!("{START}  author: integer('author').references(() => people.|),\n}});"),
        expect![[r#"
        id (Column) serial NOT NULL
        email (Column) varchar(255) NOT NULL
        role (Column) role DEFAULT 'member'
        createdAt (Column) timestamp NOT NULL DEFAULT now()
    "#]],
    );
    assert_eq!(
        labels(&format!("{START}  parent: integer('parent').references((): AnyPgColumn => posts.|")),
        "id title parent"
    );
    assert_eq!(
        labels(&format!(
            "{START}  author: integer('author').references(() => people.e|, {{ onDelete: 'cascade' }}) }});"
        )),
        "id email role createdAt"
    );
}

#[test]
fn indexes_and_keys_have_the_tables_own_columns() {
    drizzle(
        &format!("{START}}}, (t) => [index('i').on(|"),
        expect![[r#"
        t.id (Column) integer
        t.title (Column) text
    "#]],
    );
    drizzle(
        &format!("{START}}}, (t) => [index('i').on(t.|)]);"),
        expect![[r#"
        id (Column) integer NOT NULL
        title (Column) text
    "#]],
    );
    for text in [
        "[unique().on(t.id, |)",
        "({ i: index('i').using('btree', |",
        "[primaryKey({ columns: [|",
        "[foreignKey({ columns: [t.id, |",
    ] {
        assert_eq!(labels(&format!("{START}}}, (t) => {text}")), "t.id t.title", "{text}");
    }
    for text in [
        "[foreignKey({ columns: [t.id], foreignColumns: [people.|",
        "[foreignKey({ columns: [t.id], foreignColumns: [people.id, people.|",
    ] {
        assert_eq!(labels(&format!("{START}}}, (t) => {text}")), "id email role createdAt", "{text}");
    }
    assert_eq!(labels(&format!("{START}}}, t => [index('i').on(t.|")), "id title");
    assert_eq!(labels(&format!("{START}}}, (t) => [check('c', sql`${{t.|")), "id title");
}

#[test]
fn a_column_is_made_by_a_builder() {
    let found = labels("export const posts = pgTable('posts', {\n  id: |");
    assert!(found.starts_with("role integer text smallint bigint "), "{found}");
    drizzle(
        "export const posts = pgTable('posts', {\n  id: varc|\n});",
        expect![[r#"
        role (Builder) enum: admin, member [varc -> role]
        integer (Builder) integer [varc -> integer]
        text (Builder) text [varc -> text]
        smallint (Builder) smallint [varc -> smallint] +import, smallint
        bigint (Builder) bigint [varc -> bigint] +import, bigint
        smallserial (Builder) smallserial [varc -> smallserial] +import, smallserial
        serial (Builder) serial [varc -> serial] +import, serial
        bigserial (Builder) bigserial [varc -> bigserial] +import, bigserial
        boolean (Builder) boolean [varc -> boolean] +import, boolean
        varchar (Builder) varchar[(length)] +import, varchar
        char (Builder) char[(length)] [varc -> char] +import, char
        numeric (Builder) numeric[(precision[, scale])] [varc -> numeric] +import, numeric
        decimal (Builder) numeric[(precision[, scale])] [varc -> decimal] +import, decimal
        real (Builder) real [varc -> real] +import, real
        doublePrecision (Builder) double precision [varc -> doublePrecision] +import, doublePrecision
        json (Builder) json [varc -> json] +import, json
        jsonb (Builder) jsonb [varc -> jsonb] +import, jsonb
        time (Builder) time[(precision)] [with time zone] [varc -> time] +import, time
        timestamp (Builder) timestamp[(precision)] [with time zone] [varc -> timestamp] +import, timestamp
        date (Builder) date [varc -> date] +import, date
        interval (Builder) interval [fields][(precision)] [varc -> interval] +import, interval
        uuid (Builder) uuid [varc -> uuid] +import, uuid
        inet (Builder) inet [varc -> inet] +import, inet
        cidr (Builder) cidr [varc -> cidr] +import, cidr
        macaddr (Builder) macaddr [varc -> macaddr] +import, macaddr
        macaddr8 (Builder) macaddr8 [varc -> macaddr8] +import, macaddr8
        point (Builder) point [varc -> point] +import, point
        line (Builder) line [varc -> line] +import, line
        geometry (Builder) geometry(point[, srid]) [varc -> geometry] +import, geometry
        bit (Builder) bit(dimensions) [varc -> bit] +import, bit
        vector (Builder) vector(dimensions) [varc -> vector] +import, vector
        halfvec (Builder) halfvec(dimensions) [varc -> halfvec] +import, halfvec
        sparsevec (Builder) sparsevec(dimensions) [varc -> sparsevec] +import, sparsevec
        bytea (Builder) bytea [varc -> bytea] +import, bytea
    "#]],
    );
    assert!(
        labels("export const posts = pgTable('posts', (t) => ({\n  id: t.|").starts_with("smallint integer bigint ")
    );
}

#[test]
fn a_default_is_a_value_of_the_enum() {
    drizzle(
        &format!("{START}  role: role('role').notNull().default('|"),
        expect![[r#"
        admin (EnumValue) of role
        member (EnumValue) of role
    "#]],
    );
    assert_eq!(labels(&format!("{START}  kind: text('kind', {{ enum: ['a', 'b'] }}).default(\"|\")")), "a b");
}

#[test]
fn sql_in_templates_has_the_databases_names() {
    drizzle(
        &format!("{START}}}, (t) => [check('c', sql`|`)]);"),
        expect![[r#"
        id (Column) integer NOT NULL
        post_title (Column) text
    "#]],
    );
    assert_eq!(labels(&format!("{START}}}, (t) => [index('i').on(sql`lower(|)`)]);")), "id post_title");
    assert_eq!(
        labels(&format!("{START}  x: text('x').default(sql<string>`(select | from users u)`)")),
        "id e_mail role created_at"
    );
    assert_eq!(labels("export const v = pgView('v').as(sql`select * from |`);"), "users");
    assert_eq!(
        labels("export const v = pgView('v').as(sql`select u.| from users u where ${people.id} = 1`);"),
        "id e_mail role created_at"
    );
    assert_eq!(labels("export const v = pgView('v').as(sql`select * from users where role = '|'`);"), "admin member");
}

#[test]
fn nothing_where_nothing_is_certain() {
    let mut wrong = String::new();
    for text in [
        "|",
        "const x = |",
        "people.|",
        "const x = '|'",
        ".default('|",
        "const x = `|`",
        "// sql`|",
        "export const posts = pgTable('|",
        "export const posts = pgTable('posts', {\n  |",
        "export const posts = pgTable('posts', {\n  id: integer('|",
        "export const posts = pgTable('posts', {\n  id: integer('id').|",
        "export const posts = pgTable('posts', {\n  id: integer('id').default('|",
        "export const posts = pgTable('posts', {\n  id: integer('id').references(|",
        "export const posts = pgTable('posts', {\n  id: integer('id').references(() => nobody.|",
        "export const posts = pgTable('posts', {\n  id: integer('id') }, (t) => [index('|",
        "export const posts = pgTable('posts', {\n  id: integer('id') }, (t) => [index('i').using(|",
        "export const posts = pgTable('posts', {\n  id: integer('id') }, (t) => [check('c', sql`${t.id}|`",
        "export const v = pgView('v').as(sql`|`);",
    ] {
        let labels = labels(text);
        if !labels.is_empty() {
            let _ = writeln!(wrong, "{text}: {labels}");
        }
    }
    assert_eq!(wrong, "");
}

#[test]
fn any_cut_of_a_file_is_answered() {
    let text = format!(
        "{START}  é: role('é').default('admin'), x: text().references(() => people.id) }}, (t) => [index('i').on(t.id, sql`lower(${{t.title}}) = post_title`)]);"
    );
    let head = HEAD.len();
    for end in (0..=text.len()).filter(|end| text.is_char_boundary(*end)) {
        let cut = format!("{}|{}", &text[..end], &text[end..]);
        let marked = posts(&cut);
        let (_, found, whole) = offered(PROJECT, "/p/drizzle.config.ts", "/p/src/posts.ts", &marked);
        let cursor = u32::try_from(marked.find('|').unwrap()).unwrap();
        assert_eq!(cursor as usize, head + end);
        for item in found {
            assert!(item.span.touches(cursor), "{cut}: {item:?}");
            assert!(whole.get(item.span.start as usize..item.span.end as usize).is_some(), "{cut}: {item:?}");
        }
    }
}

#[test]
fn the_documentation_tells_the_builder_and_the_column() {
    let documentation = |text: &str, label: &str| {
        let (analysis, found, _) = offered(PROJECT, "/p/drizzle.config.ts", "/p/src/posts.ts", &posts(text));
        let item = found.iter().find(|item| item.label == label).unwrap();
        analysis.completion_documentation(item.subject.as_ref().unwrap()).unwrap()
    };
    expect![[r#"
        ```typescript
        varchar(name?: string, options?: { length?: number, enum?: string[] })
        ```
        - SQL type: `varchar[(length)]`
    "#]]
    .assert_eq(&documentation("export const posts = pgTable('posts', {\n  id: |", "varchar"));
    expect![[r#"
        ```sql
        users.e_mail varchar(255) NOT NULL
        ```
        - column: `e_mail`
        - type: `varchar(255)`
        - null: not allowed
        - default: none
        - unique: `users_e_mail_unique`
    "#]]
    .assert_eq(&documentation(&format!("{START}  a: integer().references(() => people.|"), "email"));
}
