import type { CageEvents, CageFrame, CageLease } from '@gossamer/cage/engine';
import { ENCODING } from '@gossamer/protocol';
import { expect, test } from 'vitest';
import { Crew } from '../../src/engine/crew/crew.ts';
import type { LeaseWork } from '../../src/engine/crew/prepare.ts';
import type { Frames } from '../../src/engine/frames.ts';
import type { Programs } from '../../src/engine/programs.ts';

const work = (number: number): LeaseWork => ({
  key: `1:${number}`,
  card: {
    job: 1,
    name: 'a job',
    seed: 1,
    submitter: null,
    program: { sha256: '', size: 0 },
    signed: { manifest: {}, admission: { tier: 'public' } },
    params: null,
    limits: { deadlineMs: 1000, resultBytes: 1000 },
    cageOrigin: '',
  } as unknown as LeaseWork['card'],
  indices: [number],
  inputs: [{ kind: 'inline', encoding: ENCODING.json, body: new Uint8Array([0x31]) }],
});

/** A crew whose cage is this test: it writes down what is asked of it. */
const bench = (slots: number) => {
  const asked: string[] = [];
  const running = new Map<number, CageEvents>();
  const over: [string, string | null][] = [];
  const unit = ({ units }: CageLease): number => units[0]!.index;
  const start = (lease: CageLease, events: CageEvents) => {
    running.set(unit(lease), events);
    return { runMs: 0, stop: () => queueMicrotask(() => events.end({ kind: 'stopped' })) };
  };
  const frame: CageFrame = {
    running: 0,
    close: () => {},
    run: (lease, events) => {
      asked.push(`run ${unit(lease)}`);
      return start(lease, events);
    },
    stage: (lease) => {
      asked.push(`stage ${unit(lease)}`);
      return {
        start: (events) => {
          asked.push(`start ${unit(lease)}`);
          return start(lease, events);
        },
        drop: () => void asked.push(`drop ${unit(lease)}`),
      };
    },
  };
  const holding = { frame, release: () => {} };
  const frames = { acquire: () => Promise.resolve(holding), closeIdle: () => {} } as unknown as Frames;
  const programs = { get: () => Promise.resolve({ text: '' }) } as unknown as Programs;
  const vetting = { require: () => Promise.resolve() };
  const crew = new Crew(
    { vetting, programs, frames, data: { of: () => Promise.resolve(undefined) } },
    {
      record: () => {},
      over: (key, reason) => void over.push([key, reason]),
      refused: () => {},
      trouble: () => {},
      picture: () => {},
      changed: () => {},
    },
  );
  crew.setSlots(slots);
  const add = async (...numbers: number[]): Promise<void> => {
    for (const number of numbers) crew.add(work(number));
    await new Promise((resolve) => setTimeout(resolve, 5));
  };
  return { crew, add, asked, over, end: (number: number) => running.get(number)!.end({ kind: 'done' }) };
};

test('VE18: the next lease of each slot is started ahead, and begins when its turn comes', async () => {
  const { add, asked, end } = bench(1);
  await add(1, 2, 3);
  expect(asked).toEqual(['run 1', 'stage 2']);
  end(1);
  expect(asked.slice(2)).toEqual(['start 2', 'stage 3']);
  end(2);
  end(3);
  expect(asked.slice(4)).toEqual(['start 3']);
});

test('VE18: a lease that is stopped before its turn drops what was started for it', async () => {
  const { crew, add, asked, over, end } = bench(2);
  await add(1, 2, 3, 4, 5);
  expect(asked).toEqual(['run 1', 'run 2', 'stage 3', 'stage 4']);
  crew.stop('1:3', null);
  expect(asked.slice(4)).toEqual(['drop 3', 'stage 5']);
  expect(over).toEqual([['1:3', null]]);
  crew.setSlots(1);
  end(1);
  expect(asked.slice(6)).toEqual(['start 4']);
});
