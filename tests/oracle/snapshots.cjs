// Prints, as one JSON object, the snapshot that the real drizzle-kit makes of every sample project:
//   node oracle/snapshots.cjs [case ...]
// Each value is the snapshot with zeroed ids, its keys in the order in which `drizzle-kit generate` writes them, or {"error": "..."}.
// One process serves all cases: their modules are different files, so nothing is shared but the installed packages.

const fs = require('node:fs');
const path = require('node:path');
const tsx = require('tsx/cjs/api');
const glob = require('glob');
const kit = require('drizzle-kit/api');

const CASES = path.join(__dirname, '..', 'drizzle');
const ZERO = '00000000-0000-0000-0000-000000000000';

main();

async function main() {
  const named = process.argv.slice(2);
  const cases = named.length > 0 ? named : allCases();
  const result = {};
  // drizzle-kit prints its findings on stdout, where only the result belongs.
  console.log = console.info = (...words) => console.error(...words);
  for (const name of cases) result[name] = await snapshotOf(path.join(CASES, name));
  process.chdir(__dirname);
  process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
}

function allCases() {
  return fs.readdirSync(CASES).filter((name) => fs.existsSync(path.join(CASES, name, 'drizzle.config.ts'))).sort();
}

async function snapshotOf(folder) {
  link(folder);
  // drizzle-kit is started in the project: relative paths and tsconfig.json are looked up from there.
  process.chdir(folder);
  const printed = [];
  const { exit } = process;
  const log = console.log;
  console.log = (...words) => printed.push(words.join(' '));
  process.exit = (code) => {
    throw new Error(`drizzle-kit exits with ${code}: ${plain(printed.join(' '))}`);
  };
  const unregister = tsx.register();
  try {
    const config = configOf(path.join(folder, 'drizzle.config.ts'));
    const exported = {};
    let n_values = 0;
    for (const file of schemaFiles(config.schema)) {
      for (const value of Object.values(require(file))) exported[`value${n_values++}`] = value;
    }
    return ordered(await snapshot(config, exported));
  } catch (error) {
    return { error: plain(error.message) };
  } finally {
    unregister();
    console.log = log;
    process.exit = exit;
  }
}

function configOf(file) {
  const required = require(file);
  return required.default ?? required;
}

// Workspace packages are reached through links in node_modules, which a repository cannot hold: links.json names them.
function link(folder) {
  const file = path.join(folder, 'links.json');
  if (!fs.existsSync(file)) return;
  for (const [from, to] of Object.entries(JSON.parse(fs.readFileSync(file, 'utf8')))) {
    const place = path.join(folder, from);
    fs.mkdirSync(path.dirname(place), { recursive: true });
    fs.rmSync(place, { force: true });
    fs.symlinkSync(path.relative(path.dirname(place), path.join(folder, to)), place, 'dir');
  }
}

// As `prepareFilenames` of drizzle-kit 0.31: every entry is globbed, of a folder its direct files count, the first sight of a file wins.
function schemaFiles(schema) {
  const files = new Set();
  for (const entry of [schema].flat()) {
    for (const found of glob.sync(entry)) {
      const isDirectory = fs.lstatSync(found).isDirectory();
      const inside = isDirectory
        ? fs.readdirSync(found).map((name) => path.join(path.resolve(found), name))
        : [path.resolve(found)];
      inside.filter((file) => !fs.lstatSync(file).isDirectory()).forEach((file) => files.add(file));
    }
  }
  if (files.size === 0) throw new Error('no schema files found');
  return [...files];
}

async function snapshot(config, exported) {
  switch (config.dialect) {
    case 'postgresql':
      return kit.generateDrizzleJson(exported, undefined, undefined, config.casing);
    case 'sqlite':
    case 'turso':
      return kit.generateSQLiteDrizzleJson(exported, undefined, config.casing);
    default:
      throw new Error(`no oracle for the dialect ${config.dialect}`);
  }
}

// The command line writes the ids first (PostgreSQL) or after the dialect (SQLite), the programmatic interface last;
// and it replaces `_meta` by the renames of the migration, of which a first one has none.
// What JSON cannot hold (a bigint) fails here, as it does in drizzle-kit.
function ordered(snapshot) {
  const { id, prevId, version, dialect, ...rest } = JSON.parse(JSON.stringify(snapshot));
  const ids = { id: ZERO, prevId: ZERO };
  const isPostgres = dialect === 'postgresql';
  rest._meta = isPostgres ? { columns: {}, schemas: {}, tables: {} } : { schemas: {}, tables: {}, columns: {} };
  return isPostgres ? { ...ids, version, dialect, ...rest } : { version, dialect, ...ids, ...rest };
}

// Without colours, on one line.
function plain(text) {
  return text.replace(/\u001b\[[0-9;]*m/g, '').replace(/\s+/g, ' ').trim();
}
