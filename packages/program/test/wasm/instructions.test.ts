import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { newDraft } from '../../src/wasm/draft.ts';
import { Reader } from '../../src/wasm/reader.ts';
import { readCode } from '../../src/wasm/sections/code.ts';
import { IMPORTS, TYPES, bytesOf, leb, name, section } from './bytes.ts';
import { LIMIT, MEMORY, codeOf, wat } from './wat.ts';

const REFUSED = ['exceptions', 'gc', 'threads', 'relaxed-simd', 'instruction-unknown'];
/** A constant of nine bytes. An instruction that takes some of them as its operands leaves bytes that are none. */
const GUARD = [0x42, 0xf7, 0xf7, 0xf7, 0xf7, 0xf7, 0xf7, 0xf7, 0xf7, 0x17, 0x0f];
const END = 0x0b;
const UNREACHABLE = 0x00;

/** Everything that an instruction's index 0 may name is there. `run` has one local. */
const around = (...instructions: number[]): Uint8Array<ArrayBuffer> => {
  const body = [1, 1, 0x7f, UNREACHABLE, ...instructions, END];
  return bytesOf(
    TYPES,
    IMPORTS,
    section(3, 1, 0),
    section(4, 1, 0x70, 1, 1, 1),
    section(6, 1, 0x7f, 1, 0x41, 0, END),
    section(7, 1, ...name('run'), 0, 0),
    section(9, 1, 1, 0, 1, 0),
    section(12, 1),
    section(10, 1, ...leb(body.length), ...body),
    section(11, 1, 1, 0),
  );
};

const range = (size: number): number[] => Array.from({ length: size }, (_, i) => i);
const PREFIXES = [0xfb, 0xfc, 0xfd, 0xfe];
const codes = [
  ...range(256)
    .filter((byte) => byte !== END && byte !== 0x05 && !PREFIXES.includes(byte))
    .map((byte) => [byte]),
  ...range(40).map((code) => [0xfc, ...leb(code)]),
  ...range(300).map((code) => [0xfd, ...leb(code)]),
];

const zeros = (count: number): number[] => Array.from({ length: count }, () => 0);
const isBlock = ([code]: number[]): boolean => code! >= 0x02 && code! <= 0x04;

/** Types that an instruction takes before indices; a block has one, or an index of one. */
const typesOf = (code: number[]): number[][] => {
  if (isBlock(code)) return [[], [0x40]];
  if (code[0] === 0x1c) return [[1, 0x7f]];
  return code[0] === 0xd0 ? [[0x70]] : [[]];
};

/** An instruction with so many zeros behind it. */
const candidate = (code: number[], type: number[], count: number): Uint8Array<ArrayBuffer> =>
  around(...code, ...type, ...zeros(count), ...GUARD, ...(isBlock(code) ? [END] : []));

describe('instructions', () => {
  it('WA12: the operands of each end where the engine sees them end', () => {
    let known = 0;
    for (const code of codes) {
      if (REFUSED.includes(codeOf(around(...code, ...zeros(17))) ?? '')) continue;
      for (const type of typesOf(code)) {
        // Where over ten bytes are missing, the guard and what is behind it are swallowed.
        const least = code[0] === 0xfd && (code[1] === 0x0c || code[1] === 0x0d) ? 7 : 0;
        for (let count = least; count <= 17; count++) {
          const bytes = candidate(code, type, count);
          const fits = codeOf(bytes) === null;
          expect({ code, type, count, fits }).toEqual({ code, type, count, fits: WebAssembly.validate(bytes) });
          if (fits) known += 1;
        }
      }
    }
    expect(known).toBeGreaterThan(5000);
  });

  it('WA11: just those of WebAssembly 2.0 and tail calls pass', () => {
    const refusals = new Map<string, string[]>();
    for (const code of [...codes, [0xfb, 0], [0xfe, 0], [0xfe, 0x10]]) {
      const refusal = codeOf(around(...code, ...zeros(17)));
      if (refusal === null || !REFUSED.includes(refusal)) continue;
      const text = code.map((byte) => byte.toString(16)).join(' ');
      refusals.set(refusal, [...(refusals.get(refusal) ?? []), text]);
    }
    expect(refusals.get('exceptions')).toEqual(['6', '7', '8', '9', 'a', '18', '19', '1f']);
    expect(refusals.get('gc')).toEqual(['14', '15', 'd3', 'd4', 'd5', 'd6', 'fb 0']);
    expect(refusals.get('threads')).toEqual(['fe 0', 'fe 10']);
    expect(refusals.get('relaxed-simd')).toEqual(range(44).map((i) => `fd ${(0x80 | i).toString(16)} 2`));
    const plain = ['16', '17', '1d', '1e', '27'].length + (0xd0 - 0xc5) + (0xfb - 0xd7) + 1;
    expect(refusals.get('instruction-unknown')).toHaveLength(plain + (40 - 18) + 20);
  });

  it.each([
    [
      'relaxed SIMD',
      '(func (drop (f32x4.relaxed_madd (v128.const i64x2 0 0) (v128.const i64x2 0 0) (v128.const i64x2 0 0))))',
      'relaxed-simd',
    ],
    ['an atomic', '(func (drop (i32.atomic.load (i32.const 0))))', 'threads'],
    ['a fence', '(func (atomic.fence))', 'threads'],
    ['a try', '(func (try (do) (catch_all)))', 'exceptions'],
  ])('WA11: %s is refused by name', (_, text, expected) => {
    expect(codeOf(wat(`(module ${MEMORY} (func (export "run")) ${text})`))).toBe(expected);
  });

  it('WA12: the type of a block is no negative index, however long it is written', () => {
    expect(codeOf(around(0x02, 0x80, 0x00, END))).toBeNull();
    expect(codeOf(around(0x02, 0xc0, 0x7f, END))).toBe('malformed');
    expect(codeOf(around(0x02, 0xff, 0x7f, END))).toBe('malformed');
    expect(codeOf(around(0x02, 0xff, 0xff, 0xff, 0xff, 0x7f, END))).toBe('malformed');
  });

  it('WA11: another memory than the first is refused', () => {
    expect(codeOf(around(0x28, 0x42, 0x00, 0x1a))).toBe('malformed');
    expect(codeOf(around(0x28, 0x40, 0x00, 0x00, 0x1a))).toBe('malformed');
    expect(codeOf(around(0x3f, 0x01, 0x1a))).toBe('malformed');
    expect(codeOf(around(0xfc, 0x0b, 0x01))).toBe('malformed');
    expect(codeOf(around(0xfc, 0x0a, 0x00, 0x01))).toBe('malformed');
    expect(codeOf(around(0xfc, 0x08, 0x00, 0x01))).toBe('malformed');
  });

  it('WA12: integers are as long as their type allows, padded or not, and no longer', () => {
    const cases: [number[], boolean][] = [
      [[0x41, 0x80, 0x80, 0x80, 0x80, 0x00], true],
      [[0x41, 0xff, 0xff, 0xff, 0xff, 0x7f], true],
      [[0x41, 0xff, 0xff, 0xff, 0xff, 0x07], true],
      [[0x41, 0xff, 0xff, 0xff, 0xff, 0x0f], false],
      [[0x41, 0xff, 0xff, 0xff, 0xff, 0x77], false],
      [[0x41, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00], false],
      [[0x42, ...Array.from({ length: 9 }, () => 0x80), 0x7f], true],
      [[0x42, ...Array.from({ length: 9 }, () => 0x80), 0x01], false],
      [[0x42, ...Array.from({ length: 10 }, () => 0x80), 0x00], false],
      [[0x20, 0x80, 0x80, 0x80, 0x80, 0x00], true],
      [[0x20, 0x80, 0x80, 0x80, 0x80, 0x10], false],
      [[0x20, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00], false],
    ];
    for (const [instruction, fits] of cases) {
      const bytes = around(...instruction, 0x1a);
      expect([instruction, codeOf(bytes) === null]).toEqual([instruction, fits]);
      expect([instruction, WebAssembly.validate(bytes)]).toEqual([instruction, fits]);
    }
  });

  it('WA11: locals are bounded and of number types', () => {
    const withLocals = (...locals: number[]): Uint8Array =>
      bytesOf(
        TYPES,
        IMPORTS,
        section(3, 1, 0),
        section(7, 1, ...name('run'), 0, 0),
        section(10, 1, locals.length + 1, ...locals, END),
      );
    expect(codeOf(withLocals(1, ...leb(50_000), 0x7f))).toBeNull();
    expect(codeOf(withLocals(1, ...leb(50_001), 0x7f))).toBe('too-many');
    expect(codeOf(withLocals(2, ...leb(30_000), 0x7f, ...leb(30_000), 0x7f))).toBe('too-many');
    expect(codeOf(withLocals(1, 1, 0x6f))).toBe('externref');
    expect(codeOf(withLocals(1, 1, 0x63))).toBe('gc');
  });

  it.each([
    ['@jitl/quickjs-wasmfile-release-sync/wasm', 1000],
    ['playwright-core/lib/webp_codec.wasm', 50],
  ])('WA12: every function of a module of some hundred KiB is walked to its end: %s', (file, least) => {
    const root = createRequire(import.meta.url)
      .resolve('typescript/package.json')
      .replace('typescript/package.json', '');
    const path = file.startsWith('@') ? createRequire(import.meta.url).resolve(file) : `${root}${file}`;
    const bytes = readFileSync(path);
    const reader = new Reader(bytes, 'the module', 8);
    const draft = newDraft(LIMIT);
    while (reader.left > 0) {
      const id = reader.byte();
      const content = reader.inner(reader.u32(), 'a section');
      if (id === 10) {
        readCode(content, draft);
        content.expectEnd();
      }
    }
    expect(draft.bodies).toBeGreaterThan(least);
  });
});
