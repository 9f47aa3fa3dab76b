// The packed extension in a real VS Code on a small project. Run by `cargo xtask test` with `node test.mjs CACHE VSIX`; DRIFTLENS_BIN is
// the binary to try. With DRIFTLENS_PICTURES set to a folder, pictures are left there.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Editor, until } from './editor.mjs';
import { install } from './install.mjs';

const [cache, vsix] = process.argv.slice(2);
const driftlens = process.env.DRIFTLENS_BIN;
const pictures = process.env.DRIFTLENS_PICTURES;
const root = mkdtempSync(join(tmpdir(), 'driftlens-vscode-'));
let passed = 0;

function ok(condition, name) {
  if (!condition) {
    throw new Error(name);
  }
  passed += 1;
  console.log(`ok ${passed} ${name}`);
}

async function picture(editor, name) {
  if (pictures) {
    mkdirSync(pictures, { recursive: true });
    await editor.page.screenshot({ path: join(pictures, `${name}.png`) });
  }
}

function write(path, text) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

const SCHEMA = `import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const users = sqliteTable('users', {
  id: integer().primaryKey({ autoIncrement: true }),
  email: text().notNull().unique(),
  phone: text(),
});
`;

/** A project whose database and one migration lack the column \`nickname\`. */
function project(name) {
  const folder = join(root, name);
  const config = { dialect: 'sqlite', schema: './src/schema.ts', out: './drizzle', dbCredentials: { url: 'app.db' } };
  write(join(folder, 'drizzle.config.ts'), `export default ${JSON.stringify(config, null, 2)};\n`);
  write(join(folder, 'src/schema.ts'), SCHEMA);
  // As much of the package as TypeScript needs to find nothing of its own.
  write(join(folder, 'node_modules/drizzle-orm/sqlite-core/index.d.ts'), 'export const integer: any, sqliteTable: any, text: any;\n');
  execFileSync(driftlens, ['generate', '--name', 'first'], { cwd: folder });
  execFileSync(driftlens, ['push'], { cwd: folder });
  write(join(folder, 'src/schema.ts'), SCHEMA.replace('  phone: text(),\n', '  phone: text(),\n  nickname: text(),\n'));
  return folder;
}

async function aPendingChangeIsShownAndGenerated(editor, folder) {
  const { page } = editor;
  await editor.open(folder, 'src/schema.ts');
  await editor.text.locator('.squiggly-warning').first().waitFor({ timeout: 20_000 });
  ok((await editor.text.locator('.squiggly-warning').count()) === 1, 'the column is underlined');
  await until('the status item counts', async () => (await editor.shown(editor.status)).includes('1 pending'));
  ok(true, `the status item says: ${await editor.shown(editor.status)}`);
  await page.keyboard.press('Control+Shift+M');
  const problem = page.locator('.markers-panel .monaco-list-row', { hasText: 'nickname' });
  await problem.first().waitFor();
  ok((await problem.count()) === 1, `Problems has it: ${await editor.shown(problem.first())}`);
  await picture(editor, 'pending');

  await editor.lines.filter({ hasText: 'email' }).getByText('email').first().hover();
  const hover = page.locator('.monaco-hover:visible, .monaco-resizable-hover:visible').filter({ hasText: 'SQLite' });
  await hover.first().waitFor();
  ok((await editor.shown(hover.first())).includes('users.email text NOT NULL'), 'a hover has the column and what is live');
  await picture(editor, 'hover');
  await page.keyboard.press('Escape');

  await page.locator('.codelens-decoration a', { hasText: 'Show SQL' }).first().click();
  const preview = page.locator('.editor-instance .view-line', { hasText: 'ALTER TABLE' });
  await preview.first().waitFor();
  ok((await editor.shown(preview.first())).includes('ADD `nickname` text'), 'the lens shows the SQL of the change');
  await picture(editor, 'sql');
  await page.locator('.tab', { hasText: 'schema.ts' }).click();
  await editor.text.locator('.squiggly-warning').first().waitFor();

  await editor.lines.filter({ hasText: 'nickname' }).getByText('nickname').first().click();
  await editor.text.locator('.codicon-gutter-lightbulb, .lightBulbWidget').first().waitFor();
  await page.keyboard.press('Control+.');
  const action = page.locator('.action-widget .monaco-list-row', { hasText: 'Generate migration' });
  await action.first().waitFor();
  await picture(editor, 'light-bulb');
  await action.first().click();
  const made = () => readdirSync(join(folder, 'drizzle')).find((file) => file.startsWith('0001_') && file.endsWith('.sql'));
  const sql = () => made() && readFileSync(join(folder, 'drizzle', made()), 'utf8');
  await until('the migration is on the disk', () => sql()?.includes('ADD `nickname` text'));
  ok(true, `${made()} has the change`);
  await until('the journal is on the disk', () => readFileSync(join(folder, 'drizzle/meta/_journal.json'), 'utf8').includes('0001_'));
  ok(existsSync(join(folder, 'drizzle/meta/0001_snapshot.json')), 'the snapshot and the journal are there');
  await until('nothing is underlined', async () => (await editor.text.locator('.squiggly-warning').count()) === 0);
  await until('the status item is calm', async () => !(await editor.shown(editor.status)).includes('pending'));
  ok(true, 'the finding is gone from the file and the status item');
  await picture(editor, 'generated');
}

async function theMenuAndTheViewsAreThere(editor) {
  const { page } = editor;
  await editor.status.click();
  const menu = page.locator('.quick-input-list .monaco-list-row');
  await menu.filter({ hasText: 'Compare Schema' }).first().waitFor();
  ok((await menu.filter({ hasText: 'Push' }).count()) === 1, 'the status item has a menu');
  await picture(editor, 'menu');
  await menu.filter({ hasText: 'Doctor' }).first().click();
  await until('doctor runs in a terminal', async () => (await editor.shown(editor.terminal)).includes('migrations in drizzle'));
  ok(true, 'doctor runs in a terminal');
  await page.locator('.activitybar a[aria-label^="Driftlens"]').first().click();
  for (const view of ['Migrations', 'Schema']) {
    await page.locator('.pane-header', { hasText: view }).first().waitFor();
  }
  for (const label of ['0001_users_add_nickname', 'users']) {
    await page.locator('.pane-body .monaco-list-row', { hasText: label }).first().waitFor();
  }
  ok(true, 'the views have the migrations and the tables');
  await picture(editor, 'views');
}

async function aPushAsksInTheTerminal(editor, folder) {
  execFileSync(driftlens, ['push'], { cwd: folder });
  write(join(folder, 'src/schema.ts'), SCHEMA.replace('  phone: text(),\n', '  nickname: text(),\n'));
  const live = () => execFileSync(driftlens, ['inspect', 'live', '--format', 'sql'], { cwd: folder, encoding: 'utf8', stdio: 'pipe' });
  for (const [answer, isThere] of [['n', true], ['y', false]]) {
    await editor.command('Driftlens: Push Schema to the Database');
    // The terminal breaks lines where it likes.
    const terminal = async () => (await editor.shown(editor.terminal)).replaceAll('\n', '').trimEnd();
    await until('push asks', async () => (await terminal()).endsWith('[y/N]'));
    await picture(editor, 'push');
    await editor.page.keyboard.type(answer);
    await editor.page.keyboard.press('Enter');
    await until('push ends', async () => /nothing was changed|pushed \d/.test(await terminal()));
    ok(live().includes('phone') === isThere, `a push that is answered with ${answer} ${isThere ? 'leaves' : 'drops'} the column`);
  }
}

async function theWalkthroughOpens(editor) {
  await editor.command('Welcome: Open Walkthrough');
  const entry = editor.page.locator('.quick-input-list .monaco-list-row', { hasText: 'Begin with Driftlens' });
  await entry.first().waitFor();
  await entry.first().click();
  await editor.page.locator('.getting-started-step', { hasText: 'See what lacks a migration' }).first().waitFor();
  ok((await editor.page.locator('.getting-started-step').count()) === 4, 'the walkthrough has four steps');
  await picture(editor, 'walkthrough');
}

async function aFolderThatIsNotTrustedMakesNoConnection(editor, folder) {
  let nConnections = 0;
  const listener = createServer((socket) => {
    nConnections += 1;
    socket.destroy();
  });
  await new Promise((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const url = `postgres://app:secret@127.0.0.1:${listener.address().port}/app`;
  write(join(folder, '.env'), `DATABASE_URL=${url}\n`);
  write(join(folder, 'drizzle.config.ts'), "export default { dialect: 'postgresql', schema: './schema.ts', out: './drizzle' };\n");
  write(join(folder, 'schema.ts'), "import { pgTable, text } from 'drizzle-orm/pg-core';\nexport const users = pgTable('users', { email: text() });\n");
  await editor.open(folder, 'schema.ts');
  await editor.text.locator('.squiggly-warning').first().waitFor({ timeout: 20_000 });
  await editor.lines.filter({ hasText: 'email' }).getByText('email').first().hover();
  await editor.page.locator('.monaco-hover:visible', { hasText: 'users.email text' }).first().waitFor();
  await new Promise((resolve) => setTimeout(resolve, 3000));
  ok(nConnections === 0, 'a folder that is not trusted is read, and no connection is made');
  await picture(editor, 'not-trusted');
  await editor.page.keyboard.press('Escape');
  await editor.command('Workspaces: Manage Workspace Trust');
  await editor.page.locator('.workspace-trust-buttons-row a, .workspace-trust-buttons-row button', { hasText: /^Trust$/ }).first().click();
  await until('a connection is made', () => nConnections > 0);
  ok(true, 'once it is trusted the database is looked at');
  listener.close();
}

async function session(name, trusted, test) {
  const folder = join(root, name);
  mkdirSync(folder);
  const editor = new Editor({ installed, folder, vsix, driftlens, trusted });
  try {
    await editor.start();
    await test(editor);
  } catch (error) {
    await picture(editor, `failed-${name}`).catch(() => undefined);
    console.error(editor.log.slice(-2000));
    throw error;
  } finally {
    await editor.stop();
  }
}

const installed = install(join(cache, 'vscode'));
try {
  await session('trusted', true, async (editor) => {
    const folder = project('shop');
    await aPendingChangeIsShownAndGenerated(editor, folder);
    await theMenuAndTheViewsAreThere(editor);
    await aPushAsksInTheTerminal(editor, folder);
    await theWalkthroughOpens(editor);
  });
  await session('untrusted', false, (editor) => aFolderThatIsNotTrustedMakesNoConnection(editor, join(root, 'elsewhere')));
  console.log(`${passed} passed, 0 failed`);
} catch (error) {
  console.log(`not ok ${passed + 1} ${error.message}`);
  console.log(`${passed} passed, 1 failed`);
  process.exitCode = 1;
} finally {
  rmSync(root, { recursive: true, force: true, maxRetries: 5 });
}
