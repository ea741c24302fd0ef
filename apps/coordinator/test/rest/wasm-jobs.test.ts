import { MISTYPED, wasmModule } from '@gossamer/program/testing';
import type { JobCard, JobSpecInput, JobView, Sha256 } from '@gossamer/protocol';
import { describe, expect, it } from 'vitest';
import type { TestGrid } from '../harness/grid.ts';
import { startGrid } from '../harness/grid.ts';
import { expectProblem } from './serve.ts';

const MIB = 1024 * 1024;
const PAGES_OF_A_MIB = 16;

/** What a job of this program is answered with. */
const create = ({ rest }: TestGrid, program: Sha256, spec: Partial<JobSpecInput> = {}): Promise<Response> => {
  const source = { kind: 'range', start: 0, stop: 3 };
  return rest.call('POST', '/v1/jobs', { name: 'A job', program, source, ...spec });
};
const submit = async (grid: TestGrid, bytes: Uint8Array): Promise<Response> =>
  create(grid, await grid.rest.upload(bytes));

const cardOf = async (grid: TestGrid): Promise<JobCard> => {
  const device = await grid.device();
  const { cards } = await device.exchange({ slots: 1 });
  return JSON.parse(cards[0]!) as JobCard;
};

describe('jobs whose program is a wasm module', () => {
  it('WA22: the job and its card say the kind and the limit on memory, after a restart too', async () => {
    let grid = await startGrid({ env: { GOSSAMER_WASM_MEMORY_MB: '2' } });
    const response = await submit(grid, wasmModule());
    expect(response.status).toBe(201);
    const { id, program, programKind } = (await response.json()) as JobView;
    expect(programKind).toBe('wasm');
    expect(await cardOf(grid)).toMatchObject({
      program: { sha256: program, size: wasmModule().byteLength },
      signed: { manifest: { kind: 'wasm' } },
      limits: { memoryBytes: 2 * MIB },
    });
    const js = await grid.rest.submit(1);
    expect(js.programKind).toBe('js');

    grid = await grid.restart();
    expect((await grid.rest.job(id)).programKind).toBe('wasm');
    expect((await grid.rest.job(js.id)).programKind).toBe('js');
    await grid.rest.json('POST', `/v1/jobs/${js.id}/cancel`);
    expect(await cardOf(grid)).toMatchObject({ id, signed: { manifest: { kind: 'wasm' } } });
  });

  it('WA20: a module is refused for its memory by the limit that is configured, and taken just below it', async () => {
    const grid = await startGrid({ env: { GOSSAMER_WASM_MEMORY_MB: '1' } });
    const problem = await expectProblem(
      await submit(grid, wasmModule({ maximumPages: PAGES_OF_A_MIB + 1 })),
      'program-invalid',
    );
    expect(problem.errors).toEqual([
      {
        path: 'program.wasm:0x1e',
        message: 'the memory may grow to 17 pages of 64 KiB; 16 are allowed here: declare a smaller maximum',
      },
    ]);
    expect((await submit(grid, wasmModule({ maximumPages: PAGES_OF_A_MIB }))).status).toBe(201);
  });

  it('WA19: a module that is refused makes no job, and says the byte', async () => {
    const grid = await startGrid();
    const foreign = wasmModule({ namespace: 'wasi' });
    const problem = await expectProblem(await submit(grid, foreign), 'program-imports');
    expect(problem.errors![0]!.path).toMatch(/^program\.wasm:0x/);
    const mistyped = wasmModule({ body: MISTYPED });
    expect((await expectProblem(await submit(grid, mistyped), 'program-invalid')).detail).toContain('f32.neg');
    expect(await grid.rest.json('GET', '/v1/jobs')).toMatchObject({ items: [] });
  });

  it('WA21: a policy or comparison that asks the program is refused, each by its field', async () => {
    const grid = await startGrid();
    const program = await grid.rest.upload(wasmModule());
    const refused = async (spec: Partial<JobSpecInput>) =>
      (await expectProblem(await create(grid, program, spec), 'policy-contradictory')).errors!;
    const check = await refused({ policy: { kind: 'check' } });
    expect(check).toEqual([
      { path: 'policy', message: expect.stringMatching(/check, which only a JavaScript program has.*quorum/) },
    ]);
    const equals = await refused({ comparison: { kind: 'program' } });
    expect(equals).toEqual([
      { path: 'comparison', message: expect.stringMatching(/equals, which only a JavaScript program has.*tolerance/) },
    ]);
    const tolerance = { kind: 'tolerance', relative: 1e-9, read: 'float64' } as const;
    expect((await create(grid, program, { comparison: tolerance })).status).toBe(201);
  });
});
