//! `driftlens generate` beside the real drizzle-kit 1.0: what the two write into one folder, by turns, and what the migrator of
//! drizzle-orm 1.0 makes of it on real databases.
#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests say so by failing"
)]

mod project;

use project::{Project, said};
use serde_json::{Value, json};
use std::path::Path;
use std::process::Command;
use tests::postgres::{Server, of_the_machine};

/// A change of the schema files.
struct Step {
    /// What is replaced in the text so far.
    edits: &'static [(&'static str, &'static str)],
    renames: &'static [Rename],
}

/// The kind and the names, each from the schema down, as drizzle-kit's hints have them (SQLite's too). A part of a renamed table is in
/// its new one.
type Rename = (&'static str, &'static [&'static str], &'static [&'static str]);

const fn step(edits: &'static [(&'static str, &'static str)]) -> Step {
    Step { edits, renames: &[] }
}

const POSTGRES: &str = "import { sql, gt, lt } from 'drizzle-orm';
import { pgTable, pgEnum, pgRole, pgSchema, pgSequence, pgView, pgMaterializedView, pgPolicy, bigint, boolean, foreignKey, integer, jsonb, numeric, text, serial, timestamp, index, uniqueIndex, primaryKey, check, varchar, unique } from 'drizzle-orm/pg-core';

export const mood = pgEnum('mood', ['sad', 'ok', 'glad']);
export const counter = pgSequence('counter', { startWith: 5 });
export const users = pgTable('users', {
  id: integer().primaryKey().generatedAlwaysAsIdentity(),
  email: varchar({ length: 255 }).notNull().unique(),
  mood: mood().default('ok').notNull(),
  moods: mood().array(),
  at: timestamp({ precision: 3, withTimezone: true }).defaultNow().notNull(),
  age: integer().default(5),
  twice: integer().generatedAlwaysAs(sql`age * 2`),
  tags: text().array().default(['a']),
}, (t) => [
  index('users_age').on(t.age),
  uniqueIndex('users_sad').on(t.email).where(sql`${t.mood} = 'sad'`),
  check('age_ok', sql`${t.age} > 0`),
  pgPolicy('own', { for: 'select', using: sql`true` }),
]);
";

const POSTGRES_STEPS: &[Step] = &[
    step(&[]),
    // A removed value makes an enum anew, with every column of it.
    step(&[("'sad', 'ok', 'glad'", "'ok', 'glad'"), ("${t.mood} = 'sad'", "${t.age} > 1"), ("users_sad", "users_one")]),
    // Another table that others refer to, with row level security from the start.
    step(&[(
        "export const users",
        "export const posts = pgTable('posts', {
  id: serial().primaryKey(),
  author: integer().references(() => users.id, { onDelete: 'cascade' }),
  title: text(),
  low: text().generatedAlwaysAs(sql`lower(title)`),
}, (t) => [pgPolicy('read', { for: 'select', to: 'public', using: sql`true` }), unique('posts_title').on(t.title), index('posts_low').on(t.low)]);
export const titles = pgView('titles').as((qb) => qb.select().from(posts).where(gt(posts.id, 3)));
export const counted = pgMaterializedView('counted', { n: integer() }).as(sql`select 1 as n`);
export const users",
    )]),
    // Checks change, come and go.
    step(&[
        ("check('age_ok', sql`${t.age} > 0`)", "check('age_ok', sql`${t.age} >= 0`), check('tagged', sql`cardinality(${t.tags}) < 9`)"),
    ]),
    Step {
        edits: &[("pgTable('users'", "pgTable('people'"), ("email: varchar", "mail: varchar"), ("t.email", "t.mail")],
        renames: &[
            ("table", &["public", "users"], &["public", "people"]),
            ("column", &["public", "people", "email"], &["public", "people", "mail"]),
        ],
    },
    // A view's query, a generated expression, a reference.
    step(&[("gt(posts.id, 3)", "lt(posts.id, 3)"), ("lower(title)", "upper(title)"), ("'cascade'", "'set null'")]),
    step(&[("age: integer().default(5)", "age: integer().default(7).notNull()"), ("check('tagged', sql`cardinality(${t.tags}) < 9`)", "check('tagged', sql`cardinality(${t.tags}) < 10 and ${t.age} < 200`)"), ("for: 'select', using: sql`true` }),\n]", "for: 'update', using: sql`true` }),\n]")]),
    // Only the options of a view; a new value of an enum; a policy's expression; numbers of a sequence.
    step(&[
        ("pgMaterializedView('counted', { n: integer() })", "pgMaterializedView('counted', { n: integer() }).with({ fillfactor: 70 })"),
        ("'ok', 'glad'", "'ok', 'good', 'glad'"),
        ("to: 'public', using: sql`true`", "to: 'public', using: sql`id > 0`"),
        ("startWith: 5", "startWith: 5, increment: 2"),
    ]),
    // Indexes go and change, the unique one with a condition among them.
    step(&[
        ("  uniqueIndex('users_one').on(t.mail).where(sql`${t.age} > 1`),\n", ""),
        ("index('users_age').on(t.age)", "uniqueIndex('users_age').on(t.age, t.mood)"),
        ("unique('posts_title').on(t.title)", "unique('posts_title').on(t.title).nullsNotDistinct()"),
        ("check('tagged', sql`cardinality(${t.tags}) < 10 and ${t.age} < 200`)", ""),
    ]),
    step(&[
        ("export const users", "export const liked = pgTable('liked', { a: integer().references(() => users.id), b: integer().references(() => posts.id) }, (t) => [primaryKey({ columns: [t.a, t.b] })]);\nexport const users"),
        ("tags: text().array().default(['a'])", "tags: text().array().default(['a', 'b'])"),
    ]),
    step(&[("primaryKey({ columns: [t.a, t.b] })", "primaryKey({ columns: [t.b, t.a] })"), ("age: integer().default(7).notNull()", "age: integer().notNull()"), ("mail: varchar({ length: 255 })", "mail: text()"), ("age * 2", "age * 3")]),
    Step {
        edits: &[
            ("export const liked = pgTable(", "export const app = pgSchema('app');\nexport const liked = app.table("),
            ("pgEnum('mood'", "pgEnum('temper'"),
            ("pgPolicy('own'", "pgPolicy('theirs'"),
            ("pgView('titles')", "pgView('headings')"),
            ("pgSequence('counter'", "pgSequence('tally'"),
        ],
        renames: &[
            ("table", &["public", "liked"], &["app", "liked"]),
            ("enum", &["public", "mood"], &["public", "temper"]),
            ("policy", &["public", "people", "own"], &["public", "people", "theirs"]),
            ("view", &["public", "titles"], &["public", "headings"]),
            ("sequence", &["public", "counter"], &["public", "tally"]),
        ],
    },
    // What nothing needs goes, policies and the security with them.
    step(&[
        ("export const counted = pgMaterializedView('counted', { n: integer() }).with({ fillfactor: 70 }).as(sql`select 1 as n`);\n", ""),
        ("pgPolicy('read', { for: 'select', to: 'public', using: sql`id > 0` }), ", ""),
        ("  pgPolicy('theirs', { for: 'update', using: sql`true` }),\n", ""),
        ("  moods: mood().array(),\n", ""),
    ]),
    // An enum becomes text, and goes.
    step(&[
        ("export const mood = pgEnum('temper', ['ok', 'good', 'glad']);\n", ""),
        ("mood: mood().default('ok').notNull()", "mood: text().default('ok').notNull()"),
        ("tags: text().array().default(['a', 'b'])", "tags: varchar().array().default(['a', 'b'])"),
    ]),
    // A type of a schema, a role, and what they are for.
    step(&[
        ("export const app = pgSchema('app');\n", "export const app = pgSchema('app');\nexport const level = app.enum('level', ['one', 'two']);\nexport const reader = pgRole('reader');\n"),
        ("mood: text().default('ok').notNull(),", "mood: text().default('ok').notNull(),\n  level: level().default('one'),"),
        ("  check('age_ok'", "  pgPolicy('readers', { for: 'select', to: reader, using: sql`true` }),\n  check('age_ok'"),
    ]),
    step(&[
        ("pgRole('reader')", "pgRole('reader', { createDb: true })"),
        ("['one', 'two']", "['two', 'one', 'three']"),
        ("level().default('one')", "level().default('two')"),
    ]),
    step(&[("export const liked = app.table('liked', { a: integer().references(() => users.id), b: integer().references(() => posts.id) }, (t) => [primaryKey({ columns: [t.b, t.a] })]);\n", "")]),
];

/// What the steps above have no place for; some of it only drizzle-kit would run on a database with rows.
const WIDE: &str = "import { sql } from 'drizzle-orm';
import { pgTable, pgEnum, pgRole, pgSchema, pgSequence, pgView, pgMaterializedView, pgPolicy, bigint, boolean, foreignKey, integer, jsonb, numeric, text, serial, timestamp, index, uniqueIndex, primaryKey, check, varchar, unique } from 'drizzle-orm/pg-core';

export const app = pgSchema('app');
export const level = app.enum('level', ['low', 'high']);
export const tally = app.sequence('tally', { maxValue: 900 });
export const writer = pgRole('writer', { inherit: false });
export const a = app.table('a', {
  id: serial().primaryKey(),
  n: integer().generatedByDefaultAsIdentity({ startWith: 9 }),
  list: text().array().default(['x']),
  g: text().generatedAlwaysAs(sql`upper(code)`),
  code: text().unique('a_code').notNull(),
  level: level().default('low'),
  meta: jsonb().default({ a: 1 }),
  price: numeric({ precision: 10, scale: 2 }).default('1.50'),
}, (t) => [unique('a_two').on(t.code, t.price), index('a_meta').using('gin', t.meta), uniqueIndex('a_upper').on(sql`upper(code)`), uniqueIndex('a_price').on(t.price.desc())]);
export const b = pgTable('b', {
  x: integer().notNull(),
  y: integer().notNull(),
  at: timestamp().defaultNow(),
  of: integer(),
}, (t) => [primaryKey({ columns: [t.x, t.y] }), foreignKey({ name: 'b_of', columns: [t.of], foreignColumns: [a.id] }), check('b_x', sql`${t.x} > ${t.y}`), pgPolicy('b_all', { to: writer, using: sql`true`, withCheck: sql`true` })]);
export const c = pgTable('c', { x: integer(), y: integer() }, (t) => [foreignKey({ columns: [t.x, t.y], foreignColumns: [b.x, b.y] }).onUpdate('cascade')]);
export const plain = app.view('plain', { id: integer() }).as(sql`select id from app.a`);
export const kept = pgMaterializedView('kept', { id: integer() }).with({ fillfactor: 80, autovacuumEnabled: true }).as(sql`select id from app.a`);
";

const WIDE_STEPS: &[Step] = &[
    step(&[]),
    // Types and what columns are made by.
    step(&[
        ("id: serial()", "id: integer()"),
        ("generatedByDefaultAsIdentity({ startWith: 9 })", "generatedAlwaysAsIdentity({ startWith: 9, increment: 2 })"),
        ("list: text().array().default(['x'])", "list: text().default('x')"),
        ("g: text().generatedAlwaysAs(sql`upper(code)`)", "g: text()"),
        ("level: level().default('low')", "level: text().default('low')"),
        ("numeric({ precision: 10, scale: 2 })", "numeric({ precision: 12, scale: 2 })"),
        ("at: timestamp().defaultNow()", "at: timestamp({ precision: 3 })"),
        ("{ a: 1 }", "{ a: 2 }"),
    ]),
    step(&[
        ("id: integer().primaryKey()", "id: serial().primaryKey()"),
        (".generatedAlwaysAsIdentity({ startWith: 9, increment: 2 })", ""),
        ("list: text().default('x')", "list: text().array()"),
        ("g: text()", "g: text().generatedAlwaysAs(sql`lower(code)`)"),
        ("level: text().default('low')", "level: level().array()"),
        ("x: integer().notNull()", "x: bigint({ mode: 'number' }).notNull()"),
    ]),
    Step {
        edits: &[
            ("pgSchema('app')", "pgSchema('lib')"),
            ("app.table('a'", "pgTable('aa'"),
            ("app.enum('level'", "pgEnum('grade'"),
            ("app.sequence('tally'", "pgSequence('count'"),
            ("app.view('plain'", "pgView('simple'"),
            ("pgRole('writer'", "pgRole('author'"),
            ("pgTable('c'", "app.table('c'"),
            ("  of: integer(),", "  whose: integer(),"),
            ("t.of", "t.whose"),
        ],
        renames: &[
            ("schema", &["app"], &["lib"]),
            ("table", &["lib", "a"], &["public", "aa"]),
            ("table", &["public", "c"], &["lib", "c"]),
            ("enum", &["lib", "level"], &["public", "grade"]),
            ("sequence", &["lib", "tally"], &["public", "count"]),
            ("view", &["lib", "plain"], &["public", "simple"]),
            ("role", &["writer"], &["author"]),
            ("column", &["public", "b", "of"], &["public", "b", "whose"]),
        ],
    },
    // Keys, indexes, policies.
    step(&[
        ("unique('a_two').on(t.code, t.price)", "unique('a_two').on(t.price, t.code)"),
        (
            "uniqueIndex('a_price').on(t.price.desc())",
            "uniqueIndex('a_price').on(t.price.desc().nullsLast(), t.n).concurrently()",
        ),
        (
            "index('a_meta').using('gin', t.meta)",
            "index('a_meta').using('gin', t.meta.op('jsonb_path_ops')).with({ fastupdate: false })",
        ),
        ("  y: integer().notNull(),\n  at", "  at"),
        ("primaryKey({ columns: [t.x, t.y] })", "primaryKey({ columns: [t.x] })"),
        ("sql`${t.x} > ${t.y}`", "sql`${t.x} > 0`"),
        (", using: sql`true`, withCheck: sql`true`", ", as: 'restrictive', using: sql`x > 0`, withCheck: sql`x > 1`"),
        ("[t.x, t.y], foreignColumns: [b.x, b.y]", "[t.x], foreignColumns: [b.x]"),
        ("fillfactor: 80, autovacuumEnabled: true", "fillfactor: 70, parallelWorkers: 2"),
        ("inherit: false", "createRole: true"),
    ]),
    step(&[
        (
            "pgMaterializedView('kept', { id: integer() }).with({ fillfactor: 70, parallelWorkers: 2 })",
            "pgView('kept', { id: integer() })",
        ),
        (
            "app.table('c', { x: integer(), y: integer() }, (t) => [foreignKey({ columns: [t.x], foreignColumns: [b.x] }).onUpdate('cascade')])",
            "app.table('c', { x: integer() }).enableRLS()",
        ),
        ("to: writer", "to: 'public'"),
        (
            "price: numeric({ precision: 12, scale: 2 }).default('1.50'),\n",
            "price: numeric({ precision: 12, scale: 2 }).default('1.50'),\n  more: level().default('high').notNull(),\n  made: integer().generatedAlwaysAs(sql`id + 1`),\n",
        ),
    ]),
];

const SQLITE: &str = "import { sql, gt } from 'drizzle-orm';
import { sqliteTable, sqliteView, integer, text, index, uniqueIndex, primaryKey, check, unique } from 'drizzle-orm/sqlite-core';

export const users = sqliteTable('users', {
  id: integer().primaryKey({ autoIncrement: true }),
  email: text().notNull().unique(),
  age: integer().default(5),
  n: text().default(\"it's\"),
  at: integer({ mode: 'timestamp' }).default(sql`(unixepoch())`),
}, (t) => [index('users_age').on(t.age), check('age_ok', sql`${t.age} > 0`)]);
";

const SQLITE_STEPS: &[Step] = &[
    step(&[]),
    step(&[(
        "export const users",
        "export const posts = sqliteTable('posts', { id: integer().primaryKey(), author: integer().references(() => users.id, { onDelete: 'cascade' }), title: text() });\nexport const users",
    )]),
    step(&[(
        "export const users",
        "export const liked = sqliteTable('liked', { a: integer().references(() => users.id), b: integer().references(() => posts.id) }, (t) => [primaryKey({ columns: [t.a, t.b] })]);\nexport const titles = sqliteView('titles').as((qb) => qb.select().from(posts).where(gt(posts.id, 3)));\nexport const users",
    )]),
    Step {
        edits: &[("sqliteTable('users'", "sqliteTable('people'"), ("title: text()", "label: text()")],
        renames: &[
            ("table", &["public", "users"], &["public", "people"]),
            ("column", &["public", "posts", "title"], &["public", "posts", "label"]),
        ],
    },
    step(&[("n: text()", "extra: text(), n: text()"), ("gt(posts.id, 3)", "gt(posts.id, 4)")]),
    step(&[("age: integer().default(5)", "age: integer().default(7).notNull()")]),
    Step {
        edits: &[("n: text()", "note: text()"), ("extra: text(), ", "")],
        renames: &[("column", &["public", "people", "n"], &["public", "people", "note"])],
    },
    step(&[
        ("index('users_age').on(t.age)", "uniqueIndex('users_age').on(t.age, t.email)"),
        ("${t.age} > 0", "${t.age} >= 0"),
    ]),
    step(&[(
        "export const liked = sqliteTable('liked', { a: integer().references(() => users.id), b: integer().references(() => posts.id) }, (t) => [primaryKey({ columns: [t.a, t.b] })]);\n",
        "",
    )]),
    step(&[("label: text()", "label: text().unique(), low: text().generatedAlwaysAs(sql`lower(label)`)")]),
];

/// After each of the steps the newest migration is the one, then the other tool's; neither has anything to add or to say about it, and
/// what the other would have written is the same.
#[tokio::test(flavor = "multi_thread")]
async fn driftlens_and_drizzle_kit_1_take_turns_on_postgresql() {
    let server = Server::start(&of_the_machine());
    server.create_database("turns").await;
    take_turns("postgresql", POSTGRES, POSTGRES_STEPS, |position, folder| {
        let of = server.socket();
        let query = match position {
            0 => "INSERT INTO users (email, mood) VALUES ('ada', 'ok'), ('grace', 'glad') RETURNING email AS name",
            1..=3 => "SELECT email AS name FROM users ORDER BY id",
            _ => "SELECT mail AS name FROM people ORDER BY id",
        };
        let arguments = ["postgres".as_ref(), of.as_ref(), "turns".as_ref(), folder.as_os_str(), query.as_ref()];
        migrate(&arguments)
    });
}

#[test]
fn driftlens_and_drizzle_kit_1_take_turns_on_sqlite() {
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("turns.db");
    take_turns("sqlite", SQLITE, SQLITE_STEPS, |position, folder| {
        let query = match position {
            0 => "INSERT INTO users (email) VALUES ('ada'), ('grace') RETURNING email AS name",
            1..=2 => "SELECT email AS name FROM users ORDER BY id",
            _ => "SELECT email AS name FROM people ORDER BY id",
        };
        migrate(&["sqlite".as_ref(), file.as_os_str(), folder.as_os_str(), query.as_ref()])
    });
}

#[test]
fn snapshots_are_those_of_drizzle_kit_1_whatever_changes() {
    let (project, beside) = (Project::new("postgresql", ""), Project::new("postgresql", ""));
    [&project, &beside].iter().for_each(|it| it.link_packages("kit-1/node_modules"));
    let mut text = WIDE.to_owned();
    for (position, step) in WIDE_STEPS.iter().enumerate() {
        text = edited(&text, step.edits);
        [&project, &beside].iter().for_each(|it| it.write("schema.ts", &text));
        copy(&project.path("drizzle"), &beside.path("drizzle"));
        generate_ours(&beside, step, position);
        generate_with_kit(&project, step, position);
        let snapshots = (newest(&beside, "snapshot.json"), newest(&project, "snapshot.json"));
        assert_eq!(differences(&snapshots.0, &snapshots.1), "", "step {position}");
    }
}

/// What two branches do, and whether both can be right.
struct Branches {
    dialect: &'static str,
    start: &'static str,
    ours: &'static [(&'static str, &'static str)],
    kits: &'static [(&'static str, &'static str)],
    are_in_conflict: bool,
}

const BRANCHES: &[Branches] = &[
    // The enum is made anew with each of its columns, and one of them changes.
    Branches {
        dialect: "postgresql",
        start: POSTGRES,
        ours: &[
            ("'sad', 'ok', 'glad'", "'ok', 'glad'"),
            ("${t.mood} = 'sad'", "${t.age} > 1"),
            ("users_sad", "users_one"),
        ],
        kits: &[("mood().default('ok')", "mood().default('glad')")],
        are_in_conflict: true,
    },
    // A check reads a column that goes.
    Branches {
        dialect: "postgresql",
        start: POSTGRES,
        ours: &[("check('age_ok'", "check('tagged', sql`cardinality(${t.tags}) < 9`), check('age_ok'")],
        kits: &[("  tags: text().array().default(['a']),\n", "")],
        are_in_conflict: true,
    },
    // One and the same change.
    Branches {
        dialect: "postgresql",
        start: POSTGRES,
        ours: &[("age: integer().default(5)", "age: integer().default(7).notNull()"), ("${t.age} > 0", "${t.age} > 1")],
        kits: &[("age: integer().default(5)", "age: integer().default(7).notNull()"), ("${t.age} > 0", "${t.age} > 1")],
        are_in_conflict: false,
    },
    Branches {
        dialect: "postgresql",
        start: POSTGRES,
        ours: &[("age: integer().default(5)", "age: integer().default(7)")],
        kits: &[("  tags: text()", "  more: text(),\n  tags: text()")],
        are_in_conflict: false,
    },
    Branches {
        dialect: "sqlite",
        start: SQLITE,
        ours: &[("age: integer().default(5)", "age: integer().default(7)")],
        kits: &[("n: text()", "more: text(), n: text()")],
        are_in_conflict: true,
    },
    Branches {
        dialect: "sqlite",
        start: SQLITE,
        ours: &[("index('users_age').on(t.age)", "index('users_age').on(t.age), index('users_n').on(t.n)")],
        kits: &[("n: text()", "more: text(), n: text()")],
        are_in_conflict: false,
    },
];

/// One branch has a migration of ours, the other one of drizzle-kit's. Both tools see whether they are in conflict, and continue them in
/// the same way where they are not.
#[test]
fn branches_of_both_tools_are_judged_and_joined_alike() {
    for (position, branches) in BRANCHES.iter().enumerate() {
        let (project, beside) = (Project::new(branches.dialect, ""), Project::new(branches.dialect, ""));
        [&project, &beside].iter().for_each(|it| it.link_packages("kit-1/node_modules"));
        project.write("schema.ts", branches.start);
        generate_with_kit(&project, &step(&[]), position);
        copy(&project.path("drizzle"), &beside.path("drizzle"));
        beside.write("schema.ts", &edited(branches.start, branches.kits));
        generate_with_kit(&beside, &step(&[]), position);
        let theirs = beside.names("drizzle").pop().unwrap();
        project.write("schema.ts", &edited(branches.start, branches.ours));
        generate_ours(&project, &step(&[]), position);
        copy(&beside.path("drizzle").join(&theirs), &project.path("drizzle").join(format!("{theirs}_theirs")));
        let joined = match branches.ours == branches.kits {
            true => edited(branches.start, branches.ours),
            false => edited(&edited(branches.start, branches.ours), branches.kits),
        };
        project.write("schema.ts", &joined);
        let (kit_says, (_, we_say)) = (project.drizzle_kit_1(&["check"]), project.run(&["check"]));
        let (kit_joins, we_join) = (kit_says.contains("Everything's fine"), we_say.contains("in sync"));
        assert_eq!(
            (!kit_joins, !we_join),
            (branches.are_in_conflict, branches.are_in_conflict),
            "case {position}:\n{kit_says}\n{we_say}"
        );
        if branches.are_in_conflict {
            assert!(we_say.contains("history/branch-conflict"), "case {position}: {we_say}");
            continue;
        }
        let more = if branches.dialect == "sqlite" { "sqliteTable" } else { "pgTable" };
        let text = format!("{joined}export const more = {more}('more', {{ id: integer() }});\n");
        copy(&project.path("drizzle"), &beside.path("drizzle"));
        [&project, &beside].iter().for_each(|it| it.write("schema.ts", &text));
        generate_ours(&project, &step(&[]), position);
        generate_with_kit(&beside, &step(&[]), position);
        let snapshots = (newest(&project, "snapshot.json"), newest(&beside, "snapshot.json"));
        assert_eq!(differences(&snapshots.0, &snapshots.1), "", "case {position}");
        assert!(project.drizzle_kit_1(&["generate"]).contains("No schema changes"), "case {position}");
    }
}

/// Written by hand without a snapshot: one migration between two of drizzle-kit's, of which the later had its repetition taken out, and
/// one at the end.
#[test]
fn drizzle_kit_1_goes_on_from_the_snapshots_that_repair_makes() {
    for dialect in ["postgresql", "sqlite"] {
        let project = Project::new(dialect, "");
        project.link_packages("kit-1/node_modules");
        let (package, function) = if dialect == "sqlite" { ("sqlite", "sqliteTable") } else { ("pg", "pgTable") };
        let schema = |table: &str, columns: &str| {
            let imports = format!("import {{ {function}, integer, text, index }} from 'drizzle-orm/{package}-core';");
            let text = format!(
                "{imports}\nexport const t = {function}('{table}', {{ id: integer().primaryKey(), {columns} }}, (t) => [index('i').on(t.a)]);\n"
            );
            project.write("schema.ts", &text);
        };
        let by_hand = |sql: &str| {
            std::thread::sleep(std::time::Duration::from_millis(1_100));
            let last = project.names("drizzle").pop().unwrap();
            let folder = project.path("drizzle").join(format!("{}_by_hand", last[..14].parse::<u64>().unwrap() + 1));
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(folder.join("migration.sql"), sql).unwrap();
            std::thread::sleep(std::time::Duration::from_millis(1_100));
        };
        schema("users", "a: text()");
        generate_with_kit(&project, &step(&[]), 0);
        by_hand("ALTER TABLE users ADD COLUMN b text;\n");
        schema("people", "a: text(), b: text(), c: text()");
        let renamed = Step { edits: &[], renames: &[("table", &["public", "users"], &["public", "people"])] };
        generate_with_kit(&project, &renamed, 1);
        let repeated = project.path("drizzle").join(project.names("drizzle").pop().unwrap()).join("migration.sql");
        let sql = std::fs::read_to_string(&repeated).unwrap();
        let parts: Vec<&str> =
            sql.split("--> statement-breakpoint").filter(|it| !it.contains("\"b\"") && !it.contains("`b`")).collect();
        assert!(parts.len() == 2, "{sql}");
        std::fs::write(&repeated, parts.join("--> statement-breakpoint")).unwrap();
        by_hand("ALTER TABLE people ADD COLUMN d text;\n");
        schema("people", "a: text(), b: text(), c: text(), d: text()");

        assert!(project.run(&["check"]).1.contains("history/missing-snapshot"));
        let (_, said) = project.run(&["generate"]);
        assert!(said.contains("2 migrations without a snapshot") && said.contains("--repair"), "{said}");
        let (code, said) = project.run(&["generate", "--repair"]);
        assert!(
            code == 0 && said.matches("snapshot.json").count() == 3 && said.contains("nothing to generate"),
            "{said}"
        );
        let (code, said) = project.run(&["check"]);
        assert!(code == 0 && said.contains("in sync") && !said.contains("warning"), "{said}");
        let said = project.drizzle_kit_1(&["check"]);
        assert!(said.contains("Everything's fine"), "{said}");
        let said = project.drizzle_kit_1(&["generate"]);
        assert!(said.contains("No schema changes"), "{said}");
        let names = project.names("drizzle");
        let file = project.path("drizzle").join(&names[2]).join("snapshot.json");
        let third = std::fs::read_to_string(file).unwrap();
        let keys = third.matches("\"op\": \"").count();
        assert!(dialect == "sqlite" || (keys == 2 && third.contains("\"op\": \"rename\"")), "{third}");
        assert!(project.run(&["generate", "--repair"]).1.contains("nothing to generate"));
    }
}

fn edited(text: &str, edits: &[(&str, &str)]) -> String {
    edits.iter().fold(text.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "{from} is not in\n{text}");
        text.replace(from, to)
    })
}

fn take_turns(dialect: &str, start: &str, steps: &[Step], apply: impl Fn(usize, &Path) -> (i32, String)) {
    let project = Project::new(dialect, "");
    let beside = Project::new(dialect, "");
    [&project, &beside].iter().for_each(|it| it.link_packages("kit-1/node_modules"));
    let mut text = start.to_owned();
    for (position, step) in steps.iter().enumerate() {
        text = edited(&text, step.edits);
        for project in [&project, &beside] {
            project.write("schema.ts", &text);
        }
        copy(&project.path("drizzle"), &beside.path("drizzle"));
        let is_ours = position % 2 == 1;
        let (ours, kits) = if is_ours { (&project, &beside) } else { (&beside, &project) };
        generate_ours(ours, step, position);
        generate_with_kit(kits, step, position);
        let sql = newest(&project, "migration.sql");
        let (our_snapshot, kit_snapshot) = (newest(ours, "snapshot.json"), newest(kits, "snapshot.json"));
        assert_eq!(differences(&our_snapshot, &kit_snapshot), "", "step {position}: {sql}");
        let said = project.drizzle_kit_1(&["generate"]);
        assert!(said.contains("No schema changes"), "step {position}: {said}\n{sql}");
        let said = project.drizzle_kit_1(&["check"]);
        assert!(said.contains("Everything's fine"), "step {position}: {said}\n{sql}");
        let (code, said) = project.run(&["check"]);
        assert!(code == 0 && said.contains("in sync") && !said.contains("warning"), "step {position}: {said}\n{sql}");
        let (code, rows) = apply(position, &project.path("drizzle"));
        assert!(code == 0, "step {position}: {rows}\n{sql}");
        assert_eq!(rows.trim(), r#"[{"name":"ada"},{"name":"grace"}]"#, "step {position}:\n{sql}");
    }
}

fn generate_ours(project: &Project, step: &Step, position: usize) {
    let mut arguments = vec![String::from("generate"), String::from("--no-renames"), String::from("--name=step")];
    for (_, from, to) in step.renames {
        let path = |names: &[&str]| names.strip_prefix(&["public"]).unwrap_or(names).join(".");
        arguments.extend([String::from("--rename"), format!("{}={}", path(from), path(to))]);
    }
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let (code, said) = project.run(&arguments);
    assert_eq!(code, 0, "step {position}: {said}");
}

/// drizzle-kit asks about everything that may have been renamed.
fn generate_with_kit(project: &Project, step: &Step, position: usize) {
    let mut hints: Vec<Value> = Vec::new();
    hints.extend(
        step.renames.iter().map(|(kind, from, to)| json!({ "type": "rename", "kind": kind, "from": from, "to": to })),
    );
    for _ in 0..4 {
        let given = Value::from(hints.clone()).to_string();
        let said = project.drizzle_kit_1(&["generate", "--name=step", "--output=json", "--hints", &given]);
        let answer: Value = serde_json::from_str(said.trim()).unwrap_or_else(|_| panic!("step {position}: {said}"));
        match answer["unresolved"].as_array() {
            Some(unresolved) if answer["status"] == "missing_hints" => {
                let hint = |it: &Value| json!({ "type": "create", "kind": it["kind"], "entity": it["entity"] });
                hints.extend(unresolved.iter().map(hint));
            }
            _ => {
                assert_eq!(answer["status"], "ok", "step {position}: {said}");
                return;
            }
        }
    }
    panic!("step {position}: drizzle-kit keeps asking");
}

/// What only the first of two snapshots holds, and only the second; each has an id of its own, and lists in an order of their own.
fn differences(ours: &str, kits: &str) -> String {
    let (ours, kits) = (items(ours), items(kits));
    let only = |side: &str, items: &[String], others: &[String]| -> String {
        items.iter().filter(|it| !others.contains(it)).map(|it| format!("only {side}: {it}\n")).collect()
    };
    only("ours", &ours, &kits) + &only("drizzle-kit's", &kits, &ours)
}

fn items(snapshot: &str) -> Vec<String> {
    let snapshot: Value = serde_json::from_str(snapshot).unwrap();
    let mut items = Vec::new();
    for (name, value) in snapshot.as_object().unwrap().iter().filter(|(name, _)| *name != "id") {
        let Some(list) = value.as_array() else {
            items.push(format!("{name} {value}"));
            continue;
        };
        for item in list {
            let mut item = item.clone();
            for nodes in ["reads", "writes", "sharedWrites"] {
                if let Some(nodes) = item.get_mut(nodes).and_then(Value::as_array_mut) {
                    nodes.sort_by_key(Value::to_string);
                }
            }
            let same = items.iter().filter(|it| it.starts_with(&format!("{name} {item}"))).count();
            items.push(format!("{name} {item} {}", if same == 0 { "" } else { "once more" }).trim_end().to_owned());
        }
    }
    items
}

fn newest(project: &Project, file: &str) -> String {
    let name = project.names("drizzle").pop().unwrap();
    std::fs::read_to_string(project.path("drizzle").join(name).join(file)).unwrap()
}

fn copy(from: &Path, to: &Path) {
    std::fs::remove_dir_all(to).ok();
    if !from.exists() {
        return;
    }
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        let place = to.join(entry.file_name());
        match entry.file_type().unwrap().is_dir() {
            true => copy(&entry.path(), &place),
            false => drop(std::fs::copy(entry.path(), place).unwrap()),
        }
    }
}

fn migrate(arguments: &[&std::ffi::OsStr]) -> (i32, String) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../tests/kit-1");
    said(Command::new("node").current_dir(folder).arg("migrate.mjs").args(arguments).output().unwrap())
}
