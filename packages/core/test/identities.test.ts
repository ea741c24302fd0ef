import { ENCODING } from '@gossamer/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IdentityTable } from '../src/job/identities.ts';
import { IDENTITY_BYTES, identityOf } from '../src/job/identity.ts';
import { hash } from './grid.ts';

const zeros = (length: number): number[] => Array.from({ length }, () => 0);

const body = fc.oneof(fc.uint8Array({ maxLength: 3 }), fc.uint8Array({ minLength: 14, maxLength: 18 }));

describe('identities of results', () => {
  it('JU8: two results have one identity when their encoding and their bytes are the same, and only then', () => {
    const encoding = fc.constantFrom(...Object.values(ENCODING));
    fc.assert(
      fc.property(encoding, body, encoding, body, (one, a, other, b) => {
        const same = Buffer.from(identityOf(one, a, hash)).equals(identityOf(other, b, hash));
        expect(same).toBe(one === other && Buffer.from(a).equals(b));
      }),
      { numRuns: 2000 },
    );
  });

  it('JU8: a trailing zero, an empty result and one that looks like a hash are told apart', () => {
    const large = Uint8Array.from({ length: 40 }, (_, at) => at);
    const bodies = [[], [0], [0, 0], [1], zeros(15), zeros(16), [...large]];
    bodies.push([...hash(large).subarray(0, 15)]);
    const seen = bodies.map((bytes) => Buffer.from(identityOf(1, Uint8Array.from(bytes), hash)).toString('hex'));
    expect(new Set(seen).size).toBe(bodies.length);
    for (const hex of seen) expect(hex).toHaveLength(2 * IDENTITY_BYTES);
  });

  it('TA3: the same bytes of another type are another result', () => {
    for (const bytes of [new Uint8Array(0), new Uint8Array(8), new Uint8Array(40)]) {
      const seen = Object.values(ENCODING).map((type) => Buffer.from(identityOf(type, bytes, hash)).toString('hex'));
      expect(new Set(seen).size).toBe(Object.values(ENCODING).length);
    }
  });

  it('JU9: the table keeps what was set until it is deleted, and uses room again', () => {
    const step = fc.record({ attempt: fc.nat(20), value: fc.nat(3) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
        const table = new IdentityTable();
        const model = new Map<number, string>();
        for (const { attempt, value } of steps) {
          if (model.delete(attempt)) table.delete(attempt);
          else {
            const identity = identityOf(0, Uint8Array.of(value), hash);
            table.set(attempt, identity);
            model.set(attempt, Buffer.from(identity).toString('hex'));
          }
          table.delete(99);
          const kept = [...table.entries()].map(([at, identity]) => [at, Buffer.from(identity).toString('hex')]);
          expect(kept).toEqual([...model].sort(([a], [b]) => a - b));
          const [first] = model;
          for (const [at, hex] of model) expect(table.same(first![0], at)).toBe(hex === first![1]);
        }
      }),
    );
  });
});
