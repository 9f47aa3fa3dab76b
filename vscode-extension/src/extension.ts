// Starts the language server and shows what it says. Knows no schema.

import * as vscode from 'vscode';
import { Client } from './client';
import { findServer, isProgram } from './server';

const LANGUAGES = ['typescript', 'typescriptreact', 'javascript', 'javascriptreact', 'json', 'jsonc', 'sql'];

let client: Client | undefined;
let log: vscode.LogOutputChannel;
/** Starts and stops take turns: a client that is still starting can be neither stopped nor replaced. */
let turn: Promise<void> = Promise.resolve();

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  log = vscode.window.createOutputChannel('Driftlens', { log: true });
  context.subscriptions.push(
    log,
    vscode.commands.registerCommand('driftlens.restartServer', restart),
    vscode.commands.registerCommand('driftlens.showLog', () => log.show()),
    vscode.workspace.onDidChangeConfiguration(async (event) => {
      if (event.affectsConfiguration('driftlens.server.path')) {
        await restart();
      }
    }),
    vscode.workspace.onDidGrantWorkspaceTrust(() => inTurn(async () => {
      if (!client) {
        await start();
      }
    })),
  );
  await inTurn(start);
}

export function deactivate(): Promise<void> {
  return inTurn(stop);
}

function restart(): Promise<void> {
  return inTurn(async () => {
    await stop();
    await start();
  });
}

function inTurn(job: () => Promise<void>): Promise<void> {
  turn = turn.then(job).catch((error: unknown) => log.error(String(error)));
  return turn;
}

/** A server that does not end in time is no reason not to start the next one. */
async function stop(): Promise<void> {
  const running = client;
  client = undefined;
  try {
    await running?.dispose();
  } catch (error) {
    log.error(String(error));
  }
}

async function start(): Promise<void> {
  const command = findServer();
  if (!command || !isProgram(command)) {
    complain(
      command
        ? `Driftlens: ${command} is not a program that can be run. Check the setting driftlens.server.path.`
        : 'Driftlens: the program "driftlens" is neither on the PATH nor in node_modules/.bin. Install it, or name it in the setting driftlens.server.path.',
    );
    return;
  }
  log.info(`starting ${command} lsp`);
  const starting = new Client(command, {
    documentSelector: [
      ...LANGUAGES.map((language) => ({ scheme: 'file', language })),
      { scheme: 'file', pattern: '**/driftlens.toml' },
    ],
    outputChannel: log,
  });
  client = starting;
  try {
    await starting.startInTime();
  } catch (error) {
    client = undefined;
    log.error(String(error));
    complain('Driftlens: the server could not be started. The log says why.');
  }
}

/** One message with the two things a person can do about it. Nothing waits for the answer. */
function complain(message: string): void {
  log.error(message);
  void vscode.window.showErrorMessage(message, 'Open Settings', 'Show Log').then((chosen) => {
    if (chosen === 'Open Settings') {
      void vscode.commands.executeCommand('workbench.action.openSettings', 'driftlens.server.path');
    } else if (chosen === 'Show Log') {
      log.show();
    }
  });
}
