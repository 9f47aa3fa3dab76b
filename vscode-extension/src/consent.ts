// What changes a database on the server's side: it says what it would do, a person says yes or no in a dialog, and only then it is done.

import * as vscode from 'vscode';
import { isQuestion, type Question, type Removals } from './protocol';

export const PLAN_SCHEME = 'driftlens-plan';
const SHOW = 'Show SQL';
const KEEP = 'Stop and Keep Data';
const REMOVE = 'Remove Data';

/** The server's commands that ask first. */
export const ASKING: Record<string, string> = { push: 'driftlens.push', migrate: 'driftlens.migrate' };

export type Execute = (command: string, argument: object) => Promise<unknown>;

/** The SQL that was last asked about, by the name of its document. */
const plans = new Map<string, { text: string; argument: object }>();
const changed = new vscode.EventEmitter<vscode.Uri>();

/** Asks for what a command would do, asks a person, and has it done. Where there is nothing to ask, the server has said why. */
export async function withConsent(execute: Execute, command: string, argument: object): Promise<void> {
  insistOnTrust();
  // What the schema files say is what is on the screen.
  await vscode.workspace.saveAll(false);
  const question = await execute(command, argument);
  if (!isQuestion(question)) {
    return;
  }
  const { verb, detail, token } = question;
  // Enter presses the first: where something is lost that is no yes.
  const answers = question.isDestructive ? [SHOW, verb] : [verb, SHOW];
  const answer = await vscode.window.showWarningMessage(question.question, { modal: true, detail }, ...answers);
  if (answer === SHOW) {
    await showPlan(question, argument);
  } else if (answer === verb) {
    await execute(`${command}.confirmed`, { token });
  }
}

/** Asks a person whether data may be removed for good, as the program says what it is; gives the words that `down` takes then, if any. */
export async function askDown(ask: () => Promise<Removals>): Promise<string[] | undefined> {
  insistOnTrust();
  const { removed, reason } = await ask();
  if (removed.length === 0) {
    void vscode.window.showInformationMessage(`Driftlens: ${reason ?? 'there is nothing to remove'}`);
    return undefined;
  }
  const detail = ['Lost for good:', ...removed.flatMap(({ lost }) => lost), ...(reason ? [reason] : [])].join('\n');
  const question = removed.map((removal) => removal.question).join('\n');
  const answer = await vscode.window.showWarningMessage(question, { modal: true, detail }, KEEP, REMOVE);
  return answer === REMOVE ? ['--volumes', '--yes'] : answer === KEEP ? [] : undefined;
}

function insistOnTrust(): void {
  if (!vscode.workspace.isTrusted) {
    throw new Error('in a workspace that is not trusted no database is changed');
  }
}

/** What a document of SQL was asked about: its command asks again. */
export function askedAbout(uri: vscode.Uri): object | undefined {
  return plans.get(uri.path)?.argument;
}

export function planProvider(): vscode.Disposable {
  return vscode.workspace.registerTextDocumentContentProvider(PLAN_SCHEME, {
    onDidChange: changed.event,
    provideTextDocumentContent: ({ path }) => plans.get(path)?.text ?? '-- What stood here was asked in another session: run the command again.\n',
  });
}

/** The SQL, to be read in peace. Nothing is done; the command asks again, of the database as it is then. */
async function showPlan({ verb, address, sql }: Question, argument: object): Promise<void> {
  const path = `/${verb.replace(/[\\/?#\n]/g, '_')}.sql`;
  const uri = vscode.Uri.from({ scheme: PLAN_SCHEME, path });
  plans.set(path, { text: `-- ${verb} (${address})\n\n${sql.trimEnd()}\n`, argument });
  changed.fire(uri);
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: true });
}
