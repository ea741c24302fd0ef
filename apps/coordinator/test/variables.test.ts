import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { readConfig, VARIABLES } from '../src/config.ts';

const PAGE = readFileSync(new URL('../../../docs/operations.md', import.meta.url), 'utf8');

/** The table of settings: the names of a row, and its second cell. */
const rows = [...PAGE.matchAll(/^\| ((?:`GOSSAMER_\w+`(?:, )?)+) \| ([^|]*) \|/gm)].map(([, names, unless]) => ({
  names: [...names!.matchAll(/GOSSAMER_\w+/g)].map(([name]) => name),
  unless: unless!,
}));

/** Read by what builds the pages, and not by the coordinator. */
const OF_THE_BUILD = ['GOSSAMER_COORDINATOR_KEY'];

it('LI26: the page for operators lists just the variables that the coordinator reads, each once', () => {
  const listed = rows.flatMap(({ names }) => names);
  expect([...listed].sort()).toEqual([...VARIABLES].sort());
});

it('LI26: no text of that page speaks of a variable that there is not', () => {
  const named = [...new Set([...PAGE.matchAll(/GOSSAMER_[A-Z_]*[A-Z]\b/g)].map(([name]) => name))];
  const known = [...VARIABLES, ...OF_THE_BUILD];
  expect(
    named.filter((name) => !known.some((variable) => variable === name || variable.startsWith(`${name}_`))),
  ).toEqual([]);
});

it('LI26: what the table says is so unless told is what is so', () => {
  const plain = rows.flatMap(({ names: [name, ...others], unless }) => {
    const [, value] = /^`([^`]+)`$/.exec(unless) ?? [];
    // Those that follow from the port.
    return value === undefined || others.length > 0 || value.includes('PORT') ? [] : [[name!, value] as const];
  });
  expect(plain.length).toBeGreaterThan(15);
  for (const [name, value] of plain) expect([name, readConfig({ [name]: value })]).toEqual([name, readConfig({})]);
});
