// The commands of the program that are run as tasks: in a terminal, where it can ask its own questions.

import { dirname, isAbsolute, join } from 'node:path';
import * as vscode from 'vscode';
import { environmentSetting, labelOf, type Projects } from './projects';
import type { ProjectStatus } from './protocol';
import type { Session } from './session';

interface Command {
  /** Whether it knows `--project`. */
  project: boolean;
  /** Whether it knows `--env`. */
  database: boolean;
  /** Where it has words of its own, the path is an option. */
  hasWords?: boolean;
  /** Not offered as a task of every project. */
  needsWords?: boolean;
}

const COMMANDS: Record<string, Command> = {
  check: { project: false, database: false },
  doctor: { project: false, database: true },
  generate: { project: true, database: false },
  rebase: { project: true, database: false },
  status: { project: true, database: true },
  push: { project: true, database: true },
  migrate: { project: true, database: true },
  rollback: { project: true, database: true },
  reset: { project: true, database: true },
  up: { project: true, database: false },
  down: { project: true, database: false },
  pull: { project: true, database: true },
  diff: { project: true, database: true, hasWords: true, needsWords: true },
  log: { project: true, database: false, hasWords: true, needsWords: true },
  inspect: { project: true, database: true, needsWords: true },
};

export const RUN_COMMANDS = Object.keys(COMMANDS).filter((command) => command !== 'inspect');

interface Asked {
  command: string;
  config?: string | undefined;
  name?: string | null | undefined;
  words?: string[];
  /** `false` where the environment does not matter this time. */
  databaseToo?: boolean;
}

/** What a task of tasks.json says. */
export interface Definition extends vscode.TaskDefinition {
  command: string;
  /** The configuration file, relative to the workspace folder; without it the folder is meant. */
  project?: string;
  /** The project's name, where the file holds several. */
  projectName?: string;
  environment?: string;
  args?: string[];
}

/** The words of the command line. */
export function argumentsOf({ command, config, name, words = [], databaseToo = true }: Asked, environment = environmentSetting()): string[] {
  const about = COMMANDS[command];
  const path = config === undefined ? [] : about?.hasWords ? ['--path', config] : [config];
  return [
    command,
    ...words,
    ...path,
    ...(about?.project && name ? ['--project', name] : []),
    ...(about?.database && databaseToo && environment ? ['--env', environment] : []),
  ];
}

export function taskOf(program: string, project: ProjectStatus, command: string, words: string[] = []): vscode.Task {
  const folder = vscode.workspace.getWorkspaceFolder(vscode.Uri.file(project.config));
  const definition: Definition = { type: 'driftlens', command, project: vscode.workspace.asRelativePath(project.config, false) };
  if (project.name) {
    definition.projectName = project.name;
  }
  if (words.length > 0) {
    definition.args = words;
  }
  const cwd = dirname(project.config);
  return task(program, definition, folder, `${command} ${labelOf(project)}`, argumentsOf({ command, config: project.config, name: project.name, words }), cwd);
}

export function taskProvider(session: Session, projects: Projects): vscode.TaskProvider {
  return {
    provideTasks: () => {
      const program = session.program?.path;
      if (!program || !vscode.workspace.isTrusted) {
        return [];
      }
      const commands = RUN_COMMANDS.filter((command) => !COMMANDS[command]?.needsWords);
      return projects.list.flatMap((project) => commands.map((command) => taskOf(program, project, command)));
    },
    resolveTask: ({ definition, scope, name }) => {
      const { command, project, projectName, environment, args } = definition as Definition;
      const program = session.program?.path;
      if (!program || !RUN_COMMANDS.includes(command)) {
        return undefined;
      }
      const folder = typeof scope === 'object' ? scope : vscode.workspace.workspaceFolders?.[0];
      const root = folder?.uri.fsPath ?? '';
      const config = project === undefined || isAbsolute(project) ? project : join(root, project);
      const words = argumentsOf({ command, config, name: projectName, words: args ?? [] }, environment ?? environmentSetting());
      return task(program, definition as Definition, folder, name, words, config === undefined ? root : dirname(config));
    },
  };
}

function task(program: string, definition: Definition, folder: vscode.WorkspaceFolder | undefined, name: string, words: string[], cwd: string): vscode.Task {
  const execution = new vscode.ProcessExecution(program, words, { cwd });
  const made = new vscode.Task(definition, folder ?? vscode.TaskScope.Workspace, name, 'driftlens', execution, []);
  made.presentationOptions = { reveal: vscode.TaskRevealKind.Always, panel: vscode.TaskPanelKind.Dedicated, focus: true, clear: true, showReuseMessage: false };
  made.detail = `driftlens ${words.join(' ')}`;
  return made;
}
