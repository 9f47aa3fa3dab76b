// How long a keystroke waits for its squiggle in a real VS Code, and for the squiggle to go again: the medians of 20. No test, as a time
// is no truth. `node latency.mjs CACHE VSIX PROJECT FILE TEXT`: behind the first TEXT of the project's FILE a letter is typed, and taken back;
// nothing may be underlined in the file before. DRIFTLENS_BIN is the binary to try. With the project that `cargo xtask bench` makes:
//
//   node tests/editors/vscode/latency.mjs .cache vscode-extension/driftlens.vsix .cache/bench/300x300 src/area015.ts "text('title"

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Editor, until } from './editor.mjs';
import { install } from './install.mjs';

const N_WARM_UPS = 3;
const N_ROUNDS = 20;

const [cache, vsix, project, file, text] = process.argv.slice(2);
const root = mkdtempSync(join(tmpdir(), 'driftlens-latency-'));
const before = readFileSync(join(project, file), 'utf8').split(text)[0].split('\n');
const [line, column] = [before.length, before.at(-1).length + text.length + 1];
const settings = { 'driftlens.server.path': resolve(process.env.DRIFTLENS_BIN ?? 'target/release/driftlens'), 'driftlens.database.enable': false, 'editor.quickSuggestions': false };
const editor = new Editor({ installed: install(join(cache, 'vscode')), folder: root, vsix: resolve(vsix), settings });
try {
  await editor.start();
  await editor.open(resolve(project), file, { isTrusted: true });
  await until('the project is read', async () => (await editor.shown(editor.status)).includes('drizzle.config'));
  await editor.command('Go to Line/Column...');
  // What is typed before that is there goes into the file.
  const place = editor.page.locator('.quick-input-widget:visible input').first();
  await until('a place is asked for', async () => (await place.inputValue()).startsWith(':'));
  await place.fill(`:${line}:${column}`);
  await editor.page.keyboard.press('Enter');
  const shown = editor.page.locator('.statusbar');
  await until('the cursor is there', async () => (await editor.shown(shown)).includes(`Ln ${line}, Col ${column}`));
  // Measured in the page, from the key that VS Code hears to the underline that it has drawn.
  await editor.page.evaluate(() => {
    const shown = document.querySelector('.editor-instance .monaco-editor');
    const isUnderlined = () => shown.querySelector('.squiggly-warning, .squiggly-error') !== null;
    let [started, was] = [0, isUnderlined()];
    window.changes = [];
    addEventListener('keydown', () => (started = performance.now()), true);
    const observer = new MutationObserver(() => {
      if (isUnderlined() !== was) {
        was = !was;
        window.changes.push(performance.now() - started);
      }
    });
    observer.observe(shown, { subtree: true, childList: true, attributes: true });
  });
  const times = { x: [], Backspace: [] };
  for (let round = 0; round < N_WARM_UPS + N_ROUNDS; round += 1) {
    for (const key of Object.keys(times)) {
      await editor.page.keyboard.press(key);
      const took = await until(`the squiggle after ${key}`, () => editor.page.evaluate(() => window.changes.shift()));
      times[key].push(took);
    }
  }
  for (const [key, what] of [['x', 'keystroke → squiggle'], ['Backspace', 'keystroke → no squiggle']]) {
    const sorted = times[key].slice(N_WARM_UPS).sort((a, b) => a - b);
    const [least, median, most] = [0, N_ROUNDS / 2, N_ROUNDS - 1].map((position) => sorted[position].toFixed(0));
    console.log(`VS Code, ${what}: median ${median} ms (${least} to ${most}, ${N_ROUNDS} times)`);
  }
} catch (error) {
  console.log(`${error.message}\n${await editor.told(join(cache, 'vscode-failed', 'latency.png'))}`);
  process.exitCode = 1;
} finally {
  await editor.stop();
  rmSync(root, { recursive: true, force: true, maxRetries: 5 });
}
