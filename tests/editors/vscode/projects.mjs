// Projects for the test in VS Code, and the PostgreSQL of each: the one that `driftlens up` brings up.

import { execFileSync } from 'node:child_process';
import { appendFileSync, chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const HEAD = "import { index, integer, pgTable, text, timestamp, varchar } from 'drizzle-orm/pg-core';\n";
const USERS = [
  '  id: integer().primaryKey().generatedAlwaysAsIdentity(),',
  '  email: varchar({ length: 255 }).notNull().unique(),',
  '  phone: text(),',
  '  createdAt: timestamp({ withTimezone: true }).notNull().defaultNow(),',
];
const POSTS = `
export const posts = pgTable(
  'posts',
  {
    id: integer().primaryKey().generatedAlwaysAsIdentity(),
    authorId: integer().notNull().references(() => users.id),
    title: text().notNull(),
  },
  (posts) => [index().on(posts.authorId)],
);
`;
const TYPES = `type Builder = (options?: object) => any;
export const index: Builder, integer: Builder, text: Builder, timestamp: Builder, varchar: Builder;
export function pgTable(name: string, columns: object, extra?: (table: any) => unknown[]): any;
`;
// The server counts rows for its statistics once a minute, or where it is told to.
const ROWS = `INSERT INTO "users" ("email", "phone") SELECT 'user' || n || '@example.org', CASE WHEN n % 4 > 0 THEN '555-' || n END FROM generate_series(1, 2000) AS n;
--> statement-breakpoint
ANALYZE "users";`;

/** A schema file whose table `users` has these columns behind its key, and lacks those. */
export function schema({ more = [], without = [] } = {}) {
  const [key, ...others] = USERS.filter((line) => !without.some((name) => line.startsWith(`  ${name}:`)));
  const added = more.map((name) => `  ${name}: text(),`);
  return `${HEAD}\nexport const users = pgTable('users', {\n${[key, ...added, ...others].join('\n')}\n});\n${POSTS}`;
}

export class Projects {
  constructor(driftlens) {
    this.driftlens = driftlens;
    this.made = [];
    this.root = realpathSync(mkdtempSync(join(tmpdir(), 'driftlens-vscode-')));
    // Where we are root another account runs the server, and has to get to its folder.
    chmodSync(this.root, 0o755);
  }

  /** A project without a database. Its one migration makes the tables and fills one. */
  make(name) {
    const project = new Project(this.driftlens, join(this.root, name));
    this.made.push(project);
    project.write('drizzle.config.ts', "import { defineConfig } from 'drizzle-kit';\n\nexport default defineConfig({\n  dialect: 'postgresql',\n  schema: './src/schema.ts',\n  out: './drizzle',\n});\n");
    project.write('src/schema.ts', schema());
    // As much of the packages as TypeScript needs to find nothing of its own.
    project.write('node_modules/drizzle-orm/pg-core/index.d.ts', TYPES);
    project.write('node_modules/drizzle-kit/index.d.ts', 'export const defineConfig: any;\n');
    project.run('generate', '--name', 'first');
    appendFileSync(project.at('drizzle/0000_first.sql'), `\n--> statement-breakpoint\n${ROWS}\n`);
    return project;
  }

  /** Ends every server, and takes all away. */
  remove() {
    for (const project of this.made) {
      try {
        project.run('down', '--volumes', '--yes');
      } catch (error) {
        console.log(`the server in ${project.folder} may still run: ${error.message}`);
      }
    }
    rmSync(this.root, { recursive: true, force: true, maxRetries: 5 });
  }
}

class Project {
  constructor(driftlens, folder) {
    this.driftlens = driftlens;
    this.folder = folder;
  }

  at(path) {
    return join(this.folder, path);
  }

  write(path, text) {
    mkdirSync(dirname(this.at(path)), { recursive: true });
    writeFileSync(this.at(path), text);
  }

  read(path) {
    return readFileSync(this.at(path), 'utf8');
  }

  has(path) {
    return existsSync(this.at(path));
  }

  /** What the program prints. A database of the machine is not meant. */
  run(...words) {
    const { DATABASE_URL: _, ...env } = process.env;
    return execFileSync(this.driftlens, words, { cwd: this.folder, env, encoding: 'utf8', stdio: 'pipe' });
  }

  /** What the database holds. */
  live() {
    return this.run('inspect', 'live', '--format', 'sql');
  }

  /** Has the server note every connection from now on, the first of which is the one of `driftlens up`. */
  noteConnections() {
    this.run('up');
    this.run('down');
    appendFileSync(this.at('.driftlens/postgres/data/postgresql.conf'), 'log_connections = on\n');
    this.run('up');
  }

  /** The connections that it has noted. */
  connections() {
    return this.read('.driftlens/postgres/log').split('\n').filter((line) => line.includes('connection authorized'));
  }

  runs() {
    return this.has('.driftlens/postgres/data/postmaster.pid');
  }
}
