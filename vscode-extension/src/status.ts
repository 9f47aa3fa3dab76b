// The one item in the status bar.

import * as vscode from 'vscode';
import { countsOf, labelOf, type Projects } from './projects';
import type { ProjectStatus } from './protocol';
import type { Session, SessionState } from './session';

export interface Shown {
  text: string;
  /** Markdown. */
  tooltip: string;
  /** Nothing works until somebody does something. */
  isBlocked: boolean;
}

export function statusItem(session: Session, projects: Projects): vscode.Disposable[] {
  const item = vscode.window.createStatusBarItem('driftlens.status', vscode.StatusBarAlignment.Left);
  item.name = 'Driftlens';
  item.command = 'driftlens.showMenu';
  const update = () => {
    const { text, tooltip, isBlocked } = describe(session.state, projects.list, projects.current);
    item.text = text;
    item.tooltip = new vscode.MarkdownString(tooltip);
    item.backgroundColor = isBlocked ? new vscode.ThemeColor('statusBarItem.errorBackground') : undefined;
  };
  update();
  item.show();
  const moments = [session.onDidChangeState(update), projects.onDidChange(update), vscode.window.onDidChangeActiveTextEditor(update)];
  return [item, ...moments];
}

export function describe(state: SessionState, projects: ProjectStatus[], current: ProjectStatus | undefined): Shown {
  const unready = (icon: string, tooltip: string, isBlocked = false) => ({ text: `$(${icon}) Driftlens`, tooltip, isBlocked });
  switch (state.kind) {
    case 'stopped':
      return unready('circle-slash', 'The server does not run.');
    case 'starting':
      return unready('loading~spin', 'The server is starting.');
    case 'waiting':
      return unready('warning', `The server ended unexpectedly and is started again after ${state.seconds} s.`);
    case 'failed':
      return unready('error', escape(state.reason), true);
    case 'running':
      break;
  }
  if (projects.length === 0) {
    return unready('database', 'No project was found in this workspace.');
  }
  const environment = current?.database ? ` (${current.database.environment})` : '';
  const name = current ? labelOf(current) + environment : `${projects.length} projects`;
  const shown = current ? [current] : projects;
  const isBlocked = shown.some((project) => project.errors > 0);
  const counts = current ? countsOf(current) : countsOf(sum(projects));
  const icon = isBlocked ? 'error' : counts.length > 0 ? 'git-commit' : 'check';
  const text = `$(${icon}) ${name}${counts.length > 0 ? `: ${counts.join(', ')}` : ''}`;
  return { text, tooltip: projects.map(line).join('\n\n'), isBlocked };
}

function line(project: ProjectStatus): string {
  const counts = countsOf(project);
  const database = project.database;
  const unproved = database?.unproved ? `, ${database.unproved} unproved` : '';
  const where = database ? `; ${database.kind} database ${database.environment} at ${database.address}: ${database.reason ?? database.state}${unproved}` : '';
  return escape(`${labelOf(project)}: ${counts.length > 0 ? counts.join(', ') : 'in sync'}${where}`);
}

function sum(projects: ProjectStatus[]): ProjectStatus {
  const of = (count: (project: ProjectStatus) => number | null | undefined) =>
    projects.reduce((total, project) => total + (count(project) ?? 0), 0);
  const [pending, errors, unknown] = [of((it) => it.pending), of((it) => it.errors), of((it) => it.unknown)];
  const database = { unapplied: of((it) => it.database?.unapplied), drift: of((it) => it.database?.drift) };
  return { pending, errors, unknown, database } as ProjectStatus;
}

function escape(text: string): string {
  return text.replace(/[\\`*_{}[\]<>()#+!|~$-]/g, '\\$&');
}
