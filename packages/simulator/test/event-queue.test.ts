import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EventQueue } from '../src/events/event-queue.ts';

const popAll = (queue: EventQueue): { time: number; kind: number; subject: number; stamp: number }[] => {
  const events: { time: number; kind: number; subject: number; stamp: number }[] = [];
  while (queue.next()) {
    const { time, kind, subject, stamp } = queue;
    events.push({ time, kind, subject, stamp });
  }
  return events;
};

test('SM1: events come in the order of their time, and those of one time as they were put in', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 3000 }), (times) => {
      const queue = new EventQueue();
      const events = times.map((time, at) => ({
        time,
        kind: at % 256,
        subject: 0xffff_ffff - at,
        stamp: at * 2 ** 33,
      }));
      for (const { time, kind, subject, stamp } of events) queue.push(time, kind, subject, stamp);
      expect(queue.size).toBe(times.length);
      expect(popAll(queue)).toEqual(events.toSorted((a, b) => a.time - b.time));
      expect(queue.size).toBe(0);
      expect(queue.due).toBe(Number.POSITIVE_INFINITY);
    }),
    { numRuns: 60 },
  );
});

test('SM1: events that are put in between come in their turn', () => {
  const step = fc.oneof(fc.integer({ min: 0, max: 50 }), fc.constant('take' as const));
  fc.assert(
    fc.property(fc.array(step, { maxLength: 400 }), (steps) => {
      const queue = new EventQueue();
      let waiting: { time: number; stamp: number }[] = [];
      for (const [stamp, what] of steps.entries()) {
        if (what !== 'take') {
          queue.push(what, 1, 2, stamp);
          waiting = [...waiting, { time: what, stamp }].toSorted((a, b) => a.time - b.time || a.stamp - b.stamp);
          continue;
        }
        expect(queue.due).toBe(waiting[0]?.time ?? Number.POSITIVE_INFINITY);
        expect(queue.next()).toBe(waiting.length > 0);
        const due = waiting.shift();
        if (due !== undefined) expect({ time: queue.time, stamp: queue.stamp }).toEqual(due);
      }
      expect(queue.size).toBe(waiting.length);
    }),
  );
});
