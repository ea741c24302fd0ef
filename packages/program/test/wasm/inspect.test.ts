import { describe, expect, it } from 'vitest';
import { inspectWasm } from '../../src/node/index.ts';
import { thrown } from '../project.ts';
import { LIMIT, MEMORY, RUN, wat } from './wat.ts';

/** `inspectWasm`, as a promise, of a module's text. */
const inspected = async (text: string, limits = LIMIT): Promise<unknown> => inspectWasm(wat(text), limits);

describe('inspectWasm', () => {
  it('WA18: a module that may run is described', async () => {
    expect(await inspected(`(module ${MEMORY} ${RUN})`)).toMatchObject({ exports: ['run'], functions: 1 });
  });

  it.each([
    [`(module (memory 1 2) ${RUN})`, 'program-invalid', 'program.wasm:0x14', 'a memory of its own'],
    [`(module ${MEMORY} (import "a" "b" (func)) ${RUN})`, 'program-imports', 'program.wasm:0x21', '"a"."b"'],
    [`(module ${MEMORY})`, 'program-exports', 'program.wasm:0x1b', 'exports no function "run"'],
  ])('WA18: a refusal is a problem with its byte: %s', async (text, code, path, said) => {
    const error = await thrown(inspected(text));
    expect(error.code).toBe(code);
    expect(error.errors).toEqual([{ path, message: expect.stringContaining(said) }]);
    expect(error.message).toContain(`${path}: `);
  });

  it('WA18: what only the engine refuses is told in its words', async () => {
    const error = await thrown(inspected(`(module ${MEMORY} (func (export "run") i64.const 0 f32.neg drop))`));
    expect(error.code).toBe('program-invalid');
    expect(error.message).toMatch(/program\.wasm: .*f32\.neg/);
  });

  it('WA18: a module over the limit is too large', async () => {
    const error = await thrown(inspected(`(module ${MEMORY} ${RUN})`, { ...LIMIT, moduleBytes: 9 }));
    expect(error.code).toBe('body-too-large');
  });
});
