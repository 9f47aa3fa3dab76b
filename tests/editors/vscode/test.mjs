// The packed extension in a real VS Code on a small project. Run by `cargo xtask test` with `node test.mjs CACHE VSIX`; DRIFTLENS_BIN is
// the binary to try; with --bundled the extension starts the one that it was packed with. With DRIFTLENS_PICTURES set to a folder, pictures are left there; what was seen when something failed is left in the cache.
//
// Nothing here waits for a time to pass: each step waits for what it needs, and opens a widget again that did not come.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Editor, until } from './editor.mjs';
import { install } from './install.mjs';

const [cache, vsix, ...words] = process.argv.slice(2);
const driftlens = process.env.DRIFTLENS_BIN;
const pictures = process.env.DRIFTLENS_PICTURES;
const root = mkdtempSync(join(tmpdir(), 'driftlens-vscode-'));
let [passed, failed] = [0, 0];

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
  await editor.open(folder, 'src/schema.ts', { isTrusted: true });
  await editor.warnings.first().waitFor();
  ok((await editor.warnings.count()) === 1, 'the column is underlined');
  await until('the status item counts', async () => (await editor.shown(editor.status)).includes('1 pending'));
  ok(true, `the status item says: ${(await editor.shown(editor.status)).trim()}`);
  const problem = page.locator('.markers-panel .monaco-list-row', { hasText: 'nickname' });
  await editor.command('Problems: Focus on Problems View');
  await problem.first().waitFor();
  ok((await problem.count()) === 1, `Problems has it: ${await editor.shown(problem.first())}`);
  await picture(editor, 'pending');

  // It moves the lines when it comes.
  const lens = page.locator('.codelens-decoration a', { hasText: 'Show SQL' });
  await lens.first().waitFor();
  const hover = await editor.hover('email', 'email', 'users.email', 'SQLite');
  ok((await editor.shown(hover)).includes('users.email text NOT NULL'), 'a hover has the column and what is live');
  await picture(editor, 'hover');
  await page.keyboard.press('Escape');
  await editor.command('View: Hide Panel');

  const alter = page.locator('.editor-instance .view-line', { hasText: 'ALTER TABLE' });
  const preview = await editor.bring(() => editor.click(lens), alter);
  ok((await editor.shown(preview)).includes('ADD `nickname` text'), 'the lens shows the SQL of the change');
  await picture(editor, 'sql');
  await page.locator('.tab', { hasText: 'schema.ts' }).click();
  await editor.warnings.first().waitFor();

  const word = editor.word('nickname', 'nickname');
  await editor.bring(() => editor.click(word), editor.text.locator('.codicon-gutter-lightbulb, .lightBulbWidget'));
  const offered = page.locator('.action-widget .monaco-list-row', { hasText: 'Generate migration' });
  const action = await editor.bring(async () => {
    await page.keyboard.press('Escape');
    await editor.click(word);
    await page.keyboard.press('Control+.');
  }, offered);
  await picture(editor, 'light-bulb');
  await action.click();
  const made = () => readdirSync(join(folder, 'drizzle')).find((file) => file.startsWith('0001_') && file.endsWith('.sql'));
  const sql = () => made() && readFileSync(join(folder, 'drizzle', made()), 'utf8');
  await until('the migration is on the disk', () => sql()?.includes('ADD `nickname` text'));
  ok(true, `${made()} has the change`);
  const snapshot = join(folder, 'drizzle/meta/0001_snapshot.json');
  await until('the journal is on the disk', () => existsSync(snapshot) && readFileSync(join(folder, 'drizzle/meta/_journal.json'), 'utf8').includes('0001_'));
  ok(true, 'the snapshot and the journal are there');
  await until('nothing is underlined', async () => (await editor.warnings.count()) === 0);
  await until('the status item is calm', async () => !(await editor.shown(editor.status)).includes('pending'));
  ok(true, 'the finding is gone from the file and the status item');
  await picture(editor, 'generated');
}

async function theMenuAndTheViewsAreThere(editor) {
  const { page } = editor;
  const menu = page.locator('.quick-input-list .monaco-list-row');
  await editor.bring(() => editor.click(editor.status), menu.filter({ hasText: 'Compare Schema' }));
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
  const state = page.locator('.pane-body .monaco-list-row', { hasText: '0001_users_add_nickname' }).locator('[aria-label$="not applied"]');
  await state.first().waitFor();
  ok(true, 'the views have the migrations, with what is not applied, and the tables');
  await picture(editor, 'views');
}

async function aPushAsks(editor, folder) {
  const { page } = editor;
  execFileSync(driftlens, ['push'], { cwd: folder });
  write(join(folder, 'src/schema.ts'), SCHEMA.replace('  phone: text(),\n', '  nickname: text(),\n'));
  await until('the server has read the change', async () => (await editor.shown(editor.status)).includes('1 pending'));
  const live = () => execFileSync(driftlens, ['inspect', 'live', '--format', 'sql'], { cwd: folder, encoding: 'utf8', stdio: 'pipe' });
  const dialog = page.locator('.monaco-dialog-box');
  const plan = page.locator('.tab', { hasText: 'Push' });
  const ask = async () => {
    await editor.command('Driftlens: Push Schema to the Database');
    await dialog.waitFor();
    return editor.shown(dialog);
  };
  const answer = async (name) => {
    await dialog.getByRole('button', { name, exact: true }).click();
    await dialog.waitFor({ state: 'detached' });
  };

  const question = await ask();
  ok(/Push 1 step to/.test(question) && question.includes('phone'), `a push asks: ${question.replaceAll(/\s+/g, ' ')}`);
  await picture(editor, 'push');
  await answer('Cancel');
  await ask();
  await answer('Show SQL');
  await plan.waitFor();
  await page.locator('.editor-instance .view-line', { hasText: 'DROP COLUMN' }).first().waitFor();
  ok(live().includes('phone'), 'a push that is cancelled, or whose SQL is looked at, leaves the column');
  await picture(editor, 'push-sql');
  await editor.bring(() => editor.click(page.locator('.editor-actions a[aria-label^="Push"]')), dialog);
  await answer('Push to default');
  await until('the column is dropped', () => !live().includes('phone'));
  ok(true, 'a push that is answered with yes drops it');
  await page.locator('.notification-list-item-message', { hasText: /pushed/i }).first().waitFor();
  ok(true, 'and says so');
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
  await editor.open(folder, 'schema.ts', { isTrusted: false });
  await editor.warnings.first().waitFor();
  await editor.hover('email', 'email', 'users.email text');
  // That something does not happen can only be seen by giving it time.
  await new Promise((resolve) => setTimeout(resolve, 3000));
  ok(nConnections === 0, 'a folder that is not trusted is read, and no connection is made');
  await picture(editor, 'not-trusted');
  await editor.page.keyboard.press('Escape');
  await editor.command('Workspaces: Manage Workspace Trust');
  const trust = editor.page.locator('.workspace-trust-buttons-row a, .workspace-trust-buttons-row button', { hasText: /^Trust$/ });
  await trust.first().click();
  await until('a connection is made', () => nConnections > 0);
  ok(true, 'once it is trusted the database is looked at');
  listener.close();
}

/** Runs a part of the test; the next one runs whatever became of it. */
async function part(editor, name, test) {
  try {
    await test();
  } catch (error) {
    failed += 1;
    console.log(`not ok ${name}, after ${passed}: ${error.message.split('\n').slice(0, 4).join(' ')}`);
    const told = editor.told(join(cache, 'vscode-failed', `${name}.png`));
    console.log(await told.catch((reason) => `what was seen is not known: ${reason}`));
  }
}

let editor;
const watchdog = setTimeout(() => {
  console.log(`not ok: the test did not end\n${passed} passed, ${failed + 1} failed`);
  process.exit(1);
}, 900_000);
try {
  const installed = install(join(cache, 'vscode'));
  mkdirSync(join(root, 'editor'));
  editor = new Editor({ installed, folder: join(root, 'editor'), vsix, settings: words.includes('--bundled') ? {} : { 'driftlens.server.path': driftlens } });
  await editor.start();
  await part(editor, 'shop', async () => {
    const folder = project('shop');
    await aPendingChangeIsShownAndGenerated(editor, folder);
    await theMenuAndTheViewsAreThere(editor);
    await aPushAsks(editor, folder);
    await theWalkthroughOpens(editor);
  });
  await part(editor, 'not-trusted', () => aFolderThatIsNotTrustedMakesNoConnection(editor, join(root, 'elsewhere')));
} catch (error) {
  failed += 1;
  console.log(`not ok: ${error.message}\n${editor?.log?.slice(-2000) ?? ''}`);
} finally {
  clearTimeout(watchdog);
  await editor?.stop();
  rmSync(root, { recursive: true, force: true, maxRetries: 5 });
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
