// Where the driftlens program is.

import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import * as vscode from 'vscode';

const PROGRAM = process.platform === 'win32' ? 'driftlens.exe' : 'driftlens';

/** The setting, else the PATH, else the workspace's node_modules; undefined where there is none of them. */
export function findServer(): string | undefined {
  const configured = vscode.workspace.getConfiguration('driftlens').get<string>('server.path')?.trim();
  if (configured) {
    return configured;
  }
  // A relative folder of the PATH would be a folder of whatever happens to be open.
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => isAbsolute(folder));
  // A program inside the workspace is only run where the workspace is trusted.
  const modules = vscode.workspace.isTrusted
    ? (vscode.workspace.workspaceFolders ?? []).map((folder) => join(folder.uri.fsPath, 'node_modules', '.bin'))
    : [];
  return [...folders, ...modules].map((folder) => join(folder, PROGRAM)).find(isProgram);
}

export function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
