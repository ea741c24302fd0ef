import type { Command } from 'commander';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { commandTree, JSON_MEANING, QUIET_MEANING } from '../src/command-tree.ts';
import { completionsOf } from '../src/complete.ts';
import { EXIT, EXIT_MEANINGS } from '../src/exit-code.ts';
import { leavesOf } from './commands-of.ts';

const README = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const leaves = leavesOf(commandTree());
const named = leaves.map(({ path, command }) => [path.join(' '), command] as const);

/** Something that a command's parser takes for each of its arguments and of the options that it must have. */
const placeholders = (command: Command): string[] => [
  ...command.registeredArguments.flatMap(({ required, argChoices }) => (required ? [argChoices?.[0] ?? '1'] : [])),
  ...command.options.flatMap(({ mandatory, long }) => (mandatory ? [long!, 'x'] : [])),
];

/** The flags that a command line comes to; nothing is run. */
const flagsOf = async (path: string[], words: string[]): Promise<Record<string, unknown>> => {
  const root = commandTree();
  const { command } = leavesOf(root).find((leaf) => leaf.path.join(' ') === path.join(' '))!;
  let flags: Record<string, unknown> = {};
  command.action(() => {
    flags = command.optsWithGlobals();
  });
  await root.parseAsync(words, { from: 'user' });
  return flags;
};

describe('every command', () => {
  it('CL37: there are those that are promised', () => {
    const paths = leaves.map(({ path }) => path.join(' '));
    for (const promised of [
      'map',
      'watch',
      'jobs list',
      'programs list',
      'programs upload',
      'keys show',
      'keys revoke',
    ]) {
      expect(paths).toContain(promised);
    }
    expect(paths.length).toBeGreaterThan(50);
  });

  it.each(named)('CL37: %s takes --json and --quiet, before and behind its arguments', async (path, command) => {
    const words = path.split(' ');
    const given = placeholders(command);
    const flags = { json: true, quiet: true };
    expect(await flagsOf(words, [...words, ...given, '--json', '--quiet'])).toMatchObject(flags);
    expect(await flagsOf(words, ['--json', '--quiet', ...words, ...given])).toMatchObject(flags);
    expect(await flagsOf(words, [...words, ...given])).not.toMatchObject({ json: true });
  });

  it.each(named)('CL37: the help of %s says what --json and --quiet mean', (_, command) => {
    const help = command.helpInformation().replace(/\s+/g, ' ');
    expect(help).toContain(`--json ${JSON_MEANING}`);
    expect(help).toContain(`--quiet ${QUIET_MEANING}`);
  });

  it.each(named)('CL37: no flag of %s hides one that every command takes', (_, command) => {
    const common = commandTree().options.map(({ long }) => long);
    expect(command.options.filter(({ long }) => common.includes(long))).toEqual([]);
  });

  it.each(named)('CL40: a shell is offered the name of %s, and each flag that it takes', (path, command) => {
    const root = commandTree();
    const words = path.split(' ');
    const isHidden = path === 'complete';
    words.forEach((word, at) => {
      const offered = completionsOf(root, [...words.slice(0, at), word.slice(0, 1)]);
      if (!isHidden) expect(offered).toContain(word);
      expect(completionsOf(root, [...words.slice(0, at), ''])).not.toContain('complete');
    });
    const flags = completionsOf(root, [...words, '--']);
    expect(flags).toEqual(expect.arrayContaining(['--json', '--quiet', '--help', '--url', '--key', '--patience']));
    for (const { long } of command.options) expect(flags).toContain(long);
  });

  it('CL40: a shell is offered the values of every flag and of every argument that has few', () => {
    const root = commandTree();
    for (const { path, command } of leaves) {
      for (const { long, argChoices } of command.options) {
        if (argChoices === undefined) continue;
        expect(completionsOf(root, [...path, long!, ''])).toEqual([...argChoices].sort());
      }
    }
    expect(completionsOf(root, ['completion', ''])).toEqual(['bash', 'fish', 'zsh']);
    expect(completionsOf(root, ['completion', 'bash', ''])).toEqual([]);
  });

  it('CL21: README and help list the same exit statuses in the same words, and every command', () => {
    const statuses = Object.entries(EXIT);
    const rows = [...README.matchAll(/^\| (\d+) \| (.*) \|$/gm)].map(([, status, words]) => [Number(status), words]);
    const meanings = statuses.map(([name, status]) => [status, EXIT_MEANINGS[name as keyof typeof EXIT]]);
    expect(rows).toEqual(meanings);
    for (const { path } of leaves.filter(({ path: [first] }) => first !== 'complete')) {
      const [first, second] = path as [string, string?];
      const line = README.split('\n').find(
        (text) => text.includes(`gossamer ${first}`) && (second === undefined || text.includes(second)),
      );
      expect(line, path.join(' ')).toBeDefined();
    }
  });
});
