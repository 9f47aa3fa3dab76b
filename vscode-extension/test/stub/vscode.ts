// As much of the editor's interface as the tests need. What a test sets is in `editor`.

import { vi } from 'vitest';

export const editor = {
  settings: {} as Record<string, unknown>,
  statusItems: [] as StatusBarItem[],
  executed: [] as unknown[][],
  commands: {} as Record<string, (argument?: unknown) => Promise<unknown>>,
};

type Listener<T> = (event: T) => unknown;

export class EventEmitter<T> {
  private readonly listeners = new Set<Listener<T>>();
  event = (listener: Listener<T>): { dispose: () => void } => {
    this.listeners.add(listener);
    return { dispose: () => this.listeners.delete(listener) };
  };
  fire(event: T): void {
    this.listeners.forEach((listener) => listener(event));
  }
  dispose(): void {
    this.listeners.clear();
  }
}

export class Uri {
  constructor(readonly scheme: string, readonly path: string, readonly query = '') {}
  get fsPath(): string {
    return this.path;
  }
  static file = (path: string) => new Uri('file', path);
  static from(parts: { scheme: string; path: string; query?: string }): Uri {
    if (parts.path.startsWith('//')) {
      throw new Error('[UriError]: If a URI does not contain an authority component, the path cannot begin with two slashes');
    }
    return new Uri(parts.scheme, parts.path, parts.query);
  }
  static parse(text: string): Uri {
    const url = new URL(text);
    return new Uri(url.protocol.slice(0, -1), decodeURIComponent(url.pathname), url.search.slice(1));
  }
  toString(): string {
    return `${this.scheme}:${this.scheme === 'file' ? '//' : ''}${this.path}${this.query && `?${this.query}`}`;
  }
}

export class ThemeIcon {
  constructor(readonly id: string, readonly color?: ThemeColor) {}
}
export class ThemeColor {
  constructor(readonly id: string) {}
}
export class MarkdownString {
  constructor(public value = '', readonly supportThemeIcons = false) {}
}
export class TreeItem {
  constructor(readonly label: string, readonly collapsibleState: number) {}
}
export class FileDecoration {
  constructor(readonly badge?: string, readonly tooltip?: string) {}
}
export class ProcessExecution {
  constructor(readonly process: string, readonly args: string[], readonly options?: object) {}
}
export class Task {
  presentationOptions: object = {};
  detail?: string;
  constructor(readonly definition: object, readonly scope: unknown, readonly name: string, readonly source: string, readonly execution?: ProcessExecution) {}
}
export class StatusBarItem {
  text = '';
  tooltip: MarkdownString | undefined;
  backgroundColor: ThemeColor | undefined;
  command = '';
  shown = false;
  show = () => void (this.shown = true);
  hide = () => void (this.shown = false);
  dispose = () => undefined;
}

export const TreeItemCollapsibleState = { None: 0, Collapsed: 1, Expanded: 2 };
export const StatusBarAlignment = { Left: 1, Right: 2 };
export const TaskScope = { Workspace: 2 };
export const TaskRevealKind = { Always: 1 };
export const TaskPanelKind = { Dedicated: 2 };
export const ConfigurationTarget = { Workspace: 2 };
export const QuickPickItemKind = { Separator: -1 };
export const UIKind = { Desktop: 1, Web: 2 };
export const version = '1.91.0';
export const env = { appName: 'Test', remoteName: undefined, uiKind: 1 };

const nothing = (..._listener: unknown[]) => ({ dispose: () => undefined });

export const window = {
  activeTextEditor: undefined as { document: { uri: Uri } } | undefined,
  showErrorMessage: vi.fn((): Promise<string | undefined> => Promise.resolve(undefined)),
  showWarningMessage: vi.fn((..._words: unknown[]): Promise<string | undefined> => Promise.resolve(undefined)),
  showInformationMessage: vi.fn((): Promise<string | undefined> => Promise.resolve(undefined)),
  showQuickPick: vi.fn((_items: unknown): Promise<unknown> => Promise.resolve(undefined)),
  showInputBox: vi.fn((): Promise<string | undefined> => Promise.resolve(undefined)),
  showTextDocument: vi.fn((_document: unknown) => Promise.resolve(undefined)),
  onDidChangeActiveTextEditor: vi.fn(nothing),
  onDidChangeWindowState: vi.fn(nothing),
  createStatusBarItem: () => {
    const item = new StatusBarItem();
    editor.statusItems.push(item);
    return item;
  },
};

export const workspace = {
  isTrusted: true,
  workspaceFolders: [] as { uri: Uri; name: string; index: number }[],
  textDocuments: [] as { uri: Uri }[],
  openTextDocument: (uri: Uri) => Promise.resolve({ uri }),
  registerTextDocumentContentProvider: (scheme: string, provider: unknown) => ({ scheme, provider, dispose: () => undefined }),
  saveAll: vi.fn(() => Promise.resolve(true)),
  onDidChangeConfiguration: vi.fn(nothing),
  onDidSaveTextDocument: vi.fn(nothing),
  asRelativePath: (path: string) => path.replace('/projects/', ''),
  getWorkspaceFolder: (uri: Uri) => workspace.workspaceFolders.find((folder) => uri.path.startsWith(folder.uri.path)),
  getConfiguration: (section: string) => ({
    get: (key: string) => editor.settings[`${section}.${key}`],
    inspect: (key: string) => ({ globalValue: editor.settings[`${section}.${key}`] }),
    update: (key: string, value: unknown) => {
      editor.settings[`${section}.${key}`] = value;
      return Promise.resolve();
    },
  }),
};

export const languages = { onDidChangeDiagnostics: vi.fn(nothing) };
export const tasks = { executeTask: vi.fn((_task: Task) => Promise.resolve(undefined)), onDidEndTask: vi.fn(nothing) };
export const commands = {
  registerCommand: (id: string, action: (argument?: unknown) => Promise<unknown>) => {
    editor.commands[id] = action;
    return { dispose: () => undefined };
  },
  executeCommand: (...call: unknown[]) => {
    editor.executed.push(call);
    return Promise.resolve(undefined);
  },
};

export class Range {
  constructor(readonly line: number, readonly character: number, readonly endLine: number, readonly endCharacter: number) {}
}
