// What a person can call. What the server asks about in a dialog is done by the server; whatever else touches a database runs in a terminal,
// where the program asks its own questions.

import { dirname } from 'node:path';
import * as vscode from 'vscode';
import { askDown, askedAbout, ASKING, withConsent } from './consent';
import { effectsOf, output, pictureUri, type Picture } from './documents';
import { countsOf, environmentSetting, labelOf, type Named, type Projects } from './projects';
import { GENERATE, SHOW_SQL, type ProjectStatus } from './protocol';
import { argumentsOf, RUN_COMMANDS, taskOf } from './runs';
import type { Session } from './session';
import type { Element } from './trees';

type Argument = Named | Element | vscode.Uri | undefined;

export function commands(session: Session, projects: Projects): vscode.Disposable[] {
  const named = (argument: Argument): Named | undefined => {
    if (argument instanceof vscode.Uri) {
      return askedAbout(argument);
    }
    return argument && 'project' in argument ? argument.project : argument;
  };
  const choose = (argument: Argument, title: string) => projects.choose(named(argument), title);

  const run = async (command: string, argument: Argument, words: string[] = []) => {
    const project = await choose(argument, `driftlens ${command}`);
    const program = session.program?.path;
    const asking = ASKING[command];
    if (project && asking && words.length === 0 && session.offers(asking)) {
      const environment = environmentSetting();
      const wanted = { ...projects.wanted(project), project: project.config, ...(environment ? { environment } : {}) };
      await withConsent((it, about) => session.execute(it, about), asking, wanted);
      projects.refresh();
    } else if (project && program) {
      await vscode.tasks.executeTask(taskOf(program, project, command, words));
    }
  };
  /** The words that a command cannot do without; undefined where a person thinks better of it. */
  const asked: Record<string, () => Promise<string[] | undefined>> = {
    rebase: askOnto,
    log: async () => words(await vscode.window.showInputBox({ title: 'driftlens log', prompt: 'A table, column or index: users, users.email, users_email_idx. Empty for all migrations' })),
    diff: async () => {
      const from = await picture('From which schema?', ['history', 'live', 'desired']);
      const to = from && (await picture('To which schema?', (['desired', 'live', 'history'] as const).filter((it) => it !== from)));
      return to && [from, to];
    },
  };
  const withPending = async (argument: Argument, title: string, command: string) => {
    const pending = projects.list.filter((project) => project.pending > 0);
    if (pending.length === 0) {
      void vscode.window.showInformationMessage('Driftlens: nothing is pending, the migrations have every change.');
      return;
    }
    const project = await projects.choose(named(argument), title, pending);
    if (project) {
      await vscode.commands.executeCommand(command, projects.wanted(project));
    }
  };

  const all: Record<string, (argument: Argument) => Promise<unknown>> = {
    'driftlens.generateMigration': (argument) => withPending(argument, 'Generate a migration of which project?', GENERATE),
    'driftlens.previewSql': (argument) => withPending(argument, 'The SQL of which project?', SHOW_SQL),
    'driftlens.generateCustomMigration': async (argument) => {
      const project = await choose(argument, 'An empty migration in which project?');
      const program = session.program?.path;
      const name = project && program && (await vscode.window.showInputBox({ title: 'Empty migration', prompt: 'What the migration is called', value: 'custom' }));
      const [file] = name ? (await told<{ files: string[] }>(program, project, 'generate', ['--custom', `--name=${name}`])).files : [];
      if (file) {
        await vscode.window.showTextDocument(vscode.Uri.file(file));
      }
    },
    'driftlens.removeDatabase': async (argument) => {
      const project = await choose(argument, 'Remove the development database of which project?');
      const program = session.program?.path;
      const words = project && program && (await askDown(() => told(program, project, 'down', ['--volumes', '--dry-run'])));
      return words && run('down', project, words);
    },
    'driftlens.compare': async (argument) => {
      const project = await choose(argument, 'Compare the schema of which project?');
      const other = project && (await picture('Compare what the schema files say with', vscode.workspace.isTrusted ? ['history', 'live'] : ['history']));
      if (other) {
        const [left, right] = [pictureUri(project, other), pictureUri(project, 'desired')];
        await vscode.commands.executeCommand('vscode.diff', left, right, `${labelOf(project)}: ${other} ↔ desired`);
      }
    },
    'driftlens.switchEnvironment': () => switchEnvironment(projects),
    'driftlens.openConfiguration': async (argument) => {
      const project = await choose(argument, 'Open the configuration of which project?');
      if (project) {
        const uri = vscode.Uri.file(project.config);
        const isFolder = (await vscode.workspace.fs.stat(uri)).type === vscode.FileType.Directory;
        await vscode.commands.executeCommand(isFolder ? 'revealInExplorer' : 'vscode.open', uri);
      }
    },
    'driftlens.refresh': () => projects.ask(),
    'driftlens.migrateTo': (argument) => {
      const migration = nameOf(argument);
      return run('migrate', argument, migration ? ['--to', migration] : []);
    },
    'driftlens.showEffects': async (argument) => {
      if (argument && 'project' in argument && argument.node?.name) {
        const { before, after, title } = effectsOf(argument.project, argument.node.name);
        await vscode.commands.executeCommand('vscode.diff', before, after, title);
      }
    },
    'driftlens.logOfObject': (argument) => {
      const object = nameOf(argument);
      return run('log', argument, object ? [object] : []);
    },
    'driftlens.showMenu': () => showMenu(session, projects),
  };
  for (const command of RUN_COMMANDS) {
    all[`driftlens.run.${command}`] = async (argument) => {
      const ask = asked[command];
      const words = ask ? await ask() : [];
      return words && run(command, argument, words);
    };
  }
  return Object.entries(all).map(([id, action]) =>
    vscode.commands.registerCommand(id, async (argument: Argument) => {
      try {
        await action(argument);
      } catch (error) {
        void vscode.window.showErrorMessage(`Driftlens: ${error instanceof Error ? error.message : String(error)}`);
      }
    }),
  );
}

/** What the program calls a thing of a tree. */
function nameOf(argument: Argument): string | undefined {
  return (argument as Element | undefined)?.node?.name ?? undefined;
}

const PICTURES: Record<Picture, string> = {
  desired: 'what the schema files say, as saved',
  history: 'what the migrations record',
  live: 'what the database holds',
};

async function picture(title: string, among: readonly Picture[]): Promise<Picture | undefined> {
  const items = among.map((label) => ({ label, description: PICTURES[label] }));
  return (await vscode.window.showQuickPick(items, { title }))?.label;
}

async function askOnto(): Promise<string[] | undefined> {
  const prompt = 'The branch whose migrations stay as they are. Empty in the middle of a merge or rebase';
  const branch = words(await vscode.window.showInputBox({ title: 'driftlens rebase', prompt, placeHolder: 'main' }));
  return branch?.flatMap((name) => ['--onto', name]);
}

function words(text: string | undefined): string[] | undefined {
  return text === undefined ? undefined : text.trim() ? [text.trim()] : [];
}

/** What the program says of a project. */
async function told<T>(program: string, { config, name }: ProjectStatus, command: string, words: string[]): Promise<T> {
  const line = argumentsOf({ command, config, name, words: [...words, '--format', 'json'] });
  return JSON.parse(await output(program, line, dirname(config))) as T;
}

/** Which environment is looked at, for the workspace. */
async function switchEnvironment(projects: Projects): Promise<void> {
  const known = new Map(projects.list.flatMap((project) => project.environments ?? []).map(({ name, kind }) => [name, kind]));
  const unset = { label: 'the one for development', name: '' };
  const other = { label: 'Other…', name: undefined };
  const listed = [...known].map(([name, kind]) => ({ label: name, description: kind ?? '', name }));
  const title = `Look at which environment? Now: ${environmentSetting() ?? unset.label}`;
  const chosen = await vscode.window.showQuickPick([unset, ...listed, other], { title });
  const prompt = 'As driftlens.toml calls it';
  const name = chosen === other ? await vscode.window.showInputBox({ title, prompt }) : chosen?.name;
  if (name !== undefined) {
    const settings = vscode.workspace.getConfiguration('driftlens');
    await settings.update('database.environment', name.trim() || undefined, vscode.ConfigurationTarget.Workspace);
  }
}

/** What the status item offers. */
async function showMenu(session: Session, projects: Projects): Promise<void> {
  const heading = (label: string) => ({ label, kind: vscode.QuickPickItemKind.Separator, command: '' });
  const item = (icon: string, label: string, command: string, description = '') => ({ label: `$(${icon}) ${label}`, description, command });
  const shown = projects.current;
  const hasServer = (shown ? [shown] : projects.list).some(({ dialect }) => dialect === 'postgresql');
  const nPending = projects.list.reduce((sum, project) => sum + project.pending, 0);
  const pending = [
    item('new-file', 'Generate Migration…', 'driftlens.generateMigration', `${nPending} pending`),
    item('eye', 'Show SQL…', 'driftlens.previewSql'),
  ];
  const schema = [
    item('diff', 'Compare Schema…', 'driftlens.compare'),
    item('check-all', 'Check', 'driftlens.run.check'),
    item('go-to-file', 'Open Configuration…', 'driftlens.openConfiguration'),
  ];
  const database = [
    item('info', 'Status', 'driftlens.run.status'),
    item('cloud-upload', 'Push…', 'driftlens.run.push'),
    item('run-all', 'Migrate…', 'driftlens.run.migrate'),
    ...(hasServer ? [item('play', 'Up: Start the Development Database', 'driftlens.run.up'), item('debug-stop', 'Down: Stop the Development Database', 'driftlens.run.down')] : []),
    item('arrow-swap', 'Switch Environment…', 'driftlens.switchEnvironment', environmentSetting()),
    item('pulse', 'Doctor', 'driftlens.run.doctor'),
  ];
  const server = [
    item('debug-restart', 'Restart Server', 'driftlens.restartServer', session.state.kind),
    item('output', 'Show Log', 'driftlens.showLog'),
    item('clippy', 'Copy Debug Information', 'driftlens.copyDebugInformation'),
  ];
  const hasProjects = projects.list.length > 0;
  const items = [
    ...(nPending > 0 ? [heading('pending changes'), ...pending] : []),
    ...(hasProjects ? [heading('schema'), ...schema] : []),
    ...(hasProjects && vscode.workspace.isTrusted ? [heading('database'), ...database] : []),
    heading('server'),
    ...server,
  ];
  const counts = shown ? countsOf(shown) : [];
  const title = shown ? `${labelOf(shown)}: ${counts.length > 0 ? counts.join(', ') : 'in sync'}` : 'Driftlens';
  const chosen = await vscode.window.showQuickPick(items, { title });
  if (chosen) {
    await vscode.commands.executeCommand(chosen.command);
  }
}
