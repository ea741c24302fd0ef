import { expect, test } from 'vitest';
import { makeOut } from '../../src/boot/out.ts';
import { handingOver } from '../../src/boot/handover.ts';
import { decodeMessage } from '../../src/engine/decode.ts';

const LIMIT = 2_000_000;

test('CG60: a large result is given up as it lies in its message, also behind small records', () => {
  for (const lines of [0, 3]) {
    const posted: ArrayBuffer[] = [];
    const given: ArrayBuffer[] = [];
    const out = makeOut(
      (message) => posted.push(message),
      (message) => given.push(structuredClone(message, { transfer: [message] })),
    );
    for (let size = 1_000_000; size < 1_000_002; size++) {
      for (let line = 0; line < lines; line++) out.log(`line ${line}`);
      out.result(1, 1, new Uint8Array(size).fill(7), size);
      out.flush();
    }
    out.result(1, 1, new Uint8Array([1]), 1);
    out.flush();
    expect([posted.length, given.length]).toEqual([1, 2]);
    for (const [n, message] of given.entries()) {
      const records = decodeMessage(message, LIMIT);
      expect(records).toHaveLength(lines + 1);
      expect((records as { body: Uint8Array }[])[lines]!.body.byteLength).toBe(1_000_000 + n);
    }
    expect(decodeMessage(posted[0]!, LIMIT)).toMatchObject([{ kind: 'result', body: new Uint8Array([1]) }]);
  }
});

test('CG60: the list of what is handed over is read once, by members of its own', () => {
  const buffer = new ArrayBuffer(1);
  const list = handingOver(buffer);
  expect(Object.getPrototypeOf(list)).toBeNull();
  expect([...list]).toEqual([buffer]);
});
