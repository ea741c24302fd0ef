import type { ProgramCase } from '../case.ts';
import { running } from '../case.ts';

const life = (name: string, program: string, expect: ProgramCase['expect'], deadlineMs = 20_000): ProgramCase => ({
  name,
  family: 'life',
  program,
  expect,
  deadlineMs,
});

export const lifeCases: ProgramCase[] = [
  life('loops', running('for (;;);'), { end: 'overran' }, 800),
  life('loops while it loads', 'for (;;); export const run = 1;', { end: 'overran' }, 800),
  life('loops in microtasks', running('for (;;) await null;'), { end: 'overran' }, 800),
  life('loops in timers', running('return new Promise(() => setInterval(() => {}, 1))'), { end: 'overran' }, 800),
  life('recurses without end', running('const f = () => f() + 1; return f()'), {
    error: 'run',
    says: /stack|recursion/,
  }),
  life('recurses into the boot', running('const f = () => { ctx.log("x"); f(); }; try { f(); } catch {} return 1'), {
    value: 1,
  }),
  life('throws', running('throw new TypeError("mine")'), { error: 'run', says: /TypeError: mine/ }),
  life('throws null', running('throw null'), { error: 'run', says: /null/ }),
  life('throws nothing', running('throw undefined'), { error: 'run', says: /undefined/ }),
  life('throws a Symbol', running('throw Symbol("s")'), { error: 'run', says: /Symbol/ }),
  life('throws a Proxy that throws', running('throw new Proxy({}, { get() { throw 1; } })'), {
    error: 'run',
    says: /./,
  }),
  life('throws 100 MB', running('throw new Error("x".repeat(1e8))'), { error: 'run', says: /Error: x{200}/ }),
  life(
    'throws what has a getter that loops',
    running('throw { get message() { for (;;); } }'),
    { end: 'overran' },
    800,
  ),
  life('throws in a timer', running('return new Promise(() => setTimeout(() => { throw new Error("late"); }))'), {
    error: 'run',
    says: /late/,
  }),
  life(
    'throws in a microtask',
    running('queueMicrotask(() => { throw new Error("micro"); }); return new Promise(() => {})'),
    { error: 'run', says: /micro/ },
  ),
  life('leaves a rejection unhandled', running('Promise.reject(new Error("x")); return 1'), { value: 1 }),
  life('reports progress without end', running('for (;;) ctx.progress(0.5);'), { end: 'overran' }, 1500),
  life(
    'logs without end',
    running('for (;;) { ctx.log("x".repeat(1e6)); console.log("y"); }'),
    { end: 'overran' },
    1500,
  ),
  life(
    'paints without end',
    running('const p = { width: 512, height: 512, rgba: new Uint8Array(512 * 512 * 4) }; for (;;) ctx.picture(p);'),
    { end: 'overran' },
    1500,
  ),
  {
    ...life(
      'fills the heap',
      running('const a = []; for (;;) a.push(new Array(1e5).fill(a.length));'),
      { holds: true },
      3000,
    ),
    endsRenderer: true,
  },
];
