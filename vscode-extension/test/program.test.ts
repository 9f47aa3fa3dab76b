import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { belongTogether, findProgram, problemOf, versionOf } from '../src/program';
import { editor, Uri, workspace } from './stub/vscode';

let folder: string;
const path = process.env['PATH'];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'driftlens-extension-'));
  process.env['PATH'] = `relative:${join(folder, 'path')}`;
  workspace.workspaceFolders = [{ uri: Uri.file(join(folder, 'shop')), name: 'shop', index: 0 }];
});

afterEach(() => {
  rmSync(folder, { recursive: true });
  process.env['PATH'] = path;
  Object.assign(workspace, { isTrusted: true, workspaceFolders: [] });
  editor.settings = {};
});

function program(place: string, text = 'echo driftlens 0.1.0'): string {
  const file = join(folder, place);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, `#!/bin/sh\n${text}\n`);
  chmodSync(file, 0o755);
  return file;
}

describe('the program', () => {
  it('is the one of the setting, of the extension, on the PATH, in node_modules, in this order', () => {
    const found = () => findProgram(join(folder, 'extension'))?.origin;
    expect(found()).toBeUndefined();
    program('shop/node_modules/.bin/driftlens');
    expect(found()).toBe('node_modules');
    program('path/driftlens');
    expect(found()).toBe('PATH');
    program('extension/bin/driftlens');
    expect(found()).toBe('extension');
    editor.settings['driftlens.server.path'] = ' /opt/driftlens ';
    expect(findProgram(folder)).toEqual({ path: '/opt/driftlens', origin: 'setting' });
  });

  it('of a folder that is not trusted is not run', () => {
    program('shop/node_modules/.bin/driftlens');
    workspace.isTrusted = false;
    expect(findProgram(folder)).toBeUndefined();
  });

  it('that cannot be run is named with its remedy', () => {
    expect(problemOf(undefined)).toContain('neither on the PATH');
    expect(problemOf({ path: 'bin/driftlens', origin: 'setting' })).toContain('absolute path');
    expect(problemOf({ path: join(folder, 'none'), origin: 'setting' })).toContain('driftlens.server.path');
    expect(problemOf({ path: program('path/driftlens'), origin: 'PATH' })).toBeUndefined();
  });

  it('says its version, and another program is not taken for it', async () => {
    await expect(versionOf(program('a'))).resolves.toBe('0.1.0');
    await expect(versionOf(program('b', 'echo something 1.0'))).rejects.toThrow('is another program than driftlens');
    await expect(versionOf(program('c', 'exit 3'))).rejects.toThrow('cannot be run');
  });

  it('belongs to extensions of its series', () => {
    expect(belongTogether('0.1.7', '0.1.0')).toBe(true);
    expect(belongTogether('0.2.0', '0.1.0')).toBe(false);
    expect(belongTogether('1.4.0', '1.2.3')).toBe(true);
    expect(belongTogether('2.0.0', '1.2.3')).toBe(false);
    expect(belongTogether('10.0.0', '1.0.0')).toBe(false);
  });
});
