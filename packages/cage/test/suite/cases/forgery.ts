import type { ProgramCase } from '../case.ts';
import { running } from '../case.ts';

/** Replaces every method and accessor that can be reached from the global, then returns an honest result. */
const PATCH_ALL = `
  const seen = new Set();
  const evil = function () { throw 'evil'; };
  const define = Reflect.defineProperty, keys = Reflect.ownKeys, describe = Reflect.getOwnPropertyDescriptor;
  const walk = (o, depth) => {
    if (o === null || (typeof o !== 'object' && typeof o !== 'function') || seen.has(o) || o === evil || depth > 4) return;
    seen.add(o);
    for (const key of keys(o)) {
      const d = describe(o, key);
      if (d === undefined) continue;
      if ('value' in d) walk(d.value, depth + 1);
      todo.push([o, key, d]);
    }
    walk(Object.getPrototypeOf(o), depth + 1);
  };
  const todo = [];
  walk(globalThis, 0);
  for (const sample of [function () {}, async () => {}, function* () {}, async function* () {}, [][Symbol.iterator](), new Map().entries(), Promise.resolve(), new Uint8Array(1)]) walk(Object.getPrototypeOf(sample), 1);
  for (let i = 0; i < todo.length; i++) {
    const o = todo[i][0], key = todo[i][1], d = todo[i][2];
    if (key === 'prototype') continue;
    if (typeof d.value === 'function') define(o, key, { value: evil });
    else if (d.get !== undefined) define(o, key, { get: evil, set: evil });
  }
`;

export const forgery: ProgramCase[] = [
  {
    name: 'patches every primordial',
    family: 'forgery',
    program: `let done = false; export const run = (x, ctx) => { if (!done) { done = true; ${PATCH_ALL} } return 7; };`,
    inputs: 3,
    expect: { value: 7 },
  },
  {
    name: 'patches every primordial and returns bytes',
    family: 'forgery',
    program: `const out = new Float64Array([1]); export const run = (x, ctx) => { ${PATCH_ALL} ctx.progress(0.5); return out; };`,
    expect: { bytes: [0, 0, 0, 0, 0, 0, 0xf0, 0x3f] },
  },
  {
    name: 'sets setters on Object.prototype',
    family: 'forgery',
    program: running(`
      for (const key of ['kind', 'body', 'encoding', 'position', 'packed', 'next', 'settled', '0', '1']) {
        Object.defineProperty(Object.prototype, key, { set() { throw new Error('set ' + key); }, get() { return 'evil'; }, configurable: true });
        Object.defineProperty(Array.prototype, key, { set() { throw new Error('set ' + key); }, get() { return 'evil'; }, configurable: true });
      }
      return 'plain'`),
    inputs: 2,
    expect: { value: 'plain' },
  },
  {
    name: 'sets Object.prototype.then',
    family: 'forgery',
    program: 'Object.prototype.then = function (ok) { ok("forged"); }; export const run = () => 5;',
    expect: { holds: true },
  },
  {
    name: 'sets Object.prototype.toJSON',
    family: 'forgery',
    program: running('Object.prototype.toJSON = () => "own result only"; return {}'),
    expect: { value: 'own result only' },
  },
  {
    name: 'returns __proto__ keys',
    family: 'forgery',
    program: running(`return JSON.parse('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}')`),
    expect: { holds: true },
  },
  {
    name: 'exports a thenable module',
    family: 'forgery',
    program: 'export const then = (ok) => ok({ run: () => "via then" }); export const run = () => 1;',
    expect: { value: 'via then' },
  },
  {
    name: 'exports a thenable module that never answers',
    family: 'forgery',
    program: 'export const then = () => {}; export const run = () => 1;',
    expect: { error: 'load', says: /never/ },
  },
  {
    name: 'puts back the constructor of Promise',
    family: 'forgery',
    program: `export const run = () => {
      const tries = [() => { Promise.prototype.constructor = 1; }, () => Object.defineProperty(ArrayBuffer, Symbol.species, { value: 1 }), () => { Function.prototype.constructor = 1; }];
      return tries.map((f) => { try { f(); return 'wrote'; } catch { return 'locked'; } });
    };`,
    expect: { value: ['locked', 'locked', 'locked'] },
  },
  {
    name: 'finds the boot through a stack trace',
    family: 'forgery',
    program: `export const run = () => {
      let found = 0;
      Error.prepareStackTrace = (e, sites) => { for (const s of sites) if (s.getThis?.() || s.getFunction?.()) found++; return ''; };
      'x' + new Error('x').stack; const f = function f() { return f.caller ?? null; };
      let caller = null; try { caller = f(); } catch {}
      return [found, caller];
    };`,
    expect: { value: [0, null] },
  },
];
