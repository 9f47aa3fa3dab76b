// The packed extension in a real VS Code, with a real PostgreSQL. Run by `cargo xtask test` with `node test.mjs CACHE VSIX`; DRIFTLENS_BIN is
// the binary to try; with --bundled the extension starts the one that it was packed with. With DRIFTLENS_PICTURES set to a folder, pictures are left there; what was seen when something failed is left in the cache.
//
// Nothing here waits for a time to pass: each step waits for what it needs, and opens a widget again that did not come.

import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Editor, until } from './editor.mjs';
import { install } from './install.mjs';
import { Projects, schema } from './projects.mjs';

const [cache, vsix, ...words] = process.argv.slice(2);
const driftlens = resolve(process.env.DRIFTLENS_BIN ?? 'target/debug/driftlens');
const pictures = process.env.DRIFTLENS_PICTURES;
const projects = new Projects(driftlens);
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

async function aPendingChangeIsUnderlined(editor, project) {
  const { page } = editor;
  project.write('src/schema.ts', schema({ more: ['nickname'] }));
  await editor.open(project.folder, 'src/schema.ts', { isTrusted: true });
  await editor.warnings.first().waitFor();
  ok((await editor.warnings.count()) === 1, 'the column is underlined');
  await editor.statusSays('1 pending');
  ok(true, `the status item says: ${(await editor.shown(editor.status)).trim()}`);
  const problem = page.locator('.markers-panel .monaco-list-row', { hasText: 'nickname' });
  await editor.command('Problems: Focus on Problems View');
  await problem.first().waitFor();
  ok((await problem.count()) === 1, `Problems has it: ${await editor.shown(problem.first())}`);
  await picture(editor, 'pending');
  await editor.command('View: Hide Panel');
}

async function aDatabaseIsBroughtUp(editor, project) {
  await editor.command('Driftlens: Up: Start the Development Database');
  await editor.terminalSays('Write DATABASE_URL');
  await editor.page.keyboard.press('n');
  await editor.terminalSays(/PostgreSQL \d+ runs now/);
  ok(project.runs() && !project.has('.env'), 'up brings up a PostgreSQL, and writes no .env unasked');
  await picture(editor, 'up');
  await editor.statusSays('1 unapplied');
  ok(true, `the status item finds it: ${(await editor.shown(editor.status)).trim()}`);
}

async function aMigrationAsks(editor, project) {
  const question = await editor.ask('Driftlens: Migrate the Database');
  ok(/0000_first/.test(question), `migrate asks: ${question.replaceAll(/\s+/g, ' ')}`);
  await picture(editor, 'migrate');
  await editor.answer('Migrate default');
  await until('the tables are there', () => project.live().includes('"users"'));
  await editor.statusSays('1 pending');
  await until('nothing is unapplied', async () => !(await editor.shown(editor.status)).includes('unapplied'));
  ok(true, 'a migration that is answered with yes is applied');
}

async function whatIsLiveIsShownAndTheChangeGenerated(editor, project) {
  const { page } = editor;
  await editor.command('View: Hide Panel');
  await editor.calm();
  // It moves the lines when it comes.
  const lens = page.locator('.codelens-decoration a', { hasText: 'Show SQL' });
  await lens.first().waitFor();
  const hover = await editor.hover('email', 'email', 'users.email', 'PostgreSQL', 'about 2 000');
  const text = await editor.shown(hover);
  ok(text.includes('users.email varchar(255) NOT NULL'), 'a hover has the column');
  ok(text.includes('character varying(255) NOT NULL'), `and its type in the database: ${text.replaceAll(/\s+/g, ' ')}`);
  await picture(editor, 'hover');
  await page.keyboard.press('Escape');

  const alter = page.locator('.editor-instance .view-line', { hasText: 'ALTER TABLE' });
  const preview = await editor.bring(() => editor.click(lens), alter);
  ok((await editor.shown(preview)).includes('ADD COLUMN "nickname" text'), 'the lens shows the SQL of the change');
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
  const made = () => readdirSync(project.at('drizzle')).find((file) => file.startsWith('0001_') && file.endsWith('.sql'));
  await until('the migration is on the disk', () => made() && project.read(`drizzle/${made()}`).includes('ADD COLUMN "nickname" text'));
  ok(true, `${made()} has the change`);
  const isRecorded = () => project.has('drizzle/meta/0001_snapshot.json') && project.read('drizzle/meta/_journal.json').includes('0001_');
  await until('the journal is on the disk', isRecorded);
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
  for (const label of ['Push', 'Migrate', 'Up:', 'Down:']) {
    ok((await menu.filter({ hasText: label }).count()) === 1, `the status item has a menu with ${label}`);
  }
  await picture(editor, 'menu');
  await menu.filter({ hasText: 'Doctor' }).first().click();
  await editor.terminalSays('1 of 2 applied');
  ok(true, 'doctor runs in a terminal');
  await picture(editor, 'doctor');
  await editor.command('View: Hide Panel');
  await page.locator('.activitybar a[aria-label^="Driftlens"]').first().click();
  for (const view of ['Migrations', 'Schema']) {
    await page.locator('.pane-header', { hasText: view }).first().waitFor();
  }
  const row = (hasText) => page.locator('.pane-body .monaco-list-row', { hasText });
  for (const [label, state] of [['0001_users_add_nickname', 'not applied'], ['0000_first', 'applied']]) {
    await row(label).locator(`[aria-label$="${state}"]`).first().waitFor();
  }
  await row('users').first().waitFor();
  ok(true, 'the views have the migrations, with what is applied and what is not, and the tables');
  const column = row('email').locator('.monaco-icon-label');
  const tables = row('users').filter({ hasNotText: 'nickname' });
  await editor.bring(() => tables.first().locator('.monaco-tl-twistie').click({ timeout: 3_000 }), column);
  await picture(editor, 'views');
  await column.first().click();
  await until('the cursor is at the column', async () => (await editor.shown(page.locator('.statusbar'))).includes('Ln 6,'));
  ok(true, 'a column of the tree leads to its declaration');
}

async function schemasAreCompared(editor) {
  const { page } = editor;
  const migration = page.locator('.pane-body .monaco-list-row', { hasText: '0001_users_add_nickname' }).first();
  const added = page.locator('.monaco-diff-editor .view-line', { hasText: '"nickname" text' });
  const effects = page.locator('.tab', { hasText: '0000_first ↔ 0001_users_add_nickname' });
  await editor.bring(async () => {
    await migration.hover({ timeout: 3_000 });
    await migration.locator('.action-label[aria-label^="Show What It Changes"]').click({ timeout: 3_000 });
  }, effects);
  await added.first().waitFor();
  ok(true, 'what a migration changes is shown as a comparison');
  await picture(editor, 'effects');
  const live = page.locator('.quick-input-list .monaco-list-row', { hasText: 'what the database holds' });
  await editor.bring(() => editor.command('Driftlens: Compare Schema'), live);
  await live.first().click();
  await page.locator('.tab', { hasText: 'live ↔ desired' }).waitFor();
  await added.first().waitFor();
  const marked = page.locator('.monaco-diff-editor .line-insert:visible, .monaco-diff-editor .line-delete:visible');
  await until('what differs is marked', async () => (await marked.count()) > 0);
  ok((await marked.count()) === 1, 'the schema files are compared with the database, and differ in one line');
  await picture(editor, 'compare');
  await page.locator('.tab', { hasText: 'schema.ts' }).first().click();
}

async function aPushAsks(editor, project) {
  const { page } = editor;
  project.run('push');
  project.write('src/schema.ts', schema({ more: ['nickname'], without: ['phone'] }));
  await editor.statusSays('1 pending');
  const command = 'Driftlens: Push Schema to the Database';
  const question = await editor.ask(command);
  ok(/Push 1 step to/.test(question) && /phone.*1500 rows/.test(question), `a push asks: ${question.replaceAll(/\s+/g, ' ')}`);
  await picture(editor, 'push');
  await editor.answer('Cancel');
  await editor.ask(command);
  await editor.answer('Show SQL');
  await page.locator('.tab', { hasText: 'Push' }).waitFor();
  await page.locator('.editor-instance .view-line', { hasText: 'DROP COLUMN' }).first().waitFor();
  ok(project.live().includes('phone'), 'a push that is cancelled, or whose SQL is looked at, leaves the column');
  await picture(editor, 'push-sql');
  await editor.bring(() => editor.click(page.locator('.editor-actions a[aria-label^="Push"]')), editor.dialog);
  await editor.answer('Push to default');
  await until('the column is dropped', () => !project.live().includes('phone'));
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

async function theDatabaseGoesOnlyAfterAYes(editor, project) {
  const remove = 'Driftlens: Remove the Development Database and Its Data';
  const question = await editor.ask(remove);
  ok(question.includes('.driftlens/postgres') && /\/shop: \d+ tables, 200\d rows/.test(question), `removing asks: ${question.replaceAll(/\s+/g, ' ')}`);
  await picture(editor, 'remove');
  await editor.answer('Cancel');
  ok(project.live().includes('"users"'), 'after a no all is there');
  await editor.command('Driftlens: Down: Stop the Development Database');
  await editor.terminalSays('is stopped, and its data is kept');
  ok(!project.runs() && project.has('.driftlens/postgres/data'), 'down stops it, and keeps the data');
  await until('the status item knows', async () => !/drift|unapplied/.test(await editor.shown(editor.status)));
  await editor.ask(remove);
  await editor.answer('Remove Data');
  await editor.terminalSays('its data is removed');
  ok(!project.has('.driftlens/postgres/data'), 'after a yes the data is gone');
}

async function aFolderThatIsNotTrustedMakesNoConnection(editor, project) {
  project.noteConnections();
  project.write('src/schema.ts', schema({ more: ['nickname'] }));
  const before = project.connections().length;
  await editor.open(project.folder, 'src/schema.ts', { isTrusted: false });
  await editor.warnings.first().waitFor();
  await editor.hover('email', 'email', 'users.email varchar(255)');
  // That something does not happen can only be seen by giving it time.
  await new Promise((resolve) => setTimeout(resolve, 3000));
  ok(project.connections().length === before, 'a folder that is not trusted is read, and its server sees no connection');
  await picture(editor, 'not-trusted');
  await editor.page.keyboard.press('Escape');
  await editor.command('Workspaces: Manage Workspace Trust');
  const trust = editor.page.locator('.workspace-trust-buttons-row a, .workspace-trust-buttons-row button', { hasText: /^Trust$/ });
  await trust.first().click();
  await until('a connection is made', () => project.connections().length > before);
  ok(true, `once it is trusted the database is looked at: ${project.connections().at(-1).replace(/^.*LOG: */, '')}`);
}

async function severalFoldersHaveOneServer(editor, blog) {
  const news = projects.make('news');
  news.write('src/schema.ts', schema({ more: ['nickname', 'city'] }));
  blog.write('src/schema.ts', schema({ more: ['nickname'] }));
  const workspace = join(projects.root, 'all.code-workspace');
  writeFileSync(workspace, JSON.stringify({ folders: [{ path: 'blog' }, { path: 'news' }] }));
  await editor.open(workspace, blog.at('src/schema.ts'), { isTrusted: true });
  await editor.warnings.first().waitFor();
  await editor.statusSays('blog/drizzle.config.ts: 1 pending');
  await editor.command('View: Close All Editors');
  await editor.statusSays('2 projects: 3 pending');
  ok(true, 'the folders of a workspace have one server, and the status item counts both or the one that is edited');
  await editor.bring(() => editor.page.locator('.activitybar a[aria-label^="Driftlens"]').first().click({ timeout: 3_000 }), editor.page.locator('.pane-header', { hasText: 'Schema' }));
  const roots = editor.page.locator('.pane-body .monaco-list-row[aria-level="1"]');
  await until('the views have both', async () => /blog[^]*news/.test((await roots.allInnerTexts()).join('\n')));
  await editor.page.locator('.pane-body [aria-label$="in no migration"]').nth(1).waitFor();
  ok(true, 'and the views have both, with what is pending');
  await picture(editor, 'several');
}

/** Runs a part of the test; the next one runs whatever became of it. */
async function part(editor, name, test) {
  try {
    await test(projects.make(name));
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
  projects.remove();
  process.exit(1);
}, 900_000);
try {
  const installed = install(join(cache, 'vscode'));
  const folder = join(projects.root, 'editor');
  mkdirSync(folder);
  editor = new Editor({ installed, folder, vsix, settings: words.includes('--bundled') ? {} : { 'driftlens.server.path': driftlens } });
  await editor.start();
  await part(editor, 'shop', async (project) => {
    await aPendingChangeIsUnderlined(editor, project);
    await aDatabaseIsBroughtUp(editor, project);
    await aMigrationAsks(editor, project);
    await whatIsLiveIsShownAndTheChangeGenerated(editor, project);
    await theMenuAndTheViewsAreThere(editor);
    await schemasAreCompared(editor);
    await aPushAsks(editor, project);
    await theWalkthroughOpens(editor);
    await theDatabaseGoesOnlyAfterAYes(editor, project);
  });
  await part(editor, 'blog', (project) => severalFoldersHaveOneServer(editor, project));
  await part(editor, 'elsewhere', (project) => aFolderThatIsNotTrustedMakesNoConnection(editor, project));
} catch (error) {
  failed += 1;
  console.log(`not ok: ${error.message}\n${editor?.log?.slice(-2000) ?? ''}`);
} finally {
  clearTimeout(watchdog);
  await editor?.stop();
  projects.remove();
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
