// Where the driftlens program is, and which version it has.

import { execFile } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import * as vscode from 'vscode';

const PROGRAM = process.platform === 'win32' ? 'driftlens.exe' : 'driftlens';
const VERSION_WITHIN_MS = 10_000;

export interface Program {
  path: string;
  origin: 'setting' | 'extension' | 'PATH' | 'node_modules';
}

/** What the setting names, else what came with the extension, else the PATH, else the workspace's node_modules. */
export function findProgram(extensionPath: string): Program | undefined {
  const configured = vscode.workspace.getConfiguration('driftlens').get<string>('server.path')?.trim();
  if (configured) {
    return { path: configured, origin: 'setting' };
  }
  // A relative folder of the PATH would be a folder of whatever happens to be open.
  const onPath = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => isAbsolute(folder));
  // A program inside the workspace is only run where the workspace is trusted.
  const modules = vscode.workspace.isTrusted
    ? (vscode.workspace.workspaceFolders ?? []).map((folder) => join(folder.uri.fsPath, 'node_modules', '.bin'))
    : [];
  const places: [Program['origin'], string[]][] = [
    ['extension', [join(extensionPath, 'bin')]],
    ['PATH', onPath],
    ['node_modules', modules],
  ];
  for (const [origin, folders] of places) {
    const path = folders.map((folder) => join(folder, PROGRAM)).find(isProgram);
    if (path) {
      return { path, origin };
    }
  }
  return undefined;
}

/** Why it cannot be started; undefined where nothing is known against it. */
export function problemOf(program: Program | undefined): string | undefined {
  if (!program) {
    return 'The program "driftlens" is neither on the PATH nor in node_modules/.bin. Install it, or name it in the setting driftlens.server.path.';
  }
  if (!isAbsolute(program.path)) {
    return `The setting driftlens.server.path has to be an absolute path, and ${program.path} is none.`;
  }
  return isProgram(program.path)
    ? undefined
    : `${program.path} is not a program that can be run. Check the setting driftlens.server.path.`;
}

/** What it says its version is. Rejects with what a person can be told. */
export function versionOf(path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(path, ['--version'], { timeout: VERSION_WITHIN_MS, windowsHide: true }, (error, stdout) => {
      const version = /^driftlens (\S+)\s*$/.exec(stdout)?.[1];
      if (version) {
        resolve(version);
      } else {
        reject(new Error(error ? `${path} cannot be run: ${error.message.trim()}` : `${path} is another program than driftlens.`));
      }
    });
  });
}

/** Whether they were made for each other: before 1.0 a minor version may change what is said between them. */
export function belongTogether(server: string, extension: string): boolean {
  const series = (version: string) => version.split('.').slice(0, version.startsWith('0.') ? 2 : 1).join('.');
  return series(server) === series(extension);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
