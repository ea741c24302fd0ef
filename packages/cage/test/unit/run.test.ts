import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import type { CageEnd } from '../../src/api.ts';
import { makeOut } from '../../src/boot/out.ts';
import type { ProgramMessage, UnitsMessage } from '../../src/door/layout.ts';
import { makeBreaker } from '../../src/engine/breaker.ts';
import { makeRunClock } from '../../src/engine/clock.ts';
import type { Run } from '../../src/engine/run.ts';
import { startRun } from '../../src/engine/run.ts';
import type { LoadableLease } from '../../src/engine/worker.ts';

// The engine's half of the door alone: the worker is this test, at the other end of a real MessagePort.
interface Bench {
  run: Run;
  workers: { port: MessagePort; told: ProgramMessage | undefined; lease: UnitsMessage | undefined; killed: boolean }[];
  /** Answers to reads of shared data, as they came to the worker. */
  answers: ArrayBuffer[];
  results: [number, string, number][];
  errors: [number, string, number][];
  ends: CageEnd[];
  time: number;
  /** Moves the clock in steps of a tick. */
  pass(ms: number): void;
  say(write: (out: ReturnType<typeof makeOut>) => void, worker?: number): Promise<void>;
}

const open: Bench[] = [];
afterEach(() => {
  for (const bench of open.splice(0)) for (const { port } of bench.workers) port.close();
});

const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 15));

const lease = (count: number, size = 1): LoadableLease => ({
  program: { kind: 'js', text: '' },
  params: '{}',
  units: Array.from({ length: count }, (_, index) => ({
    index,
    seed: index * 7,
    input: { encoding: 1 as const, body: new Uint8Array(size).fill(index) },
  })),
  limits: { deadlineMs: 1000, resultBytes: 1000 },
});

const bench = (what: LoadableLease): Bench => {
  const self: Bench = {
    run: undefined as never,
    workers: [],
    answers: [],
    results: [],
    errors: [],
    ends: [],
    time: 0,
    pass: (ms) => {
      for (let left = ms; left > 0; left -= 250) {
        self.time += Math.min(250, left);
        clock.tick();
        self.run.tick();
      }
    },
    say: async (write, worker = self.workers.length - 1) => {
      const out = makeOut((message) => self.workers[worker]!.port.postMessage(message));
      write(out);
      out.flush();
      await settle();
    },
  };
  const clock = makeRunClock(() => self.time);
  self.run = startRun(
    what,
    {
      result: (position, { body }, runMs) => self.results.push([position, body.join(), runMs]),
      error: (position, { phase, message }, runMs) => self.errors.push([position, `${phase}: ${message}`, runMs]),
      progress: () => {},
      log: () => {},
      picture: () => {},
      end: (end) => self.ends.push(end),
    },
    {
      spawn: (port) => {
        const worker: Bench['workers'][number] = { port, told: undefined, lease: undefined, killed: false };
        port.onmessage = ({ data }: { data: ProgramMessage | UnitsMessage | ArrayBuffer }) => {
          if (data instanceof ArrayBuffer) self.answers.push(data);
          else if ('program' in data) worker.told = data;
          else worker.lease = data;
        };
        return self.workers.push(worker) - 1;
      },
      kill: (number) => {
        self.workers[number]!.killed = true;
      },
      heard: () => {},
      over: () => {},
    },
    clock,
    () => self.time,
  );
  open.push(self);
  return self;
};

const answer = (out: ReturnType<typeof makeOut>, ...bytes: number[]): void => {
  for (const byte of bytes) out.result(5, 1, new Uint8Array([byte]), 1);
};

test('CG38: outcomes belong to the units in the order of the batch', async () => {
  const b = bench(lease(3));
  await b.say((out) => {
    out.ready();
    answer(out, 10);
  });
  await b.say((out) => {
    out.error(1, 'run', { message: 'm', stack: '' });
    answer(out, 12);
  });
  expect(b.results.map(([position, body]) => [position, body])).toEqual([
    [0, '10'],
    [2, '12'],
  ]);
  expect(b.errors.map(([position, error]) => [position, error])).toEqual([[1, 'run: m']]);
  expect(b.ends).toEqual([{ kind: 'done' }]);
  expect(b.workers[0]!.killed).toBe(true);
});

test('CG39: a module that cannot be loaded is the error of every unit', async () => {
  const b = bench(lease(3));
  await b.say((out) => out.unloadable({ message: 'm', stack: '' }));
  expect(b.errors.map(([position, error]) => [position, error])).toEqual([
    [0, 'load: m'],
    [1, 'load: m'],
    [2, 'load: m'],
  ]);
  expect(b.ends).toEqual([{ kind: 'done' }]);
});

test('CG40: run time is what the engine measured at most', async () => {
  const b = bench(lease(2));
  await b.say((out) => out.ready());
  b.pass(400);
  await b.say((out) => out.result(1e12, 1, new Uint8Array(1), 1));
  expect(b.results[0]![2]).toBe(400);
});

test('CG61: run times of units shorter than 1 ms add up', async () => {
  const b = bench(lease(30));
  await b.say((out) => out.ready());
  b.pass(400);
  await b.say((out) => {
    for (let unit = 0; unit < 30; unit++) out.result(0.3, 1, new Uint8Array(1), 1);
  });
  expect(b.results.reduce((sum, [, , runMs]) => sum + runMs, 0)).toBe(9);
  expect(Math.max(...b.results.map(([, , runMs]) => runMs))).toBe(1);
});

test("CG41: the deadline is one unit's, and time in which the engine stood still does not count", async () => {
  const b = bench(lease(3));
  await b.say((out) => out.ready());
  b.pass(900);
  await b.say((out) => answer(out, 1));
  b.pass(900);
  expect(b.ends).toEqual([]);
  await b.say((out) => answer(out, 2));
  b.time += 3_600_000;
  b.run.tick();
  b.pass(0);
  expect(b.run.runMs).toBeLessThan(3000);
  await b.say((out) => answer(out, 3));
  expect(b.ends).toEqual([{ kind: 'done' }]);
});

test('CG42: a lone unit past its deadline is ended and named', async () => {
  const b = bench(lease(3));
  await b.say((out) => {
    out.ready();
    answer(out, 1);
  });
  b.pass(1500);
  await settle();
  expect(b.ends).toEqual([{ kind: 'overran', position: 1 }]);
  expect(b.workers.length).toBe(1);
  await b.say((out) => answer(out, 2), 0);
  expect(b.results.length).toBe(1);
});

test('CG43: where the unit to blame is not known, the rest runs once more, each outcome by itself', async () => {
  const b = bench(lease(20));
  await b.say((out) => {
    out.ready();
    answer(out, 0, 1, 2);
  });
  expect(b.workers[0]!.lease?.packed).toBe(true);
  b.pass(1500);
  await settle();
  expect(b.ends).toEqual([]);
  expect(b.workers.map(({ killed }) => killed)).toEqual([true, false]);
  expect(b.workers[1]!.lease).toBeUndefined();
  await b.say((out) => out.ready());
  const again = b.workers[1]!.lease!;
  expect([again.packed, again.heads[0], again.heads[1], again.bodies.length]).toEqual([false, 3, 21, 17]);
  expect(new Uint8Array(again.bodies[0]!)).toEqual(new Uint8Array([3]));
  await b.say((out) => answer(out, 3));
  b.pass(1500);
  await settle();
  expect(b.ends).toEqual([{ kind: 'overran', position: 4 }]);
  expect(b.results.length).toBe(4);
});

test('CG43: a unit that has said something is the one that runs', async () => {
  const b = bench(lease(20));
  await b.say((out) => {
    out.ready();
    answer(out, 0);
    out.log('x');
  });
  b.pass(1500);
  await settle();
  expect(b.ends).toEqual([{ kind: 'overran', position: 1 }]);
});

test('CG44: few or large units are transferred and never packed', async () => {
  const small = bench(lease(7));
  const large = bench(lease(8, 200_000));
  const packed = bench(lease(8));
  for (const one of [small, large, packed]) await one.say((out) => out.ready());
  expect([small, large, packed].map((one) => one.workers[0]!.lease?.packed)).toEqual([false, false, true]);
  expect(packed.workers[0]!.lease?.bodies.map((body) => [...new Uint8Array(body)])).toEqual([[0, 1, 2, 3, 4, 5, 6, 7]]);
});

test('CG45: an end comes once and nothing after it', async () => {
  const b = bench(lease(2));
  await b.say((out) => out.ready());
  b.run.stop();
  b.run.stop();
  b.run.end({ kind: 'dead' });
  expect(b.ends).toEqual([]);
  await b.say((out) => answer(out, 1, 2));
  b.pass(5000);
  expect([b.ends, b.results]).toEqual([[{ kind: 'stopped' }], []]);
});

test('CG46: 20 messages beyond the credit pass at once, and 10 a second', () => {
  let time = 0;
  const breaker = makeBreaker(() => time);
  const take = (count: number): number => Array.from({ length: count }, () => breaker.take()).filter(Boolean).length;
  expect(take(100)).toBe(20);
  for (let second = 0; second < 5; second++) {
    for (let tick = 0; tick < 4; tick++) {
      time += 250;
      breaker.seen();
    }
    expect(take(100)).toBe(10);
  }
  time += 60_000;
  expect(take(10_000)).toBe(600);
  // A night's sleep is no night's flood.
  time += 8 * 3_600_000;
  breaker.seen();
  expect(take(10_000)).toBe(600);
});

test('CG33: whatever a worker says, its lease ends in one of the known ways or goes on', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.uint8Array({ minLength: 1, maxLength: 60 }), { minLength: 1, maxLength: 5 }),
      async (messages) => {
        const b = bench(lease(2));
        for (const bytes of messages) b.workers[0]!.port.postMessage(bytes.slice().buffer);
        await settle();
        expect(b.ends.length).toBeLessThanOrEqual(1);
        if (b.ends.length === 1) expect(['flooded', 'crashed', 'done']).toContain(b.ends[0]!.kind);
        b.run.stop();
        await settle();
        expect(b.ends.length).toBe(1);
      },
    ),
    { numRuns: 60 },
  );
});

/** Shared data whose reads end when the test says so. */
const shared = () => {
  const going: { from: number; to: number; end: (error?: Error) => void }[] = [];
  const read = (_: number, from: number, to: number): Promise<ArrayBuffer> =>
    new Promise((resolve, reject) => {
      const end = (error?: Error): void => (error === undefined ? resolve(new ArrayBuffer(to - from)) : reject(error));
      going.push({ from, to, end });
    });
  return { going, data: { entries: [{ name: 'catalog', size: 100 }], bodies: null, read } };
};

const asking = async (count: number) => {
  const { going, data } = shared();
  const b = bench({ ...lease(count), data });
  await b.say((out) => out.ready());
  return { b, going };
};

test('SH7: reads are served one at a time, in their order, and answered on the port that they came through', async () => {
  const { b, going } = await asking(1);
  await b.say((out) => {
    for (let n = 0; n < 16; n++) out.data(0, n, 2 * n);
  });
  for (let n = 0; n < 16; n++) {
    expect(going.length).toBe(n + 1);
    going[n]!.end();
    await settle();
  }
  expect(b.answers.map(({ byteLength }) => byteLength)).toEqual(Array.from({ length: 16 }, (_, n) => n));
  expect(b.ends).toEqual([]);
});

for (const [what, write] of [
  ['of an entry that is not there', (out) => out.data(1, 0, 1)],
  ['beyond the end', (out) => out.data(0, 0, 101)],
  ['backwards', (out) => out.data(0, 2, 1)],
  ['of a part of a byte', (out) => out.data(0, 0.5, 1)],
  ['that is one more than may be on the way', (out) => Array.from({ length: 17 }, () => out.data(0, 0, 1))],
] satisfies [string, (out: ReturnType<typeof makeOut>) => void][]) {
  test(`SH8: a read ${what} ends its worker as a flood`, async () => {
    const { b } = await asking(1);
    await b.say(write);
    expect(b.ends).toEqual([{ kind: 'flooded', position: 0 }]);
    expect(b.workers[0]!.killed).toBe(true);
  });
}

test('SH8: a job without shared data has nothing to be read', async () => {
  const b = bench(lease(1));
  await b.say((out) => {
    out.ready();
    out.data(0, 0, 0);
  });
  expect(b.ends).toEqual([{ kind: 'flooded', position: 0 }]);
});

test('SH8: many reads, each after the answer to the one before, are no flood', async () => {
  const { b, going } = await asking(1);
  for (let n = 0; n < 60; n++) {
    await b.say((out) => out.data(0, 0, 1));
    going[n]!.end();
    await settle();
  }
  expect([b.answers.length, b.ends]).toEqual([60, []]);
});

test('SH9: while bytes are fetched the unit’s time stands still, for an hour at most', async () => {
  const { b, going } = await asking(2);
  await b.say((out) => out.data(0, 0, 1));
  b.pass(3000);
  await settle();
  expect(b.ends).toEqual([]);
  going[0]!.end();
  await settle();
  b.pass(900);
  await settle();
  expect(b.ends).toEqual([]);
  // 3.9 s by the worker's clock, of which it waited for 3.
  await b.say((out) => out.result(3900, 1, new Uint8Array([7]), 1));
  expect(b.results).toEqual([[0, '7', 900]]);
  // The next unit has its own hour, and no more.
  await b.say((out) => out.data(0, 0, 1));
  b.pass(3_600_000);
  await settle();
  expect(b.ends).toEqual([]);
  b.pass(1500);
  await settle();
  expect(b.ends).toEqual([{ kind: 'overran', position: 1 }]);
});

test('SH9: a fetch that outlives its unit excuses the next one only for what it takes from then on', async () => {
  const { b, going } = await asking(2);
  await b.say((out) => out.data(0, 0, 1));
  b.pass(500);
  await b.say((out) => out.result(500, 1, new Uint8Array([7]), 1));
  b.pass(250);
  going[0]!.end();
  await settle();
  b.pass(1000);
  await settle();
  expect(b.ends).toEqual([]);
  b.pass(250);
  await settle();
  expect(b.ends).toEqual([{ kind: 'overran', position: 1 }]);
});

test('SH11: data that cannot be had ends the run, with why, and blames no unit', async () => {
  const { b, going } = await asking(2);
  await b.say((out) => out.data(0, 0, 1));
  going[0]!.end(new Error('the coordinator answered 503'));
  await settle();
  expect(b.ends).toEqual([{ kind: 'starved', message: 'the coordinator answered 503' }]);
  expect(b.errors).toEqual([]);
});
