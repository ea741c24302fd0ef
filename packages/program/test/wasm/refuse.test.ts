import { describe, expect, it } from 'vitest';
import { EXPORTS, FUNCTIONS, HEADER, IMPORTS, LEAST, TYPES, bytesOf, code, leb, name, section } from './bytes.ts';
import { MEMORY, RUN, codeOf, faultOf, wat } from './wat.ts';

const REST = [FUNCTIONS, EXPORTS, code()];
const memory = (...limits: number[]): number[] => section(2, 1, ...name('grid'), ...name('memory'), 2, ...limits);
const withSection = (at: number, ...part: number[]): Uint8Array =>
  bytesOf(...[TYPES, IMPORTS, FUNCTIONS, EXPORTS, code()].toSpliced(at, 0, part));

describe('a module that is refused', () => {
  it.each([
    ['empty', [], 'not-wasm'],
    ['text', [...new TextEncoder().encode('export const run = 1')], 'not-wasm'],
    ['only its first word', HEADER.slice(0, 4), 'truncated'],
    ['a component', [0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0], 'version'],
    ['only a header', HEADER, 'memory-missing'],
  ])('WA2: one that is %s', (_, bytes, expected) => {
    expect(codeOf(new Uint8Array(bytes))).toBe(expected);
  });

  it('WA2: one that ends at any byte before its last', () => {
    for (let size = 0; size < LEAST.length; size++) expect(codeOf(LEAST.subarray(0, size))).not.toBeNull();
  });

  it('WA2: one with anything behind its end', () => {
    for (let byte = 0; byte < 256; byte++) expect(codeOf(new Uint8Array([...LEAST, byte]))).not.toBeNull();
  });

  it.each([
    ['own memory', `(module (memory 1 2) ${RUN})`, 'memory-own'],
    ['a private memory besides the imported one', `(module ${MEMORY} (memory 1 2) ${RUN})`, 'memory-own'],
    ['no memory', `(module ${RUN})`, 'memory-missing'],
    ['data but no memory', `(module ${RUN} (data "x"))`, 'memory-missing'],
    ['two imported memories', `(module ${MEMORY} ${MEMORY} ${RUN})`, 'memory-second'],
    ['64-bit memory', `(module (import "grid" "memory" (memory i64 1 2)) ${RUN})`, 'memory-64'],
    ['shared memory', `(module (import "grid" "memory" (memory 1 2 shared)) ${RUN})`, 'memory-shared'],
    ['memory without a maximum', `(module (import "grid" "memory" (memory 1)) ${RUN})`, 'memory-unbounded'],
    ['memory over the limit', `(module (import "grid" "memory" (memory 1 1025)) ${RUN})`, 'memory-too-large'],
    ['memory of another name', `(module (import "grid" "heap" (memory 1 2)) ${RUN})`, 'import-unknown'],
    ['memory of another namespace', `(module (import "js" "memory" (memory 1 2)) ${RUN})`, 'import-foreign'],
  ])('WA5: one with %s', (_, text, expected) => {
    expect(codeOf(wat(text))).toBe(expected);
  });

  it('WA5: memory whose limits contradict themselves or have unknown flags', () => {
    expect(codeOf(bytesOf(TYPES, memory(1, 3, 2), ...REST))).toBe('malformed');
    for (let flags = 8; flags < 256; flags++) {
      expect(codeOf(bytesOf(TYPES, memory(flags, 1, 2, 0), ...REST))).toBe('malformed');
    }
    expect(codeOf(bytesOf(TYPES, memory(1, 1, ...leb(2 ** 32 - 1)), ...REST))).toBe('memory-too-large');
  });

  it.each([
    ['a function from elsewhere', '(import "env" "abort" (func (param i32 i32 i32 i32)))', 'import-foreign'],
    ['WASI', '(import "wasi_snapshot_preview1" "fd_write" (func (result i32)))', 'import-foreign'],
    ['the memory of compilers as a function', '(import "env" "memory" (func))', 'import-foreign'],
    ['a name that grid has not', '(import "grid" "fetch" (func (param i32)))', 'import-unknown'],
    ['a name of Object.prototype', '(import "grid" "toString" (func))', 'import-unknown'],
    ['a table', '(import "grid" "table" (table 1 2 funcref))', 'import-kind'],
    ['a global', '(import "grid" "seed" (global i32))', 'import-kind'],
    ['a tag', '(import "grid" "oops" (tag (param i32)))', 'tags'],
    ['a function with a parameter too many', '(import "grid" "progress" (func (param f64 i32)))', 'import-signature'],
    ['a function with another type', '(import "grid" "progress" (func (param f32)))', 'import-signature'],
    ['a function without its result', '(import "grid" "unit_seed" (func))', 'import-signature'],
  ])('WA6: one that imports %s', (_, text, expected) => {
    expect(codeOf(wat(`(module ${text} ${MEMORY} ${RUN})`))).toBe(expected);
  });

  it.each([
    ['a structure', [0x5f, 0, 0], 'gc'],
    ['an array', [0x5e, 0x7f, 0], 'gc'],
    ['a group of types', [0x4e, 1, 0x60, 0, 0], 'gc'],
    ['a subtype', [0x50, 0, 0x60, 0, 0], 'gc'],
    ['nonsense', [0x61, 0, 0], 'malformed'],
    ['a function of externref', [0x60, 1, 0x6f, 0], 'externref'],
    ['a function of funcref', [0x60, 1, 0x70, 0], 'value-type'],
    ['a function of anyref', [0x60, 0, 1, 0x6e], 'gc'],
    ['a function of a typed reference', [0x60, 1, 0x64, 0, 0], 'gc'],
    ['a function of a type that is none', [0x60, 1, 0x40, 0], 'value-type'],
  ])('WA7: one that has as a type %s', (_, type, expected) => {
    expect(codeOf(bytesOf(section(1, 2, 0x60, 0, 0, ...type), IMPORTS, ...REST))).toBe(expected);
  });

  it.each([
    ['a table of externref', '(table 1 1 externref)', 'externref'],
    ['a global of externref', '(global externref (ref.null extern))', 'externref'],
    ['a global of funcref', '(global funcref (ref.null func))', 'value-type'],
    ['a local of externref', '(func (local externref))', 'externref'],
    ['a block of externref', '(func (drop (block (result externref) (unreachable))))', 'externref'],
    ['a null of extern', '(func (drop (ref.null extern)))', 'externref'],
    ['a tag', '(tag (param i32))', 'tags'],
  ])('WA7: one with %s', (_, text, expected) => {
    expect(codeOf(wat(`(module ${MEMORY} ${text} ${RUN})`))).toBe(expected);
  });

  it.each([
    ['without a maximum', '(table 1 funcref)', 'table-unbounded'],
    ['that is huge', '(table 10000000 10000000 funcref)', 'table-too-large'],
    ['that may become huge', '(table 0 4294967295 funcref)', 'table-too-large'],
    ['that are huge together', '(table 1 40000 funcref) (table 1 40000 funcref)', 'table-too-large'],
  ])('WA8: tables %s', (_, text, expected) => {
    expect(codeOf(wat(`(module ${MEMORY} ${text} ${RUN})`))).toBe(expected);
  });

  it('WA8: tables of another kind, or with a first value of their own', () => {
    expect(codeOf(withSection(3, ...section(4, 1, 0x70, 3, 1, 1)))).toBe('threads');
    expect(codeOf(withSection(3, ...section(4, 1, 0x70, 5, 1, 1)))).toBe('memory-64');
    expect(codeOf(withSection(3, ...section(4, 1, 0x40, 0, 0x70, 1, 1, 1, 0xd0, 0x70, 0x0b)))).toBe('value-type');
  });

  it.each([
    ['data behind the first pages', '(data (i32.const 65533) "last")', 'segment-outside'],
    ['data at a negative place', '(data (i32.const -1) "")', 'segment-outside'],
    ['entries behind the table', '(table 1 9 funcref) (elem (i32.const 0) func 0 0)', 'segment-outside'],
    ['arithmetic in an offset', '(data (i32.add (i32.const 0) (i32.const 0)) "")', 'malformed'],
    ['a global that is another one', '(global i32 (i32.const 1)) (global i32 (global.get 0))', 'constant'],
    ['a global of another type', '(global i64 (i32.const 1))', 'constant'],
  ])('WA9: %s', (_, text, expected) => {
    expect(codeOf(wat(`(module ${MEMORY} ${RUN} ${text})`))).toBe(expected);
  });

  it('WA9: a count of data that does not fit', () => {
    expect(codeOf(withSection(4, ...section(12, 1)))).toBe('malformed');
    expect(codeOf(withSection(4, ...section(12, 0)))).toBeNull();
  });

  it.each([
    ['no run', '(func (export "main"))', 'run-missing'],
    ['a global named run', '(global (export "run") i32 (i32.const 1))', 'run-missing'],
    ['a run that takes something', '(func (export "run") (param i32))', 'run-signature'],
    ['a run that gives something', '(func (export "run") (result i32) (i32.const 1))', 'run-signature'],
    ['a start that takes something', `${RUN} (func $s (param i32)) (start $s)`, 'start'],
  ])('WA10: one with %s', (_, text, expected) => {
    expect(codeOf(wat(`(module ${MEMORY} ${text})`))).toBe(expected);
  });

  it('WA10: one that exports twice under a name, or what is not there', () => {
    const run = [...name('run'), 0, 0];
    const exports = (...entries: number[][]): Uint8Array =>
      bytesOf(TYPES, IMPORTS, FUNCTIONS, section(7, entries.length, ...entries.flat()), code());
    expect(codeOf(exports(run, run))).toBe('export-duplicate');
    expect(codeOf(exports([...name('run'), 0, 1]))).toBe('malformed');
    expect(codeOf(exports(run, [...name('m'), 2, 1]))).toBe('malformed');
    expect(codeOf(exports(run, [...name('t'), 4, 0]))).toBe('malformed');
    expect(codeOf(exports(run, [...name('x'.repeat(10_001)), 0, 0]))).toBe('too-many');
    expect(codeOf(exports(run, [...name('x'.repeat(10_000)), 0, 0]))).toBeNull();
    expect(codeOf(exports(run, [2, 0xc3, 0x28, 0, 0]))).toBe('malformed');
  });

  it('WA3: sections that are unknown, twice, out of order, too long or too short', () => {
    for (let id = 14; id < 256; id++) expect(codeOf(withSection(5, ...section(id)))).toBe('section-unknown');
    expect(codeOf(withSection(3, ...section(13, 1, 0, 0)))).toBe('tags');
    expect(codeOf(bytesOf(TYPES, TYPES, IMPORTS, ...REST))).toBe('section-order');
    expect(codeOf(bytesOf(TYPES, FUNCTIONS, IMPORTS, EXPORTS, code()))).toBe('section-order');
    expect(codeOf(withSection(5, ...section(12, 0)))).toBe('section-order');
    expect(codeOf(bytesOf(section(1, 1, 0x60, 0, 0, 0), IMPORTS, ...REST))).toBe('malformed');
    expect(codeOf(bytesOf(section(1, 2, 0x60, 0, 0), IMPORTS, ...REST))).toBe('truncated');
    expect(codeOf(bytesOf(TYPES, IMPORTS, FUNCTIONS, EXPORTS))).toBe('malformed');
    expect(codeOf(bytesOf(TYPES, IMPORTS, section(3, 2, 0, 0), EXPORTS, code()))).toBe('malformed');
    expect(codeOf(bytesOf(TYPES, IMPORTS, section(3, 1, 1), EXPORTS, code()))).toBe('malformed');
  });

  it('WA4: a count that cannot be true costs nothing', () => {
    const many = leb(2 ** 32 - 1);
    const inSection = [1, 2, 3, 4, 6, 7, 9, 10, 11].map((id) => bytesOf(section(id, ...many)));
    const inside = [
      bytesOf(section(1, 1, 0x60, ...many)),
      bytesOf(section(2, 1, ...many)),
      bytesOf(section(10, 1, ...many)),
      bytesOf(section(10, 1, 6, ...many)),
      bytesOf(section(10, 1, 8, 0, 0x0e, ...many)),
      bytesOf(section(10, 1, 9, 1, ...many, 0x7f, 0x0b)),
      bytesOf([1, ...many]),
    ];
    const before = performance.now();
    for (const bytes of [...inSection, ...inside]) {
      expect(bytes.length).toBeLessThan(25);
      expect(faultOf(bytes)).not.toBeNull();
    }
    expect(performance.now() - before).toBeLessThan(200);
  });
});
