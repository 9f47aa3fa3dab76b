import { describe, expect, it } from 'vitest';
import { closest } from '../src/projects';
import { describe as shown } from '../src/status';
import { project } from './stub/projects';

const running = { kind: 'running' } as const;

describe('the status item', () => {
  it('says how the server stands', () => {
    expect(shown({ kind: 'starting' }, [], undefined).text).toBe('$(loading~spin) Driftlens');
    expect(shown({ kind: 'waiting', seconds: 4 }, [], undefined).tooltip).toContain('after 4 s');
    const failed = shown({ kind: 'failed', reason: 'no_such_program' }, [], undefined);
    expect(failed).toEqual({ text: '$(error) Driftlens', tooltip: 'no\\_such\\_program', isBlocked: true });
    expect(shown(running, [], undefined).tooltip).toBe('No project was found in this workspace.');
  });

  it('counts what is open in the current project', () => {
    const shop = project('/projects/shop/drizzle.config.ts', { label: 'shop', pending: 2 });
    expect(shown(running, [shop], shop)).toEqual({ text: '$(git-commit) shop: 2 pending', tooltip: 'shop: 2 pending', isBlocked: false });
    shop.database = { environment: 'development', kind: 'development', address: 'postgres://app@localhost/app', state: 'connected', unapplied: 1, drift: 3, unproved: 1 };
    const { text, tooltip } = shown(running, [shop], shop);
    expect(text).toBe('$(git-commit) shop (development): 2 pending, 1 unapplied, 3 drift');
    expect(tooltip).toContain('development database development at postgres://app@localhost/app: connected, 1 unproved');
  });

  it('is in sync without a count, and coloured only where an error is in the way', () => {
    const shop = project('/projects/shop/drizzle.config.ts');
    expect(shown(running, [shop], shop).text).toBe('$(check) shop/drizzle.config.ts');
    shop.errors = 1;
    expect(shown(running, [shop], shop)).toMatchObject({ text: '$(error) shop/drizzle.config.ts: 1 error', isBlocked: true });
  });

  it('adds up several projects where none is the current one', () => {
    const two = [project('/projects/a/drizzle.config.ts', { pending: 1 }), project('/projects/b/drizzle.config.ts', { pending: 2 })];
    expect(shown(running, two, undefined).text).toBe('$(git-commit) 2 projects: 3 pending');
    expect(shown(running, two, two[1]).text).toBe('$(git-commit) b/drizzle.config.ts: 2 pending');
  });

  it('means the project in whose folder the file lies, of several the one furthest down', () => {
    const [outer, inner] = [project('/projects/drizzle.config.ts'), project('/projects/a/drizzle.config.ts')];
    expect(closest([outer, inner], '/projects/a/src/schema.ts')).toBe(inner);
    expect(closest([inner, outer], '/projects/b.ts')).toBe(outer);
    expect(closest([inner], '/projects/ab/schema.ts')).toBeUndefined();
    expect(closest([inner], undefined)).toBeUndefined();
  });
});
