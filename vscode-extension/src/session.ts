// One server for all folders of the window: starts it, starts it again after a crash, and knows how it stands.

import * as vscode from 'vscode';
import { DidChangeConfigurationNotification } from 'vscode-languageclient/node';
import { Client } from './client';
import { belongTogether, findProgram, problemOf, versionOf, type Program } from './program';
import { CHANGED, DATABASE_CHANGED } from './protocol';

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;
/** A server that ran for this long did not die of its start. */
const STEADY_AFTER_MS = 180_000;
/** A person is told at this crash in a row, not at the first. */
const TOLD_AT_CRASH = 3;

export type SessionState =
  | { kind: 'stopped' }
  | { kind: 'starting' }
  | { kind: 'running' }
  | { kind: 'waiting'; seconds: number }
  | { kind: 'failed'; reason: string };

/** How long to wait after so many crashes in a row. */
export function waitAfter(nCrashes: number): number {
  return Math.min(FIRST_WAIT_MS * 2 ** Math.max(0, nCrashes - 1), LONGEST_WAIT_MS);
}

export class Session implements vscode.Disposable {
  program: Program | undefined;
  version: string | undefined;
  nCrashes = 0;

  private client: Client | undefined;
  private current: SessionState = { kind: 'stopped' };
  private startedAt = 0;
  private timer: NodeJS.Timeout | undefined;
  /** Starts and stops take turns: a client that is still starting can be neither stopped nor replaced. */
  private turn: Promise<void> = Promise.resolve();
  private readonly changedState = new vscode.EventEmitter<SessionState>();
  private readonly changedData = new vscode.EventEmitter<void>();
  readonly onDidChangeState = this.changedState.event;
  /** The server says that its answers may be others now. */
  readonly onDidChangeData = this.changedData.event;

  constructor(
    private readonly extension: { path: string; version: string },
    private readonly log: vscode.LogOutputChannel,
  ) {}

  get state(): SessionState {
    return this.current;
  }

  /** Starts it, in place of the one that runs. */
  restart(): Promise<void> {
    this.nCrashes = 0;
    return this.startAgain();
  }

  stop(): Promise<void> {
    return this.inTurn(() => this.end());
  }

  /** Asks the server; undefined where none runs. */
  async request<R>(method: string, params: object = {}): Promise<R | undefined> {
    return this.client && this.current.kind === 'running' ? this.client.sendRequest<R>(method, params) : undefined;
  }

  /** Whether the server that runs has a command. */
  offers(command: string): boolean {
    return this.current.kind === 'running' && (this.client?.offers(command) ?? false);
  }

  async execute(command: string, argument: object): Promise<unknown> {
    return this.client?.send(command, argument);
  }

  refreshLenses(): void {
    this.client?.refreshLenses();
  }

  /** The server asks for the settings that it wants. */
  async settingsChanged(): Promise<void> {
    await this.client?.sendNotification(DidChangeConfigurationNotification.type, { settings: null });
  }

  /** Something was run that may have brought up, down or changed a database. */
  async databaseChanged(): Promise<void> {
    await this.client?.sendNotification(DATABASE_CHANGED, {});
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.changedState.dispose();
    this.changedData.dispose();
  }

  private startAgain(): Promise<void> {
    return this.inTurn(async () => {
      await this.end();
      await this.begin();
    });
  }

  private inTurn(job: () => Promise<void>): Promise<void> {
    this.turn = this.turn.then(job).catch((error: unknown) => this.log.error(String(error)));
    return this.turn;
  }

  private set(state: SessionState): void {
    this.current = state;
    this.changedState.fire(state);
  }

  /** A server that does not end in time is no reason not to start the next one. */
  private async end(): Promise<void> {
    clearTimeout(this.timer);
    const running = this.client;
    this.client = undefined;
    this.set({ kind: 'stopped' });
    try {
      await running?.dispose();
    } catch (error) {
      this.log.error(String(error));
    }
  }

  private async begin(): Promise<void> {
    this.set({ kind: 'starting' });
    this.version = undefined;
    this.program = findProgram(this.extension.path);
    const problem = problemOf(this.program);
    if (!this.program || problem) {
      this.fail(problem ?? 'There is no program to start.');
      return;
    }
    const { path, origin } = this.program;
    try {
      this.version = await versionOf(path);
    } catch (error) {
      this.fail(error instanceof Error ? error.message : String(error));
      return;
    }
    this.log.info(`starting ${path} lsp (${origin}, version ${this.version})`);
    if (!belongTogether(this.version, this.extension.version)) {
      this.warnOfVersions(path);
    }
    const starting = new Client(path, this.log, () => this.crashed());
    try {
      await starting.startInTime();
    } catch (error) {
      this.log.error(String(error));
      this.fail('The server could not be started. The log says why.');
      return;
    }
    // It may have ended again already.
    if (this.state.kind !== 'starting') {
      return;
    }
    this.client = starting;
    this.startedAt = Date.now();
    starting.onNotification(CHANGED, () => this.changedData.fire());
    this.set({ kind: 'running' });
  }

  private crashed(): void {
    this.client = undefined;
    this.nCrashes = Date.now() - this.startedAt > STEADY_AFTER_MS ? 1 : this.nCrashes + 1;
    const wait = waitAfter(this.nCrashes);
    this.log.error(`the server ended unexpectedly; it is started again in ${wait / 1000} s`);
    this.set({ kind: 'waiting', seconds: wait / 1000 });
    this.timer = setTimeout(() => void this.startAgain(), wait);
    if (this.nCrashes === TOLD_AT_CRASH) {
      complain(`The server ended unexpectedly ${TOLD_AT_CRASH} times. It is started again, more and more rarely.`, ['Show Log', 'Copy Debug Information']);
    }
  }

  private fail(reason: string): void {
    this.log.error(reason);
    this.set({ kind: 'failed', reason });
    complain(reason, ['Open Settings', 'Show Log']);
  }

  private warnOfVersions(path: string): void {
    const message = `Driftlens: ${path} has version ${this.version}, this extension is ${this.extension.version}. Some of it may not work: install the same version of both.`;
    this.log.warn(message);
    void vscode.window.showWarningMessage(message);
  }
}

const REMEDIES = {
  'Open Settings': () => vscode.commands.executeCommand('workbench.action.openSettings', 'driftlens.server.path'),
  'Show Log': () => vscode.commands.executeCommand('driftlens.showLog'),
  'Copy Debug Information': () => vscode.commands.executeCommand('driftlens.copyDebugInformation'),
};

/** One message with what a person can do about it. Nothing waits for the answer. */
function complain(message: string, remedies: (keyof typeof REMEDIES)[]): void {
  void vscode.window.showErrorMessage(`Driftlens: ${message}`, ...remedies).then((chosen) => chosen && REMEDIES[chosen]());
}
