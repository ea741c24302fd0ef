import { ENCODING } from '@gossamer/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { makeDataReads } from '../../src/boot/data.ts';
import { makeDrive } from '../../src/boot/drive.ts';
import { makeOut } from '../../src/boot/out.ts';
import { makeRunner } from '../../src/boot/runner.ts';
import { decodeMessage } from '../../src/engine/decode.ts';
import { unitsMessage } from '../../src/engine/batch.ts';

const LIMIT = 1 << 20;

/** What an echo makes of inputs of one packed lease: of each its JSON text, or the start of the error. */
const echoed = (inputs: readonly Uint8Array<ArrayBuffer>[], encoding: 0 | 1 = ENCODING.json): string[] => {
  const said: string[] = [];
  const out = makeOut((message) => {
    const records = decodeMessage(message, LIMIT);
    if ('breach' in records) throw new Error(records.breach);
    for (const record of records) {
      if (record.kind === 'result') said.push(new TextDecoder().decode(record.body));
      else if (record.kind === 'error') said.push('it threw');
    }
  });
  const program = { kind: 'js', text: '' } as const;
  const units = inputs.map((body, index) => ({ index, seed: 1, input: { encoding, body } }));
  const lease = { program, params: 'null', units, limits: { deadlineMs: 1000, resultBytes: LIMIT } };
  const { message } = unitsMessage(lease, 0, true, true);
  const drive = makeDrive();
  const told = { program, params: 'null', resultBytes: LIMIT, data: { entries: [], bodies: null } };
  makeRunner(told, out, drive, makeDataReads(told.data, out, drive.moved)).run(
    (input: unknown) => (input instanceof ArrayBuffer ? [...new Uint8Array(input)] : input),
    message,
  );
  return said;
};

const alone = (body: Uint8Array): string => {
  try {
    return JSON.stringify(JSON.parse(new TextDecoder().decode(body)));
  } catch {
    return 'it threw';
  }
};

const utf8 = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

test('CG70: units of a packed lease get and give what each would alone, of ASCII and of any other text, short and long', () => {
  const ascii = fc.string({ unit: 'binary-ascii', maxLength: 200 });
  const value = fc.oneof(
    fc.integer(),
    ascii,
    fc.string({ unit: 'binary', maxLength: 90 }),
    fc.jsonValue({ maxDepth: 3 }),
  );
  const values = fc.oneof(fc.array(fc.oneof(fc.integer(), ascii)), fc.array(value));
  fc.assert(
    fc.property(values, (given) => {
      const texts = given.map((item) => JSON.stringify(item));
      expect(echoed(texts.map(utf8))).toEqual(texts.map((text) => JSON.stringify(JSON.parse(text))));
    }),
  );
});

test('CG70: bytes that are no text spoil no other unit of their lease', () => {
  const piece = fc.constantFrom([0xef, 0xbb, 0xbf], [0xc3], [0xa4], [0x22], [0x31], [0xff], [0xe2, 0x82], [0xac]);
  const body = fc.array(piece, { maxLength: 4 }).map((pieces) => new Uint8Array(pieces.flat()));
  fc.assert(
    fc.property(fc.array(body, { minLength: 1 }), (bodies) => {
      expect(echoed(bodies)).toEqual(bodies.map(alone));
    }),
  );
});

test('CG70: bytes travel packed as they are', () => {
  const bodies = [[1, 2, 3], [], [0xc3, 0xa4]].map((bytes) => new Uint8Array(bytes));
  expect(echoed(bodies, ENCODING.bytes)).toEqual(['[1,2,3]', '[]', '[195,164]']);
});
