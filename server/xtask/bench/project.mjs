// Writes a Drizzle project for PostgreSQL with its history: the same arguments give the same bytes.
//
//   node project.mjs --out FOLDER --modules NODE_MODULES --tables 300 --files 30 --migrations 300
//
// Every part of the schema appears with a numbered migration: the first half of them creates the tables, the second half adds
// columns, indexes, constraints and enum values. SQL and snapshots come from drizzle-kit itself, one step after the other.
import { createHash } from "node:crypto";
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";

const argument = (name) => process.argv[process.argv.indexOf(`--${name}`) + 1];
const [nTables, nFiles, nMigrations] = ["tables", "files", "migrations"].map((name) => Number(argument(name)));
const [out, modules] = [resolve(argument("out")), resolve(argument("modules"))];
const require = createRequire(join(modules, "of-the-tests.js"));
const pgCore = require("drizzle-orm/pg-core");
const { sql } = require("drizzle-orm");

const COLUMNS = [
  ["title", "text('title').notNull().default('')"],
  ["slug", "varchar('slug', { length: 120 })"],
  ["amount", "integer('amount').notNull().default(0)"],
  ["total", "bigint('total', { mode: 'number' })"],
  ["enabled", "boolean('enabled').default(false).notNull()"],
  ["price", "numeric('price', { precision: 12, scale: 2 })"],
  ["startsAt", "timestamp('starts_at', { withTimezone: true })"],
  ["payload", "jsonb('payload').default({})"],
  ["externalId", "uuid('external_id')"],
  ["ratio", "doublePrecision('ratio')"],
  ["birthday", "date('birthday')"],
  ["labels", "text('labels').array()"],
];
const INDEXABLE = new Set(["title", "slug", "amount", "total", "startsAt", "externalId", "birthday"]);

// The number of the migration with which something appears.
const half = Math.ceil(nMigrations / 2);
let nLate = 0;
const early = (table) => Math.floor((table * half) / nTables);
const late = () => (nMigrations === 1 ? 0 : half + (nLate++ % (nMigrations - half)));

const files = Array.from({ length: nFiles }, (_, file) => {
  const area = `area${String(file).padStart(3, "0")}`;
  const values = [["draft", 0], ["active", 0], ["paused", 0], ["deleted", late()]];
  return { name: `${area}.ts`, area, status: { ident: `${area}Status`, name: `${area}_status`, values }, tables: [] };
});

const tables = [];
for (let i = 0; i < nTables; i++) {
  const file = files[Math.floor((i * nFiles) / nTables)];
  const number = file.tables.length;
  const [ident, name, since] = [`${file.area}Table${number}`, `${file.area}_table_${number}`, early(i)];
  const table = { file, ident, name, since, isUuid: i % 3 === 0, columns: [], extras: [], uses: [] };
  const column = (key, code, from = since) => table.columns.push({ key, code, since: from });
  const extra = (code, from = since) => table.extras.push({ code, since: from });

  column("id", table.isUuid ? "uuid('id').primaryKey().defaultRandom()" : "integer('id').primaryKey().generatedAlwaysAsIdentity()");
  column("status", `${file.status.ident}('status').notNull().default('draft')`);
  column("createdAt", "timestamp('created_at', { withTimezone: true }).notNull().defaultNow()");
  const owner = tables[i - 1 - ((i * 7) % Math.min(i, 40))];
  if (owner) {
    table.uses.push(owner);
    const rule = ["cascade", "restrict", "set null"][i % 3];
    const type = owner.isUuid ? "uuid" : "integer";
    column("ownerId", `${type}('owner_id').references(() => ${owner.ident}.id, { onDelete: '${rule}' })`);
    extra(`index('${name}_owner_idx').on(t.ownerId)`);
  }
  for (let k = 0; table.columns.length < 12; k++) {
    const [key, code] = COLUMNS[(i + k) % COLUMNS.length];
    column(key, code, table.columns.length < 10 ? since : late());
  }
  const [first, second] = table.columns.filter(({ key, since: from }) => from === since && INDEXABLE.has(key)).map(({ key }) => key);
  extra(`index('${name}_${first}_idx').on(t.${first}, t.createdAt.desc())`);
  if (i % 3 === 1) extra(`uniqueIndex('${name}_${second}_key').on(t.${second}).where(sql\`\${t.${second}} is not null\`)`, late());
  if (i % 5 === 2) extra(`check('${name}_created_check', sql\`\${t.createdAt} > '2001-01-01'\`)`, late());
  if (i % 7 === 3) extra(`unique('${name}_id_status_key').on(t.id, t.status)`, late());
  tables.push(table);
  file.tables.push(table);
}

const has = (step) => (part) => part.since <= step;
const enumCode = ({ ident, name, values }, step) => {
  const labels = values.filter(([, since]) => since <= step).map(([label]) => `'${label}'`);
  return `export const ${ident} = pgEnum('${name}', [${labels.join(", ")}]);\n`;
};
const tableCode = (table, step) => {
  const columns = table.columns.filter(has(step)).map(({ key, code }) => `  ${key}: ${code},\n`);
  const extras = table.extras.filter(has(step)).map(({ code }) => `  ${code},\n`);
  return `\nexport const ${table.ident} = pgTable('${table.name}', {\n${columns.join("")}}, (t) => [\n${extras.join("")}]);\n`;
};
const fileCode = (file, step) => {
  const existing = file.tables.filter(has(step));
  return existing.length ? enumCode(file.status, step) + existing.map((table) => tableCode(table, step)).join("") : "";
};

const last = nMigrations - 1;
rmSync(out, { recursive: true, force: true });
mkdirSync(join(out, "src"), { recursive: true });
mkdirSync(join(out, "drizzle/meta"), { recursive: true });
symlinkSync(modules, join(out, "node_modules"), "junction");
const write = (path, text) => writeFileSync(join(out, path), text);
write("package.json", '{ "name": "bench", "private": true, "type": "module" }\n');
write(
  "drizzle.config.ts",
  "import { defineConfig } from 'drizzle-kit';\n\nexport default defineConfig({\n  dialect: 'postgresql',\n" +
    "  schema: './src/*.ts',\n  out: './drizzle',\n});\n",
);
for (const file of files) {
  const body = fileCode(file, last);
  const builders = Object.keys(pgCore).filter((name) => new RegExp(`(^|[^.\\w])${name}\\(`, "m").test(body));
  const imports = new Map();
  for (const used of file.tables.flatMap((table) => table.uses)) {
    if (used.file !== file) imports.set(used.file, (imports.get(used.file) ?? new Set()).add(used.ident));
  }
  const lines = [`import { ${builders.join(", ")} } from 'drizzle-orm/pg-core';`];
  if (body.includes("sql`")) lines.push("import { sql } from 'drizzle-orm';");
  for (const [from, idents] of imports) lines.push(`import { ${[...idents].join(", ")} } from './${from.name.slice(0, -3)}';`);
  write(join("src", file.name), `${lines.join("\n")}\n\n${body}`);
}

const { generateDrizzleJson, generateMigration } = require("drizzle-kit/api");
const uuid = (step) =>
  createHash("sha256").update(`bench ${step}`).digest("hex").replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, "$1-$2-4$3-8$4-$5");
const exportsAt = (step) => {
  const code = files.map((file) => fileCode(file, step)).join("");
  const names = [...code.matchAll(/export const (\w+)/g)].map(([, name]) => name);
  const body = `const { ${Object.keys(pgCore).join(", ")} } = pgCore;\n{\n${code.replaceAll("export const", "const")}\nreturn { ${names.join(", ")} };\n}`;
  return new Function("pgCore", "sql", body)(pgCore, sql);
};
const journal = { version: "7", dialect: "postgresql", entries: [] };
let previous = generateDrizzleJson({});
previous.id = "00000000-0000-0000-0000-000000000000";
const say = console.log;
console.log = () => {};
for (let step = 0; step < nMigrations; step++) {
  const { id: _id, prevId: _prevId, ...rest } = generateDrizzleJson(exportsAt(step), previous.id);
  const snapshot = { id: uuid(step), prevId: previous.id, ...rest };
  const statements = await generateMigration(previous, snapshot);
  if (statements.length === 0) throw new Error(`migration ${step} would be empty`);
  const number = String(step).padStart(4, "0");
  write(`drizzle/${number}_step.sql`, statements.join("--> statement-breakpoint\n"));
  write(`drizzle/meta/${number}_snapshot.json`, JSON.stringify(snapshot, null, 2));
  journal.entries.push({ idx: step, version: "7", when: 1704067200000 + step * 86400000, tag: `${number}_step`, breakpoints: true });
  previous = snapshot;
}
write("drizzle/meta/_journal.json", JSON.stringify(journal, null, 2));
say(`${nTables} tables in ${nFiles} files, ${nMigrations} migrations`);
process.exit(0);
