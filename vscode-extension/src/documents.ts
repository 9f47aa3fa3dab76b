// Documents that are no files: what a migration would be, asked of the server, and the pictures of a schema, asked of the program.

import { execFile } from 'node:child_process';
import { dirname } from 'node:path';
import * as vscode from 'vscode';
import { labelOf } from './projects';
import { planProvider } from './consent';
import { PREVIEW_SCHEME, PREVIEW_TEXT, type ProjectStatus, type TreeProject } from './protocol';
import { argumentsOf } from './runs';
import type { Session } from './session';

const PICTURE_SCHEME = 'driftlens-picture';
const PICTURE_WITHIN_MS = 60_000;

export type Picture = 'desired' | 'history' | 'live';

interface Wanted {
  picture: Picture;
  config: string;
  name: string | null;
  /** Of the history: after this migration; null before the first. */
  at?: string | null;
  /** To be compared with what the schema files say: spelled as they do. */
  likeDesired?: boolean;
}

/** Fetches previews anew while they are open, as often as the projects change. */
export function documentProviders(session: Session, onDidChange: vscode.Event<void>): vscode.Disposable[] {
  const changed = new vscode.EventEmitter<vscode.Uri>();
  return [
    onDidChange(() => {
      vscode.workspace.textDocuments.filter(({ uri }) => uri.scheme === PREVIEW_SCHEME).forEach(({ uri }) => changed.fire(uri));
    }),
    planProvider(),
    vscode.workspace.registerTextDocumentContentProvider(PREVIEW_SCHEME, {
      onDidChange: changed.event,
      provideTextDocumentContent: async (uri) => {
        const answer = await session.request<{ text: string }>(PREVIEW_TEXT, { uri: uri.toString() });
        return answer?.text ?? '-- The server does not run.\n';
      },
    }),
    vscode.workspace.registerTextDocumentContentProvider(PICTURE_SCHEME, {
      provideTextDocumentContent: async (uri) => pictureText(session.program?.path, JSON.parse(uri.query) as Wanted),
    }),
  ];
}

/** What a picture of a project is called as a document. */
export function pictureUri(project: ProjectStatus, picture: Picture): vscode.Uri {
  const wanted: Wanted = { picture, config: project.config, name: project.name, likeDesired: true };
  return vscode.Uri.from({ scheme: PICTURE_SCHEME, path: `/${labelOf(project)} ${picture}.sql`, query: JSON.stringify(wanted) });
}

/** The schema before and after a migration. */
export function effectsOf({ config, name, nodes }: TreeProject, migration: string): { before: vscode.Uri; after: vscode.Uri; title: string } {
  // The newest comes first; what is applied and has no file is no state of the history.
  const tags = nodes.filter(({ kind, state }) => kind === 'migration' && state !== 'missing').map((node) => node.name ?? '');
  const previous = tags[tags.indexOf(migration) + 1] ?? null;
  const at = (tag: string | null) => {
    const wanted: Wanted = { picture: 'history', config, name, at: tag };
    return vscode.Uri.from({ scheme: PICTURE_SCHEME, path: `/${tag ?? 'empty'}.sql`, query: JSON.stringify(wanted) });
  };
  return { before: at(previous), after: at(migration), title: `${previous ?? 'empty'} ↔ ${migration}` };
}

async function pictureText(program: string | undefined, { picture, config, name, at, likeDesired }: Wanted): Promise<string> {
  if (at === null) {
    return '';
  }
  if (!program) {
    return '-- The program driftlens was not found.\n';
  }
  // A window that is opened again may still show what was asked for in other times.
  if (picture === 'live' && !vscode.workspace.isTrusted) {
    return '-- This workspace is not trusted: no database is looked at.\n';
  }
  const words = argumentsOf({ command: 'inspect', config, name, words: [picture], databaseToo: picture === 'live' });
  const options = [...(at ? [`--at=${at}`] : []), ...(likeDesired ? ['--like-desired'] : [])];
  return output(program, [...words, ...options, '--format', 'sql'], dirname(config)).catch((error: unknown) => String(error).replace(/^/gm, '-- '));
}

/** What the program prints. Rejects with what it says on standard error. */
export function output(program: string, words: string[], cwd: string): Promise<string> {
  const options = { cwd, timeout: PICTURE_WITHIN_MS, maxBuffer: 64 * 1024 * 1024, windowsHide: true };
  return new Promise((resolve, reject) => {
    execFile(program, words, options, (error, stdout, stderr) => (error ? reject(new Error(stderr.trim() || error.message)) : resolve(stdout)));
  });
}
