import { createHash } from 'node:crypto';
import { symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { LIMITS } from '@gossamer/protocol';
import { describe, expect, it } from 'vitest';
import { bundleProgram, fileFault, inspectProgram } from '../src/node/index.ts';
import { missingText } from '../src/node/missing-import.ts';
import { load, project, thrown } from './project.ts';

const here = resolve(import.meta.dirname);

describe('bundleProgram', () => {
  it('PR1: TypeScript becomes one module without imports, named by the SHA-256 of its bytes', async () => {
    const root = project({
      'main.ts': `import { twice, type Pair } from './lib/twice.ts';
        export function run(input: number): Pair { return twice(input) satisfies Pair; }`,
      'lib/twice.ts': 'export type Pair = [number, number]; export const twice = (n: number): Pair => [n, 2 * n];',
    });
    const program = await bundleProgram(join(root, 'main.ts'));
    const { run } = await load(program.code);
    expect(run!(21)).toEqual([21, 42]);
    expect(program.code).not.toMatch(/\bimport\b/);
    expect(program.sha256).toBe(createHash('sha256').update(program.code).digest('hex'));
    expect(program.size).toBe(Buffer.byteLength(program.code));
    expect(Buffer.from(program.bytes).toString()).toBe(program.code);
    await inspectProgram(program.code);
  });

  it('PR2: an npm import in CommonJS is bundled and works', async () => {
    const code = `import { write } from 'ieee754';
      export const run = (x: number) => { const b = new Uint8Array(4); write(b, x, 0, true, 23, 4); return [...b]; };`;
    const program = await bundleProgram({ code, resolveDir: here });
    const { run } = await load(program.code);
    expect(run!(1.5)).toEqual([...new Uint8Array(new Float32Array([1.5]).buffer)]);
    await inspectProgram(program.code);
  });

  it('PR2: a literal dynamic import and a JSON file are bundled too', async () => {
    const root = project({
      'main.js': `export async function run() { const { a } = await import('./a.js'); const d = await import('./d.json');
        return a + d.default.n; }`,
      'a.js': 'export const a = 40;',
      'd.json': '{"n": 2}',
    });
    const { code } = await bundleProgram(join(root, 'main.js'));
    await inspectProgram(code);
    expect(await (await load(code)).run!()).toBe(42);
  });

  it('PR2: a wasm file is bundled as bytes', async () => {
    const root = project({
      'main.ts': `import w from './m.wasm'; export const run = () => [...w];`,
      'm.wasm': '\0asm',
    });
    const { code } = await bundleProgram(join(root, 'main.ts'));
    expect((await load(code)).run!()).toEqual([0, 97, 115, 109]);
  });

  it.each([
    ['node:fs', `import { readFileSync as it } from 'node:fs';`, 'built into Node'],
    ['fs', `import { readFileSync as it } from 'fs';`, 'built into Node'],
    ['fs/promises', `import it from 'fs/promises';`, 'built into Node'],
    ['./addon.node', `import it from './addon.node';`, 'native add-on'],
    ['https://example.org/a.js', `import it from 'https://example.org/a.js';`, 'no network'],
    ['no-such-package', `import it from 'no-such-package';`, 'cannot be found'],
    ['worker_threads', `const it = require('worker_threads');`, 'built into Node'],
  ])('PR3: an import of %s is refused with its line', async (name, statement, why) => {
    const root = project({
      'main.ts': `import { help } from './help.ts';\nexport const run = (x: unknown) => help(x);`,
      'help.ts': `export const help = (x: unknown) => [x, it];\n  ${statement}\n`,
      'addon.node': '',
    });
    const error = await thrown(bundleProgram(join(root, 'main.ts')));
    expect(error.code).toBe('program-imports');
    expect(error.message).toContain(`"${name}"`);
    expect(error.message).toContain(why);
    expect(error.message).toMatch(/help\.ts:2:\d+: /);
  });

  it('PR3: a native add-on inside of a package is refused where it is required', async () => {
    const root = project({
      'main.ts': `import { fast } from 'fast';\nexport const run = fast;`,
      'node_modules/fast/package.json': '{"name": "fast", "version": "1.0.0", "main": "lib.js"}',
      'node_modules/fast/lib.js': `\n\nexports.fast = require('./build/fast');`,
      'node_modules/fast/build/fast.node': '',
    });
    const error = await thrown(bundleProgram(join(root, 'main.ts')));
    expect(error.code).toBe('program-imports');
    expect(error.message).toMatch(/node_modules\/fast\/lib\.js:3:24: /);
  });

  it('PR3: every import that cannot travel is told at once', async () => {
    const root = project({ 'main.ts': `import 'node:os';\nimport 'node:net';\nexport const run = () => 1;` });
    const error = await thrown(bundleProgram(join(root, 'main.ts')));
    expect(error.errors).toHaveLength(2);
    expect(error.errors).toEqual([
      { path: 'main.ts:1:8', message: expect.stringContaining('"node:os"') },
      { path: 'main.ts:2:8', message: expect.stringContaining('"node:net"') },
    ]);
  });

  it('PR4: a computed dynamic import is refused at its place in the source', async () => {
    const root = project({
      'main.ts': `type X = string;\n\nexport async function run(name: X) {\n  return import(name);\n}\n`,
    });
    const error = await thrown(bundleProgram(join(root, 'main.ts')));
    expect(error.code).toBe('program-imports');
    expect(error.message).toMatch(/main\.ts:4:\d+: import\(name\)/);
  });

  it('PR5: a syntax error is told with file, line and column', async () => {
    const root = project({ 'main.ts': `export function run(x: number) {\n  const s = 'ü' + ;\n}\n` });
    const error = await thrown(bundleProgram(join(root, 'main.ts')));
    expect(error.code).toBe('program-invalid');
    expect(error.errors).toEqual([{ path: 'main.ts:2:19', message: expect.stringContaining('Unexpected ";"') }]);
  });

  it('PR5: a file that is not there, or is a folder, is told by name', async () => {
    const root = project({ 'a/b.ts': '' });
    expect(await thrown(bundleProgram(join(root, 'nope.ts')))).toMatchObject({
      code: 'program-invalid',
      message: expect.stringContaining(`there is no file ${join(root, 'nope.ts')}`),
    });
    expect((await thrown(bundleProgram(join(root, 'a')))).code).toBe('program-invalid');
  });

  it.each([
    ['one/main.py', /^main\.py is no program: no volunteer's browser has Python: write what it computes in TypeScript/],
    ['one/fit.c', /^fit\.c is no program: compile it to a module of WebAssembly \(\.wasm\)/],
    ['one/stars.csv', /^stars\.csv is no program: it is data: name the program first, .*--input \S+stars\.csv\)$/],
    ['one/main.xyz', /^main\.xyz is no program: a program is TypeScript or JavaScript/],
    ['one', /one is a folder, and a program is one file: name the one that exports run/],
    ['one/solve.js', /there is no file \S+solve\.js; did you mean \S+solve\.ts\?/],
    ['one/nope.ts', /^there is no file \S+nope\.ts$/],
  ])('PR26: what is no file of a program is told for what it is, and what to do: %s', async (path, says) => {
    const files = ['main.py', 'fit.c', 'stars.csv', 'main.xyz', 'solve.ts'];
    const root = project(Object.fromEntries(files.map((name) => [`one/${name}`, 'x'])));
    expect((await fileFault(join(root, path)))?.message).toMatch(says);
    const error = await thrown(bundleProgram(join(root, path)));
    expect(error).toMatchObject({ code: 'program-invalid', errors: [{ message: expect.stringMatching(says) }] });
  });

  it('PR27: a package that cannot be found is told where it was looked for, and how to install it', async () => {
    const root = project({
      'program/main.ts': `import 'nope';\nimport '@some/where/deep';\nimport 'has/part';\nimport './not-there';\nexport const run = () => 1;`,
      'node_modules/has/package.json': '{"name": "has", "exports": "./main.js"}',
      'node_modules/has/main.js': '',
    });
    const folder = join(root, 'program');
    const { errors } = await thrown(bundleProgram(join(folder, 'main.ts')));
    expect(errors!.map(({ message }) => message)).toEqual([
      `"nope" cannot be found: looked in node_modules of ${folder} and of each folder above it; \`npm install nope\` in ${folder} installs it`,
      `"@some/where/deep" cannot be found: looked in node_modules of ${folder} and of each folder above it; \`npm install @some/where\` in ` +
        `${folder} installs it`,
      `"has/part" cannot be found: the package is in ${join(root, 'node_modules/has')}, and has no such part for browsers; its package.json ` +
        'says what it has',
      `"./not-there" cannot be found: there is no file ${join(folder, 'not-there')}; mend its path`,
    ]);
  });

  it('PR27: a program that lies outside of the folder that has the package is told so', () => {
    const root = project({ 'here/node_modules/there/package.json': '{}', 'elsewhere/main.ts': '' });
    const [here, program] = [join(root, 'here'), join(root, 'elsewhere')];
    const text = (specifier: string) => missingText({ specifier, importer: program, program, here });
    expect(text('there')).toBe(
      `"there" cannot be found: it is installed in ${here}, and the program lies outside of that folder, in ${program}: move the program ` +
        `there, or \`npm install there\` in ${program} installs it`,
    );
    expect(text('nope')).toBe(
      `"nope" cannot be found: neither ${program} nor a folder above it has a node_modules; \`npm install nope\` in ${program} installs it`,
    );
  });

  it.each([
    ['nothing', 'const run = 1;', 'exports nothing'],
    ['other names', 'export const main = 1; export default 2;', 'default, main'],
    ['a type named run', 'export type run = () => void;', 'exports nothing'],
    ['CommonJS', 'exports.run = () => 1;', 'default'],
  ])('PR6: a program that exports %s instead of run is refused', async (_, code, said) => {
    const error = await thrown(bundleProgram({ code, resolveDir: here }));
    expect(error.code).toBe('program-exports');
    expect(error.message).toContain(said);
    expect(error.message).toContain('export function run');
  });

  it.each([
    ['a number', 'export const run = 42;', '`run` is a number', '2:20'],
    ['a string', 'export const run = `a ${Math.PI}`;', '`run` is a string', '2:20'],
    ['an object', 'export const run = { input: 1 };', '`run` is an object', '2:20'],
    ['an array', 'const fast = [1]; export { fast as run };', '`run` is an array', '2:14'],
    ['null', 'export const run = null;', '`run` is null', '2:20'],
    ['undefined', 'export const run = undefined;', '`run` is undefined', '2:20'],
    ['a class', 'export class run { value = 1; }', '`run` is a class', '2:8'],
    ['a generator', 'export function* run(x: number) { yield x; }', '`run` is a generator', '2:8'],
    [
      'an async generator',
      'export const run = async function* (x: number) { yield x; };',
      'is an async generator',
      '2:20',
    ],
    [
      'another name of a generator',
      'async function* all() { yield 1; }\nexport const run = all;',
      'async generator',
      '2:1',
    ],
  ])('PR19: a program whose run is %s is refused with its place in the source', async (_, code, said, place) => {
    const root = project({ 'main.ts': `export { run } from './lib/it.ts';`, 'lib/it.ts': `// a comment\n${code}\n` });
    const error = await thrown(bundleProgram(join(root, 'main.ts')));
    expect(error.code).toBe('program-exports');
    expect(error.errors).toEqual([{ path: `lib/it.ts:${place}`, message: expect.stringContaining(said) }]);
  });

  it.each([
    'export const run = async (x: number) => x;',
    'export async function run() { return 1; }',
    'const go = () => 1; export { go as run };',
    'const make = () => () => 1; export const run = make();',
    'export const { run } = { run: () => 1 };',
    'export let run = 1 as unknown; run = () => 1;',
    'let run = null as unknown; ({ run } = { run: () => 1 }); export { run };',
    'function* inner() { yield 1; } export const run = () => [...inner()];',
    'const parts = { run: () => 1 }; export const run = parts.run;',
    'export const run = Math.random() > 2 ? 1 : () => 1;',
  ])('PR19: one that may run is taken: %s', async (code) => {
    await expect(bundleProgram({ code, resolveDir: here })).resolves.toMatchObject({ sha256: expect.any(String) });
  });

  it('PR7: the same project in another folder gives the same hash, and no path is in the text', async () => {
    const files = {
      'src/main.ts': `import { n } from 'cjs'; import { m } from '../../shared-lib/m.ts';
        export const run = async () => n + m + (await import('./lazy.ts')).lazy;`,
      'src/lazy.ts': 'export const lazy = 3;',
      'node_modules/cjs/package.json': '{"name": "cjs", "version": "1.0.0"}',
      'node_modules/cjs/index.js': 'exports.n = 1; try { module.x = 1 } catch {}',
    };
    const programs = [];
    for (let i = 0; i < 2; i++) {
      const root = project(Object.fromEntries(Object.entries(files).map(([k, v]) => [`secret-name/${k}`, v])));
      const lib = project({ 'm.ts': 'module.exports = { m: 2 };' });
      symlinkSync(lib, join(root, 'shared-lib'));
      programs.push(await bundleProgram(join(root, 'secret-name/src/main.ts')));
    }
    const [one, two] = programs;
    expect(two!.sha256).toBe(one!.sha256);
    expect(one!.code).not.toMatch(/gossamer-program|secret-name|\.\.\//);
    expect(one!.code).toContain('"cjs/index.js"');
    expect(await (await load(one!.code)).run!()).toBe(6);
  });

  it('PR8: a bundle over the limit is refused', async () => {
    const code = `export const run = () => '${'x'.repeat(LIMITS.program)}';`;
    expect((await thrown(bundleProgram({ code, resolveDir: here }))).code).toBe('body-too-large');
  });

  it('PR9: what looks like a mistake is a warning with its place', async () => {
    const { warnings } = await bundleProgram({ code: 'export const run = (x) => x === NaN;', resolveDir: here });
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(/^program\.ts:1:\d+: .*NaN/);
  });
});
