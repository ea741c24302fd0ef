import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DeviceId, JobId, KeyId, SessionId, Sha256, uuidv7 } from '../src/index.ts';

const now = fc.integer({ min: 0, max: 2 ** 48 - 1 });
const random = fc.uint8Array({ minLength: 10, maxLength: 16 }).map((bytes) => new Uint8Array(bytes));

const KINDS = [
  ['job', JobId],
  ['dev', DeviceId],
  ['ses', SessionId],
  ['key', KeyId],
] as const;

describe('ids', () => {
  it('ID1: a UUIDv7 has the layout of RFC 9562: 48 bits of time, version 7, variant 10, 74 bits of chance', () => {
    fc.assert(
      fc.property(now, random, (at, chance) => {
        const hex = uuidv7(at, chance).replaceAll('-', '');
        expect(Number.parseInt(hex.slice(0, 12), 16)).toBe(at);
        const bits = BigInt(`0x${hex}`);
        expect((bits >> 76n) & 0xfn).toBe(7n);
        expect((bits >> 62n) & 0x3n).toBe(2n);
        const drawn = BigInt(`0x${Buffer.from(chance.subarray(0, 10)).toString('hex')}`);
        expect((bits >> 64n) & 0xfffn).toBe((drawn >> 64n) & 0xfffn);
        expect(bits & ((1n << 62n) - 1n)).toBe(drawn & ((1n << 62n) - 1n));
      }),
    );
  });

  it('ID1: the example of RFC 9562, appendix A.6, comes out', () => {
    const chance = Uint8Array.from(Buffer.from('0cc318c4dc0c0c07398f', 'hex'));
    expect(uuidv7(0x017f22e279b0, chance)).toBe('017f22e2-79b0-7cc3-98c4-dc0c0c07398f');
  });

  it('ID2: ids of later milliseconds sort after earlier ones', () => {
    fc.assert(
      fc.property(now, now, random, random, (a, b, x, y) => {
        fc.pre(a < b);
        expect(uuidv7(a, x) < uuidv7(b, y)).toBe(true);
      }),
    );
  });

  it('ID3: each kind of id takes its own prefix and no other', () => {
    const uuid = uuidv7(1_700_000_000_000, new Uint8Array(10).fill(0xa5));
    for (const [prefix, schema] of KINDS) {
      for (const [other] of KINDS) expect(schema.safeParse(`${other}_${uuid}`).success).toBe(other === prefix);
      const bad = [uuid, `${prefix}_${uuid.toUpperCase()}`, `${prefix}_${uuid} `, `x${prefix}_${uuid}`, 7, null];
      for (const text of [...bad, `${prefix}_${uuid.replace('-7', '-4')}`])
        expect(schema.safeParse(text).success).toBe(false);
    }
  });

  it('ID4: a SHA-256 is 64 lower-case hexadecimal digits', () => {
    expect(Sha256.safeParse('0f'.repeat(32)).success).toBe(true);
    for (const text of ['0F'.repeat(32), '0f'.repeat(31), `${'0f'.repeat(32)}\n`, `../${'0f'.repeat(32)}`, '']) {
      expect(Sha256.safeParse(text).success).toBe(false);
    }
  });
});
