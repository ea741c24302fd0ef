import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, it } from 'vitest';
import { ROOT } from '../lib/say.mjs';

const TEST_FILE = /(\.(test|spec)|\/cases\/[\w-]+)\.ts$/;
const LEFT_OUT = new Set(['node_modules', 'dist', 'src']);
/** A title right behind `it(`, `test(`, or the closing bracket of a table: `it.each([...])('...'`. */
const TITLE =
  /(?:(?<![.\w`])(?:it|test)(?:\.(?:skip|fixme|skipIf\([^)]*\)|runIf\([^)]*\)))?|\]\))\(\s*(['"`])(.{0,40})/g;
const RULE = /^[A-Z]{1,3}\d+(?:\/[A-Z]{1,3}\d+|, [A-Z]{1,3}\d+| and [A-Z]{1,3}\d+)*: /;

const testFiles = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return LEFT_OUT.has(entry.name) ? [] : testFiles(path);
    return TEST_FILE.test(path) && entry.name !== 'spec.test.ts' ? [path] : [];
  });

const files = ['packages', 'apps', 'examples', 'scripts', 'e2e'].flatMap((room) => testFiles(join(ROOT, room)));
/** Titles that begin with a placeholder take their id from a table beside them. */
const titles = files.flatMap((file) =>
  [...readFileSync(file, 'utf8').matchAll(TITLE)]
    .map(([, , title]) => ({ file: relative(ROOT, file), title: title! }))
    .filter(({ title }) => !/^(%s|\$\{)/.test(title)),
);
const spec = readFileSync(join(ROOT, 'docs/spec.md'), 'utf8');
const rules = [...spec.matchAll(/^- \*\*([A-Z]{1,3}\d+)\*\* /gm)].map(([, id]) => id!);

it('HO8: every title begins with the id of a rule, and every such rule is in the spec', () => {
  expect(titles.length).toBeGreaterThan(300);
  const unnamed = titles.filter(({ title }) => !RULE.test(title)).map(({ file, title }) => `${file}: ${title}`);
  expect(unnamed).toEqual([]);
  const unknown = titles.flatMap(({ file, title }) =>
    (title.split(':')[0]!.match(/[A-Z]{1,3}\d+/g) ?? [])
      .filter((id) => !rules.includes(id))
      .map((id) => `${file}: ${id}`),
  );
  expect([...new Set(unknown)]).toEqual([]);
});

it('HO8: a rule has one id, and an id one room', () => {
  expect(rules.filter((id, i) => rules.indexOf(id) !== i)).toEqual([]);
  const rooms = new Map<string, Set<string>>();
  for (const { file, title } of titles) {
    for (const id of title.split(':')[0]!.match(/[A-Z]{1,3}\d+/g) ?? []) {
      const room = file.split('/').slice(0, 2).join('/');
      rooms.set(id, (rooms.get(id) ?? new Set()).add(room));
    }
  }
  expect([...rooms].filter(([, in_]) => in_.size > 1).map(([id, in_]) => `${id}: ${[...in_].join(', ')}`)).toEqual([]);
});
