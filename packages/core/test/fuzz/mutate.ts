import type { Chance } from './chance.ts';

/** What a count, a length, or a code is set to. */
export const EXTREMES = [
  0,
  1,
  0x7f,
  0xff,
  0x100,
  4096,
  4097,
  0xffff,
  2 ** 20,
  2 ** 24,
  2 ** 25 - 1,
  2 ** 31 - 1,
  2 ** 32 - 1,
];

type Bytes = Uint8Array<ArrayBuffer>;
type Mutation = (frame: Bytes, chance: Chance, other: Bytes) => Bytes;

const joined = (...parts: Uint8Array[]): Bytes => {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.byteLength;
  }
  return whole;
};

/** A place in the frame; most counts and codes are near its beginning. */
const place = (frame: Bytes, chance: Chance): number =>
  chance.below(chance.next() < 0.5 ? Math.min(frame.byteLength, 64) : frame.byteLength);

const MUTATIONS: readonly Mutation[] = [
  function flip(frame, chance) {
    const at = place(frame, chance);
    frame[at]! ^= 1 << chance.below(8);
    return frame;
  },
  function overwrite(frame, chance) {
    frame[place(frame, chance)] = chance.below(256);
    return frame;
  },
  function extreme(frame, chance) {
    const size = chance.pick([1, 2, 4] as const);
    if (frame.byteLength < size) return frame;
    const at = Math.min(place(frame, chance), frame.byteLength - size);
    const value = chance.pick(EXTREMES);
    for (let byte = 0; byte < size; byte++) frame[at + byte] = Math.floor(value / 2 ** (8 * byte));
    return frame;
  },
  function truncate(frame, chance) {
    return frame.slice(0, chance.below(frame.byteLength));
  },
  function repeat(frame, chance) {
    const from = place(frame, chance);
    const to = Math.min(frame.byteLength, from + 1 + chance.below(64));
    return joined(frame.subarray(0, to), frame.subarray(from));
  },
  function drop(frame, chance) {
    const from = place(frame, chance);
    return joined(frame.subarray(0, from), frame.subarray(from + 1 + chance.below(16)));
  },
  function insert(frame, chance) {
    const at = place(frame, chance);
    return joined(frame.subarray(0, at), chance.bytes(1 + chance.below(8)), frame.subarray(at));
  },
  function splice(frame, chance, other) {
    return joined(frame.subarray(0, place(frame, chance)), other.subarray(chance.below(other.byteLength + 1)));
  },
];

/** The frame with one to four changes; `other` is another one, of any kind, to be joined to it. */
export const mutate = (frame: Bytes, other: Bytes, chance: Chance): Bytes => {
  let changed = frame.slice();
  for (let changes = 1 + chance.below(4); changes > 0 && changed.byteLength > 0; changes--) {
    changed = chance.pick(MUTATIONS)(changed, chance, other);
  }
  return changed;
};
