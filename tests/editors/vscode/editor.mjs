// A real VS Code in a real browser: code-server with the packed extension, a home of its own and no way out.

import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** On a machine that is busy with other things everything takes long; what is not there by then does not come. */
const PATIENCE_MS = 180_000;
/** What opens a widget is done again after this long: a page that is not done yet does not hear it, or closes the widget again. */
const AGAIN_AFTER_MS = 6_000;

const SETTINGS = {
  'telemetry.telemetryLevel': 'off', 'update.mode': 'none', 'update.showReleaseNotes': false, 'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false, 'extensions.ignoreRecommendations': true, 'workbench.startupEditor': 'none', 'workbench.tips.enabled': false,
  'workbench.enableExperiments': false, 'workbench.settings.enableNaturalLanguageSearch': false, 'chat.disableAIFeatures': true,
  'workbench.secondarySideBar.defaultVisibility': 'hidden', 'workbench.welcomePage.walkthroughs.openOnInstall': false, 'git.enabled': false,
  'npm.fetchOnlinePackageInfo': false, 'json.schemaDownload.enable': false, 'workbench.reduceMotion': 'on', 'editor.hover.delay': 100,
  'editor.cursorBlinking': 'solid', 'editor.minimap.enabled': false, 'editor.stickyScroll.enabled': false, 'files.autoSave': 'off', 'files.simpleDialog.enable': true,
  'terminal.integrated.gpuAcceleration': 'off', 'typescript.disableAutomaticTypeAcquisition': true, 'typescript.tsserver.useSyntaxServer': 'never',
  'security.workspace.trust.startupPrompt': 'never', 'security.workspace.trust.banner': 'never',
};

export class Editor {
  constructor({ installed, folder, vsix, settings }) {
    this.installed = installed;
    this.at = (...parts) => join(folder, ...parts);
    mkdirSync(this.at('data', 'User'), { recursive: true });
    mkdirSync(this.at('data', 'Machine'));
    mkdirSync(this.at('home'));
    // A setting of the machine is not read from the user's in a remote window, which this is.
    writeFileSync(this.at('data', 'Machine', 'settings.json'), JSON.stringify(settings));
    writeFileSync(this.at('config.yaml'), 'auth: none\ncert: false\n');
    const path = `${dirname(installed.node)}:/usr/bin:/bin`;
    // The programs that `driftlens up` is to take, where somebody names them.
    const { DRIFTLENS_PG_BIN } = process.env;
    this.env = { ...(DRIFTLENS_PG_BIN ? { DRIFTLENS_PG_BIN } : {}), PATH: path, HOME: this.at('home'), TMPDIR: folder, LANG: 'C.UTF-8', EXTENSIONS_GALLERY: '{}', CS_DISABLE_GETTING_STARTED_OVERRIDE: '1' };
    this.words = ['--config', this.at('config.yaml'), '--user-data-dir', this.at('data'), '--extensions-dir', this.at('extensions')];
    execFileSync(installed.node, [installed.codeServer, ...this.words, '--install-extension', vsix], { env: this.env, stdio: 'pipe' });
  }

  async start() {
    const options = ['--bind-addr', '127.0.0.1:0', '--auth', 'none', '--disable-telemetry', '--disable-update-check', '--disable-getting-started-override', '--disable-proxy'];
    const { node, codeServer, chromium, playwright } = this.installed;
    this.server = spawn(node, [codeServer, ...this.words, ...options], { env: this.env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    this.log = '';
    [this.server.stdout, this.server.stderr].forEach((stream) => stream.on('data', (text) => (this.log += text)));
    this.base = await until('code-server listens', () => /listening on (http:\/\/127\.0\.0\.1:\d+)/.exec(this.log)?.[1]);
    const { chromium: driver } = await import(playwright);
    const only = '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1';
    this.browser = await driver.launch({ executablePath: chromium, timeout: PATIENCE_MS, args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu', only] });
    const context = await this.browser.newContext({ viewport: { width: 1280, height: 800 }, permissions: ['clipboard-read', 'clipboard-write'] });
    context.setDefaultTimeout(PATIENCE_MS);
    this.page = await context.newPage();
  }

  /**
   * Opens a folder, or the workspace of a file, and in it a file, under the address that the page has: else no finding is ever drawn. Again where the extension does
   * not come to life: a machine that is busy has trouble with the hosts of extensions.
   */
  async open(folder, file, { isTrusted }) {
    writeFileSync(this.at('data', 'User', 'settings.json'), JSON.stringify({ ...SETTINGS, 'security.workspace.trust.enabled': !isTrusted }));
    const payload = JSON.stringify([['openFile', `vscode-remote://${new URL(this.base).host}${resolve(folder, file)}`]]);
    const kind = folder.endsWith('.code-workspace') ? 'workspace' : 'folder';
    for (let nTries = 3; ; nTries -= 1) {
      await this.page.goto(`${this.base}/?${kind}=${encodeURIComponent(folder)}&payload=${encodeURIComponent(payload)}`);
      await this.lines.first().waitFor();
      try {
        return await this.status.waitFor({ timeout: PATIENCE_MS / 3 });
      } catch (error) {
        if (nTries === 1) {
          throw error;
        }
        console.log(`the window is opened again\n${this.logged().join('\n')}`);
      }
    }
  }

  get text() {
    return this.page.locator('.editor-instance .monaco-editor').first();
  }

  get lines() {
    return this.text.locator('.view-line');
  }

  get warnings() {
    return this.text.locator('.squiggly-warning');
  }

  get status() {
    return this.page.locator('[id="driftlens.driftlens.driftlens.status"], .statusbar-item[id*="driftlens.status"]').first();
  }

  get terminal() {
    return this.page.locator('.xterm-rows:visible').last();
  }

  /** What a terminal or an editor shows, with the spaces that people see. */
  async shown(locator) {
    return (await locator.innerText()).replaceAll('\u00a0', ' ');
  }

  /** Waits until the status item has this. */
  async statusSays(text) {
    await until(`the status item says ${text}`, async () => (await this.shown(this.status)).includes(text));
  }

  /** Waits until the terminal has this. */
  async terminalSays(text) {
    const isThere = (shown) => (text instanceof RegExp ? text.test(shown) : shown.includes(text));
    // A line that is too long goes on in the next.
    await until(`the terminal says ${text}`, async () => isThere((await this.shown(this.terminal)).replaceAll('\n', '')));
  }

  get dialog() {
    return this.page.locator('.monaco-dialog-box');
  }

  /** What the dialog of a command says. */
  async ask(title) {
    await this.command(title);
    await this.dialog.waitFor();
    return this.shown(this.dialog);
  }

  async answer(name) {
    await this.dialog.getByRole('button', { name, exact: true }).click();
    await this.dialog.waitFor({ state: 'detached' });
  }

  /** Closes the messages that lie over the text. */
  async calm() {
    await this.command('Notifications: Clear All Notifications');
  }

  /** Does what shows something, again where it was not heard, until it is shown. */
  async bring(act, shown) {
    const end = Date.now() + PATIENCE_MS;
    for (;;) {
      const isLast = Date.now() > end;
      try {
        await act();
        await shown.first().waitFor({ timeout: AGAIN_AFTER_MS });
        return shown.first();
      } catch (error) {
        if (isLast) {
          throw error;
        }
      }
    }
  }

  /** Where the first is in the window. Playwright's own clicks scroll what is in the way, and VS Code's text does not survive that. */
  async middle(locator) {
    const { x, y, width, height } = await locator.first().boundingBox({ timeout: AGAIN_AFTER_MS });
    return [x + width / 2, y + height / 2];
  }

  async click(locator) {
    await this.page.mouse.click(...(await this.middle(locator)));
  }

  word(line, word) {
    return this.lines.filter({ hasText: line }).getByText(word);
  }

  /** The hover over a word of a line, which has the texts. */
  async hover(line, word, ...texts) {
    const hovers = this.page.locator('.monaco-hover:visible, .monaco-resizable-hover:visible');
    const wanted = texts.reduce((found, hasText) => found.filter({ hasText }), hovers);
    return this.bring(async () => {
      await this.page.mouse.move(0, 0);
      // One that is still there may lie over the word.
      await hovers.first().waitFor({ state: 'hidden', timeout: AGAIN_AFTER_MS });
      await this.page.mouse.move(...(await this.middle(this.word(line, word))), { steps: 2 });
    }, wanted);
  }

  async command(title) {
    // The one that Enter runs.
    const row = this.page.locator('.quick-input-list .monaco-list-row.focused', { hasText: title });
    await this.bring(async () => {
      await this.page.keyboard.press('Escape');
      await this.page.keyboard.press('F1');
      await this.page.locator('.quick-input-widget input').first().fill(`>${title}`, { timeout: AGAIN_AFTER_MS });
    }, row);
    await this.page.keyboard.press('Enter');
    await row.first().waitFor({ state: 'hidden' });
  }

  /** What a person would see, and what the extension logged: for a test that failed. */
  async told(picture) {
    mkdirSync(dirname(picture), { recursive: true });
    await this.page?.screenshot({ path: picture, timeout: 10_000 });
    const seen = await this.page?.locator('body').innerText({ timeout: 10_000 });
    return [`the page (${picture}):`, seen?.replace(/\s*\n\s*/g, ' | ').slice(0, 4000), ...this.logged()].join('\n');
  }

  /** The ends of the logs: the server's, those of the hosts of extensions, the extension's. */
  logged() {
    const logs = readdirSync(this.at('data', 'logs'), { recursive: true }).filter((file) => /(Driftlens|exthost)\.log$/.test(file));
    const ends = logs.map((file) => `${file}:\n${readFileSync(this.at('data', 'logs', file), 'utf8').slice(-1500)}`);
    return [`code-server:\n${this.log.slice(-1500)}`, ...ends];
  }

  async stop() {
    await this.browser?.close();
    if (this.server) {
      const ended = new Promise((resolve) => this.server.once('exit', resolve));
      process.kill(-this.server.pid, 'SIGTERM');
      await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 3000))]);
    }
  }
}

/** Waits for a value; `what` names it where it does not come. */
export async function until(what, value, withinMs = PATIENCE_MS) {
  const end = Date.now() + withinMs;
  for (;;) {
    const found = await value();
    if (found) {
      return found;
    }
    if (Date.now() > end) {
      throw new Error(`in vain: ${what}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
