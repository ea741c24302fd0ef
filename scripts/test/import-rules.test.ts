import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXPORTED, ROOMS as TABLE } from '../lib/rooms.mjs';
import { ROOT } from '../lib/say.mjs';

const ROOMS: Record<string, string[]> = TABLE;

interface Diagnostic {
  code: string;
  message: string;
  filename: string;
}

const folder = mkdtempSync(join(tmpdir(), 'gossamer-lint-'));
const fixtures = new Map<string, string>();
let diagnostics: Diagnostic[] = [];

const file = (path: string, text: string): string => {
  fixtures.set(path, text);
  return path;
};
const importing = (path: string, specifier: string): string =>
  file(path, `import { thing } from '${specifier}';\n\nexport const used = thing;\n`);
const rulesAt = (path: string): string[] =>
  diagnostics.filter(({ filename }) => filename.endsWith(path)).map(({ code }) => code);

const RESTRICTED = 'eslint(no-restricted-imports)';
const own = (room: string): string => room.slice(room.indexOf('/') + 1);
const slug = (name: string): string => name.replaceAll('/', '-');

const pairs = Object.entries(ROOMS).flatMap(([room, allowed]) =>
  EXPORTED.filter((name) => name.split('/')[0] !== own(room) && `example-${own(room)}` !== name).map((name) => {
    const path = importing(`${room}/src/from-${slug(name)}.ts`, `@gossamer/${name}`);
    return { room, name, path, allowed: allowed.includes(name) };
  }),
);

const deep = importing('packages/store/src/deep.ts', '@gossamer/protocol/src/ids.ts');
const deepBuilt = importing('packages/store/src/deep-built.ts', '@gossamer/protocol/dist/ids.js');
const leaving = importing('packages/store/src/leaving.ts', '../../protocol/src/ids.ts');
const leavingFar = importing('apps/cli/src/a/leaving.ts', '../../../../packages/sdk/src/index.ts');
const leavingTest = importing('packages/store/test/leaving.test.ts', '../../core/src/index.ts');
const ownSource = importing('packages/store/test/own.test.ts', '../src/deep.ts');
const ownNested = importing('packages/store/test/a/own.test.ts', '../../src/a/deep.ts');
const scripts = importing('packages/cage/test/browser.test.ts', '../../../scripts/lib/chromium.mjs');
const nodeRooms = ['packages/protocol', 'packages/core', 'packages/simulator', 'apps/volunteer', 'apps/dashboard'];
const nodeFiles = nodeRooms.map((room) => importing(`${room}/src/node.ts`, 'node:fs'));
const nodeInStore = importing('packages/store/src/node.ts', 'node:fs');

const impurities = [
  'Date.now()',
  'performance.now()',
  'Math.random()',
  "fetch('/')",
  'setTimeout(() => {}, 1)',
  'process.pid',
  'console.log(1)',
].map((expression, i) => ({
  expression,
  path: file(`packages/core/src/impure-${i}.ts`, `export const used = (): unknown => ${expression};\n`),
}));

const broken = [
  { rule: 'typescript(no-explicit-any)', text: 'export const used: any = 1;\n' },
  { rule: 'typescript(no-floating-promises)', text: 'export const used = (p: Promise<void>): void => {\n  p;\n};\n' },
  {
    rule: 'typescript(consistent-type-imports)',
    text: "import { A } from './a.ts';\n\nexport const used = (a: A): A => a;\n",
  },
  { rule: 'eslint(no-unused-vars)', text: 'const never = 1;\nexport const used = 2;\n' },
  { rule: 'eslint(eqeqeq)', text: 'export const used = (a: unknown): boolean => a == 1;\n' },
  { rule: 'eslint(max-lines)', text: `export const used = 1;\n${'// a line\n'.repeat(400)}` },
  {
    rule: 'unicorn(prefer-node-protocol)',
    text: "import { readFileSync } from 'fs';\n\nexport const used = readFileSync;\n",
  },
  {
    rule: 'typescript(switch-exhaustiveness-check)',
    text: "export const used = (a: 'x' | 'y'): number => {\n  switch (a) {\n    case 'x':\n      return 1;\n  }\n  return 0;\n};\n",
  },
].map(({ rule, text }, i) => ({ rule, path: file(`packages/store/src/broken-${i}.ts`, text) }));

const cycleA = importing('packages/store/src/cycle-a.ts', './cycle-b.ts');
const cycleB = file(
  'packages/store/src/cycle-b.ts',
  "import { used } from './cycle-a.ts';\n\nexport const thing = used;\n",
);
const focused = file(
  'packages/store/test/focused.test.ts',
  "import { expect, it } from 'vitest';\n\nit.only('x', () => expect(1).toBe(1));\n",
);

beforeAll(async () => {
  for (const [path, text] of fixtures) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  cpSync(join(ROOT, '.oxlintrc.json'), join(folder, '.oxlintrc.json'));
  cpSync(join(ROOT, 'tsconfig.base.json'), join(folder, 'tsconfig.json'));
  const oxlint = join(ROOT, 'node_modules', 'oxlint', 'bin', 'oxlint');
  const options = { cwd: folder, maxBuffer: 64 << 20 };
  const output = await promisify(execFile)(process.execPath, [oxlint, '--type-aware', '-f', 'json'], options).then(
    ({ stdout }) => stdout,
    (error: { stdout: string }) => error.stdout,
  );
  ({ diagnostics } = JSON.parse(output) as { diagnostics: Diagnostic[] });
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the direction of imports', () => {
  it.each(Object.keys(ROOMS))('HO1: %s may import exactly the rooms below it', (room) => {
    const here = pairs.filter((pair) => pair.room === room);
    const passed = here.filter(({ path }) => !rulesAt(path).includes(RESTRICTED)).map(({ name }) => name);
    expect(here.length).toBeGreaterThan(10);
    expect(passed).toEqual(here.filter(({ allowed }) => allowed).map(({ name }) => name));
  });

  it.each([deep, deepBuilt, leaving, leavingFar, leavingTest])(
    'HO2: %s imports past what a package exports',
    (path) => {
      expect(rulesAt(path)).toContain(RESTRICTED);
    },
  );

  it.each([ownSource, ownNested, scripts])('HO2: %s imports what it may', (path) => {
    expect(rulesAt(path)).not.toContain(RESTRICTED);
  });

  it.each(nodeFiles)('HO3: %s imports of Node where there is no Node', (path) => {
    expect(rulesAt(path)).toContain(RESTRICTED);
  });

  it('HO3: a package for Node may import of Node', () => {
    expect(rulesAt(nodeInStore)).not.toContain(RESTRICTED);
  });

  it.each(impurities)('HO4: core may not say $expression', ({ path }) => {
    expect(rulesAt(path).join()).toMatch(/no-restricted-(globals|properties)/);
  });
});

describe('the other rules', () => {
  it.each(broken)('HO5: $rule is broken and reported', ({ rule, path }) => {
    expect(rulesAt(path)).toContain(rule);
  });

  it('HO5: a cycle of imports is reported at both ends', () => {
    expect(rulesAt(cycleA)).toContain('import(no-cycle)');
    expect(rulesAt(cycleB)).toContain('import(no-cycle)');
  });

  it('HO5: a focused test is reported', () => {
    expect(rulesAt(focused).join()).toContain('no-focused-tests');
  });
});
