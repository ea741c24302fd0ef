import { expect, it } from 'vitest';
import { manifestOf, programFacts, requireFacts } from '../../src/index.ts';
import { LIMITS, PROGRAM } from './world.ts';
import { wat } from '../wasm/wat.ts';

it('SG5: the kind is that of the bytes', async () => {
  expect(programFacts(PROGRAM)).toEqual({ kind: 'js', memoryBytes: null });
  const manifest = await manifestOf(PROGRAM, { name: 'Echo', limits: LIMITS });
  expect(() => requireFacts(programFacts(PROGRAM), { ...manifest, kind: 'wasm' })).toThrow(
    'it is js, and its manifest says wasm',
  );
});

it('SG5: a module may declare no more memory than its manifest says', async () => {
  const module = wat('(module (import "grid" "memory" (memory 1 3)) (func (export "run")))');
  const manifest = await manifestOf(module, { name: 'Echo', limits: LIMITS });
  expect(manifest).toMatchObject({ kind: 'wasm', limits: { memoryBytes: 3 * 65_536 } });
  requireFacts(programFacts(module), manifest);
  for (const memoryBytes of [3 * 65_536 - 1, 0, null]) {
    const less = { ...manifest, limits: { ...manifest.limits, memoryBytes } };
    expect(() => requireFacts(programFacts(module), less)).toThrow('it may take more memory than its manifest says');
  }
  expect(() => requireFacts(programFacts(module), { ...manifest, kind: 'js' })).toThrow('it is wasm');
});

it('SG5: what begins as a module and may not run is refused', async () => {
  const broken = new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);
  const manifest = await manifestOf(broken, { name: 'Echo', limits: LIMITS });
  expect(() => requireFacts(programFacts(broken), manifest)).toThrow('no module of WebAssembly that may run here');
});
