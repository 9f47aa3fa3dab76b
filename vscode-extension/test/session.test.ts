import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { initializationOptions, relay } from '../src/client';
import { debugInformation } from '../src/debug_information';
import { Session, waitAfter } from '../src/session';
import { editor, window, workspace } from './stub/vscode';

interface Feature {
  fillClientCapabilities: (capabilities: { experimental?: object }) => void;
}
const made: { crash: () => void; feature?: Feature; dispose: ReturnType<typeof vi.fn>; options: { initializationOptions: object } }[] = [];
let start: () => Promise<void>;
let version: () => Promise<string>;

vi.mock('vscode-languageclient/node', () => ({
  CloseAction: { DoNotRestart: 1 },
  ErrorAction: { Continue: 1 },
  DidChangeConfigurationNotification: { type: 'workspace/didChangeConfiguration' },
  LanguageClient: class {
    constructor(_id: string, _name: string, _server: object, options: { initializationOptions: object }) {
      const crash = () => (this as unknown as { createDefaultErrorHandler(): { closed(): unknown } }).createDefaultErrorHandler().closed();
      made.push({ crash, dispose: this.dispose, options });
    }
    initializeResult = { capabilities: { executeCommandProvider: { commands: ['driftlens.push'] } } };
    registerFeature = (feature: Feature) => Object.assign(made.at(-1) ?? {}, { feature });
    start = () => start();
    dispose = vi.fn(() => Promise.resolve());
    onNotification = () => undefined;
    sendRequest = (method: string) => Promise.resolve({ method, projects: [] });
  },
}));
vi.mock('../src/program', async (original) => ({
  ...(await original<object>()),
  findProgram: () => ({ path: process.execPath, origin: 'PATH' }),
  versionOf: () => version(),
}));

const log = { info: vi.fn(), warn: vi.fn(), error: vi.fn(), debug: vi.fn() };
let session: Session;
const states: string[] = [];

beforeEach(() => {
  vi.useFakeTimers();
  made.length = states.length = 0;
  start = () => Promise.resolve();
  version = () => Promise.resolve('0.1.0');
  session = new Session({ path: '/extension', version: '0.1.0' }, log as never);
  session.onDidChangeState((state) => states.push(state.kind));
});

afterEach(() => {
  session.dispose();
  vi.useRealTimers();
  workspace.isTrusted = true;
});

describe('the session', () => {
  it('starts a server, answers from it, and ends it', async () => {
    await expect(session.request('a')).resolves.toBeUndefined();
    await session.restart();
    expect(states).toEqual(['stopped', 'starting', 'running']);
    await expect(session.request('a')).resolves.toMatchObject({ method: 'a' });
    await session.restart();
    expect(made).toHaveLength(2);
    expect(made[0]?.dispose).toHaveBeenCalledOnce();
    await session.stop();
    expect(session.state.kind).toBe('stopped');
  });

  it('waits longer after each crash, and tells a person of the third', async () => {
    expect([1, 2, 3, 4, 7, 50].map(waitAfter)).toEqual([1000, 2000, 4000, 8000, 60_000, 60_000]);
    await session.restart();
    for (const wait of [1000, 2000, 4000]) {
      expect(window.showErrorMessage).not.toHaveBeenCalled();
      made.at(-1)?.crash();
      expect(session.state).toEqual({ kind: 'waiting', seconds: wait / 1000 });
      await vi.advanceTimersByTimeAsync(wait);
      expect(session.state.kind).toBe('running');
    }
    expect(window.showErrorMessage).toHaveBeenCalledOnce();
    await vi.advanceTimersByTimeAsync(180_001);
    made.at(-1)?.crash();
    expect(session.state).toEqual({ kind: 'waiting', seconds: 1 });
    await session.restart();
    expect(session.nCrashes).toBe(0);
  });

  it('says once why a server cannot be started', async () => {
    start = () => Promise.reject(new Error('spawn failed'));
    await session.restart();
    expect(session.state.kind).toBe('failed');
    expect(made[0]?.dispose).toHaveBeenCalledOnce();
    expect(window.showErrorMessage).toHaveBeenCalledOnce();
    version = () => Promise.reject(new Error('no such thing'));
    await session.restart();
    expect(session.state).toEqual({ kind: 'failed', reason: 'no such thing' });
  });

  it('says that it asks the questions of the server, and knows which commands that has', async () => {
    expect(session.offers('driftlens.push')).toBe(false);
    await session.restart();
    const capabilities = { experimental: { others: 1 } };
    made[0]?.feature?.fillClientCapabilities(capabilities);
    expect(capabilities.experimental).toMatchObject({ others: 1, driftlens: { confirms: true } });
    expect([session.offers('driftlens.push'), session.offers('driftlens.migrate')]).toEqual([true, false]);
    made[0]?.crash();
    expect(session.offers('driftlens.push')).toBe(false);
  });

  it('does not wait for a server that says nothing', async () => {
    start = () => new Promise(() => undefined);
    const starting = session.restart();
    await vi.advanceTimersByTimeAsync(20_001);
    await starting;
    expect(session.state.kind).toBe('failed');
    expect(log.error).toHaveBeenCalledWith('Error: no answer within 20 s');
  });

  it('warns of a program of another version, and starts it', async () => {
    version = () => Promise.resolve('0.2.0');
    await session.restart();
    expect(window.showWarningMessage).toHaveBeenCalledOnce();
    expect(session.state.kind).toBe('running');
  });

  it('forbids databases where the folder is not trusted', async () => {
    expect(initializationOptions()).toEqual({});
    workspace.isTrusted = false;
    await session.restart();
    expect(made[0]?.options.initializationOptions).toEqual({ database: { enable: false } });
  });
});

describe('the log', () => {
  it('keeps the level of what the server logs', () => {
    relay('2026-01-01T00:00:00.1Z  WARN lsp::live: slow', log);
    relay('2026-01-01T00:00:00.1Z ERROR lsp: bad', log);
    relay('2026-01-01T00:00:00.1Z DEBUG lsp: detail', log);
    relay('plain text', log);
    expect(log.warn).toHaveBeenCalledWith('lsp::live: slow');
    expect(log.error).toHaveBeenCalledWith('lsp: bad');
    expect(log.debug).toHaveBeenCalledWith('lsp: detail');
    expect(log.info).toHaveBeenCalledWith('plain text');
  });

  it('debug information names settings, not their values', async () => {
    editor.settings['driftlens.database.environment'] = 'secret-name';
    const text = await debugInformation(session, '0.1.0');
    expect(text).toContain('settings: database.environment');
    expect(text).toContain('server: stopped');
    expect(text).not.toContain('secret-name');
    editor.settings = {};
  });
});
