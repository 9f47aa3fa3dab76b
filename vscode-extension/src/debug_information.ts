// What somebody who helps has to know, as text. No paths and names of the project, no addresses.

import { arch, platform, release } from 'node:os';
import * as vscode from 'vscode';
import type { Session } from './session';
import { STATUS, type Status } from './protocol';

const SETTINGS = ['server.path', 'codeLens.enable', 'codeLens.database', 'inlayHints.enable', 'database.enable', 'database.environment'];

export async function debugInformation(session: Session, extensionVersion: string): Promise<string> {
  const settings = vscode.workspace.getConfiguration('driftlens');
  const isSet = (key: string) => {
    const found = settings.inspect(key);
    return [found?.globalValue, found?.workspaceValue, found?.workspaceFolderValue].some((value) => value !== undefined);
  };
  const { state, program } = session;
  const lines = [
    `extension: ${extensionVersion}`,
    `editor: ${vscode.env.appName} ${vscode.version}, ${vscode.env.remoteName ?? 'local'}, ${vscode.env.uiKind === vscode.UIKind.Web ? 'web' : 'desktop'}`,
    `system: ${platform()} ${release()} ${arch()}, node ${process.version}`,
    `program: ${program ? `from ${program.origin}, version ${session.version ?? 'unknown'}` : 'not found'}`,
    `server: ${state.kind}${state.kind === 'failed' ? ` (${state.reason})` : ''}, ended unexpectedly ${session.nCrashes} times`,
    `workspace: ${vscode.workspace.workspaceFolders?.length ?? 0} folders, ${vscode.workspace.isTrusted ? 'trusted' : 'not trusted'}`,
    `settings: ${SETTINGS.filter(isSet).join(', ') || 'defaults'}`,
    ...(await projects(session)),
  ];
  return `${lines.join('\n')}\n`;
}

async function projects(session: Session): Promise<string[]> {
  try {
    const status = await session.request<Status>(STATUS);
    return (status?.projects ?? []).map((project, at) => {
      const counts = `${project.tables} tables, ${project.migrations} migrations, ${project.pending} pending`;
      const findings = `${project.unknown} unknown, ${project.errors} errors, ${project.warnings} warnings`;
      const database = project.database ? `, database ${project.database.kind} ${project.database.state}` : '';
      return `project ${at + 1}: ${project.dialect ?? 'no dialect'}, ${counts}, ${findings}${database}`;
    });
  } catch (error) {
    return [`projects: ${String(error)}`];
  }
}
