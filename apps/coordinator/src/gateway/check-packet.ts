/** A packet is a map with an array of an event's name and its message; the deepest message has two levels of its own. */
const MOST_DEPTH = 16;
/** Values in one packet: the largest message, a hello, has some thirty. */
const MOST_VALUES = 1000;

/** A packet that is not decoded; its connection ends. */
export class PacketError extends Error {
  override readonly name = 'PacketError';
}

/** What follows a prefix: how many bytes tell a length, how many more belong to the head, and what is counted. */
interface Form {
  /** Bytes of the length that follows the prefix, big-endian; 0: the length is `fixed`. */
  head: 0 | 1 | 2 | 4;
  /** Bytes of content, or entries, where there is no head. */
  fixed: number;
  /** `bytes`: the length is of bytes; else each entry has so many values. */
  of: 'bytes' | 1 | 2;
  /** Bytes beside the length: the type of an extension. */
  more: 0 | 1;
}

const bytes = (fixed: number, head: Form['head'] = 0, more: Form['more'] = 0): Form => ({
  head,
  fixed,
  of: 'bytes',
  more,
});
const entries = (of: 1 | 2, head: Form['head'], fixed = 0): Form => ({ head, fixed, of, more: 0 });

/** The forms of msgpack's prefixes from 0xc0 to 0xdf, in order; 0xc1 is none. */
const FORMS: readonly (Form | null)[] = [
  ...[bytes(0), null, bytes(0), bytes(0)],
  ...[bytes(0, 1), bytes(0, 2), bytes(0, 4)],
  ...[bytes(0, 1, 1), bytes(0, 2, 1), bytes(0, 4, 1)],
  ...[bytes(4), bytes(8)],
  ...[bytes(1), bytes(2), bytes(4), bytes(8)],
  ...[bytes(1), bytes(2), bytes(4), bytes(8)],
  ...[bytes(2), bytes(3), bytes(5), bytes(9), bytes(17)],
  ...[bytes(0, 1), bytes(0, 2), bytes(0, 4)],
  ...[entries(1, 2), entries(1, 4)],
  ...[entries(2, 2), entries(2, 4)],
];

const formOf = (prefix: number): Form | null => {
  if (prefix < 0x80 || prefix > 0xdf) return bytes(0);
  if (prefix < 0x90) return entries(2, 0, prefix & 0x0f);
  if (prefix < 0xa0) return entries(1, 0, prefix & 0x0f);
  if (prefix < 0xc0) return bytes(prefix & 0x1f);
  return FORMS[prefix - 0xc0] ?? null;
};

/**
 * Walks a packet in msgpack before it is decoded: the decoder of socket.io's parser believes every count and length, and
 * makes an array of 2^25 entries for five bytes that promise it. Costs a step a value, and allocates nothing that grows.
 * Throws PacketError on what is cut off, too deep, too many, or no msgpack.
 */
export const checkPacket = (packet: Uint8Array): void => {
  const view = new DataView(packet.buffer, packet.byteOffset, packet.byteLength);
  /** Values that are still to come at each depth. */
  const left = [1];
  let at = 0;
  let values = 0;
  const take = (size: number): number => {
    if (size > packet.byteLength - at) throw new PacketError(`it ends at byte ${at}`);
    at += size;
    return at - size;
  };
  while (left.length > 0) {
    if (left.at(-1) === 0) {
      left.pop();
      continue;
    }
    left[left.length - 1]! -= 1;
    if (++values > MOST_VALUES) throw new PacketError('it has too many values');
    const form = formOf(packet[take(1)]!);
    if (form === null) throw new PacketError(`no msgpack at byte ${at - 1}`);
    const length = form.head === 0 ? form.fixed : readLength(view, take(form.head), form.head);
    if (form.of === 'bytes') {
      take(form.more + length);
      continue;
    }
    if (left.length === MOST_DEPTH) throw new PacketError('it is nested too deeply');
    left.push(length * form.of);
  }
  if (at !== packet.byteLength) throw new PacketError(`bytes follow its end at byte ${at}`);
};

const readLength = (view: DataView, at: number, size: 1 | 2 | 4): number => {
  if (size === 1) return view.getUint8(at);
  return size === 2 ? view.getUint16(at) : view.getUint32(at);
};
