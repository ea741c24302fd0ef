import { isReading } from './data.ts';
import { isCompiling } from './floor.ts';
import { nativeSetTimeout, NativePromise, promiseThen } from './primordials.ts';
import { hasTimer, runTimer } from './timers.ts';

/** How often a promise that nothing moves is looked at, ms, and how often in a row before it counts as forgotten. */
const LOOK_MS = 250;
const LOOKS = 8;

export type Settled = (how: 'ok' | 'failed' | 'forgotten', value: unknown) => void;

/**
 * Waits for promises of a program, one at a time, and turns its virtual clock meanwhile. A promise that can no longer
 * settle (no timer, no compilation, no read, and some seconds in which nothing happened) is `forgotten`. While a read of
 * shared data has no answer no timer fires: how long a fetch takes is not for a program to see.
 */
export const makeDrive = () => {
  const { port1, port2 } = new MessageChannel();
  const post: () => void = port1.postMessage.bind(port1, 0);
  interface Wait {
    settled: Settled;
    looks: number;
    looking: boolean;
  }
  let current: Wait | undefined;
  let knocked = false;

  /** A turn comes when the microtasks are done and the browser had a chance to bring something. */
  const knock = (): void => {
    if (knocked) return;
    knocked = true;
    post();
  };
  const settle = (wait: Wait | undefined, how: 'ok' | 'failed' | 'forgotten', value: unknown): void => {
    if (wait === undefined || wait !== current) return;
    current = undefined;
    wait.settled(how, value);
  };
  const turn = (): void => {
    knocked = false;
    const wait = current;
    if (wait === undefined) return;
    if (hasTimer() && !isReading()) {
      wait.looks = 0;
      try {
        runTimer();
      } catch (error) {
        settle(wait, 'failed', error);
      }
      knock();
    } else if (!wait.looking) {
      wait.looking = true;
      lookLater(wait);
    }
  };
  const lookLater = (wait: Wait): void => {
    nativeSetTimeout(() => look(wait), LOOK_MS);
  };
  const look = (wait: Wait): void => {
    if (wait !== current) return;
    if (hasTimer() && !isReading()) {
      wait.looking = false;
      knock();
      return;
    }
    wait.looks = isCompiling() || isReading() ? 0 : wait.looks + 1;
    if (wait.looks >= LOOKS) settle(wait, 'forgotten', undefined);
    else lookLater(wait);
  };
  port2.onmessage = turn;

  return {
    /** `value` is a promise, or any thenable. */
    wait(value: unknown, settled: Settled): void {
      const wait = { settled, looks: 0, looking: false };
      current = wait;
      const promise = new NativePromise((resolve) => resolve(value));
      promiseThen(
        promise,
        (result) => settle(wait, 'ok', result),
        (reason) => settle(wait, 'failed', reason),
      );
      knock();
    },
    /** Something came that may be waited for. */
    moved: knock,
    /** Something that nobody awaits threw: it fails what is waited for. */
    fail: (error: unknown): void => settle(current, 'failed', error),
  };
};
