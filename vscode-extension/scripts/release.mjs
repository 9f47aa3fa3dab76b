// Packs the extension for every platform whose program is there, and one without a program for the rest; publishes them only with --publish.
//
//   node scripts/release.mjs --binaries FOLDER [--images URL] [--publish]
//
// FOLDER/linux-x64/driftlens, FOLDER/win32-x64/driftlens.exe and so on are the programs, each in a folder that is named as `vsce` names its
// platform. URL is the address below which the pictures of README.md can be had: the Marketplace shows no others. The packages are left in
// `release/`. Publishing needs the tokens VSCE_PAT (Marketplace) and OVSX_PAT (Open VSX); neither is
// printed or kept. Nothing but publishing needs a network.

import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const PLATFORMS = ['linux-x64', 'linux-arm64', 'alpine-x64', 'alpine-arm64', 'darwin-x64', 'darwin-arm64', 'win32-x64', 'win32-arm64'];
const MAX_BYTES = 15_000_000;
const OVSX = 'ovsx@1.4.0';
/** Where it runs: a program of this platform can be tried, and its symbols removed. */
const HERE = `${process.platform}-${process.arch}`;

const extension = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const { version } = JSON.parse(readFileSync(join(extension, 'package.json'), 'utf8'));
const vsce = join(extension, 'node_modules', '@vscode', 'vsce', 'vsce');
const [bin, out] = [join(extension, 'bin'), join(extension, 'release')];

try {
  release();
} catch (error) {
  console.error(`error: ${error.message}`);
  process.exitCode = 1;
}

function release() {
  const { binaries, images, isPublished } = arguments_(process.argv.slice(2));
  const platforms = readdirSync(binaries).filter((entry) => statSync(join(binaries, entry)).isDirectory());
  const unknown = platforms.filter((platform) => !PLATFORMS.includes(platform));
  check(unknown.length === 0, `${binaries}: no platform is called ${unknown.join(', ')}; there are ${PLATFORMS.join(', ')}`);
  check(platforms.length > 0, `${binaries} holds no folder of a platform`);
  const tokens = { VSCE_PAT: process.env.VSCE_PAT, OVSX_PAT: process.env.OVSX_PAT };
  const missing = Object.keys(tokens).filter((name) => !tokens[name]);
  check(!isPublished || missing.length === 0, `--publish needs ${missing.join(' and ')}`);
  check(!isPublished || images, '--publish needs --images');
  check(!existsSync(bin), `${bin} is there already: it would be packed instead`);

  rmSync(out, { recursive: true, force: true });
  mkdirSync(out);
  run('npm', ['run', 'check']);
  run('npm', ['run', 'build']);
  const packages = [...platforms, undefined].map((platform) => pack(binaries, images, platform));
  if (isPublished) {
    for (const file of packages) {
      run(process.execPath, [vsce, 'publish', '--packagePath', file]);
      run('npx', ['--yes', OVSX, 'publish', file]);
    }
  } else {
    console.log('Nothing was published: that needs --publish.');
  }
}

/** Packs the extension with the program of a platform; without one, with none. Returns the file. */
function pack(binaries, images, platform) {
  const file = join(out, `driftlens-${version}${platform ? `-${platform}` : ''}.vsix`);
  try {
    if (platform) {
      place(binaries, platform);
    }
    const target = platform ? ['--target', platform] : [];
    const links = images ? ['--baseImagesUrl', images, '--baseContentUrl', images] : ['--no-rewrite-relative-links'];
    run(process.execPath, [vsce, 'package', '--no-dependencies', '--allow-missing-repository', ...links, ...target, '--out', file]);
  } finally {
    rmSync(bin, { recursive: true, force: true });
  }
  const { size } = statSync(file);
  console.log(`${file}: ${(size / 1e6).toFixed(1)} MB`);
  check(size < MAX_BYTES, `${file} has ${size} bytes, more than ${MAX_BYTES}`);
  return file;
}

/** Puts the program where the extension looks for it. */
function place(binaries, platform) {
  const name = platform.startsWith('win32') ? 'driftlens.exe' : 'driftlens';
  const [from, to] = [join(binaries, platform, name), join(bin, name)];
  check(existsSync(from), `${from} is missing`);
  mkdirSync(bin);
  copyFileSync(from, to);
  chmodSync(to, 0o755);
  if (platform === HERE) {
    if (process.platform !== 'win32') {
      run('strip', [to]);
    }
    const said = execFileSync(to, ['--version'], { encoding: 'utf8' }).trim();
    check(said === `driftlens ${version}`, `${from} is ${said}, and the extension ${version}`);
  }
}

function arguments_(words) {
  const usage = 'usage: node scripts/release.mjs --binaries FOLDER [--images URL] [--publish]';
  const given = { isPublished: false };
  for (let rest = [...words]; rest.length > 0; ) {
    const [word, value] = rest;
    check(word === '--publish' || (['--binaries', '--images'].includes(word) && value), usage);
    Object.assign(given, word === '--publish' ? { isPublished: true } : { [word.slice(2)]: value });
    rest = rest.slice(word === '--publish' ? 1 : 2);
  }
  check(given.binaries, usage);
  check(existsSync(given.binaries), `${given.binaries} is not there`);
  check(!given.images || given.images.startsWith('https://'), `--images ${given.images}: the Marketplace takes addresses of https only`);
  return { ...given, binaries: resolve(given.binaries) };
}

function run(program, words) {
  execFileSync(program, words, { cwd: extension, stdio: 'inherit' });
}

function check(condition, message) {
  if (!condition) {
    throw new Error(message);
  }
}
