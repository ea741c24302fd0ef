import type { ProgramCase } from '../case.ts';
import { running } from '../case.ts';

const refused = (name: string, body: string, says: RegExp, more: Partial<ProgramCase> = {}): ProgramCase => ({
  name,
  family: 'results',
  program: running(body),
  expect: { error: 'result', says },
  ...more,
});

export const results: ProgramCase[] = [
  refused('nothing', '', /undefined/),
  refused('a function', 'return () => 1', /function/),
  refused('a symbol', 'return Symbol()', /symbol/),
  refused('a BigInt', 'return { a: 1n }', /bigint/i),
  refused('NaN', 'return [NaN]', /NaN/),
  refused('undefined inside an array', 'return [1, undefined]', /undefined/),
  refused('a Map', 'return { m: new Map([[1, 2]]) }', /Map/),
  refused('a promise inside', 'return { p: Promise.resolve(1) }', /Promise/),
  refused('a typed array inside JSON', 'return { a: new Uint8Array(2) }', /typed array/),
  refused('a cycle', 'const a = {}; a.a = a; return a', /circular|cycl/i),
  refused('a promise that never settles', 'return new Promise(() => {})', /never settles/),
  refused(
    'a detached buffer',
    'const b = new ArrayBuffer(8); structuredClone(b, { transfer: [b] }); return b',
    /detached/i,
  ),
  refused(
    'a view out of bounds',
    'const b = new ArrayBuffer(8, { maxByteLength: 16 }); const v = new DataView(b, 4, 4); b.resize(2); return v',
    /./,
  ),
  refused('a text over the limit', 'return "x".repeat(2000)', /over 1000 bytes/, { resultBytes: 1000 }),
  refused('bytes over the limit', 'return new Uint8Array(1001)', /over 1000 bytes/, { resultBytes: 1000 }),
  refused('500 MB of bytes', 'return new Uint8Array(500e6)', /over/),
  refused('500 MB of JSON', 'const s = "x".repeat(1e6); return Array.from({ length: 500 }, () => s)', /over/),
  refused('text that grows when encoded', 'return "€".repeat(400)', /over 1000 bytes/, { resultBytes: 1000 }),
  refused('too deep', 'let a = 1; for (let i = 0; i < 1e5; i++) a = [a]; return a', /stack|recursion/),
  refused('a getter that throws', 'return { get a() { throw new Error("mine"); } }', /mine/),
  refused('a Proxy without end', 'return new Proxy({}, { ownKeys() { throw new Error("trap"); } })', /trap/),
  {
    name: 'a resizable buffer as it is now',
    family: 'results',
    program: running('const b = new ArrayBuffer(2, { maxByteLength: 64 }); b.resize(3); return b'),
    expect: { bytes: [0, 0, 0] },
  },
  {
    name: 'just the limit',
    family: 'results',
    program: running('return new Uint8Array(4)'),
    resultBytes: 4,
    expect: { bytes: [0, 0, 0, 0] },
  },
  {
    name: 'a getter that loops',
    family: 'results',
    program: running('return { get a() { for (;;); } }'),
    deadlineMs: 700,
    expect: { end: 'overran' },
  },
];
