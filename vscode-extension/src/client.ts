// The language client, quiet until it is ready: a failed start is told once, by the extension.

import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { LogOutputChannel } from 'vscode';
import { CloseAction, ErrorAction, LanguageClient, type ErrorHandler, type LanguageClientOptions } from 'vscode-languageclient/node';

const START_TIMEOUT_S = 20;

export class Client extends LanguageClient {
  private ready = false;

  constructor(command: string, options: LanguageClientOptions) {
    // What the server logs is not an error only because it comes over standard error.
    const forward = (input: Readable, log: LogOutputChannel) =>
      void createInterface({ input }).on('line', (line) => log.info(line));
    super('driftlens', 'Driftlens', { command, args: ['lsp'] }, {
      ...options,
      stdioOptions: { stdout: forward, stderr: forward },
      initializationFailedHandler: () => false,
    });
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
    if (this.isRunning()) {
      await super.stop(timeout);
    }
  }

  override error(message: string, data?: unknown, show?: boolean | 'force'): void {
    super.error(message, data, this.ready ? show : false);
  }

  override createDefaultErrorHandler(maxRestartCount?: number): ErrorHandler {
    const usual = super.createDefaultErrorHandler(maxRestartCount);
    return {
      error: (...problem) => (this.ready ? usual.error(...problem) : { action: ErrorAction.Continue, handled: true }),
      closed: () => (this.ready ? usual.closed() : { action: CloseAction.DoNotRestart, handled: true }),
    };
  }
}
