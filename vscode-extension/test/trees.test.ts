import { describe, expect, it } from 'vitest';
import type { Tree, TreeNode } from '../src/protocol';
import { decoration, TreeProvider, type Element } from '../src/trees';
import { editor, Uri, type MarkdownString } from './stub/vscode';

const range = { start: { line: 3, character: 2 }, end: { line: 3, character: 9 } };
const column: TreeNode = { id: 'users.phone', kind: 'column', label: 'phone', description: 'text', state: 'pending', name: 'users.phone', tooltip: '`text`', location: { uri: 'file:///projects/shop/schema.ts', range } };
const users: TreeNode = { id: 'users', kind: 'table', label: 'users', children: [column] };

function provider(...projects: string[]): TreeProvider {
  const tree: Tree = { projects: projects.map((label) => ({ config: `/projects/${label}/drizzle.config.ts`, name: null, label, nodes: [users] })) };
  return new TreeProvider({ version: '0.1.0', request: () => Promise.resolve(tree) } as never, 'driftlens/schemaTree', 'driftlens.schema');
}

describe('a tree', () => {
  it('leaves out the level of projects where there is one', async () => {
    const labels = async (tree: TreeProvider, element?: Element) => (await tree.getChildren(element)).map((it) => tree.getTreeItem(it).label);
    expect(await labels(provider('shop'))).toEqual(['users']);
    const two = provider('shop', 'blog');
    expect(await labels(two)).toEqual(['shop', 'blog']);
    const [shop] = await two.getChildren();
    expect(await labels(two, shop)).toEqual(['users']);
  });

  it('shows what the server says of a thing, and leads to its place', async () => {
    const tree = provider('shop');
    const [table] = await tree.getChildren();
    const [phone] = await tree.getChildren(table);
    const item = tree.getTreeItem(phone as Element);
    expect(item).toMatchObject({ id: '/projects/shop/drizzle.config.ts##users.phone', description: 'text', contextValue: 'column pending named', collapsibleState: 0 });
    expect((item.tooltip as MarkdownString).value).toBe('`text`');
    expect(item.command?.arguments?.[0]).toMatchObject({ scheme: 'file', path: '/projects/shop/schema.ts' });
    expect(item.command?.arguments?.[1]).toMatchObject({ selection: { line: 3, character: 2, endLine: 3, endCharacter: 9 } });
    expect(decoration(item.resourceUri as never)).toMatchObject({ badge: 'P', tooltip: 'in no migration' });
  });

  it('shows states that it does not know, and leaves files alone', () => {
    expect(decoration(Uri.from({ scheme: 'driftlens-state', path: '/a', query: 'new' }) as never)).toMatchObject({ badge: '•', tooltip: 'new' });
    expect(decoration(Uri.file('/a') as never)).toBeUndefined();
  });

  it('is empty where the server does not know the request', async () => {
    const request = () => Promise.reject(Object.assign(new Error('Method not found'), { code: -32601 }));
    const tree = new TreeProvider({ version: '0.0.9', request } as never, 'driftlens/schemaTree', 'driftlens.schema');
    editor.executed = [];
    await expect(tree.getChildren()).resolves.toEqual([]);
    expect(editor.executed).toEqual([]);
  });

  it('is called empty only where the server says so', async () => {
    editor.executed = [];
    await provider().getChildren();
    await provider('shop').getChildren();
    expect(editor.executed.map(([, ...context]) => context)).toEqual([['driftlens.schema.isEmpty', true], ['driftlens.schema.isEmpty', false]]);
  });
});
