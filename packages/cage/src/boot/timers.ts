import { apply, NativeTypeError } from './primordials.ts';

interface Timer {
  id: number;
  due: number;
  every: number;
  run: (...args: unknown[]) => unknown;
  args: unknown[];
  next: Timer | undefined;
}

const MAX_MS = 0x7fffffff;

/**
 * Timers of a virtual clock: they fire in the order of their times (then of their making) and as soon as nothing else
 * is to do, however long they were to wait. So they cost no time and fire in the same order for every replica.
 */
let first: Timer | undefined;
let clock = 0;
let lastId = 0;

const insert = (timer: Timer): void => {
  if (first === undefined || timer.due < first.due) {
    timer.next = first;
    first = timer;
    return;
  }
  let before = first;
  while (before.next !== undefined && before.next.due <= timer.due) before = before.next;
  timer.next = before.next;
  before.next = timer;
};

const add = (run: unknown, ms: unknown, repeat: boolean, args: unknown[]): number => {
  if (typeof run !== 'function') throw new NativeTypeError('a timer takes a function');
  const wanted = typeof ms === 'number' ? ms : 0;
  const delay = wanted >= 1 && wanted <= MAX_MS ? wanted : 1;
  lastId += 1;
  const every = repeat ? delay : 0;
  insert({ id: lastId, due: clock + delay, every, run: run as Timer['run'], args, next: undefined });
  return lastId;
};

const remove = (id: unknown): void => {
  let before: Timer | undefined;
  for (let timer = first; timer !== undefined; before = timer, timer = timer.next) {
    if (timer.id !== id) continue;
    if (before === undefined) first = timer.next;
    else before.next = timer.next;
    return;
  }
};

export const virtualTimers = {
  setTimeout: (run: unknown, ms?: unknown, ...args: unknown[]): number => add(run, ms, false, args),
  setInterval: (run: unknown, ms?: unknown, ...args: unknown[]): number => add(run, ms, true, args),
  clearTimeout: (id?: unknown): void => remove(id),
  clearInterval: (id?: unknown): void => remove(id),
};

export const hasTimer = (): boolean => first !== undefined;

/** Runs the timer that is due next; what it throws, this throws. */
export const runTimer = (): void => {
  const timer = first;
  if (timer === undefined) return;
  first = timer.next;
  clock = timer.due;
  if (timer.every > 0) {
    timer.due = clock + timer.every;
    insert(timer);
  }
  apply(timer.run, undefined, timer.args);
};

/** Forgets every timer and sets the virtual clock and the ids back: a unit does not see the one before it. */
export const resetTimers = (): void => {
  first = undefined;
  clock = 0;
  lastId = 0;
};
