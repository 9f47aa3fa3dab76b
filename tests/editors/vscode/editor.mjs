// A real VS Code in a real browser: code-server with the packed extension, a home of its own and no way out.

import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const SETTINGS = {
  'telemetry.telemetryLevel': 'off', 'update.mode': 'none', 'update.showReleaseNotes': false, 'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false, 'extensions.ignoreRecommendations': true, 'workbench.startupEditor': 'none', 'workbench.tips.enabled': false,
  'workbench.enableExperiments': false, 'workbench.settings.enableNaturalLanguageSearch': false, 'chat.disableAIFeatures': true,
  'workbench.secondarySideBar.defaultVisibility': 'hidden', 'workbench.welcomePage.walkthroughs.openOnInstall': false, 'git.enabled': false,
  'npm.fetchOnlinePackageInfo': false, 'json.schemaDownload.enable': false, 'workbench.reduceMotion': 'on', 'editor.hover.delay': 100,
  'editor.cursorBlinking': 'solid', 'editor.minimap.enabled': false, 'files.autoSave': 'off', 'files.simpleDialog.enable': true,
  'terminal.integrated.gpuAcceleration': 'off', 'security.workspace.trust.startupPrompt': 'never', 'security.workspace.trust.banner': 'never',
};

export class Editor {
  constructor({ installed, folder, vsix, driftlens, trusted }) {
    this.installed = installed;
    const at = (...parts) => join(folder, ...parts);
    mkdirSync(at('data', 'User'), { recursive: true });
    mkdirSync(at('data', 'Machine'));
    mkdirSync(at('home'));
    writeFileSync(at('data', 'User', 'settings.json'), JSON.stringify({ ...SETTINGS, 'security.workspace.trust.enabled': !trusted }));
    // A setting of the machine is not read from the user's in a remote window, which this is.
    writeFileSync(at('data', 'Machine', 'settings.json'), JSON.stringify({ 'driftlens.server.path': driftlens }));
    writeFileSync(at('config.yaml'), 'auth: none\ncert: false\n');
    const path = `${dirname(installed.node)}:/usr/bin:/bin`;
    this.env = { PATH: path, HOME: at('home'), TMPDIR: folder, LANG: 'C.UTF-8', EXTENSIONS_GALLERY: '{}', CS_DISABLE_GETTING_STARTED_OVERRIDE: '1' };
    this.words = ['--config', at('config.yaml'), '--user-data-dir', at('data'), '--extensions-dir', at('extensions')];
    execFileSync(installed.node, [installed.codeServer, ...this.words, '--install-extension', vsix], { env: this.env, stdio: 'pipe' });
    if (trusted) {
      this.words.push('--disable-workspace-trust');
    }
  }

  async start() {
    const options = ['--bind-addr', '127.0.0.1:0', '--auth', 'none', '--disable-telemetry', '--disable-update-check', '--disable-getting-started-override', '--disable-proxy'];
    const { node, codeServer, chromium, playwright } = this.installed;
    this.server = spawn(node, [codeServer, ...this.words, ...options], { env: this.env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    this.log = '';
    [this.server.stdout, this.server.stderr].forEach((stream) => stream.on('data', (text) => (this.log += text)));
    this.base = await until('code-server listens', () => /listening on (http:\/\/127\.0\.0\.1:\d+)/.exec(this.log)?.[1], 30_000);
    const { chromium: driver } = await import(playwright);
    const only = '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1';
    this.browser = await driver.launch({ executablePath: chromium, args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu', only] });
    const context = await this.browser.newContext({ viewport: { width: 1280, height: 800 }, permissions: ['clipboard-read', 'clipboard-write'] });
    this.page = await context.newPage();
  }

  /** Opens a folder and in it a file, under the address that the page has: else no finding is ever drawn. */
  async open(folder, file) {
    const payload = JSON.stringify([['openFile', `vscode-remote://${new URL(this.base).host}${join(folder, file)}`]]);
    await this.page.goto(`${this.base}/?folder=${encodeURIComponent(folder)}&payload=${encodeURIComponent(payload)}`);
    await this.lines.first().waitFor({ timeout: 60_000 });
  }

  get text() {
    return this.page.locator('.editor-instance .monaco-editor').first();
  }

  get lines() {
    return this.text.locator('.view-line');
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

  async command(title) {
    await this.page.keyboard.press('F1');
    await this.page.locator('.quick-input-widget input').first().waitFor();
    await this.page.keyboard.type(title);
    const row = this.page.locator('.quick-input-list .monaco-list-row', { hasText: title });
    await row.first().waitFor({ timeout: 10_000 });
    await row.first().click();
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
export async function until(what, value, withinMs = 15_000) {
  const end = Date.now() + withinMs;
  for (;;) {
    const found = await value();
    if (found) {
      return found;
    }
    if (Date.now() > end) {
      throw new Error(`in vain: ${what}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
