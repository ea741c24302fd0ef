import { integer, runExample } from '@gossamer/harness';
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { makeDatabase } from './database.ts';
import { HBA_HUMAN, HBB_HUMAN } from './proteins.ts';
import { type Alignment, alignLocally } from './smith-waterman.ts';

const PROGRAM = fileURLToPath(new URL('align.wasm', import.meta.url));
const COSTS = { open: 10, extend: 0.5 };
/** The score of human alpha and beta globin at these costs, in the documentation of EMBOSS's `water`. */
const PUBLISHED = 293.5;
/** Proteins in one unit. */
const UNIT = 100;
/** One in so many scores is computed once more on this side, and those of all relatives. */
const SAMPLED = 250;

const encoder = new TextEncoder();

const digest = (scores: readonly (number | undefined)[]): string =>
  createHash('sha256').update(JSON.stringify(scores)).digest('hex');

/** An alignment as it is printed, sixty letters a line. */
const printed = ({ query, subject }: Alignment): string => {
  const lines: string[] = [];
  for (let at = 0; at < query.length; at += 60) {
    const [above, below] = [query.slice(at, at + 60), subject.slice(at, at + 60)];
    const same = above
      .split('')
      .map((letter, i) => (letter === below[i] ? '|' : ' '))
      .join('');
    lines.push(`  HBA  ${above}`, `       ${same}`.trimEnd(), `  HBB  ${below}`, '');
  }
  return lines.join('\n');
};

await runExample({
  name: 'align',
  about:
    'Looks for the relatives of human alpha globin in a database of made-up proteins, by local alignment with BLOSUM62 and\n' +
    'affine gaps. The best hits must be the relatives, and scores those of another program.',
  quorum: 2,
  flags: {
    proteins: integer(10_000, 'in the database', 100),
    seed: integer(62, 'of the made-up proteins', 0),
  },
  run: async ({ grid, say, follow }, { proteins: count, seed }) => {
    const { proteins, relatives } = makeDatabase(count, seed);
    const inputs: Uint8Array[] = [];
    for (let at = 0; at < count; at += UNIT) {
      const lines = [HBA_HUMAN, ...proteins.slice(at, at + UNIT)].map(({ letters }) => letters);
      inputs.push(encoder.encode(lines.join('\n')));
    }
    const job = await grid.map<Uint8Array, number[]>(inputs, PROGRAM, {
      name: 'Relatives of alpha globin',
      quorum: 2,
      params: COSTS,
    });
    await follow(job);
    const scores = new Map<string, number>();
    for await (const { unit, output } of job.results()) {
      for (const [i, score] of output.entries()) scores.set(proteins[unit * UNIT + i]!.name, score);
    }

    const best = [...scores].toSorted(([, a], [, b]) => b - a).slice(0, relatives.length);
    say(best.map(([name, score]) => `  ${score.toFixed(1).padStart(6)}  ${name}`).join('\n'));
    say(`\n${printed(alignLocally(HBA_HUMAN.letters, HBB_HUMAN.letters, COSTS))}`);

    const sampled = proteins.filter(({ name }, i) => relatives.includes(name) || i % SAMPLED === 0);
    const own = sampled.map(({ letters }) => alignLocally(HBA_HUMAN.letters, letters, COSTS).score);
    return {
      answer: {
        betaGlobin: scores.get(HBB_HUMAN.name),
        relatives: best.map(([name]) => name).toSorted(),
        sampled: digest(sampled.map(({ name }) => scores.get(name))),
      },
      expected: { betaGlobin: PUBLISHED, relatives: relatives.toSorted(), sampled: digest(own) },
      units: inputs.length,
    };
  },
});
