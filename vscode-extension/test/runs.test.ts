import { afterEach, describe, expect, it, vi } from 'vitest';
import { Projects } from '../src/projects';
import { argumentsOf, taskOf, taskProvider } from '../src/runs';
import { editor, tasks, Uri, workspace, type ProcessExecution } from './stub/vscode';
import { project } from './stub/projects';

const config = '/projects/shop/drizzle.config.ts';
const none = {} as never;

afterEach(() => {
  editor.settings = {};
  Object.assign(workspace, { isTrusted: true, workspaceFolders: [] });
});

describe('a task', () => {
  it('has the words of the command line', () => {
    const words = (command: string, more: object = {}) => argumentsOf({ command, config, ...more }).join(' ');
    expect(words('push')).toBe(`push ${config}`);
    expect(words('diff', { words: ['history', 'live'] })).toBe(`diff history live --path ${config}`);
    expect(words('log', { words: ['users'] })).toBe(`log users --path ${config}`);
    expect(words('rebase', { words: ['--onto', 'main'] })).toBe(`rebase --onto main ${config}`);
    expect(words('migrate', { name: 'shop' })).toBe(`migrate ${config} --project shop`);
    expect(words('check', { name: 'shop' })).toBe(`check ${config}`);
    editor.settings['driftlens.database.environment'] = ' staging ';
    expect(words('migrate')).toBe(`migrate ${config} --env staging`);
    expect(words('rebase')).toBe(`rebase ${config}`);
    expect(words('up', { name: 'shop' })).toBe(`up ${config} --project shop`);
    expect(words('inspect', { words: ['desired'], databaseToo: false })).toBe(`inspect desired ${config}`);
  });

  it('runs the program beside the configuration', () => {
    const { name, definition, execution } = taskOf('/bin/driftlens', project(config), 'push');
    expect(name).toBe('push shop/drizzle.config.ts');
    expect(definition).toEqual({ type: 'driftlens', command: 'push', project: 'shop/drizzle.config.ts' });
    expect(execution).toMatchObject({ process: '/bin/driftlens', args: ['push', config], options: { cwd: '/projects/shop' } });
  });

  it('is offered for every project, never where the folder is not trusted', () => {
    const session = { program: { path: '/bin/driftlens' } } as never;
    const provider = taskProvider(session, { list: [project(config)] } as never);
    const names = () => (provider.provideTasks(none) as { name: string }[]).map(({ name }) => name.split(' ')[0]);
    expect(names()).toEqual(['check', 'doctor', 'generate', 'rebase', 'status', 'push', 'migrate', 'rollback', 'reset', 'up', 'down', 'pull']);
    workspace.isTrusted = false;
    expect(names()).toEqual([]);
  });

  it('that has ended is told to the server, whose database may be another now', () => {
    const event = vi.fn(() => ({ dispose: () => undefined }));
    const session = { onDidChangeState: event, onDidChangeData: event, databaseChanged: vi.fn() };
    const projects = new Projects(session as never, {} as never);
    const ended = tasks.onDidEndTask.mock.lastCall?.[0] as (event: object) => void;
    ended({ execution: { task: { definition: { type: 'npm' } } } });
    expect(session.databaseChanged).not.toHaveBeenCalled();
    ended({ execution: { task: { definition: { type: 'driftlens', command: 'up' } } } });
    expect(session.databaseChanged).toHaveBeenCalledOnce();
    projects.dispose();
  });

  it('of tasks.json is completed', () => {
    const scope = { uri: Uri.file('/projects'), name: 'work', index: 0 };
    workspace.workspaceFolders = [scope];
    const provider = taskProvider({ program: { path: '/bin/driftlens' } } as never, { list: [] } as never);
    const resolved = (definition: object) => {
      const task = provider.resolveTask({ definition: { type: 'driftlens', ...definition }, scope, name: 'mine' } as never, none);
      return (task as { execution: ProcessExecution } | undefined)?.execution;
    };
    expect(resolved({ command: 'check' })).toMatchObject({ args: ['check'], options: { cwd: '/projects' } });
    const push = { command: 'push', project: 'shop/drizzle.config.ts', projectName: 'a', environment: 'dev', args: ['--dry-run'] };
    expect(resolved(push)).toMatchObject({ args: ['push', '--dry-run', config, '--project', 'a', '--env', 'dev'], options: { cwd: '/projects/shop' } });
    expect(resolved({ command: 'rm' })).toBeUndefined();
  });
});
