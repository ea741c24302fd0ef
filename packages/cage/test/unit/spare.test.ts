import { afterEach, expect, test, vi } from 'vitest';
import { makeOut } from '../../src/boot/out.ts';
import { makeRunClock } from '../../src/engine/clock.ts';
import { connectFrame } from '../../src/engine/index.ts';
import { SPARE_MS, startSpare } from '../../src/engine/spare.ts';
import type { LoadableLease } from '../../src/engine/worker.ts';

const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 15));

const lease: LoadableLease = {
  program: { kind: 'js', text: 'p' },
  params: '{}',
  units: [{ index: 5, seed: 1, input: { encoding: 1, body: new Uint8Array([9]) } }],
  limits: { deadlineMs: 1000, resultBytes: 1000 },
};

const ports: MessagePort[] = [];
afterEach(() => {
  for (const port of ports.splice(0)) port.close();
});

/** A spare, and the other end of its door. */
const bench = () => {
  let time = 0;
  const killed: number[] = [];
  const heard: unknown[] = [];
  let far: MessagePort;
  const clock = makeRunClock(() => time);
  const host = {
    spawn: (port: MessagePort) => {
      far = port;
      ports.push(port);
      port.onmessage = ({ data }: MessageEvent) => heard.push(data);
      return 7;
    },
    kill: (number: number) => void killed.push(number),
    heard: () => {},
  };
  const spare = startSpare(lease, host, clock);
  return {
    spare,
    killed,
    heard,
    say: async (write: (out: ReturnType<typeof makeOut>) => void) => {
      const out = makeOut((message) => far.postMessage(message));
      write(out);
      out.flush();
      await settle();
    },
    pass: (ms: number) => {
      for (let left = ms; left > 0; left -= 250) {
        time += 250;
        clock.tick();
        spare.tick();
      }
    },
  };
};

test('CG58: a worker that is started ahead is told the program and no unit', async () => {
  const { spare, heard, say, killed } = bench();
  await say((out) => out.ready());
  await vi.waitFor(() =>
    expect(heard).toEqual([
      { program: { kind: 'js', text: 'p' }, params: '{}', resultBytes: 1000, data: { entries: [], bodies: null } },
    ]),
  );
  expect(spare.take()).toMatchObject({ number: 7, ready: true });
  expect(spare.take()).toBeNull();
  spare.drop();
  expect(killed).toEqual([]);
});

test('CG59: one that says anything else, dies or waits for long is ended, and blamed for nothing', async () => {
  const says: ((out: ReturnType<typeof makeOut>) => void)[] = [
    (out) => out.result(1, 1, new Uint8Array(1), 1),
    (out) => out.log('x'),
    (out) => out.unloadable({ message: 'm', stack: '' }),
    (out) => {
      out.ready();
      out.result(1, 1, new Uint8Array(1), 1);
    },
  ];
  for (const write of says) {
    const { spare, killed, say } = bench();
    await say(write);
    expect(killed).toEqual([7]);
    expect(spare.take()).toBeNull();
  }
  const twice = bench();
  await twice.say((out) => out.ready());
  await twice.say((out) => out.ready());
  expect(twice.spare.take()).toBeNull();
  const dies = bench();
  dies.spare.failed(6);
  expect(dies.killed).toEqual([]);
  dies.spare.failed(7);
  expect(dies.spare.take()).toBeNull();
  const waits = bench();
  waits.pass(SPARE_MS);
  expect(waits.killed).toEqual([]);
  waits.pass(250);
  expect(waits.spare.take()).toBeNull();
});

test('CG58: a staged lease runs in the worker that was started for it, and a dropped one runs nowhere', async () => {
  const { port1, port2 } = new MessageChannel();
  ports.push(port2);
  const orders: unknown[] = [];
  const doors: MessagePort[] = [];
  port2.onmessage = (event) => {
    orders.push(event.data);
    const door = event.ports[0];
    if (door === undefined) return;
    doors.push(door);
    ports.push(door);
    const out = makeOut((message) => door.postMessage(message));
    door.onmessage = ({ data }: MessageEvent) => {
      if ('program' in data) out.ready();
      else out.result(1, 1, new Uint8Array(data.bodies[0]), 1);
      out.flush();
    };
  };
  const frame = connectFrame(port1, { now: () => 0 });
  const staged = frame.stage(lease);
  const dropped = frame.stage(lease);
  await settle();
  expect([frame.running, doors.length]).toEqual([0, 2]);
  dropped.drop();
  const bodies: number[][] = [];
  const none = (): void => {};
  const end = new Promise((resolve) => {
    staged.start({
      result: (_position, { body }) => void bodies.push([...body]),
      error: none,
      progress: none,
      log: none,
      picture: none,
      end: resolve,
    });
  });
  expect(await end).toEqual({ kind: 'done' });
  await settle();
  expect(bodies).toEqual([[9]]);
  // One worker a lease: none was started beside the two, and both are ended.
  expect(doors.length).toBe(2);
  expect(orders.filter((order) => (order as number[])[0] === 2)).toEqual([
    [2, 2],
    [2, 1],
  ]);
  frame.close();
});
