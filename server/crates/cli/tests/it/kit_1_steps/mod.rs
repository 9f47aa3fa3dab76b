//! The schemas that Driftlens and drizzle-kit 1.0 are asked about, step by step.
#![cfg(unix)]

/// A change of the schema files.
pub struct Step {
    /// What is replaced in the text so far.
    pub edits: &'static [(&'static str, &'static str)],
    pub renames: &'static [Rename],
}

/// The kind and the names, each from the schema down, as drizzle-kit's hints have them (SQLite's too). A part of a renamed table is in
/// its new one.
pub type Rename = (&'static str, &'static [&'static str], &'static [&'static str]);

pub const fn step(edits: &'static [(&'static str, &'static str)]) -> Step {
    Step { edits, renames: &[] }
}

pub const POSTGRES: &str = "import { sql, gt, lt } from 'drizzle-orm';
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

pub const POSTGRES_STEPS: &[Step] = &[
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
pub const WIDE: &str = "import { sql } from 'drizzle-orm';
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

pub const WIDE_STEPS: &[Step] = &[
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

pub const SQLITE: &str = "import { sql, gt } from 'drizzle-orm';
import { sqliteTable, sqliteView, integer, text, index, uniqueIndex, primaryKey, check, unique } from 'drizzle-orm/sqlite-core';

export const users = sqliteTable('users', {
  id: integer().primaryKey({ autoIncrement: true }),
  email: text().notNull().unique(),
  age: integer().default(5),
  n: text().default(\"it's\"),
  at: integer({ mode: 'timestamp' }).default(sql`(unixepoch())`),
}, (t) => [index('users_age').on(t.age), check('age_ok', sql`${t.age} > 0`)]);
";

pub const SQLITE_STEPS: &[Step] = &[
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

/// What two branches do, and whether both can be right.
pub struct Branches {
    pub dialect: &'static str,
    pub start: &'static str,
    pub ours: &'static [(&'static str, &'static str)],
    pub kits: &'static [(&'static str, &'static str)],
    pub are_in_conflict: bool,
}

pub const BRANCHES: &[Branches] = &[
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
