import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LETTERS, blosum62 } from '../src/blosum62.ts';
import { makeDatabase } from '../src/database.ts';
import { HBA_HUMAN, HBB_HUMAN } from '../src/proteins.ts';
import { alignLocally } from '../src/smith-waterman.ts';
import { host } from './grid-host.ts';

const home = join(import.meta.dirname, '..');
const module = new WebAssembly.Module(readFileSync(join(home, 'dist/align.wasm')));
const COSTS = { open: 10, extend: 0.5 };

const run = (lines: readonly string[], costs = COSTS) =>
  host(module, new TextEncoder().encode(lines.join('\n')), { ...costs });

describe('the module', () => {
  it('EG30: gives alpha and beta globin the score that EMBOSS publishes', () => {
    expect(run([HBA_HUMAN.letters, HBB_HUMAN.letters]).result).toEqual([293.5]);
  });

  it('EG30: knows the matrix: a letter against a letter has its entry, or nothing', () => {
    const expected = LETTERS.split('').map((a) => LETTERS.split('').map((b) => Math.max(0, blosum62(a, b))));
    expect(LETTERS.split('').map((a) => run([a, ...LETTERS.split('')]).result)).toEqual(expected);
    // What is below nothing shows where it stands between two good matches.
    for (const a of LETTERS) {
      for (const b of LETTERS) {
        expect(run([`WWW${a}WWW`, `WWW${b}WWW`], { open: 90, extend: 90 }).result).toEqual([66 + blosum62(a, b)]);
      }
    }
  });

  it('EG30: scores as the definition does, whatever gaps cost', () => {
    const { proteins } = makeDatabase(120, 7);
    const some = proteins.filter((_, i) => i % 8 === 0).map(({ letters }) => letters.slice(0, 150));
    for (const costs of [COSTS, { open: 4, extend: 1 }, { open: 2.5, extend: 2.5 }]) {
      const expected = some.map((letters) => alignLocally(HBA_HUMAN.letters, letters, costs).score);
      expect(run([HBA_HUMAN.letters, ...some], costs).result).toEqual(expected);
    }
  });

  it('EG30: says what is wrong with an input', () => {
    expect(run(['VLSP', 'VLXP']).aborted).toMatch(/byte 7 is no amino acid: 88/);
    expect(run(['VLSP']).aborted).toMatch(/the first line should be the query/);
    expect(run(['', 'VLSP']).aborted).toMatch(/the first line should be the query/);
  });

  it('EG31: shows a dot plot in which relatives have a bright diagonal, and tells how far it is', () => {
    const { picture, progress } = run([HBA_HUMAN.letters, HBA_HUMAN.letters, HBB_HUMAN.letters]);
    const { width, height, rgba } = picture!;
    expect([width, height]).toEqual([HBA_HUMAN.letters.length, HBA_HUMAN.letters.length]);
    const at = (i: number, j: number): number => rgba[4 * (i * width + j)]!;
    expect(at(70, 70)).toBe(255);
    expect(at(70, 20)).toBeLessThan(120);
    expect(progress).toHaveLength(2);
    expect(progress.at(-1)).toBe(1);
  });

  it('EG31: what it imports is declared as docs/wasm.md declares it', () => {
    const page = readFileSync(join(home, '../../docs/wasm.md'), 'utf8');
    const [block] = [...page.matchAll(/^```ts\n(.*?)^```/gms)].map(([, text]) => text);
    expect(readFileSync(join(home, 'src/assembly/grid.ts'), 'utf8')).toBe(block);
  });
});

describe('the other implementation', () => {
  it('EG32: aligns short sequences as one does by hand', () => {
    expect(alignLocally('AAWWHEAE', 'PWWHEAEP', COSTS)).toEqual({ score: 44, query: 'WWHEAE', subject: 'WWHEAE' });
    const gapped = alignLocally('WWWWCCCC', 'WWWWPPCCCC', COSTS);
    expect(gapped).toEqual({ score: 4 * 11 + 4 * 9 - 10.5, query: 'WWWW--CCCC', subject: 'WWWWPPCCCC' });
    expect(alignLocally('WWWWPPCCCC', 'WWWWCCCC', COSTS)).toMatchObject({ subject: 'WWWW--CCCC' });
  });

  it('EG32: a database is fixed by its seed, and holds its relatives once', () => {
    const { proteins, relatives } = makeDatabase(200, 3);
    expect(makeDatabase(200, 3).proteins).toEqual(proteins);
    expect(makeDatabase(200, 4).proteins).not.toEqual(proteins);
    expect(proteins).toHaveLength(200);
    for (const name of relatives) expect(proteins.filter((protein) => protein.name === name)).toHaveLength(1);
  });
});
