// Starts the language server and shows what it says. Knows no schema.

import * as vscode from 'vscode';
import { commands } from './commands';
import { debugInformation } from './debug_information';
import { documentProviders } from './documents';
import { Projects } from './projects';
import { taskProvider } from './runs';
import { Session } from './session';
import { statusItem } from './status';
import { trees } from './trees';

let session: Session | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const log = vscode.window.createOutputChannel('Driftlens', { log: true });
  const version = String((context.extension.packageJSON as { version: unknown }).version);
  const server = new Session({ path: context.extensionPath, version }, log);
  session = server;
  const projects = new Projects(server, log);
  context.subscriptions.push(
    log,
    server,
    projects,
    ...statusItem(server, projects),
    ...documentProviders(server, projects.onDidChange),
    ...commands(server, projects),
    ...trees(server, projects),
    server.onDidChangeState(({ kind }) => void vscode.commands.executeCommand('setContext', 'driftlens.state', kind)),
    vscode.tasks.registerTaskProvider('driftlens', taskProvider(server, projects)),
    vscode.commands.registerCommand('driftlens.restartServer', () => server.restart()),
    vscode.commands.registerCommand('driftlens.showLog', () => log.show()),
    vscode.commands.registerCommand('driftlens.copyDebugInformation', async () => {
      await vscode.env.clipboard.writeText(await debugInformation(server, version));
      void vscode.window.showInformationMessage('Driftlens: the debug information is on the clipboard.');
    }),
    vscode.workspace.onDidChangeConfiguration(async (event) => {
      if (event.affectsConfiguration('driftlens.server.path')) {
        await server.restart();
      } else if (event.affectsConfiguration('driftlens')) {
        await server.settingsChanged();
      }
    }),
    // What was left out for want of trust is decided when the server starts.
    vscode.workspace.onDidGrantWorkspaceTrust(() => server.restart()),
  );
  // The views stay away from windows without a project.
  await vscode.commands.executeCommand('setContext', 'driftlens.isActive', true);
  await server.restart();
}

export async function deactivate(): Promise<void> {
  await session?.stop();
}
