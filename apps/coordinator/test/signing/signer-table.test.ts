import { makeKeyPair } from '@gossamer/program/node';
import type { SignerPolicy, SigningKey } from '@gossamer/protocol';
import { uuidv7 } from '@gossamer/protocol';
import { expect, test } from 'vitest';
import { SignerTable } from '../../src/runtime/signer-table.ts';

const POLICY: SignerPolicy = { tier: 'public', lanes: ['js'], limits: { deadlineMs: 1000, resultBytes: 1000 } };
const OWNER = `key_${uuidv7(1, new Uint8Array(10))}`;

const tableOf = () => {
  const table = new SignerTable();
  const register = (name: string, key: SigningKey, succeeds: SigningKey | null = null): void =>
    table.apply({ kind: 'signer-registered', at: 1, key, name, owner: OWNER, succeeds });
  const [first, second, third] = [makeKeyPair().key, makeKeyPair().key, makeKeyPair().key];
  register('Lab A', first);
  table.apply({ kind: 'signer-policy-set', at: 2, key: first, policy: POLICY });
  return { table, register, first, second, third };
};

test('SG25: what was granted is granted to a name: under another one nothing is', () => {
  const { table, register, first } = tableOf();
  register('Lab A', first);
  expect(table.get(first)!.policy).toEqual(POLICY);
  register('Another lab', first);
  expect(table.get(first)).toMatchObject({ name: 'Another lab', policy: null });
});

test('SG27: of two successors that were on their way at once, the first inherits', () => {
  const { table, register, first, second, third } = tableOf();
  register('Lab A', second, first);
  register('Lab A', third, first);
  expect(table.get(first)!.successor).toBe(second);
  expect([table.get(second)!.policy, table.get(third)!.policy]).toEqual([POLICY, null]);
});

test('SG27: who was revoked meanwhile leaves nothing', () => {
  const { table, register, first, second } = tableOf();
  table.apply({ kind: 'signer-revoked', at: 3, key: first });
  register('Lab A', second, first);
  expect(table.get(second)!.policy).toBeNull();
  expect(table.get(first)!.successor).toBeNull();
});
