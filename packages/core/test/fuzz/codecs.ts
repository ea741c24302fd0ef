import {
  decodeRequest,
  decodeResultBlob,
  decodeResponse,
  decodeTicket,
  encodeRequest,
  encodeResponse,
  encodeResultBlob,
  encodeTicketFields,
  joinTicket,
} from '@gossamer/protocol';
import { decodeDecisions, decodeFacts, encodeFacts } from '../../src/index.ts';
import type { Chance } from './chance.ts';
import type { Sizes } from './make.ts';
import { makeBlob, makeDecisions, makeRequest, makeResponse, makeTicket } from './make.ts';

/** A kind of frame, whatever its value is. */
export interface Codec {
  name: string;
  make(chance: Chance, sizes: Sizes): unknown;
  encode(value: unknown): Uint8Array<ArrayBuffer>;
  decode(frame: Uint8Array): unknown;
  /** One value has one frame: whatever can be read is written as the same bytes. */
  isExact: boolean;
}

const codec = <Value>(
  name: string,
  parts: {
    make(chance: Chance, sizes: Sizes): Value;
    encode(value: Value): Uint8Array<ArrayBuffer>;
    decode(frame: Uint8Array): Value;
    isExact?: boolean;
  },
): Codec => ({ isExact: true, name, ...parts }) as Codec;

const MAC = Uint8Array.from({ length: 16 }, (_, at) => at);

/** Everything that comes from outside, or from the disk, as bytes of our own. */
export const CODECS: readonly Codec[] = [
  codec('request', { make: makeRequest, encode: encodeRequest, decode: decodeRequest }),
  codec('response', { make: makeResponse, encode: encodeResponse, decode: decodeResponse }),
  codec('ticket', {
    make: (chance, sizes) => ({ ticket: makeTicket(chance, sizes), mac: MAC as Uint8Array }),
    encode: ({ ticket, mac }) => joinTicket(encodeTicketFields(ticket), mac),
    decode: (frame) => {
      const { ticket, mac } = decodeTicket(frame);
      return { ticket, mac };
    },
  }),
  codec('large result', {
    make: makeBlob,
    encode: encodeResultBlob,
    decode: decodeResultBlob,
  }),
  codec('segment', {
    make: makeDecisions,
    encode: (decisions) => {
      const parts = decisions.map(encodeFacts);
      const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0));
      let at = 0;
      for (const part of parts) {
        whole.set(part, at);
        at += part.byteLength;
      }
      return whole;
    },
    decode: (frame) => {
      decodeFacts(frame);
      return decodeDecisions(frame);
    },
    // Of a flag's byte one bit counts, and an older version is read, too.
    isExact: false,
  }),
];
