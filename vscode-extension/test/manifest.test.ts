// package.json against the code and the manual.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { RUN_COMMANDS } from '../src/runs';

interface Property {
  default: unknown;
  scope: string;
  markdownDescription: string;
}
const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as {
  activationEvents: string[];
  icon: string;
  capabilities: { untrustedWorkspaces: { restrictedConfigurations: string[] } };
  contributes: {
    commands: { command: string }[];
    menus: Record<string, { command: string; when?: string }[]>;
    configuration: { properties: Record<string, Property> }[];
    taskDefinitions: { properties: { command: { enum: string[] } } }[];
    views: Record<string, { id: string; icon: string }[]>;
    viewsWelcome: { view: string }[];
    walkthroughs: { id: string; steps: { media: { svg: string } }[] }[];
  };
};
const { contributes } = manifest;
const settings = Object.assign({}, ...contributes.configuration.map(({ properties }) => properties)) as Record<string, Property>;
const source = readdirSync('src').map((file) => readFileSync(`src/${file}`, 'utf8')).join('\n');
/** Of the extension alone: the server is not told of them. */
const OWN = ['driftlens.server.path', 'driftlens.trace.server'];

describe('the manifest', () => {
  it('has the settings of the manual, with their defaults', () => {
    const manual = readFileSync('../server/docs/language-server.md', 'utf8');
    const section = manual.slice(manual.indexOf('\n## Settings\n'), manual.indexOf('\n## The database\n'));
    const rows = [...section.matchAll(/^\| `([\w.]+)` \| (?:`(\w+)`|none) \|/gm)];
    const told = Object.fromEntries(rows.map(([, key, value]) => [`driftlens.${key ?? ''}`, value === undefined ? '' : JSON.parse(value)]));
    const offered = Object.entries(settings).filter(([key]) => !OWN.includes(key)).map(([key, property]) => [key, property.default]);
    expect(Object.fromEntries(offered)).toEqual(told);
  });

  it('describes every setting and gives it a scope', () => {
    for (const [key, { scope, markdownDescription }] of Object.entries(settings)) {
      expect(scope, key).toMatch(/^(window|machine-overridable)$/);
      expect(markdownDescription, key).toMatch(/\.$/);
    }
    const restricted = manifest.capabilities.untrustedWorkspaces.restrictedConfigurations;
    expect(Object.keys(settings).filter((key) => /\.(database|server)\./.test(key) && !OWN.slice(1).includes(key)).sort()).toEqual(restricted.toSorted());
  });

  it('starts it where a configuration lies in the folder itself, without a search that VS Code gives up after seconds', () => {
    const names = ['drizzle.config.ts', 'drizzle.config.js', 'driftlens.toml', 'diesel.toml', 'supabase/config.toml', 'sqlc.yaml'];
    expect(manifest.activationEvents).toEqual(expect.arrayContaining(names.map((name) => `workspaceContains:${name}`)));
    expect(manifest.activationEvents.filter((event) => !event.startsWith('workspaceContains:'))).toEqual([]);
  });

  it('has the commands that the code registers', () => {
    const registered = [...source.matchAll(/(?:registerCommand\(|^ {4})'(driftlens\.\w+)'/gm)].map(([, id]) => id);
    const runs = RUN_COMMANDS.map((command) => `driftlens.run.${command}`);
    expect(contributes.commands.map(({ command }) => command).sort()).toEqual([...registered, ...runs].sort());
    expect(contributes.taskDefinitions[0]?.properties.command.enum.toSorted()).toEqual(RUN_COMMANDS.toSorted());
  });

  it('names only commands, views and files that there are', () => {
    const commands = new Set(contributes.commands.map(({ command }) => command));
    const menus = Object.values(contributes.menus).flat().map(({ command }) => command);
    const links = [...JSON.stringify(contributes).matchAll(/\(command:(driftlens\.[\w.]+)/g)].map(([, id]) => id ?? '');
    expect([...menus, ...links].filter((command) => !commands.has(command))).toEqual([]);
    const views = Object.values(contributes.views).flat();
    expect(contributes.viewsWelcome.map(({ view }) => view).filter((view) => !views.some(({ id }) => id === view))).toEqual([]);
    const files = [manifest.icon, ...views.map(({ icon }) => icon), ...contributes.walkthroughs.flatMap(({ steps }) => steps.map(({ media }) => media.svg))];
    expect(files.filter((file) => !existsSync(file))).toEqual([]);
    expect(contributes.walkthroughs.every(({ steps }) => steps.length <= 5)).toBe(true);
  });
});
