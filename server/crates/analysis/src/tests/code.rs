//! Names of tables and columns in code that uses a schema: which of them have a hover, and of what.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use expect_test::{Expect, expect};
use source::{FilePath, Files, MemoryFiles};

use crate::{Analysis, Host, object_words};

const PROJECT: &str = "
//- /p/drizzle.config.ts
export default { dialect: 'postgresql', schema: './src/schema/*.ts', out: './drizzle', casing: 'snake_case' };
//- /p/src/schema/columns.ts
import { timestamp } from 'drizzle-orm/pg-core';
export const stamps = { createdAt: timestamp().notNull() };
//- /p/src/schema/users.ts
import { pgEnum, pgTable, pgView, serial, text } from 'drizzle-orm/pg-core';
import { stamps } from './columns';
export const role = pgEnum('role', ['admin', 'member']);
export const users = pgTable('app_users', { id: serial().primaryKey(), mail: text('email'), role: role(), ...stamps });
export const admins = pgView('admins').as((qb) => qb.select().from(users));
const own = pgTable('own', { id: serial() });
//- /p/src/db/index.ts
import { drizzle } from 'drizzle-orm/node-postgres';
import * as schema from '../schema/users';
export * from '../schema/users';
export { users as people, users as default } from '../schema/users';
export * as tables from '../schema/users';
export const db = drizzle(process.env.DATABASE_URL!, { schema });
export const bare = drizzle(process.env.DATABASE_URL!);
export const some = drizzle({ client: new Pool(), schema: { members: schema.users } });
export const cached = globalThis.db ?? drizzle(process.env.DATABASE_URL!, { schema });
//- /q/schema.ts
import { pgTable, serial } from 'drizzle-orm/pg-core';
export const users = pgTable('app_users', { id: serial() });
";

fn project() -> (Analysis, MemoryFiles) {
    let files = MemoryFiles::new(PROJECT);
    let analysis = Host::new().analyze(&[Arc::from(Path::new("/p/drizzle.config.ts"))], &files);
    (analysis, files)
}

/// Every name of the code that has a hover, with what it is about, in the order of the code. A name that says nothing is not listed.
fn check_at(file: &str, code: &str, expected: Expect) {
    let (analysis, files) = project();
    let (file, code): (FilePath, Arc<str>) = (Arc::from(Path::new(file)), Arc::from(code));
    let mut shown = String::new();
    let mut last = None;
    for (offset, _) in code.char_indices() {
        let found = analysis.hover_in_code(&file, &code, u32::try_from(offset).unwrap(), &files);
        if let Some(hover) = found.filter(|found| last != Some(found.span)) {
            let line = code.split_at(offset).0.matches('\n').count() + 1;
            let _ = writeln!(shown, "{line}: {} is {}", hover.span.text(&code), object_words(&hover.about.object));
            last = Some(hover.span);
        }
    }
    expected.assert_eq(&shown);
}

fn check(code: &str, expected: Expect) {
    check_at("/p/src/app.ts", code, expected);
}

#[test]
fn a_name_in_a_query_leads_to_its_table_or_column() {
    check(
        "import { eq } from 'drizzle-orm';
import { db, users } from './db';
await db.select({ id: users.id, at: users.createdAt }).from(users).where(eq(users!.mail, 'x'));
await db.insert(users).values(values as typeof users.$inferInsert);
const nothing = users.missing ?? db.users;",
        expect![[r#"
            2: users is table `app_users`
            3: users is table `app_users`
            3: id is column `app_users.id`
            3: users is table `app_users`
            3: createdAt is column `app_users.created_at`
            3: users is table `app_users`
            3: users is table `app_users`
            3: mail is column `app_users.email`
            4: users is table `app_users`
            4: users is table `app_users`
            5: users is table `app_users`
        "#]],
    );
}

#[test]
fn a_hover_in_code_says_what_one_in_the_schema_file_says() {
    let (analysis, files) = project();
    let in_schema: FilePath = Arc::from(Path::new("/p/src/schema/users.ts"));
    let place = u32::try_from(files.read(&in_schema).unwrap().find("mail:").unwrap()).unwrap();
    let code: Arc<str> = Arc::from("import { users } from './db'; users.mail;");
    let at = u32::try_from(code.find("mail").unwrap()).unwrap();
    let file: FilePath = Arc::from(Path::new("/p/src/app.ts"));
    let hover = analysis.hover_in_code(&file, &code, at, &files).unwrap();
    assert_eq!(Some(&hover.markdown), analysis.hover(&in_schema, place).map(|it| it.markdown).as_ref());
    assert!(hover.markdown.contains("app_users.email text"), "{}", hover.markdown);
}

#[test]
fn a_name_is_followed_through_aliases_namespaces_and_files_in_between() {
    check(
        "import people, { people as folk, tables, role as kinds, admins } from './db/index.js';
import * as schema from './schema/users';
const { users: destructured } = schema;
const t = schema.users;
use(people.id, folk.id, tables.users.id, schema.users.id, kinds.enumValues, admins);
use(destructured.id, t.id, schema.own);",
        expect![[r#"
            1: people is table `app_users`
            1: people is table `app_users`
            1: folk is table `app_users`
            1: role is enum `role`
            1: kinds is enum `role`
            1: admins is view `admins`
            4: users is table `app_users`
            5: people is table `app_users`
            5: id is column `app_users.id`
            5: folk is table `app_users`
            5: id is column `app_users.id`
            5: users is table `app_users`
            5: id is column `app_users.id`
            5: users is table `app_users`
            5: id is column `app_users.id`
            5: kinds is enum `role`
            5: admins is view `admins`
            6: destructured is table `app_users`
            6: id is column `app_users.id`
            6: t is table `app_users`
            6: id is column `app_users.id`
        "#]],
    );
}

#[test]
fn a_name_that_something_nearer_has_says_nothing() {
    check(
        "import { db, users } from './db';
function parameter(users: string[]) { return users.length; }
const arrow = users => users.id;
const destructured = ({ users, ...rest }) => users.id;
const renamed = ({ a: [users = 1] }) => users;
async function result() { const users = await db.select().from(users); return users.id; }
function hoisted() { use(users.id); if (x) { var users = 1; } }
function nested() { for (const users of all) { use(users); } { class users {} use(users); } }
switch (x) { case 1: let users = 2; case 2: use(users); }
try { } catch (users) { use(users); }
const named = function users() { return users; };
type Callback = (users: number) => void;
namespace inner { export const users = 1; use(users); }",
        expect![[r#"
            1: users is table `app_users`
        "#]],
    );
}

#[test]
fn a_scope_that_has_another_name_changes_nothing() {
    check(
        "import { db, users } from './db';
export class Repository {
  async create(data: typeof users.$inferInsert, id = users.id) {
    try { for (const user of data) { await db.insert(users); } } catch (error) { use(users); }
    return this.users.id + data.users.id;
  }
}
const keys = { users: 1, short: { users } };",
        expect![[r#"
            1: users is table `app_users`
            3: users is table `app_users`
            3: users is table `app_users`
            3: id is column `app_users.id`
            4: users is table `app_users`
            4: users is table `app_users`
            8: users is table `app_users`
        "#]],
    );
}

#[test]
fn a_key_of_a_client_whose_schema_is_written_down_leads_to_its_table() {
    check(
        "import { drizzle } from 'drizzle-orm/node-postgres';
import { bare, cached, db, some } from './db';
import * as clients from './db';
import * as schema from './schema/users';
const here = drizzle(pool, { schema, logger: true });
await db.query.users.findMany({ with: { posts: true } });
await here.query.users.findFirst();
await clients.db.query.users.findMany();
await some.query.members.findMany();
await some.query.users.findMany();
await bare.query.users.findMany();
await cached.query.users.findMany();
await db.query.role.findMany();
await db.transaction(async (tx) => tx.query.users.findMany());
function shadowed(db) { return db.query.users.findMany(); }",
        expect![[r#"
            6: users is table `app_users`
            7: users is table `app_users`
            8: users is table `app_users`
            9: members is table `app_users`
        "#]],
    );
}

#[test]
fn a_table_of_another_package_is_not_taken_for_ours() {
    check(
        "import { users } from '../../q/schema';
import { users as installed } from 'some-package';
import { users as missing } from './nowhere';
import type { users as types } from './db';
let people = users;
use(users.id, installed.id, missing.id, types.id, unknown.id);",
        expect![[""]],
    );
}

#[test]
fn where_code_is_broken_nothing_is_said() {
    check(
        "import { users } from './db';
function first() { return users.id; }
function second(users { return users.id; }",
        expect![[r#"
            1: users is table `app_users`
            2: users is table `app_users`
            2: id is column `app_users.id`
        "#]],
    );
}

#[test]
fn a_variable_that_is_given_another_value_says_nothing() {
    check(
        "import { users } from './db';
let t = users;
t = other;
use(t.id);",
        expect![[r#"
            1: users is table `app_users`
            2: users is table `app_users`
        "#]],
    );
}

#[test]
fn code_in_a_schema_file_and_jsx_have_hovers_and_other_files_have_none() {
    check_at(
        "/p/src/page.tsx",
        "import { users } from './db';\nexport const Page = () => <users id={users.id}>{users.id}</users>;",
        expect![[r#"
            1: users is table `app_users`
            2: users is table `app_users`
            2: id is column `app_users.id`
            2: users is table `app_users`
            2: id is column `app_users.id`
        "#]],
    );
    let (_, files) = project();
    let text = files.read(Path::new("/p/src/schema/users.ts")).unwrap();
    let code = format!("{text}export const posts = relations(users, ({{ one }}) => ({{ own: one(own) }}));\n");
    check_at(
        "/p/src/schema/users.ts",
        &code,
        expect![[r#"
            4: role is enum `role`
            5: users is table `app_users`
            7: users is table `app_users`
        "#]],
    );
    check_at("/p/src/notes.md", "import { users } from './db'; users.id;", expect![[""]]);
}

#[test]
fn a_key_of_what_is_written_leads_to_its_column() {
    check(
        "import * as schema from './schema/users';
await db.insert(schema.users).values({ mail: 'x', createdAt: now, other: 1 }).returning();
await tx.update(schema.users).set({ mail: sql`lower(${schema.users.mail})`, nested: { mail: 1 } });
await db.insert(schema.users).values([{ mail: 'x' }]);
await db.insert(rows).values({ mail: 'x' });
await db.insert(schema.users).returning({ mail: 'x' });
await cache.set({ mail: 'x' });",
        expect![[r#"
            2: users is table `app_users`
            2: mail is column `app_users.email`
            2: createdAt is column `app_users.created_at`
            3: users is table `app_users`
            3: mail is column `app_users.email`
            3: users is table `app_users`
            3: mail is column `app_users.email`
            4: users is table `app_users`
            4: mail is column `app_users.email`
            6: users is table `app_users`
        "#]],
    );
}
