import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readSourceMap, withSources } from '../src/index.ts';
import { withoutOwnFrames } from '../src/own-frames.ts';
import { bundleProgram } from '../src/node/index.ts';
import { load, project } from './project.ts';

/** The stack that a program throws, with its module called as in a tab. */
const stackOf = async (code: string, input: unknown): Promise<string> => {
  const { run } = await load(code);
  try {
    run!(input, {});
  } catch (error) {
    return (error as Error).stack!.replaceAll(/data:text\/javascript;base64,[A-Za-z0-9+/=]+/g, 'program');
  }
  throw new Error('it did not throw');
};

describe('source maps', () => {
  it('DB3: places of a stack lie in the sources, and no path of the machine is told', async () => {
    const root = project({
      'main.ts': `// A comment.
import { deeper } from './lib/deeper.ts';

interface Unused { a: string }

export function run(input: number): number {
  return deeper({ input });
}`,
      'lib/deeper.ts': `export const deeper = ({ input }: { input: number }): number => {
  if (input > 1) throw new RangeError('too deep');
  return input;
};`,
    });
    const { code, sourceMap } = await bundleProgram(join(root, 'main.ts'));
    const stack = withSources(await stackOf(code, 2), readSourceMap(sourceMap)!);
    expect(stack).toContain('lib/deeper.ts:2:24');
    expect(stack).toContain('main.ts:7:10');
    expect(stack).not.toMatch(/program:\d/);
    expect(sourceMap).not.toContain(root);
  });

  it('DB3: they do where the names of modules were cut out of the same line', async () => {
    const files: Record<string, string> = { 'deep/er/main.ts': '', 'node_modules/tool/index.js': '' };
    files['deep/er/main.ts'] = `import tool from '../../node_modules/tool/index.js';
export const run = (input: number): number => tool.half(input);`;
    files['node_modules/tool/index.js'] = `exports.half = function half(n) {
  if (n % 2 === 1) { throw new Error('odd'); }
  return n / 2;
};`;
    const root = project(files);
    const { code, sourceMap } = await bundleProgram(join(root, 'deep/er/main.ts'));
    expect(code).toContain('({"tool/index.js"(');
    const stack = withSources(await stackOf(code, 3), readSourceMap(sourceMap)!);
    expect(stack).toContain('tool/index.js:2:28');
    expect(stack).toContain('main.ts:2:52');
    expect(sourceMap).not.toContain('node_modules/');
  });

  it("PR28: a stack begins with the author's own lines, and has none of what wraps the program's functions", async () => {
    const define = join(import.meta.dirname, '../src/define/define-program.ts');
    const root = project({
      'main.ts': `import { defineProgram } from ${JSON.stringify(define)};
const deep = (x: number): number => { throw new Error('no ' + x); };
export const { run } = defineProgram({
  run(input: number) {
    return deep(input);
  },
});`,
    });
    const { code, sourceMap } = await bundleProgram(join(root, 'main.ts'));
    const frames = withSources(await stackOf(code, 2), readSourceMap(sourceMap)!).split('\n');
    expect(frames.slice(0, 3)).toEqual([
      'Error: no 2',
      '    at deep (main.ts:2:45)',
      expect.stringMatching(/main\.ts:5:12/),
    ]);
    expect(frames.join('\n')).not.toMatch(/define-program|program:\d/);
    expect(sourceMap).toContain('"@gossamer/program/define/define-program.ts"');
  });

  it('PR28: frames are left out of stacks of every engine, and nothing else is', () => {
    const own = '@gossamer/program/dist/define/fit.js:1:2';
    const kept = [
      'TypeError: of @gossamer/program/define/',
      '    at run (main.ts:1:2)',
      'run@main.ts:1:2',
      `it was (at ${own})`,
    ];
    const left = [`    at fit (${own})`, `    at async run (${own})`, `run@${own}`, `@${own}`];
    expect(withoutOwnFrames([...kept, ...left].join('\n'))).toBe(kept.join('\n'));
  });

  it('DB4: what is no source map is none, and what names no source leaves the text as it is', () => {
    for (const text of [
      '',
      '{}',
      '[]',
      '{"version":2,"sources":[],"mappings":""}',
      '{"version":3,"sources":[1],"mappings":""}',
    ])
      expect(readSourceMap(text)).toBeNull();
    const map = readSourceMap('{"version":3,"sources":["a.ts"],"mappings":"AAAA,I"}')!;
    expect(withSources('at program:1:2, program:1:7, program:9:9 and other:1:1', map)).toBe(
      'at a.ts:1:1, program:1:7, program:9:9 and other:1:1',
    );
    expect(withSources('in (program.js:1:3)', map)).toBe('in (a.ts:1:1)');
  });

  it('DB4: mappings of a stranger do no harm', () => {
    fc.assert(
      fc.property(fc.string(), fc.array(fc.string()), fc.string(), (mappings, sources, text) => {
        const map = readSourceMap(JSON.stringify({ version: 3, sources, mappings }));
        if (map !== null) expect(typeof withSources(`${text} program:1:1 program:2:99`, map)).toBe('string');
      }),
    );
  });
});
