import type { ProgramCase } from '../case.ts';
import { MEMORY, RUN, bytesOf, wasmCase, wat } from './module.ts';

const HEADER = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];

const refused = (name: string, program: ProgramCase['program'], says: RegExp): ProgramCase =>
  wasmCase(name, program, { error: 'load', says: new RegExp(`^Refused: byte \\d+: .*${says.source}`) });

/** With its own memory, table or whatever beside the least that a module has. */
const having = (what: string): ProgramCase['program'] => wat(`${MEMORY} ${what} ${RUN}`);
const importing = (what: string): ProgramCase['program'] => wat(`${MEMORY} (import ${what}) ${RUN}`);

/** Modules that are refused before they are compiled. */
export const refusedModules: ProgramCase[] = [
  refused('has a memory of its own', wat(`(memory 1 2) ${RUN}`), /memory of its own/),
  refused('has a second memory', wat(`${MEMORY} (memory 1 65536) ${RUN}`), /memory/),
  refused('imports two memories', wat(`${MEMORY} ${MEMORY} ${RUN}`), /memor/),
  refused('imports no memory', wat(RUN), /imports no memory/),
  refused('has a memory without a maximum', wat(`(import "grid" "memory" (memory 1)) ${RUN}`), /no maximum/),
  refused(
    'wants a page more than the operator allows',
    wat(`(import "grid" "memory" (memory 1 1025)) ${RUN}`),
    /1025 pages of 64 KiB; 1024 are allowed/,
  ),
  refused('has a 64-bit memory', wat(`(import "grid" "memory" (memory i64 1 2)) ${RUN}`), /64-bit/),
  refused('has a shared memory', wat(`(import "grid" "memory" (memory 1 2 shared)) ${RUN}`), /shared/),
  refused('imports a foreign function', importing('"wasi_snapshot_preview1" "fd_write" (func)'), /fd_write/),
  refused('imports what its own name would reach', importing('"grid" "constructor" (func)'), /constructor/),
  refused('imports a foreign memory', wat(`(import "js" "mem" (memory 1 2)) ${RUN}`), /"js"/),
  refused('imports a table', importing('"grid" "table" (table 1 2 funcref)'), /table/),
  refused('imports a global', importing('"grid" "memory" (global i32)'), /kind 0x03, not as a function/),
  refused('calls grid with another type', importing('"grid" "log" (func (param i64))'), /log/),
  refused('has a table of a billion entries', having('(table 1000000000 1000000000 funcref)'), /table|entries/),
  refused('has a table without a maximum', having('(table 1 funcref)'), /maximum/),
  refused('has many tables', having('(table 65000 65000 funcref) (table 65000 65000 funcref)'), /entries|tables/),
  refused('has a tag', having('(tag (param i32))'), /exceptions/),
  refused('throws', having('(tag $t) (func (throw $t))'), /exceptions/),
  refused('has an externref', having('(table 1 1 externref)'), /externref/),
  refused('takes an externref', having('(func (param externref))'), /externref/),
  refused('is atomic', having('(func (drop (i32.atomic.load (i32.const 0))))'), /threads/),
  refused(
    'uses relaxed SIMD',
    having('(func (param v128) (drop (f32x4.relaxed_madd (local.get 0) (local.get 0) (local.get 0))))'),
    /relaxed/,
  ),
  refused('collects garbage', bytesOf([...HEADER, 1, 5, 1, 0x5f, 1, 0x7f, 0]), /garbage|structure|array/),
  refused('exports no run', wat(MEMORY), /exports no function "run"/),
  refused('has a run with parameters', wat(`${MEMORY} (func (export "run") (param i32))`), /"run" is/),
  refused('lays data past the end of its memory', having('(data (i32.const 65536) "x")'), /data|memory/),
  refused('is garbage', bytesOf([1, 2, 3, 4, 5, 6, 7, 8]), /no module of WebAssembly/),
  // Offered as a job, a text is a program of another kind.
  {
    ...refused('is a text', bytesOf(Buffer.from('export const run = () => 1;')), /no module of WebAssembly/),
    ownPage: true,
  },
  refused('is empty', bytesOf([]), /no module of WebAssembly/),
  refused('ends in its header', bytesOf(HEADER.slice(0, 6)), /header/),
  refused('is garbage behind its header', bytesOf([...HEADER, 99, 1, 0]), /section 99/),
  refused('announces four billion types', bytesOf([...HEADER, 1, 5, 0xff, 0xff, 0xff, 0xff, 0x0f]), /./),
  refused('is a component', bytesOf([...HEADER.slice(0, 4), 0x0d, 0, 1, 0]), /version 1/),
  refused(
    'links to a source map',
    bytesOf([...HEADER, 0, 20, 16, ...Buffer.from('sourceMappingURL'), ...Buffer.from('xyz')]),
    /./,
  ),
];
