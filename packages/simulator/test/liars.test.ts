import fc from 'fast-check';
import { expect, test } from 'vitest';
import { codeOfBytes, resultBytes } from '../src/grid/results.ts';
import type { LiarPlan } from '../src/population/liars.ts';
import { always, codeOf, colluders, RIGHT, sleeper, sometimes, sybils } from '../src/population/liars.ts';
import { compute, smallWorld } from './worlds.ts';

const TRUSTED = { kind: 'trusted' } as const;
const KEY = 99;

const codes = (plan: LiarPlan, many: number, device = 5, group = -1): number[] =>
  Array.from({ length: many }, (_, unit) => codeOf({ plan, group }, KEY, device, 1, unit, unit));
const lies = (all: readonly number[]): number => all.filter((code) => code !== RIGHT).length / all.length;

test('SM7: liars lie as often as their kind says, from the moment that it says', () => {
  expect(lies(codes(always(), 1000))).toBe(1);
  expect(Math.abs(lies(codes(sometimes(0.1), 20_000)) - 0.1)).toBeLessThan(0.01);
  const asleep = codes(sleeper(50), 200);
  expect(lies(asleep.slice(0, 50))).toBe(0);
  expect(lies(asleep.slice(50))).toBe(1);
  const drowsy = codes(sleeper(500, 0.2), 20_000);
  expect(lies(drowsy.slice(0, 500))).toBe(0);
  expect(Math.abs(lies(drowsy.slice(500)) - 0.2)).toBeLessThan(0.02);
  expect(codeOf(null, KEY, 5, 1, 0, 1000)).toBe(RIGHT);
});

test('SM7: what each liar returns is its own, and what a group returns is the same', () => {
  const own = new Set([1, 2, 3, 70].map((device) => codes(always(), 1, device)[0]));
  expect(own.size).toBe(4);
  const together = [1, 2, 70].map((device) => codes(colluders(2), 1, device, 1)[0]);
  expect(new Set(together).size).toBe(1);
  expect(codes(colluders(2), 1, 1, 0)[0]).not.toBe(together[0]);
  expect(own.has(together[0])).toBe(false);
});

test('SM7: a lie belongs to device and unit, whatever was asked before', () => {
  const ask = (unit: number) => codeOf({ plan: sometimes(0.5), group: -1 }, KEY, 7, 1, unit, 0);
  const forward = Array.from({ length: 300 }, (_, unit) => ask(unit));
  const backward = Array.from({ length: 300 }, (_, at) => ask(299 - at)).toReversed();
  expect(forward).toEqual(backward);
});

test('SM8: a result is a small JSON text from which its code can be read', () => {
  fc.assert(
    fc.property(fc.nat(9_999_999), fc.nat(999_999), fc.nat(999_999), (unit, code, other) => {
      const bytes = resultBytes(unit, code);
      expect(bytes.length).toBeLessThanOrEqual(15);
      expect(Math.floor(Number(JSON.parse(new TextDecoder().decode(bytes))))).toBe(unit);
      expect(codeOfBytes(bytes)).toBe(code);
      const isSame = Buffer.from(bytes).equals(Buffer.from(resultBytes(unit, other)));
      expect(isSame).toBe(code === other);
    }),
  );
  expect(() => resultBytes(9_999_999, 99_999_999)).toThrow(RangeError);
});

test('SM9: under trust every lie becomes final, and is counted', () => {
  const { world, job } = compute(smallWorld({ saboteurs: 0.3, liar: sometimes(0.5) }), 3, TRUSTED);
  let returnedByLiars = 0;
  for (let at = 0; at < job.job.attempts.length; at++) {
    const { person } = world.tabOfDevice[job.job.attempts.device[at]!]!;
    if (person.liar === null) expect(job.truth.codeAt(at)).toBe(RIGHT);
    else returnedByLiars += 1;
  }
  expect(job.truth.wrongWhenFinal).toBeGreaterThan(0.3 * returnedByLiars);
  expect(job.truth.wrongWhenFinal).toBeLessThan(0.7 * returnedByLiars);
  const credit = [...job.truth.ill.values()].reduce((sum, each) => sum + each, 0);
  expect(credit).toBe(job.truth.wrongWhenFinal);
});

test('SM9: at a quorum of two lone liars never win, and colluders sometimes do', () => {
  const quorum = { kind: 'quorum', quorum: 2 } as const;
  const lone = compute(smallWorld({ saboteurs: 0.3, liar: always() }), 3, quorum).job;
  expect([lone.truth.wrongWhenFinal, lone.truth.wronged]).toEqual([0, 0]);
  const group = compute(smallWorld({ saboteurs: 0.3, liar: colluders() }), 3, quorum).job;
  expect(group.truth.wrongWhenFinal).toBeGreaterThan(0);
  expect(group.truth.wronged).toBeGreaterThan(0);
});

test('SM10: a sybil comes back as another device when it is caught, and after so many results', () => {
  const plan = smallWorld({ saboteurs: 0.2, liar: sybils(5, false) });
  const { world } = compute(plan, 2, TRUSTED);
  const reborn = world.tabs.filter(({ lives }) => lives > 0);
  expect(reborn.length).toBeGreaterThan(0);
  for (const { person, returned, device, lives } of reborn) {
    expect(person.liar).not.toBeNull();
    expect(returned).toBeLessThanOrEqual(5);
    expect(device.prefix).toBe(`prefix ${person.number}.${lives}`);
  }
  const quorum = { kind: 'quorum', quorum: 2 } as const;
  const caught = compute(smallWorld({ saboteurs: 0.2, liar: sybils(1000, true) }), 2, quorum).world;
  const again = caught.tabs.filter(({ lives }) => lives > 0);
  expect(again.length).toBeGreaterThan(0);
  for (const { person, device } of again) expect(device.prefix).toBe(`prefix ${person.number}`);
});
