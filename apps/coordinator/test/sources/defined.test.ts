import { bundleProgram } from '@gossamer/program/node';
import { ENCODING, JobSpec, utf8, type KeyId } from '@gossamer/protocol';
import { Judge } from '@gossamer/judge';
import { expect, test } from 'vitest';
import { ProgramTexts } from '../../src/runtime/program-texts.ts';
import { Splits } from '../../src/sources/splits.ts';
import { afterwards } from '../harness/grid.ts';
import { TestSources } from '../harness/sources.ts';

const CODE = `
import { defineProgram } from '@gossamer/program';
import { z } from 'zod';
export const { run, split, reduce, answer } = defineProgram({
  input: z.object({ seed: z.int(), samples: z.int().positive() }),
  params: z.object({ units: z.int().positive(), samples: z.int() }),
  run: ({ seed, samples }) => ({ inside: seed % samples, samples }),
  *split({ units, samples }) { for (let seed = 0; seed < units; seed++) yield { seed, samples }; },
  reduce: (acc = { inside: 0, samples: 0 }, r) => ({ inside: acc.inside + r.inside, samples: acc.samples + r.samples }),
  answer: ({ inside, samples }) => ({ pi: 4 * inside / samples }),
});`;

test('DP6: a program that is defined with zod splits its job and folds its results in the judge', async () => {
  const { blobs, put } = new TestSources();
  const { code, sha256 } = await bundleProgram({ code: CODE, resolveDir: import.meta.dirname });
  const splits = new Splits(blobs, new ProgramTexts(blobs), 30_000);
  const judge = new Judge({ limits: { timeMs: 30_000 } });
  afterwards(async () => void (await Promise.all([splits.close(), judge.close()])));
  const program = await put(code, 65_536);
  const made = (params: object) =>
    splits.made(
      'key' as KeyId,
      JobSpec.parse({ name: 'Pi', program, params: params as never, source: { kind: 'split' } }),
    );
  const { source } = await made({ units: 3, samples: 10 });
  if (source.kind !== 'split' || source.made === undefined || !('blob' in source.made)) throw new Error('no blob');
  const { size } = (await blobs.stat(source.made.blob))!;
  expect(Buffer.from(await blobs.read(source.made.blob, { start: 0, end: size })).toString()).toBe(
    '{"seed":0,"samples":10}\n{"seed":1,"samples":10}\n{"seed":2,"samples":10}',
  );
  await expect(made({ units: 0, samples: 10 })).rejects.toThrow('the parameters do not fit: units: ');
  await expect(made({ units: 3, samples: 0 })).rejects.toThrow('input 0 of split does not fit: samples: ');
  const result = { encoding: ENCODING.json, body: utf8('{"inside":3,"samples":4}') };
  const folded = await judge.fold({ sha256, text: code }, [null], [{ place: 0, result }]);
  expect(folded).toEqual({ states: [{ acc: { inside: 3, samples: 4 } }], answers: [{ pi: 3 }] });
});
