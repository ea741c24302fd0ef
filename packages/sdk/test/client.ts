import { afterAll, beforeAll } from 'vitest';
import { Gossamer, type GossamerOptions } from '../src/node/index.ts';
import { FakeCoordinator } from './fake-coordinator.ts';

/** Sleeps a tenth as long as asked, so that tests of patience end soon; chance is the longest wait. */
const hurried = {
  now: () => performance.now() * 10,
  random: () => 0.99,
  sleep: (ms: number, signal?: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      setTimeout(() => (signal?.aborted === true ? reject(signal.reason as Error) : resolve()), ms / 10);
    }),
};

/** A coordinator for the tests of one file, and clients of it. */
export const useCoordinator = () => {
  const coordinator = new FakeCoordinator();
  beforeAll(() => coordinator.start().then(() => undefined));
  afterAll(() => coordinator.stop());
  const client = (options: Partial<GossamerOptions> = {}): Gossamer =>
    new Gossamer({ url: coordinator.url, apiKey: FakeCoordinator.KEY, timing: hurried, ...options });
  return { coordinator, client };
};

/** What a promise or an iterator throws. */
export const thrown = async (work: Promise<unknown> | AsyncIterable<unknown>): Promise<Error & { code?: string }> => {
  try {
    if (Symbol.asyncIterator in work) for await (const _ of work);
    else await work;
  } catch (error) {
    return error as Error;
  }
  throw new Error('nothing was thrown');
};

export const all = async <Item>(items: AsyncIterable<Item>): Promise<Item[]> => {
  const list: Item[] = [];
  for await (const item of items) list.push(item);
  return list;
};
