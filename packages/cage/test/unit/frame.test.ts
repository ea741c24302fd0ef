import { afterEach, expect, test, vi } from 'vitest';
import type { CageEnd } from '../../src/api.ts';
import { ORDER, SAY } from '../../src/door/frame.ts';
import { connectFrame } from '../../src/engine/index.ts';

// The frame is this test, at the other end of a real MessagePort; the clock and the engine's ticks are the test's, too.

const ports: MessagePort[] = [];
afterEach(() => {
  vi.useRealTimers();
  for (const port of ports.splice(0)) port.close();
});

const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 15));

const bench = () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const { port1, port2 } = new MessageChannel();
  ports.push(port2);
  const self = { time: 0, dead: false, answers: true, ends: [] as CageEnd[] };
  port2.onmessage = ({ data: [order, n], ports: doors }: MessageEvent<[number, number]>) => {
    ports.push(...doors);
    if (order === ORDER.ping && self.answers) port2.postMessage([SAY.pong, n]);
  };
  const frame = connectFrame(port1, { now: () => self.time, onDead: () => void (self.dead = true) });
  const none = (): void => {};
  frame.run(
    {
      program: { kind: 'js', text: 'p' },
      params: '{}',
      units: [{ index: 0, seed: 1, input: { encoding: 1, body: new Uint8Array(1) } }],
      limits: { deadlineMs: 3_600_000, resultBytes: 1000 },
    },
    {
      ...{ result: none, error: none, progress: none, log: none, picture: none },
      end: (end) => void self.ends.push(end),
    },
  );
  return {
    self,
    say: (message: unknown) => port2.postMessage(message),
    pass: async (ms: number) => {
      for (let left = ms; left > 0 && !self.dead; left -= 250) {
        self.time += 250;
        vi.advanceTimersByTime(250);
        await settle();
      }
    },
  };
};

test('CG26: a frame that answers lives; one that is silent is given up after 4 s, and what ran in it is told', async () => {
  const { self, pass } = bench();
  await pass(15_000);
  expect([self.dead, self.ends]).toEqual([false, []]);
  self.answers = false;
  const begun = self.time;
  await pass(60_000);
  expect([self.dead, self.ends]).toEqual([true, [{ kind: 'dead' }]]);
  // It may have spoken up to a second before it fell silent.
  expect(self.time - begun).toBeGreaterThan(2750);
  expect(self.time - begun).toBeLessThanOrEqual(4250);
});

test.each([
  ['that floods with what a frame may say', 25, [SAY.pong, 1]],
  ['that says what no frame says', 1, ['more', 1]],
] as const)('CG37: a frame %s is given up', async (_, times, message) => {
  const { self, say } = bench();
  for (let n = 0; n < 15; n++) say([SAY.pong, n]);
  await settle();
  expect(self.dead).toBe(false);
  for (let n = 0; n < times; n++) say(message);
  await settle();
  expect([self.dead, self.ends]).toEqual([true, [{ kind: 'dead' }]]);
});
