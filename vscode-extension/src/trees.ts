// The trees of the schema and of the migrations, as the server tells them.

import * as vscode from 'vscode';
import { MIGRATIONS_TREE, SCHEMA_TREE, type Tree, type TreeNode, type TreeProject } from './protocol';
import type { Projects } from './projects';
import type { Session } from './session';

const STATE_SCHEME = 'driftlens-state';
/** The server does not know the request. */
const METHOD_NOT_FOUND = -32601;

/** A project, or something in it. */
export interface Element {
  project: TreeProject;
  node?: TreeNode;
}

const ICONS: Record<string, string> = {
  project: 'database', namespace: 'symbol-namespace', role: 'person', policy: 'shield',
  table: 'table', view: 'preview', enum: 'symbol-enum', sequence: 'symbol-numeric',
  column: 'symbol-field', primaryKey: 'key', foreignKey: 'references', unique: 'star', check: 'checklist', index: 'list-tree',
  migration: 'file-code', effect: 'symbol-event',
};

const BADGES: Record<string, [string, string]> = {
  pending: ['P', 'in no migration'],
  drift: ['D', 'differs from the database'],
  unmanaged: ['H', 'made by hand-written SQL only'],
  unknown: ['?', 'not known'],
  applied: ['✓', 'applied'],
  unapplied: ['U', 'not applied'],
  modified: ['M', 'changed after it was applied'],
  missing: ['!', 'applied, but its file is gone'],
};

export function trees(session: Session, projects: Projects): vscode.Disposable[] {
  const schema = new TreeProvider(session, SCHEMA_TREE, 'driftlens.schema');
  const migrations = new TreeProvider(session, MIGRATIONS_TREE, 'driftlens.migrations');
  const views = [schema.show(), migrations.show()];
  const refresh = projects.onDidChange(() => {
    schema.refresh();
    migrations.refresh();
  });
  return [...views, refresh, vscode.window.registerFileDecorationProvider({ provideFileDecoration: decoration })];
}

export class TreeProvider implements vscode.TreeDataProvider<Element> {
  private view: vscode.TreeView<Element> | undefined;
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChangeTreeData = this.changed.event;

  constructor(private readonly session: Session, private readonly method: string, private readonly id: string) {}

  show(): vscode.Disposable {
    this.view = vscode.window.createTreeView(this.id, { treeDataProvider: this, showCollapseAll: true });
    return this.view;
  }

  refresh(): void {
    this.changed.fire();
  }

  async getChildren(element?: Element): Promise<Element[]> {
    if (element) {
      const nodes = element.node ? element.node.children : element.project.nodes;
      return (nodes ?? []).map((node) => ({ project: element.project, node }));
    }
    const projects = await this.ask();
    const [only] = projects;
    // A level that says nothing is left out.
    return only && projects.length === 1 ? this.getChildren({ project: only }) : projects.map((project) => ({ project }));
  }

  getTreeItem({ project, node }: Element): vscode.TreeItem {
    const { None, Collapsed, Expanded } = vscode.TreeItemCollapsibleState;
    if (!node) {
      const item = new vscode.TreeItem(project.label, Expanded);
      item.id = idOf(project);
      item.contextValue = 'project';
      item.iconPath = icon('project');
      return item;
    }
    const item = new vscode.TreeItem(node.label, node.children?.length ? Collapsed : None);
    item.id = `${idOf(project)}#${node.id}`;
    item.contextValue = [node.kind, node.state, node.name && 'named'].filter(Boolean).join(' ');
    item.iconPath = icon(node.kind);
    item.description = node.description ?? '';
    if (node.tooltip) {
      item.tooltip = new vscode.MarkdownString(node.tooltip);
    }
    if (node.state) {
      // The id starts with a path of its own, and VS Code takes no path that begins with two slashes.
      item.resourceUri = vscode.Uri.from({ scheme: STATE_SCHEME, path: `/${encodeURIComponent(item.id)}`, query: node.state });
    }
    if (node.location) {
      const { uri, range: { start, end } } = node.location;
      const selection = new vscode.Range(start.line, start.character, end.line, end.character);
      item.command = { command: 'vscode.open', title: 'Open', arguments: [vscode.Uri.parse(uri), { selection }] };
    }
    return item;
  }

  private async ask(): Promise<TreeProject[]> {
    this.say('');
    try {
      const answer = await this.session.request<Tree>(this.method);
      const projects = answer?.projects ?? [];
      // What is not known yet is not called empty.
      const isEmpty = answer !== undefined && projects.every(({ nodes }) => nodes.length === 0);
      await vscode.commands.executeCommand('setContext', `${this.id}.isEmpty`, isEmpty);
      return isEmpty ? [] : projects;
    } catch (error) {
      const isUnknown = (error as { code?: unknown }).code === METHOD_NOT_FOUND;
      this.say(isUnknown ? `driftlens ${this.session.version ?? ''} does not offer this view.` : String(error));
      return [];
    }
  }

  private say(message: string): void {
    if (this.view) {
      this.view.message = message;
    }
  }
}

/** The badge of a state; of a state that is not known, its name. */
export function decoration(uri: vscode.Uri): vscode.FileDecoration | undefined {
  if (uri.scheme !== STATE_SCHEME) {
    return undefined;
  }
  const [badge, tooltip] = BADGES[uri.query] ?? ['•', uri.query];
  return new vscode.FileDecoration(badge, tooltip);
}

function idOf(project: TreeProject): string {
  return `${project.config}#${project.name ?? ''}`;
}

function icon(kind: string): vscode.ThemeIcon {
  return new vscode.ThemeIcon(ICONS[kind] ?? 'circle-small');
}
