// Starts the language server and shows what it says. Knows no schema.

import * as vscode from 'vscode';
import { LanguageClient, type LanguageClientOptions, type ServerOptions } from 'vscode-languageclient/node';
import { findServer, isProgram } from './server';

const LANGUAGES = ['typescript', 'typescriptreact', 'javascript', 'javascriptreact', 'json', 'jsonc'];

let client: LanguageClient | undefined;
let log: vscode.LogOutputChannel;

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
    vscode.workspace.onDidGrantWorkspaceTrust(async () => {
      if (!client) {
        await start();
      }
    }),
  );
  await start();
}

export async function deactivate(): Promise<void> {
  await stop();
}

async function restart(): Promise<void> {
  await stop();
  await start();
}

async function stop(): Promise<void> {
  const running = client;
  client = undefined;
  await running?.dispose();
}

async function start(): Promise<void> {
  const command = findServer();
  if (!command || !isProgram(command)) {
    return complain(
      command
        ? `Driftlens: ${command} is not a program that can be run. Check the setting driftlens.server.path.`
        : 'Driftlens: the program "driftlens" is neither on the PATH nor in node_modules/.bin. Install it, or name it in the setting driftlens.server.path.',
    );
  }
  log.info(`starting ${command} lsp`);
  const server: ServerOptions = { command, args: ['lsp'] };
  const options: LanguageClientOptions = {
    documentSelector: LANGUAGES.map((language) => ({ scheme: 'file', language })),
    outputChannel: log,
  };
  const starting = new LanguageClient('driftlens', 'Driftlens', server, options);
  client = starting;
  try {
    await starting.start();
  } catch (error) {
    client = undefined;
    log.error(String(error));
    await complain('Driftlens: the server could not be started. The log says why.');
  }
}

/** One message with the two things a person can do about it. */
async function complain(message: string): Promise<void> {
  log.error(message);
  const chosen = await vscode.window.showErrorMessage(message, 'Open Settings', 'Show Log');
  if (chosen === 'Open Settings') {
    await vscode.commands.executeCommand('workbench.action.openSettings', 'driftlens.server.path');
  } else if (chosen === 'Show Log') {
    log.show();
  }
}
