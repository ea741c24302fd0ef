import { mkdirSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CAGE_GLOBALS } from '../src/globals.ts';
import { absenceAdvice } from '../src/index.ts';
import { bundleProgram } from '../src/node/index.ts';
import { project, thrown } from './project.ts';

const here = resolve(import.meta.dirname);
const bundled = (code: string): ReturnType<typeof bundleProgram> => bundleProgram({ code, resolveDir: here });

describe('names that no tab knows', () => {
  it.each([
    [
      'a variable of the place where it was written',
      'declare const factor: number;',
      'x * factor',
      'factor',
      /declared nowhere/,
    ],
    ['a misspelt name', '', 'Maht.sqrt(x)', 'Maht', /declared nowhere/],
    ['Node’s Buffer', '', 'Buffer.from([x]).toString()', 'Buffer', /not in Node/],
    ['Node’s process', '', 'process.env.HOME ?? x', 'process', /not in Node/],
    ['the folder of the file', '', '__dirname + x', '__dirname', /not in Node/],
    ['the network', '', 'fetch(`/${x}`)', 'fetch', /no network/],
    ['the page', '', 'document.title + x', 'document', /worker without a page/],
    ['the locale', '', 'new Intl.NumberFormat().format(x)', 'Intl', /depend on/],
    ['a name that is assigned and not declared', '', '(total = x)', 'total', /declared nowhere/],
    [
      'a name in a function inside',
      '',
      '[x].map((y) => { const f = () => y * scale; return f(); })',
      'scale',
      /nowhere/,
    ],
  ])('PR21: %s is refused at its line', async (_, declared, body, name, says) => {
    const code = `type X = number;\n${declared}\nexport const run = (x: X) =>\n  ${body};\n`;
    const error = await thrown(bundled(code));
    expect(error.code).toBe('program-imports');
    expect(error.errors).toEqual([
      { path: `program.ts:4:${3 + body.indexOf(name)}`, message: expect.stringMatching(says) },
    ]);
    expect(error.errors![0]!.message).toContain(name);
  });

  it('PR21: all of them are told at once, in other files of the program too', async () => {
    const root = project({
      'main.ts': `import { help } from './help.ts';\nexport const run = (x: number) => help(x) + first;`,
      'help.ts': `\nexport const help = (x: number) => x + second;`,
    });
    const error = await thrown(bundleProgram(join(root, 'main.ts')));
    expect(error.errors?.map(({ path }) => path)).toEqual(['help.ts:2:40', 'main.ts:2:45']);
  });

  it.each([
    ['typeof', `typeof process === 'undefined' ? x : process.pid`],
    ['in', `'fetch' in globalThis ? fetch : x`],
    ['a member of the global', 'globalThis.navigator ? navigator.language : x'],
    ['catch', '{ try { return localStorage.length + x; } catch { return x; } }'],
    ['dead code', 'false ? Buffer.from([x]) : x'],
  ])('PR22: a name that the program can do without is taken: %s', async (_, body) => {
    const { warnings } = await bundled(`export const run = (x: number) => ${body};`);
    expect(warnings).toEqual([]);
  });

  it.each([
    ['an assignment', 'globalThis.Buffer = class {};'],
    ['Object.assign', 'Object.assign(globalThis, { Buffer: class {} });'],
    ['defineProperty', `Object.defineProperty(self, 'Buffer', { value: class {} });`],
  ])('PR22: a name that the program puts on the global itself is there for all of it: by %s', async (_, statement) => {
    const root = project({
      'main.ts': `import './polyfill.ts';\nexport const run = () => Buffer.name;`,
      'polyfill.ts': statement,
    });
    expect((await bundleProgram(join(root, 'main.ts'))).warnings).toEqual([]);
  });

  it('PR22: to ask in one file is no leave for another', async () => {
    const root = project({
      'main.ts': `import { help } from './help.ts';\nexport const run = (x: number) => help(x) + process.pid;`,
      'help.ts': `export const help = (x: number) => (typeof process === 'undefined' ? x : process.pid);`,
    });
    const error = await thrown(bundleProgram(join(root, 'main.ts')));
    expect(error.errors?.map(({ path }) => path)).toEqual(['main.ts:2:45']);
  });

  it('PR22: what the language, the cage and the program’s own scopes have is no stranger', async () => {
    const { warnings } = await bundled(`
      import { write } from 'ieee754';
      enum Colour { Red }
      class Own { static n = 1; #secret = 2; get() { return this.#secret; } }
      export function* several() { yield arguments.length; }
      export async function run(input: number, ctx: unknown) {
        label: for (const { a = 1, ...rest } of [{ a: input }]) { if (a > rest.length!) continue label; }
        try { await null; } catch (problem) { console.log(problem); }
        return [Math.PI, structuredClone(input), Colour.Red, new Own().get(), write, ctx, new URL('a:b'), crypto, run.name,
          new TextEncoder(), WebAssembly, performance.now(), setTimeout, Iterator, globalThis, undefined, NaN, import.meta];
      }`);
    expect(warnings).toEqual([]);
  });

  it('PR23: in a package they are warnings with their place, once a file', async () => {
    const root = project({
      'main.ts': `import { half } from 'kit';\nexport const run = half;`,
      'node_modules/kit/package.json': '{"name": "kit", "version": "1.0.0", "main": "kit.js"}',
      'node_modules/kit/kit.js': `exports.half = (x) => x / 2;\nexports.load = () => fetch(1);\nexports.more = () => fetch(2);`,
    });
    const { warnings } = await bundleProgram(join(root, 'main.ts'));
    expect(warnings).toEqual([
      expect.stringMatching(
        /^node_modules\/kit\/kit\.js:2:22: fetch is not there .*no network.* a unit that comes here fails$/,
      ),
    ]);
  });

  it('PR23: what packages only compare with is no warning: zod bundles without one', async () => {
    const code = `import { z } from 'zod'; const In = z.object({ n: z.int() }); export const run = (x: unknown) => In.parse(x).n;`;
    expect((await bundled(code)).warnings).toEqual([]);
  });

  it('PR23: a package of the same workspace is one, though it lies outside of node_modules', async () => {
    const root = project({
      'app/main.ts': `import { half } from 'kit';\nexport const run = half;`,
      'kit/package.json': '{"name": "kit", "version": "1.0.0", "main": "kit.js"}',
      'kit/kit.js': `exports.half = (x) => x / 2;\nexports.load = require('./load.js');`,
      'kit/load.js': `module.exports = () => fetch(1);`,
    });
    mkdirSync(join(root, 'app/node_modules'));
    symlinkSync(join(root, 'kit'), join(root, 'app/node_modules/kit'));
    const { warnings } = await bundleProgram(join(root, 'app/main.ts'));
    expect(warnings).toEqual([expect.stringMatching(/kit\/load\.js:1:24: fetch is not there/)]);
  });

  it('PR24: a program nested too deep to be walked is not refused for that', async () => {
    const sum = Array.from({ length: 30_000 }, () => 'x').join('+');
    await bundled(`export const run = (x: string) => ${sum};`);
  });

  it('PR25: nothing that a cage has is said to be absent', () => {
    expect([...CAGE_GLOBALS].filter((name) => absenceAdvice(String(name)) !== null)).toEqual([]);
  });
});
