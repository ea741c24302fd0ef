import type { JobId, ResultView } from '@gossamer/protocol';
import { expect, test, vi } from 'vitest';
import { ZipFile } from 'yazl';
import { contentsOf } from '../../../../scripts/lib/zip.mjs';
import type { Caller, Grid, ResultsRequest } from '../../src/grid.ts';
import { archiveOf } from '../../src/rest/archive.ts';

const FILES = 1700;

/** A job of so many results of bytes. */
const grid = {
  job: () => ({ name: 'Many' }),
  results: async (_caller: Caller, _id: JobId, { after, limit }: ResultsRequest) => {
    const from = Number(after ?? 0);
    const upto = Math.min(FILES, from + limit);
    const items = Array.from({ length: upto - from }, (_, at) => ({ unit: from + at, bytes: 3 }));
    return { items: items as unknown as ResultView[], next: upto < FILES ? String(upto) : null };
  },
  result: async (_caller: Caller, _id: JobId, unit: number) => ({ body: Buffer.from(`result ${unit}`) }),
} as unknown as Grid;

test('LI29: of an archive of many files each is there once, in order, and no step looks at all that are written', async () => {
  const before = ZipFile.prototype.addReadStreamLazy;
  let most = 0;
  const added = vi.spyOn(ZipFile.prototype, 'addReadStreamLazy').mockImplementation(function (
    this: ZipFile,
    ...given: unknown[]
  ) {
    Reflect.apply(before, this, given);
    most = Math.max(most, (this as ZipFile & { entries: unknown[] }).entries.length);
  });
  try {
    const chunks: Uint8Array[] = [];
    for await (const chunk of archiveOf(grid, {} as Caller, 'job_x' as JobId, new AbortController().signal)) {
      chunks.push(chunk);
    }
    const found = await contentsOf(Buffer.concat(chunks));
    const names = Array.from({ length: FILES }, (_, unit) => `outputs/${unit}.bin`);
    expect([...found.keys()]).toEqual(['job.json', 'results.ndjson', ...names]);
    for (const [unit, name] of names.entries()) expect(found.get(name)!.toString()).toBe(`result ${unit}`);
    expect(most).toBeLessThan(FILES / 2);
  } finally {
    added.mockRestore();
  }
});
