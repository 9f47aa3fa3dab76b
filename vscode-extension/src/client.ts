// The language client of one server process: starts in time or not at all, says what failed in the server's own words, and leaves
// it to the session whether there is a next one.

import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import * as vscode from 'vscode';
import { CloseAction, CodeLensRequest, ErrorAction, ExecuteCommandRequest, LanguageClient, type ErrorHandler, type StaticFeature } from 'vscode-languageclient/node';
import { ASKING, withConsent } from './consent';
import { GENERATE } from './protocol';

const LANGUAGES = ['typescript', 'typescriptreact', 'javascript', 'javascriptreact', 'json', 'jsonc', 'sql'];
const IN_TERMINAL = 'Generate in Terminal';
const START_TIMEOUT_S = 20;

export class Client extends LanguageClient {
  private ready = false;

  constructor(command: string, log: vscode.LogOutputChannel, private readonly onCrash: () => void) {
    // What the server logs is not an error only because it comes over standard error.
    const forward = (input: Readable) => void createInterface({ input }).on('line', (line) => relay(line, log));
    super('driftlens', 'Driftlens', { command, args: ['lsp'] }, {
      documentSelector: [
        ...LANGUAGES.map((language) => ({ scheme: 'file', language })),
        { scheme: 'file', pattern: '**/driftlens.toml' },
      ],
      outputChannel: log,
      stdioOptions: { stdout: forward, stderr: forward },
      initializationOptions: initializationOptions(),
      initializationFailedHandler: () => false,
      middleware: {
        // A refusal is an answer for a person, not a failure of the editor.
        executeCommand: (command: string, args: unknown[]) => this.execute(command, args),
      },
    });
    this.registerFeature(OFFERS);
  }

  /** Rejects in time, and leaves no process behind then. */
  async startInTime(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      const message = `no answer within ${START_TIMEOUT_S} s`;
      timer = setTimeout(() => reject(new Error(message)), START_TIMEOUT_S * 1000);
    });
    try {
      await Promise.race([this.start(), late]);
      this.ready = true;
    } catch (error) {
      const server = this.serverProcess;
      await this.dispose();
      server?.kill();
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  /** What does not run cannot be stopped: the original throws. */
  override async stop(timeout?: number): Promise<void> {
    this.ready = false;
    if (this.isRunning()) {
      await super.stop(timeout);
    }
  }

  /** What is above the tables may be something else, though nobody typed. */
  refreshLenses(): void {
    const lenses = this.getFeature(CodeLensRequest.method);
    const providers = vscode.window.visibleTextEditors.map(({ document }) => lenses.getProvider(document));
    new Set(providers).forEach((provider) => provider?.onDidChangeCodeLensEmitter.fire());
  }

  /** Whether the server has a command. */
  offers(command: string): boolean {
    return this.initializeResult?.capabilities.executeCommandProvider?.commands.includes(command) ?? false;
  }

  /** Has the server run one of its commands. */
  send(command: string, argument: object): Promise<unknown> {
    return this.sendRequest(ExecuteCommandRequest.type, { command, arguments: [argument] });
  }

  /** Generating is from what is saved; in a terminal the program can ask what the server refuses to guess. */
  private async execute(command: string, args: unknown[]): Promise<void> {
    if (command === GENERATE) {
      await vscode.workspace.saveAll(false);
    }
    try {
      if (Object.values(ASKING).includes(command)) {
        await withConsent((it, argument) => this.send(it, argument), command, (args[0] ?? {}));
      } else {
        await this.sendRequest(ExecuteCommandRequest.type, { command, arguments: args });
      }
    } catch (error) {
      const reason = `Driftlens: ${error instanceof Error ? error.message : String(error)}`;
      const remedies = command === GENERATE && vscode.workspace.isTrusted ? [IN_TERMINAL] : [];
      void vscode.window.showErrorMessage(reason, ...remedies).then((chosen) => {
        return chosen && vscode.commands.executeCommand('driftlens.run.generate', args[0]);
      });
    }
  }

  /** Shows the reason that the server gives in place of "Request … failed"; quiet until it is ready: a failed start is told once. */
  override error(message: string, data?: unknown, show?: boolean | 'force'): void {
    super.error(message, data, false);
    if (this.ready && show) {
      void vscode.window.showErrorMessage(`Driftlens: ${data instanceof Error ? data.message : message}`);
    }
  }

  override createDefaultErrorHandler(): ErrorHandler {
    return {
      // A connection that is of no more use closes.
      error: () => ({ action: ErrorAction.Continue, handled: true }),
      closed: () => {
        if (this.ready) {
          this.ready = false;
          this.onCrash();
        }
        return { action: CloseAction.DoNotRestart, handled: true };
      },
    };
  }
}

/** Tells the server that we show its previews, ask its questions, and want to hear when its answers change. */
const OFFERS: StaticFeature = {
  fillClientCapabilities: (capabilities) => {
    const ours = { driftlensPreview: true, driftlensChanged: true, driftlens: { confirms: true } };
    capabilities.experimental = { ...(capabilities.experimental as object | undefined), ...ours };
  },
  initialize: () => undefined,
  getState: () => ({ kind: 'static' }),
  clear: () => undefined,
};

/** In a folder that is not trusted no database is looked at, whatever is set later. */
export function initializationOptions(): object {
  return vscode.workspace.isTrusted ? {} : { database: { enable: false } };
}

const LEVELS = { ERROR: 'error', WARN: 'warn', INFO: 'info', DEBUG: 'debug', TRACE: 'debug' } as const;

/** Keeps the level of a line of the server's log. */
export function relay(line: string, log: Pick<vscode.LogOutputChannel, 'debug' | 'error' | 'info' | 'warn'>): void {
  const [, level = 'INFO', text = line] = /^\S+Z\s+(ERROR|WARN|INFO|DEBUG|TRACE)\s+(.*)$/.exec(line) ?? [];
  log[LEVELS[level as keyof typeof LEVELS]](text);
}
