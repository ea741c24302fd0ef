import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
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

/** `mean.wasm` by the page's own command. */
const compiled = async (): Promise<Uint8Array<ArrayBuffer>> => {
  const [grid, mean] = blocks('ts');
  const files = new Map([
    ['grid.ts', grid!],
    ['mean.ts', mean!],
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
const made = JSON.parse(readFileSync(join(import.meta.dirname, 'fixtures/mean-c.json'), 'utf8')) as Made;

describe('the examples of docs/wasm.md', () => {
  it('CG69: the AssemblyScript one compiles, may run and gives the mean; what it throws is told', async () => {
    const bytes = await compiled();
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
    const sources = createHash('sha256')
      .update([...blocks('c'), clang!].join('\n'))
      .digest('hex');
    expect(made.sources, 'compile the example again with fixtures/make-mean-c.mjs').toBe(sources);
    const bytes = new Uint8Array(Buffer.from(made.wasm, 'base64'));
    expect(numbers(outcome(bytes, doubles(1, 2, 6), { scale: 10 }))).toEqual([30]);
    expect(outcome(bytes, { bytes: new Uint8Array(7) }, { scale: 10 })).toBe('Aborted: 1 to 8192 doubles are needed');
    expect(outcome(bytes, { bytes: new Uint8Array(65_544) }, { scale: 10 })).toMatch(/^Aborted/);
  });
});
