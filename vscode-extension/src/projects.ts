// The projects that the server has open, in numbers; asked for again when something may have changed.

import { dirname, sep } from 'node:path';
import * as vscode from 'vscode';
import { STATUS, type ProjectStatus, type Status, type Wanted } from './protocol';
import type { Session } from './session';

const QUIET_FOR_MS = 200;

/** What names a project: a status, a part of a tree, or the argument of a server's command. */
export type Named = Partial<Pick<ProjectStatus, 'config' | 'name'>> & Partial<Pick<Wanted, 'source' | 'index'>>;

export class Projects implements vscode.Disposable {
  list: ProjectStatus[] = [];

  private timer: NodeJS.Timeout | undefined;
  /** Files with findings of ours: when these change, so may the counts. */
  private files = new Set<string>();
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.changed.event;
  private readonly subscriptions: vscode.Disposable[];

  constructor(private readonly session: Session, private readonly log: vscode.LogOutputChannel) {
    this.subscriptions = [
      session.onDidChangeState(() => this.refresh()),
      session.onDidChangeData(() => this.refresh()),
      vscode.languages.onDidChangeDiagnostics(({ uris }) => this.diagnosticsChanged(uris)),
      vscode.tasks.onDidEndTask(({ execution }) => {
        if (execution.task.definition.type === 'driftlens') {
          void session.databaseChanged();
          this.refresh();
        }
      }),
      vscode.window.onDidChangeWindowState(({ focused }) => { if (focused) this.refresh(); }),
    ];
  }

  /** The one of the active editor, or the only one. */
  get current(): ProjectStatus | undefined {
    const file = vscode.window.activeTextEditor?.document.uri.fsPath;
    return closest(this.list, file) ?? (this.list.length === 1 ? this.list[0] : undefined);
  }

  refresh(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.ask(), QUIET_FOR_MS);
  }

  find(named: Named | undefined): ProjectStatus | undefined {
    const config = named?.config ?? named?.source;
    return this.list.find((project) => {
      const isIt = named?.index === undefined ? project.name === (named?.name ?? null) : indexOf(project, this.list) === named.index;
      return project.config === config && isIt;
    });
  }

  /** The one that is named, the only one, or the one that a person chooses. */
  async choose(named: Named | undefined, title: string, among = this.list): Promise<ProjectStatus | undefined> {
    const found = this.find(named) ?? (among.length === 1 ? among[0] : undefined);
    if (found || among.length === 0) {
      return found;
    }
    const items = among.map((project) => ({ label: labelOf(project), description: countsOf(project).join(', '), detail: project.config, project }));
    const current = this.current;
    items.sort((a, b) => Number(b.project === current) - Number(a.project === current));
    return (await vscode.window.showQuickPick(items, { title, matchOnDetail: true }))?.project;
  }

  wanted(project: ProjectStatus): Wanted {
    return { version: 1, source: project.config, index: indexOf(project, this.list) };
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.subscriptions.forEach((subscription) => void subscription.dispose());
    this.changed.dispose();
  }

  private diagnosticsChanged(uris: readonly vscode.Uri[]): void {
    const isOurs = (uri: vscode.Uri) => vscode.languages.getDiagnostics(uri).some(({ source }) => source === 'driftlens');
    const ours = new Set(uris.filter(isOurs).map(String));
    if (ours.size > 0 || uris.some((uri) => this.files.has(String(uri)))) {
      uris.forEach((uri) => this.files.delete(String(uri)));
      ours.forEach((uri) => this.files.add(uri));
      this.refresh();
    }
  }

  async ask(): Promise<void> {
    try {
      this.list = (await this.session.request<Status>(STATUS))?.projects ?? [];
    } catch (error) {
      this.log.warn(`the status is not known: ${String(error)}`);
    }
    this.session.refreshLenses();
    await vscode.commands.executeCommand('setContext', 'driftlens.hasProjects', this.list.length > 0);
    this.changed.fire();
  }
}

/** How people call it. */
export function labelOf(project: ProjectStatus): string {
  return project.label ?? project.name ?? vscode.workspace.asRelativePath(project.config);
}

/** The environment that is looked at and that commands run on; undefined for the one for development. */
export function environmentSetting(): string | undefined {
  return vscode.workspace.getConfiguration('driftlens').get<string>('database.environment')?.trim() || undefined;
}

/** What is open, in words; empty where nothing is. */
export function countsOf(project: ProjectStatus): string[] {
  const counts: [number | null | undefined, string][] = [
    [project.errors, project.errors === 1 ? 'error' : 'errors'],
    [project.pending, 'pending'],
    [project.database?.unapplied, 'unapplied'],
    [project.database?.drift, 'drift'],
    [project.unknown, 'unknown'],
  ];
  return counts.flatMap(([count, word]) => (count ? [`${count} ${word}`] : []));
}

/** The project in whose folder a file lies; of several the one furthest down. */
export function closest(projects: ProjectStatus[], file: string | undefined): ProjectStatus | undefined {
  const depth = (project: ProjectStatus) => dirname(project.config).length;
  return projects
    .filter((project) => file?.startsWith(dirname(project.config) + sep))
    .reduce<ProjectStatus | undefined>((best, project) => (best && depth(best) >= depth(project) ? best : project), undefined);
}

function indexOf(project: ProjectStatus, projects: ProjectStatus[]): number {
  return project.index ?? projects.filter(({ config }) => config === project.config).indexOf(project);
}
