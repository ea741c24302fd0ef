import type { ProblemCode } from '@gossamer/protocol';
import type { ProgramCase, Refusal } from '../case.ts';
import { MEMORY, RUN, bytesOf, wasmCase, wat } from './module.ts';

const HEADER = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];

/** Refused at submission with the code and in the tab, both times with these words and a place in the module. */
const refused = (
  name: string,
  program: ProgramCase['program'],
  says: RegExp,
  code: ProblemCode = 'program-invalid',
): ProgramCase =>
  wasmCase(
    name,
    program,
    { error: 'load', says: new RegExp(`^Refused: byte \\d+: ${says.source}`) },
    { asJob: { refused: code, says: new RegExp(`^program\\.wasm:0x[0-9a-f]+: ${says.source}`) } },
  );

const imports = (name: string, program: ProgramCase['program'], says: RegExp): ProgramCase =>
  refused(name, program, says, 'program-imports');

const exports = (name: string, program: ProgramCase['program'], says: RegExp): ProgramCase =>
  refused(name, program, says, 'program-exports');

/** Bytes that no job would take for a module: offered as one, they are a program in JavaScript. */
const noModule = (name: string, bytes: Iterable<number>, asJob: NonNullable<ProgramCase['asJob']>): ProgramCase => ({
  ...refused(name, bytesOf(bytes), /this is no module of WebAssembly/),
  asJob,
});

const noScript = (refused: Refusal['refused'], says: RegExp): Refusal => ({ refused, says });

/** With its own memory, table or whatever beside the least that a module has. */
const having = (what: string): ProgramCase['program'] => wat(`${MEMORY} ${what} ${RUN}`);
const importing = (what: string): ProgramCase['program'] => wat(`${MEMORY} (import ${what}) ${RUN}`);

/** Modules that are refused before they are compiled. */
export const refusedModules: ProgramCase[] = [
  refused('has a memory of its own', wat(`(memory 1 2) ${RUN}`), /the module has a memory of its own;/),
  refused('has a second memory', wat(`${MEMORY} (memory 1 65536) ${RUN}`), /the module has a memory of its own;/),
  refused('imports two memories', wat(`${MEMORY} ${MEMORY} ${RUN}`), /a second memory is imported;/),
  refused('imports no memory', wat(RUN), /the module imports no memory;/),
  refused(
    'has a memory without a maximum',
    wat(`(import "grid" "memory" (memory 1)) ${RUN}`),
    /the memory has no maximum;/,
  ),
  refused(
    'wants a page more than the operator allows',
    wat(`(import "grid" "memory" (memory 1 1025)) ${RUN}`),
    /the memory may grow to 1025 pages of 64 KiB; 1024 are allowed/,
  ),
  refused(
    'has a 64-bit memory',
    wat(`(import "grid" "memory" (memory i64 1 2)) ${RUN}`),
    /the memory has 64-bit addresses;/,
  ),
  refused('has a shared memory', wat(`(import "grid" "memory" (memory 1 2 shared)) ${RUN}`), /the memory is shared;/),
  imports(
    'imports a foreign function',
    importing('"wasi_snapshot_preview1" "fd_write" (func)'),
    /"wasi_snapshot_preview1"\."fd_write" is imported;/,
  ),
  imports(
    'imports what its own name would reach',
    importing('"grid" "constructor" (func)'),
    /"grid" has no function "constructor";/,
  ),
  imports('imports a foreign memory', wat(`(import "js" "mem" (memory 1 2)) ${RUN}`), /"js"\."mem" is imported;/),
  imports(
    'imports a table',
    importing('"grid" "table" (table 1 2 funcref)'),
    /"grid"\."table" is imported as kind 0x01, not as a function/,
  ),
  imports(
    'imports a global',
    importing('"grid" "memory" (global i32)'),
    /"grid"\."memory" is imported as kind 0x03, not as a function/,
  ),
  imports(
    'calls grid with another type',
    importing('"grid" "log" (func (param i64))'),
    /grid\.log is imported as \(i64\) -> \(\);/,
  ),
  refused(
    'has a table of a billion entries',
    having('(table 1000000000 1000000000 funcref)'),
    /the tables may have 1000000000 entries;/,
  ),
  refused('has a table without a maximum', having('(table 1 funcref)'), /the table has no maximum;/),
  refused(
    'has many tables',
    having('(table 65000 65000 funcref) (table 65000 65000 funcref)'),
    /the tables may have 130000 entries;/,
  ),
  refused('has a tag', having('(tag (param i32))'), /the module has tags; compile without exceptions/),
  refused('throws', having('(func (throw 0))'), /an instruction of exceptions; compile without them/),
  refused('has an externref', having('(table 1 1 externref)'), /externref is not allowed: .*; use funcref/),
  refused('takes an externref', having('(func (param externref))'), /externref is not allowed: .*; use i32,/),
  refused('is atomic', having('(func (drop (i32.atomic.load (i32.const 0))))'), /an atomic instruction;/),
  refused(
    'uses relaxed SIMD',
    having('(func (param v128) (drop (f32x4.relaxed_madd (local.get 0) (local.get 0) (local.get 0))))'),
    /relaxed SIMD differs from machine to machine,/,
  ),
  refused(
    'collects garbage',
    bytesOf([...HEADER, 1, 5, 1, 0x5f, 1, 0x7f, 0]),
    /a type of garbage-collected data; only types of functions/,
  ),
  exports('exports no run', wat(MEMORY), /the module exports no function "run";/),
  exports(
    'has a run with parameters',
    wat(`${MEMORY} (func (export "run") (param i32))`),
    /"run" is \(i32\) -> \(\); it must be \(\) -> \(\)/,
  ),
  refused(
    'lays data past the end of its memory',
    having('(data (i32.const 65536) "x")'),
    /data lies at 65536 to 65537, the memory begins with 65536 bytes/,
  ),
  noModule('is garbage', [1, 2, 3, 4, 5, 6, 7, 8], noScript('program-invalid', /^program\.js:1:1: Invalid/)),
  noModule('is a text', Buffer.from('export const run = () => 1;'), { value: 1 }),
  noModule('is empty', [], noScript('program-exports', /^program\.js: it exports nothing;/)),
  refused('ends in its header', bytesOf(HEADER.slice(0, 6)), /the module ends in its header/),
  refused('is garbage behind its header', bytesOf([...HEADER, 99, 1, 0]), /section 99 is not known here;/),
  refused(
    'announces four billion types',
    bytesOf([...HEADER, 1, 5, 0xff, 0xff, 0xff, 0xff, 0x0f]),
    /4294967295 types; 10000 are allowed/,
  ),
  refused('is a component', bytesOf([...HEADER.slice(0, 4), 0x0d, 0, 1, 0]), /only core modules of version 1 are/),
  refused(
    'links to a source map',
    bytesOf([...HEADER, 0, 20, 16, ...Buffer.from('sourceMappingURL'), ...Buffer.from('xyz')]),
    /the section sourceMappingURL points to a file elsewhere;/,
  ),
];
