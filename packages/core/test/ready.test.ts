import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ReadyUnits } from '../src/job/ready.ts';

describe('units that wait', () => {
  it('RU1: a unit stands in the group of the devices that take part, first come, first served', () => {
    const ready = new ReadyUnits();
    for (const unit of [5, 3, 9]) ready.push(unit, [2, 1]);
    ready.push(7, []);
    const [pair, none] = [...ready.groups(0)];
    expect([pair!.devices, none!.devices]).toEqual([[1, 2], []]);
    expect([ready.shift(pair!), ready.shift(pair!), ready.shift(pair!), ready.shift(pair!)]).toEqual([
      5,
      3,
      9,
      undefined,
    ]);
    expect([ready.size, [...ready.groups(0)].length]).toEqual([1, 1]);
  });

  it('RU2: whatever is pushed, moved and dropped, each unit is handed out once, of its newest group', () => {
    const step = fc.record({
      unit: fc.nat(12),
      devices: fc.subarray([1, 2, 3]),
      what: fc.constantFrom('push', 'drop', 'shift'),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const ready = new ReadyUnits();
        const model = new Map<number, string>();
        for (const { unit, devices, what } of steps) {
          if (what === 'push') {
            ready.push(unit, [...devices]);
            model.set(unit, devices.join());
          } else if (what === 'drop') {
            ready.drop(unit);
            model.delete(unit);
          } else {
            const group = [...ready.groups(0)].find((each) => each.devices.join() === devices.join());
            const taken = group === undefined ? undefined : ready.shift(group);
            expect(taken === undefined).toBe(![...model.values()].includes(devices.join()));
            if (taken === undefined) continue;
            expect(model.get(taken)).toBe(devices.join());
            model.delete(taken);
          }
          expect(ready.size).toBe(model.size);
          expect(ready.has(unit)).toBe(model.has(unit));
          expect([...ready.groups(0)].map((group) => group.devices.join()).sort()).toEqual(
            [...new Set(model.values())].sort(),
          );
        }
      }),
      { numRuns: 500 },
    );
  });

  it('RU3: entries that were taken are cut off a long queue', () => {
    const ready = new ReadyUnits();
    for (let unit = 0; unit < 10_000; unit++) ready.push(unit, [1]);
    const [group] = [...ready.groups(0)];
    for (let unit = 0; unit < 9000; unit++) expect(ready.shift(group!)).toBe(unit);
    expect(group!.queue.length).toBeLessThan(4000);
    expect(ready.shift(group!)).toBe(9000);
  });
});
