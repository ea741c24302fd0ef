import type { ProgramCase } from '../case.ts';
import { running } from '../case.ts';

const CASES: Omit<ProgramCase, 'family'>[] = [
  { name: 'adds', program: 'export const run = (x) => x + 1;', inputs: [{ json: 41 }], expect: { value: 42 } },
  { name: 'returns null, which is a value', program: running('return null'), expect: { value: null } },
  {
    name: 'returns bytes',
    program: 'export const run = (x) => new Uint8Array(x).map((b) => b * 2);',
    inputs: [{ bytes: [1, 2, 200] }],
    expect: { bytes: [2, 4, 144] },
  },
  {
    name: 'returns a view of a part of a buffer',
    program: running('return new DataView(new Uint8Array([1, 2, 3, 4]).buffer, 1, 2)'),
    expect: { bytes: [2, 3] },
  },
  {
    name: 'waits for timers in their order',
    program: running(`
      const order = [];
      await new Promise((done) => {
        setTimeout(() => { order.push('c'); done(); }, 90_000);
        setTimeout(() => order.push('b'), 20);
        const cleared = setTimeout(() => order.push('x'), 10);
        clearTimeout(cleared);
        queueMicrotask(() => order.push('a'));
      });
      let ticks = 0;
      await new Promise((done) => { const id = setInterval(() => { if (++ticks === 3) { clearInterval(id); done(); } }, 5); });
      return order.join('') + ticks;`),
    expect: { value: 'abc3' },
  },
  {
    name: 'stands on the floor that libraries need',
    program: running(`
      const url = new URL('https://a.example/b?c=d');
      return [
        new TextDecoder().decode(new TextEncoder().encode('ä')), url.searchParams.get('c'),
        structuredClone(new Map([[1, 2]])).get(1), atob(btoa('x')), crypto.getRandomValues(new Uint8Array(4)).length,
        crypto.randomUUID().length, typeof performance.now(), self === globalThis, (() => {}) instanceof Function,
        new Date(2020, 0, 1).toISOString(), new Date('2020-01-01T10:00').toISOString(), new Date().getTimezoneOffset(),
        (1234.5).toLocaleString(), typeof Intl, new Date().toISOString(), Date.now() === performance.timeOrigin,
      ]`),
    expect: {
      value: [
        'ä',
        'd',
        2,
        'x',
        4,
        36,
        'number',
        true,
        true,
        '2020-01-01T00:00:00.000Z',
        '2020-01-01T10:00:00.000Z',
        0,
        '1234.5',
        'undefined',
        '2000-01-01T00:00:00.000Z',
        true,
      ],
    },
  },
  {
    name: 'writes one pattern for every NaN',
    program: running(`
      const out = new Float32Array(new Uint32Array([0xffc00001, 0x7f800001, 0x3f800000]).buffer);
      return out;`),
    expect: { bytes: [0, 0, 0xc0, 0x7f, 0, 0, 0xc0, 0x7f, 0, 0, 0x80, 0x3f] },
  },
  {
    name: 'gets frozen params, unit and context',
    program: `'use strict'; export const run = (x, ctx) => {
      const tries = [() => { ctx.params.http = 1; }, () => { ctx.unit.seed = 1; }, () => { ctx.progress = 1; }];
      const { seed, ...unit } = ctx.unit;
      return [...tries.map((f) => { try { f(); return 'wrote'; } catch (e) { return e.name; } }), typeof seed, unit];
    };`,
    expect: { value: ['TypeError', 'TypeError', 'TypeError', 'number', { index: 0 }] },
  },
];

export const honest: ProgramCase[] = CASES.map((one) => ({ ...one, family: 'honest' }));
