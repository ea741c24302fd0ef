import type { JobCard } from '@gossamer/protocol';
import { afterEach, expect, test } from 'vitest';
import type { FrameHold } from '../../src/engine/frames.ts';
import { Frames } from '../../src/engine/frames.ts';

const MOST = 3;
const holds: FrameHold[] = [];
afterEach(() => {
  for (const { frame } of holds.splice(0)) frame.close();
});

/** A page that opens what it is asked for, and counts. */
const bench = () => {
  const open = new Map<number, string>();
  let most = 0;
  const frames = new Frames(
    {
      openFrame: (id, url) => {
        open.set(id, url);
        most = Math.max(most, open.size);
        return Promise.resolve(new MessageChannel().port1);
      },
      closeFrame: (id) => void open.delete(id),
    },
    MOST,
  );
  const acquire = async (job: number): Promise<FrameHold> => {
    const card = { job, cageOrigin: `http://j${job}-{n}.cage.localhost` } as unknown as JobCard;
    const hold = await frames.acquire(card);
    holds.push(hold);
    return hold;
  };
  return { frames, acquire, most: () => most, urls: () => [...open.values()] };
};

/** Whether it stays open for a while of turns. */
const isPending = async (promise: Promise<unknown>): Promise<boolean> => {
  let settled = false;
  void promise.then(() => (settled = true));
  await new Promise((resolve) => setTimeout(resolve, 20));
  return !settled;
};

test('VE19: a lease of one job more waits until a frame closes; one whose job has a frame does not', async () => {
  const { acquire, most, urls } = bench();
  const [first] = await Promise.all([acquire(1), acquire(2), acquire(3)]);
  const fourth = acquire(4);
  const again = acquire(4);
  expect(await isPending(fourth)).toBe(true);
  expect((await acquire(2)).frame).toBeDefined();
  first!.release(false);
  expect((await fourth).frame).toBe((await again).frame);
  expect(urls()).toEqual([2, 3, 4].map((job) => `http://j${job}-1.cage.localhost/`));
  expect(most()).toBe(MOST);
});

test('VE19: an idle frame makes room, also the one that was spared', async () => {
  const { frames, acquire, most } = bench();
  const [first] = await Promise.all([acquire(1), acquire(2), acquire(3)]);
  first!.release(false);
  frames.closeIdle(1);
  await acquire(4);
  expect(most()).toBe(MOST);
});

test('VE19: a dead frame counts while a lease holds it, and its job gets one on the next host', async () => {
  const { acquire, most, urls } = bench();
  const [first, shared] = await Promise.all([acquire(1), acquire(1), acquire(2)]);
  first!.release(true);
  const next = await acquire(1);
  expect(urls()).toContain('http://j1-2.cage.localhost/');
  const other = acquire(3);
  expect(await isPending(other)).toBe(true);
  shared!.release(true);
  await other;
  expect(next.frame).not.toBe(shared!.frame);
  expect(most()).toBe(MOST);
});
