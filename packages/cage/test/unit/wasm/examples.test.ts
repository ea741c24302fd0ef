import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GRID_FUNCTIONS } from '@gossamer/program/wasm';
import asc from 'assemblyscript/asc';
import { describe, expect, it } from 'vitest';
import { lease, outcome } from './lease.ts';

const page = readFileSync(join(import.meta.dirname, '../../../../../docs/wasm.md'), 'utf8');
const blocks = (language: string): string[] =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map(([, text]) => text!);
const [clang, assemblyScript] = blocks('sh');

const doubles = (...values: number[]): { bytes: Uint8Array } => ({
  bytes: new Uint8Array(new Float64Array(values).buffer),
});
const numbers = (bytes: unknown): number[] => [...new Float64Array((bytes as Uint8Array).slice().buffer)];

/** An example in AssemblyScript, by the page's own command; `text` stands for the whole of `mean.ts`. */
const compiled = async (text: string): Promise<Uint8Array<ArrayBuffer>> => {
  const files = new Map([
    ['grid.ts', blocks('ts')[0]!],
    ['mean.ts', text],
  ]);
  let binary: Uint8Array | undefined;
  const args = assemblyScript!.trim().split(' ');
  expect(args.splice(0, 2)).toEqual(['npx', 'asc']);
  let said = '';
  const { error } = await asc.main(args, {
    stderr: { write: (text: string | Uint8Array) => (said += String(text)) },
    readFile: (name: string) => files.get(name) ?? null,
    writeFile: (_name: string, contents: Uint8Array | string) => {
      if (typeof contents !== 'string') binary = contents;
    },
    listFiles: () => [],
  });
  expect([error, said]).toEqual([null, '']);
  return new Uint8Array(binary!);
};

/** Made by hand with the page's command: not every machine that runs the tests has clang. */
interface Made {
  sources: string;
  wasm: string;
}
const madeOf = (name: string): Made =>
  JSON.parse(readFileSync(join(import.meta.dirname, `fixtures/${name}-c.json`), 'utf8')) as Made;

/** An example in C as it was compiled, if it was compiled of what stands on the page. */
const fromC = (name: string, text: string): Uint8Array<ArrayBuffer> => {
  const made = madeOf(name);
  const sources = createHash('sha256')
    .update([blocks('c')[0]!, text, clang!].join('\n'))
    .digest('hex');
  expect(made.sources, 'compile the examples again with fixtures/make-c.mjs').toBe(sources);
  return new Uint8Array(Buffer.from(made.wasm, 'base64'));
};

const catalog = new Map([['catalog', new Uint8Array(new Float64Array([1.5, -2, 4.25]).buffer)]]);

describe('the examples of docs/wasm.md', () => {
  it('CG69: the AssemblyScript one compiles, may run and gives the mean; what it throws is told', async () => {
    const bytes = await compiled(blocks('ts')[1]!);
    expect(numbers(outcome(bytes, doubles(1, 2, 6), { scale: 10 }))).toEqual([30]);
    expect(outcome(bytes, { bytes: new Uint8Array(7) }, { scale: 10 })).toMatch(
      /^Aborted: doubles are needed \(line 5\)/,
    );
    expect(outcome(bytes, doubles(1), {})).toBe('GridError: params_number: there is no number named "scale"');
    expect(lease(bytes, [doubles(1), doubles(2)], { scale: 1 })).toMatchObject([
      { kind: 'result' },
      { kind: 'result' },
    ]);
  });

  it('CG69: the C one is the one that was compiled, may run and gives the mean; what it aborts with is told', () => {
    const bytes = fromC('mean', blocks('c')[1]!);
    expect(numbers(outcome(bytes, doubles(1, 2, 6), { scale: 10 }))).toEqual([30]);
    expect(outcome(bytes, { bytes: new Uint8Array(7) }, { scale: 10 })).toBe('Aborted: 1 to 8192 doubles are needed');
    expect(outcome(bytes, { bytes: new Uint8Array(65_544) }, { scale: 10 })).toMatch(/^Aborted/);
  });

  it.each([
    ['C', async () => fromC('star', blocks('c')[2]!), 'Aborted: the catalogue ends before that star'],
    ['AssemblyScript', () => compiled(blocks('ts')[2]!), 'Aborted: the catalogue ends before that star (line 5)'],
  ])('CG71: the example in %s reads its part of the shared data, and tells where that ends', async (_, make, ends) => {
    const bytes = await make();
    for (const [star, brightness] of [...new Float64Array(catalog.get('catalog')!.buffer)].entries()) {
      expect(numbers(outcome(bytes, { json: star }, null, catalog))).toEqual([brightness]);
    }
    expect(outcome(bytes, { json: 3 }, null, catalog)).toBe(ends);
    expect(outcome(bytes, { json: 0 }, null, new Map())).toMatch(/^GridError: data_size: .*catalog/);
  });

  /** Types of C and of AssemblyScript as the ABI has them. */
  const TYPES: Record<string, string> = { u32: 'i32', usize: 'i32', double: 'f64', f64: 'f64', void: '' };
  const typeOf = (text: string): string => (text.includes('*') ? 'i32' : TYPES[text.trim().split(/\s+/).at(0)!]!);

  it('CG71: grid.h and grid.ts declare every function of the ABI, each with its type', () => {
    const parts = (list: string): string[] => list.split(',').filter((text) => !['', 'void'].includes(text.trim()));
    const typed = (params: string[], result: string): string =>
      `(${params.map(typeOf).join(', ')}) -> ${typeOf(result) || '()'}`;
    const inC = blocks('c')[0]!.matchAll(
      /^GRID\((\w+)\) (?:__attribute__\(\(noreturn\)\) )?(\w+) grid_\w+\((.*)\);$/gm,
    );
    const ofC = [...inC].map(([, name, result, list]) => {
      return [
        name,
        typed(
          parts(list!).map((text) => text.replace('const ', '')),
          result!,
        ),
      ];
    });
    expect(ofC).toEqual(Object.entries(GRID_FUNCTIONS));
    const inAs = blocks('ts')[0]!.matchAll(
      /^@external\("grid", "(\w+)"\) (?:export )?declare function \w+\((.*)\): (\w+);$/gm,
    );
    const ofAs = [...inAs].map(([, name, list, result]) => {
      return [
        name,
        typed(
          parts(list!).map((text) => text.split(':')[1]!),
          result!,
        ),
      ];
    });
    expect(ofAs).toEqual(Object.entries(GRID_FUNCTIONS));
  });
});
