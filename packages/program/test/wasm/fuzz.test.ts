import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PAGE_BYTES, validateWasm } from '../../src/wasm/index.ts';
import { Reader } from '../../src/wasm/reader.ts';
import { HEADER, bytesOf, section } from './bytes.ts';
import { LIMIT, MEMORY, RICH, codeOf, wat } from './wat.ts';

const rich = wat(RICH);
const seeds = [
  rich,
  wat(`(module ${MEMORY} (func $f (export "run")) (table 4 4 funcref) (elem (i32.const 0) $f) (data "x"))`),
];

/** Bytes changed, put in, taken out, and pieces of one module in another. */
const edit = fc.oneof(
  fc.record({ kind: fc.constant('set' as const), at: fc.nat(), byte: fc.nat(255) }),
  fc.record({ kind: fc.constant('flip' as const), at: fc.nat(), byte: fc.nat(7) }),
  fc.record({ kind: fc.constant('insert' as const), at: fc.nat(), byte: fc.nat(255) }),
  fc.record({ kind: fc.constant('remove' as const), at: fc.nat(), byte: fc.nat(8) }),
  fc.record({ kind: fc.constant('splice' as const), at: fc.nat(), byte: fc.nat(255) }),
);
type Edit = typeof edit extends fc.Arbitrary<infer T> ? T : never;

const apply = (bytes: number[], { kind, at, byte }: Edit): number[] => {
  const place = at % (bytes.length + 1);
  if (kind === 'set') return bytes.with(place % bytes.length, byte);
  if (kind === 'flip') return bytes.with(place % bytes.length, bytes[place % bytes.length]! ^ (1 << byte));
  if (kind === 'insert') return bytes.toSpliced(place, 0, byte);
  if (kind === 'remove') return bytes.length > 16 ? bytes.toSpliced(place, byte) : bytes;
  return bytes.toSpliced(place, 0, ...rich.subarray(byte % rich.length, (byte % rich.length) + 12));
};

/** A module's sections, as ids and contents. */
const sectionsOf = (bytes: Uint8Array): { id: number; content: number[] }[] => {
  const reader = new Reader(bytes, 'the module', HEADER.length);
  const sections = [];
  while (reader.left > 0) {
    const id = reader.byte();
    const { at, end } = reader.inner(reader.u32(), 'a section');
    sections.push({ id, content: [...bytes.subarray(at, end)] });
  }
  return sections;
};

const anywhere = fc
  .tuple(fc.constantFrom(...seeds), fc.array(edit, { minLength: 1, maxLength: 3 }))
  .map(([seed, edits]) => new Uint8Array(edits.reduce(apply, [...seed])));

/** Sections keep their sizes true, so that a mutant gets further. */
const inSections = fc
  .tuple(fc.constantFrom(...seeds), fc.array(fc.tuple(fc.nat(), edit), { minLength: 1, maxLength: 3 }))
  .map(([seed, edits]) => {
    const sections = sectionsOf(seed);
    for (const [at, change] of edits) {
      const target = sections[at % sections.length]!;
      target.content = apply(target.content, change);
    }
    return bytesOf(...sections.map(({ id, content }) => section(id, ...content)));
  });
const mutant = fc.oneof(anywhere, inSections);

/** The engine's complaint, null where it has none. */
const complaint = (bytes: Uint8Array<ArrayBuffer>): string | null => {
  if (WebAssembly.validate(bytes)) return null;
  try {
    new WebAssembly.Module(bytes);
    return null;
  } catch (error) {
    return (error as Error).message;
  }
};

const instance = (
  bytes: Uint8Array<ArrayBuffer>,
  memory: WebAssembly.Memory,
  namespace: string,
): WebAssembly.Instance => {
  const grid = new Proxy({}, { get: (_, name) => (name === 'memory' ? memory : () => 0) });
  return new WebAssembly.Instance(new WebAssembly.Module(bytes), { grid, [namespace]: grid } as never);
};

/** Makes it with the limits that were told, which only fits where the module declares just these. */
const checkInstance = (bytes: Uint8Array<ArrayBuffer>): void => {
  const info = validateWasm(bytes, LIMIT);
  const { initialPages, maximumPages, namespace } = info.memory;
  const imports = WebAssembly.Module.imports(new WebAssembly.Module(bytes));
  expect(imports.filter(({ kind }) => kind === 'memory')).toMatchObject([{ module: namespace, name: 'memory' }]);
  expect(imports.filter(({ kind }) => kind !== 'memory').map((each) => [each.module, each.name, each.kind])).toEqual(
    info.imports.map((name) => ['grid', name, 'function']),
  );
  const exports = WebAssembly.Module.exports(new WebAssembly.Module(bytes));
  expect(exports.map(({ name }) => name)).toEqual(info.exports);
  const memory = new WebAssembly.Memory({ initial: initialPages, maximum: maximumPages });
  if (!info.hasStart) instance(bytes, memory, namespace);
  expect(memory.buffer.byteLength).toBe(initialPages * PAGE_BYTES);
  if (initialPages > 0) {
    const small = new WebAssembly.Memory({ initial: initialPages - 1, maximum: maximumPages });
    expect(() => instance(bytes, small, namespace)).toThrow(WebAssembly.LinkError);
  }
  const large = new WebAssembly.Memory({ initial: initialPages, maximum: maximumPages + 1 });
  expect(() => instance(bytes, large, namespace)).toThrow(WebAssembly.LinkError);
};

describe('modules that were tampered with', () => {
  it('WA13: are refused with a fault, or have at most an error inside of a function', () => {
    let accepted = 0;
    fc.assert(
      fc.property(mutant, (bytes) => {
        const refusal = codeOf(bytes);
        if (refusal !== null) return;
        accepted += 1;
        const message = complaint(bytes);
        if (message !== null) expect(message).toMatch(/Compiling function #\d+.* failed/);
      }),
      { numRuns: 4000 },
    );
    expect(accepted).toBeGreaterThan(100);
  });

  it('WA14: where both accept, imports, exports and memory are just those that were told', () => {
    let checked = 0;
    fc.assert(
      fc.property(mutant, (bytes) => {
        if (codeOf(bytes) !== null || complaint(bytes) !== null) return;
        checked += 1;
        checkInstance(bytes);
      }),
      { numRuns: 1500 },
    );
    expect(checked).toBeGreaterThan(20);
  });

  it('WA14: a memory grows to the maximum that was told, and no further', () => {
    const grow = `(module (import "grid" "memory" (memory 1 37)) (global $n (export "n") (mut i32) (i32.const 1))
      (func (export "run") (loop $more
        (br_if $more (i32.ne (memory.grow (i32.const 1)) (i32.const -1)))) (global.set $n (memory.size))))`;
    const bytes = wat(grow);
    const { memory } = validateWasm(bytes, LIMIT);
    expect(memory.maximumPages).toBe(37);
    const given = new WebAssembly.Memory({ initial: memory.initialPages, maximum: memory.maximumPages });
    const { exports } = instance(bytes, given, 'grid');
    (exports['run'] as () => void)();
    expect((exports['n'] as WebAssembly.Global).value).toBe(37);
    checkInstance(bytes);
  });

  it('WA13: random bytes behind a header, and any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.boolean(), (random, headed) => {
        const bytes = new Uint8Array(headed ? [...rich.subarray(0, 8), ...random] : random);
        if (codeOf(bytes) === null) expect(WebAssembly.validate(bytes)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it('WA16: time grows with the bytes, not with what they say', () => {
    const timeOf = (bytes: Uint8Array): number => {
      const from = performance.now();
      codeOf(bytes);
      return performance.now() - from;
    };
    const body = new Uint8Array(3_000_000).fill(0x01);
    const nested = new Uint8Array(3_000_000);
    for (let i = 0; i + 1 < nested.length; i += 2) nested.set([0x02, 0x40], i);
    for (const inside of [body, nested]) {
      const module = wat(`(module ${MEMORY} (func (export "run") nop))`);
      const at = module.lastIndexOf(0x0a);
      const padded = (n: number): number[] => [
        (n & 127) | 128,
        ((n >> 7) & 127) | 128,
        ((n >> 14) & 127) | 128,
        (n >> 21) & 127,
      ];
      const head = [...module.subarray(0, at), 0x0a, ...padded(inside.length + 7), 1, ...padded(inside.length + 2), 0];
      expect(timeOf(new Uint8Array([...head, ...inside, 0x0b]))).toBeLessThan(2000);
    }
  });
});
