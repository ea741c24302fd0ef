import { LIMITS } from '@gossamer/protocol';
import { describe, expect, it } from 'vitest';
import { inspectModule, inspectProgram } from '../src/node/index.ts';
import { thrown } from './project.ts';

describe('inspectProgram', () => {
  it.each([
    'export function run(x) { return x + 1; }',
    'const go = () => 1; export { go as run };',
    'export const { run } = { run: async (x) => `${x} import("y")` }; // import "z"',
    'export let run = () => import.meta.url; export default 3;',
  ])('PR10: a self-contained module that exports run passes: %s', async (code) => {
    await expect(inspectProgram(code)).resolves.toContain('run');
  });

  it('PR13: what it exports besides is told by name', async () => {
    const code = 'export const run = 1, check = 2; const same = 3; export { same as equals }; export default 4;';
    expect([...(await inspectProgram(code))].toSorted()).toEqual(['check', 'default', 'equals', 'run']);
  });

  it('PR10: nothing of it is run', async () => {
    await inspectProgram('throw new Error("ran"); export const run = 1; while (true) {}');
  });

  it('PR11: a syntax error is told with line and column', async () => {
    const error = await thrown(inspectProgram('export function run(x) {\n  return x +;\n}'));
    expect(error.code).toBe('program-invalid');
    expect(error.errors).toEqual([{ path: 'program.js:2:13', message: "Unexpected token ';'" }]);
  });

  it('PR11: TypeScript is no program before it is bundled', async () => {
    expect((await thrown(inspectProgram('export const run = (x: number) => x;'))).code).toBe('program-invalid');
  });

  it.each([
    ['import a from "a";\nexport const run = a;', 'program.js:1:1', '"a"'],
    ['\nexport * from "./b.js";', 'program.js:2:1', '"./b.js"'],
    ['export const run = () =>\n  import("node:fs");', 'program.js:2:3', '"node:fs"'],
    ['export const run = (x) => import(x + 1);', 'program.js:1:27', 'import(x + 1)'],
  ])('PR12: an import is refused, static or dynamic: %s', async (code, path, named) => {
    const error = await thrown(inspectProgram(code));
    expect(error.code).toBe('program-imports');
    expect(error.errors).toEqual([{ path, message: expect.stringContaining(named) }]);
  });

  it.each(['', 'export default function run() {}', 'export const Run = 1;', 'exports.run = () => 1;'])(
    'PR13: a module without an export named run is refused: %s',
    async (code) => {
      expect((await thrown(inspectProgram(code))).code).toBe('program-exports');
    },
  );

  it.each([
    ['export function* run(x) { yield x; }', 'a generator'],
    ['export async function* run(x) { yield x; }', 'an async generator'],
    ['async function* all(x) { yield x; }\nexport { all as run };', 'an async generator'],
  ])('PR19: a run that is declared as a generator is refused, without any evaluation: %s', async (code, kind) => {
    const error = await thrown(inspectProgram(`throw new Error("ran");\n${code}`));
    expect(error.code).toBe('program-exports');
    expect(error.errors).toEqual([{ path: 'program.js', message: expect.stringContaining(`\`run\` is ${kind}`) }]);
  });

  it.each([
    ['export function run() {}', true],
    ['export async function run() {}', true],
    ['const go = 1; export function run() {} export { go };', true],
    ['export const run = () => 1;', false],
    ['export let run = 42;', false],
    ['export class run {}', false],
  ])('PR19: whether run is seen to be a function is told: %s', async (code, isRunKnown) => {
    expect(await inspectModule(code)).toMatchObject({ isRunKnown });
  });

  it.each([
    ['parentheses', '('.repeat(1e6)],
    ['functions', 'function f(){'.repeat(2e5) + '}'.repeat(2e5)],
    ['templates', 'export const run = ' + '`${'.repeat(5e5) + '1' + '}`'.repeat(5e5)],
    ['negations', `export const run = ${'!'.repeat(3e6)}1`],
  ])('PR14: a text made to exhaust the parser is refused and the next one is read: %s', async (_, code) => {
    expect((await thrown(inspectProgram(code))).code).toBe('program-invalid');
    await inspectProgram('export const run = () => 1;');
  });

  it('PR14: a text over the limit is refused before it is parsed', async () => {
    expect((await thrown(inspectProgram(`/*${'ü'.repeat(LIMITS.program / 2)}*/`))).code).toBe('body-too-large');
  });
});
