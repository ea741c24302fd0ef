import { LIMITS } from '@gossamer/protocol';
import { describe, expect, test } from 'vitest';
import { parseMemory } from '../../src/page/memory.ts';
import { reloadOnce, versionsAgree } from '../../src/page/reload.ts';
import { slotsAtStart, slotsMax } from '../../src/page/slots.ts';
import { duration, share } from '../../src/page/lending/slot-list.tsx';
import { follows, SILENT_MS, TURN_MS } from '../../src/page/lending/turn.ts';

const memoryStorage = (keeps = true): Storage => {
  const map = new Map<string, string>();
  return {
    getItem: (key: string) => map.get(key) ?? null,
    setItem: (key: string, value: string) => void (keeps && map.set(key, value)),
    removeItem: (key: string) => void map.delete(key),
  } as unknown as Storage;
};

describe('what is remembered', () => {
  test('VP2: anything that does not fit counts as nothing', () => {
    const nothing = { consent: null, paused: false, playground: false, slots: null };
    for (const text of [null, '', '{', '4', 'null', '[]', '{"consent":1,"paused":"yes","playground":1,"slots":-1}']) {
      expect(parseMemory(text)).toEqual(nothing);
    }
    expect(parseMemory('{"consent":"a · b","paused":true,"playground":true,"slots":3}')).toEqual({
      consent: 'a · b',
      paused: true,
      playground: true,
      slots: 3,
    });
  });
});

describe('slots', () => {
  test('VP3: the address comes first, then what was chosen, then half of the computer', () => {
    expect(slotsAtStart('?slots=3', 2, 8)).toBe(3);
    expect(slotsAtStart('', 2, 8)).toBe(2);
    expect(slotsAtStart('', null, 8)).toBe(4);
    expect(slotsAtStart('', null, 1)).toBe(1);
  });

  test('VP3: nonsense in the address is passed over, and too many are cut', () => {
    for (const query of ['?slots=0', '?slots=-4', '?slots=x', '?slots=1.5', '?slots=']) {
      expect(slotsAtStart(query, null, 6)).toBe(3);
    }
    expect(slotsAtStart('?slots=99', null, 6)).toBe(6);
    expect(slotsMax(undefined)).toBe(1);
    expect(slotsMax(100_000)).toBe(LIMITS.slots);
  });
});

describe('another version', () => {
  test('VP4: the page reloads once, and again only after versions have agreed', () => {
    let reloads = 0;
    const storage = memoryStorage();
    const reload = (): void => void reloads++;
    expect(reloadOnce(storage, reload)).toBe(true);
    expect(reloadOnce(storage, reload)).toBe(false);
    expect(reloads).toBe(1);
    versionsAgree(storage);
    expect(reloadOnce(storage, reload)).toBe(true);
  });

  test('VP4: where the browser keeps nothing, it does not reload: it could do so for ever', () => {
    let reloads = 0;
    expect(reloadOnce(memoryStorage(false), () => void reloads++)).toBe(false);
    expect(reloads).toBe(0);
  });
});

describe('the picture', () => {
  test('VP5: one slot is shown for a while, then another that draws', () => {
    const turn = follows();
    expect(turn(0, 0)).toBe(true);
    expect(turn(1, 10)).toBe(false);
    for (let now = 100; now < TURN_MS; now += 100) expect(turn(0, now)).toBe(true);
    expect(turn(1, TURN_MS)).toBe(true);
    expect(turn(0, TURN_MS + 10)).toBe(false);
  });

  test('VP5: a slot that draws no more gives its turn up', () => {
    const turn = follows();
    turn(0, 0);
    expect(turn(1, SILENT_MS)).toBe(true);
  });
});

test('VP6: times and shares of a lease', () => {
  expect(duration(999)).toBe('0 s');
  expect(duration(185_000)).toBe('3 min 05 s');
  const slot = {
    kind: 'running',
    number: 1,
    job: '',
    submitter: '',
    program: 'js',
    unit: 0,
    position: 1,
    units: 4,
    progress: 0.5,
    runMs: 0,
  } as const;
  expect(share(slot)).toBe(0.375);
});
