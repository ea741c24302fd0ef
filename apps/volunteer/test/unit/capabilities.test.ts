import { Capabilities } from '@gossamer/protocol';
import { expect, test, vi } from 'vitest';
import { capabilitiesOf, wasmFeatures } from '../../src/engine/capabilities.ts';

test('VE16: what the browser does not tell is null, and memory and cores are within what the protocol takes', () => {
  expect(capabilitiesOf({})).toMatchObject({ memoryMb: null, cores: null });
  expect(capabilitiesOf({ deviceMemory: 0.25, hardwareConcurrency: 6 })).toMatchObject({ memoryMb: 256, cores: 6 });
  const large = capabilitiesOf({ deviceMemory: 32, hardwareConcurrency: 5000 });
  expect(Capabilities.parse(large)).toEqual({ ...large, memoryMb: 32_768, cores: 1024 });
});

test('VE17: a feature of WebAssembly is one whose smallest module the browser calls valid', () => {
  // Every engine that these tests run in has had these for years.
  expect(wasmFeatures()).toEqual(expect.arrayContaining(['simd', 'threads', 'exceptions', 'tail-call']));
  const validate = vi.spyOn(WebAssembly, 'validate').mockReturnValue(false);
  expect(wasmFeatures()).toEqual([]);
  const modules = validate.mock.calls.map(([module]) => Buffer.from(module as Uint8Array).toString('hex'));
  expect(new Set(modules).size).toBe(6);
  for (const module of modules) expect(module).toMatch(/^0061736d01000000./);
  validate.mockRestore();
});
