import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { commands } from '../src/commands';
import { planProvider, withConsent } from '../src/consent';
import { effectsOf } from '../src/documents';
import type { Question } from '../src/protocol';
import { project } from './stub/projects';
import { editor, tasks, Uri, window, workspace } from './stub/vscode';

const question: Question = {
  token: 't1',
  verb: 'Push to staging',
  title: 'Pushing to staging',
  environment: 'staging',
  kind: 'shared',
  address: 'postgres://app@db/app',
  question: 'Push 1 statement to staging?',
  detail: 'The column users.phone is dropped with what is in it.',
  isDestructive: true,
  sql: 'ALTER TABLE "users" DROP COLUMN "phone";\n',
};
const executed: [string, object][] = [];
let answer: unknown;

function execute(command: string, argument: object): Promise<unknown> {
  executed.push([command, argument]);
  return Promise.resolve(command.endsWith('.confirmed') ? null : answer);
}

function choose(chosen: string | undefined): void {
  window.showWarningMessage.mockResolvedValueOnce(chosen);
}

beforeEach(() => {
  executed.length = 0;
  answer = question;
  vi.clearAllMocks();
});

afterEach(() => {
  workspace.isTrusted = true;
  editor.settings = {};
  editor.executed = [];
});

describe('a dialog about a database', () => {
  it('names what is lost, and only its verb is a yes', async () => {
    choose('Push to staging');
    await withConsent(execute, 'driftlens.push', { source: '/a' });
    expect(window.showWarningMessage).toHaveBeenCalledWith(question.question, { modal: true, detail: question.detail }, 'Show SQL', 'Push to staging');
    expect(executed).toEqual([['driftlens.push', { source: '/a' }], ['driftlens.push.confirmed', { token: 't1' }]]);
    expect(workspace.saveAll).toHaveBeenCalledOnce();
  });

  it('has its verb first, where Enter presses it, only if nothing is lost', async () => {
    answer = { ...question, isDestructive: false };
    await withConsent(execute, 'driftlens.push', {});
    expect(window.showWarningMessage).toHaveBeenCalledWith(question.question, { modal: true, detail: question.detail }, 'Push to staging', 'Show SQL');
  });

  it('that is closed, or answered with anything else, does nothing', async () => {
    for (const other of [undefined, 'Push', 'Yes']) {
      choose(other);
      await withConsent(execute, 'driftlens.push', {});
    }
    expect(executed.map(([command]) => command)).toEqual(['driftlens.push', 'driftlens.push', 'driftlens.push']);
  });

  it('is not shown where the server has nothing to ask, or asks what cannot be answered', async () => {
    for (const nothing of [null, undefined, {}, { ...question, verb: '' }, { ...question, token: null }]) {
      answer = nothing;
      await withConsent(execute, 'driftlens.migrate', {});
    }
    expect(window.showWarningMessage).not.toHaveBeenCalled();
    expect(executed).toHaveLength(5);
  });

  it('shows the SQL as a document, and does nothing then', async () => {
    choose('Show SQL');
    await withConsent(execute, 'driftlens.push', { source: '/a' });
    expect(executed).toHaveLength(1);
    const { uri } = window.showTextDocument.mock.calls[0]?.[0] as { uri: Uri };
    expect(`${uri.scheme}:${uri.path}`).toBe('driftlens-plan:/Push to staging.sql');
    const { provider } = planProvider() as unknown as { provider: { provideTextDocumentContent: (uri: Uri) => string } };
    expect(provider.provideTextDocumentContent(uri)).toBe('-- Push to staging (postgres://app@db/app)\n\nALTER TABLE "users" DROP COLUMN "phone";\n');
    expect(provider.provideTextDocumentContent(Uri.from({ scheme: 'driftlens-plan', path: '/old.sql' }))).toContain('run the command again');
  });

  it('is never shown in a workspace that is not trusted, and the server is not asked', async () => {
    workspace.isTrusted = false;
    await expect(withConsent(execute, 'driftlens.push', {})).rejects.toThrow('not trusted');
    expect(executed).toEqual([]);
  });
});

describe('push and migrate', () => {
  const shop = project('/projects/shop/drizzle.config.ts');
  const wanted = { version: 1, source: shop.config, index: 0 };
  const projects = { list: [shop], current: shop, choose: () => Promise.resolve(shop), wanted: () => wanted, refresh: vi.fn() };

  function register(offered: string[]): void {
    const session = { program: { path: '/bin/driftlens' }, offers: (command: string) => offered.includes(command), execute };
    commands(session as never, projects as never);
  }

  it('ask in a dialog where the server offers it', async () => {
    register(['driftlens.push', 'driftlens.migrate']);
    editor.settings['driftlens.database.environment'] = 'staging';
    await editor.commands['driftlens.run.push']?.();
    await editor.commands['driftlens.run.migrate']?.();
    const argument = { ...wanted, project: shop.config, environment: 'staging' };
    expect(executed).toEqual([['driftlens.push', argument], ['driftlens.migrate', argument]]);
    expect(tasks.executeTask).not.toHaveBeenCalled();
    expect(projects.refresh).toHaveBeenCalledTimes(2);
  });

  it('run in a terminal where it does not, and always up to one migration', async () => {
    register(['driftlens.push']);
    await editor.commands['driftlens.run.migrate']?.();
    register(['driftlens.migrate']);
    const element = { project: shop, node: { id: 'a', kind: 'migration', label: '0001_a', name: '0001_a' } };
    await editor.commands['driftlens.migrateTo']?.(element);
    expect(executed).toEqual([]);
    const lines = tasks.executeTask.mock.calls.map(([task]) => task.execution?.args.join(' '));
    expect(lines).toEqual([`migrate ${shop.config}`, `migrate --to 0001_a ${shop.config}`]);
  });

  it('say why the server refuses', async () => {
    register(['driftlens.push']);
    answer = Promise.reject(new Error('staging cannot be reached'));
    await editor.commands['driftlens.run.push']?.();
    expect(window.showErrorMessage).toHaveBeenCalledWith('Driftlens: staging cannot be reached');
  });
});

describe('the data of a development database', () => {
  const folder = mkdtempSync(join(tmpdir(), 'driftlens-extension-'));
  const [program, asked] = [join(folder, 'driftlens'), join(folder, 'asked')];
  const shop = project(join(folder, 'drizzle.config.ts'), { name: 'shop' });
  const session = { program: { path: program }, offers: () => false };
  const projects = { list: [shop], choose: () => Promise.resolve(shop) };
  const remove = () => editor.commands['driftlens.removeDatabase']?.();
  const lines = () => tasks.executeTask.mock.calls.map(([task]) => task.execution?.args.join(' '));

  /** The program says this, and notes what it was asked. */
  function says(told: object): void {
    writeFileSync(program, `#!/bin/sh\necho "$@" >>'${asked}'\ncat <<'END'\n${JSON.stringify(told)}\nEND\n`);
    chmodSync(program, 0o755);
    writeFileSync(asked, '');
    commands(session as never, projects as never);
  }
  const removed = [{ what: 'the database in .driftlens/postgres', question: 'Remove the database in .driftlens/postgres?', lost: ['postgres://a@b/shop: 2 tables, 5 rows'] }];

  afterAll(() => rmSync(folder, { recursive: true }));

  it('goes only after a yes to what is lost, which the program says', async () => {
    says({ version: 1, removed, reason: null });
    for (const other of [undefined, 'Remove', 'Yes']) {
      choose(other);
      await remove();
    }
    expect(tasks.executeTask).not.toHaveBeenCalled();
    choose('Remove Data');
    await remove();
    const detail = 'Lost for good:\npostgres://a@b/shop: 2 tables, 5 rows';
    expect(window.showWarningMessage).toHaveBeenLastCalledWith('Remove the database in .driftlens/postgres?', { modal: true, detail }, 'Stop and Keep Data', 'Remove Data');
    expect(readFileSync(asked, 'utf8').split('\n')[0]).toBe(`down --volumes --dry-run --format json ${shop.config} --project shop`);
    choose('Stop and Keep Data');
    await remove();
    expect(lines()).toEqual([`down --volumes --yes ${shop.config} --project shop`, `down ${shop.config} --project shop`]);
  });

  it('is not asked about where there is none, or the workspace is not trusted', async () => {
    says({ version: 1, removed: [], reason: 'nothing to stop' });
    await remove();
    expect(window.showInformationMessage).toHaveBeenCalledWith('Driftlens: nothing to stop');
    says({ version: 1, removed, reason: null });
    workspace.isTrusted = false;
    await remove();
    expect(readFileSync(asked, 'utf8')).toBe('');
    expect(window.showErrorMessage).toHaveBeenCalledWith(expect.stringContaining('not trusted'));
    expect([window.showWarningMessage.mock.calls, lines()]).toEqual([[], []]);
  });

  it('is kept by down itself, which runs in a terminal like up', async () => {
    says({});
    await editor.commands['driftlens.run.up']?.();
    await editor.commands['driftlens.run.down']?.();
    expect(lines()).toEqual([`up ${shop.config} --project shop`, `down ${shop.config} --project shop`]);
    expect(window.showWarningMessage).not.toHaveBeenCalled();
  });
});

describe('the menu of the status item', () => {
  const labels = async (dialect: string) => {
    const shop = project('/projects/shop/drizzle.config.ts', { dialect });
    commands({ state: { kind: 'running' } } as never, { list: [shop], current: shop } as never);
    await editor.commands['driftlens.showMenu']?.();
    return (window.showQuickPick.mock.lastCall?.[0] as { label: string }[]).map(({ label }) => label.replace(/^\S+ /, ''));
  };

  it('offers to start and stop a database where there is a server to start', async () => {
    const ours = ['Up: Start the Development Database', 'Down: Stop the Development Database'];
    expect(await labels('postgresql')).toEqual(expect.arrayContaining(ours));
    expect((await labels('sqlite')).filter((label) => ours.includes(label))).toEqual([]);
    workspace.isTrusted = false;
    expect((await labels('postgresql')).filter((label) => ours.includes(label))).toEqual([]);
  });
});

describe('what a migration changes', () => {
  const node = (name: string, state?: string) => ({ id: name, kind: 'migration', label: name, name, ...(state ? { state } : {}) });
  const tree = { config: '/projects/shop/drizzle.config.ts', name: null, label: 'shop', nodes: [node('0003_gone', 'missing'), node('0002_b', 'unapplied'), node('0001_a', 'applied')] };

  it('is shown between the state before it and the one after it', async () => {
    const [second, first] = [effectsOf(tree, '0002_b'), effectsOf(tree, '0001_a')];
    expect([second.title, first.title]).toEqual(['0001_a ↔ 0002_b', 'empty ↔ 0001_a']);
    const at = (uri: { query: string }) => (JSON.parse(uri.query) as { at: string | null }).at;
    expect([second.before, second.after, first.before].map(at)).toEqual(['0001_a', '0002_b', null]);
    commands({} as never, {} as never);
    await editor.commands['driftlens.showEffects']?.({ project: tree, node: node('0002_b') });
    expect(editor.executed.map(([command, , , title]) => [command, title])).toEqual([['vscode.diff', '0001_a ↔ 0002_b']]);
  });
});
