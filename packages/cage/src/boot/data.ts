import type { ProgramMessage } from '../door/layout.ts';
import { DOOR } from '../door/limits.ts';
import type { Out } from './out.ts';
import { NativePromise, NativeRangeError, NativeTypeError } from './primordials.ts';

/** A read of the program. Those that are not answered yet stand in a list: the boot adds nothing to an array. */
interface Read {
  position: number;
  from: number;
  to: number;
  resolve: (body: ArrayBuffer) => void;
  next: Read | undefined;
}

/** Reads that have no answer yet: while there are any, a promise may yet settle, and the virtual clock stands still. */
let reading = 0;
export const isReading = (): boolean => reading > 0;

const isOffset = (value: unknown): value is number => typeof value === 'number' && value >= 0 && value % 1 === 0;

/**
 * What the program reads of the job's shared data. The engine answers in the order of the requests, so that an answer
 * needs no name. No more are on the way than the door lets; the others wait here.
 *
 * @param moved something came that a promise may have waited for
 */
export const makeDataReads = ({ entries }: Pick<ProgramMessage['data'], 'entries'>, out: Out, moved: () => void) => {
  /** The oldest read without an answer, the first one that was not sent, and the newest. */
  let first: Read | undefined;
  let unsent: Read | undefined;
  let last: Read | undefined;
  let sent = 0;

  const send = (): void => {
    if (unsent === undefined || sent >= DOOR.dataRequests) return;
    while (unsent !== undefined && sent < DOOR.dataRequests) {
      out.data(unsent.position, unsent.from, unsent.to);
      unsent = unsent.next;
      sent += 1;
    }
    out.flush();
  };

  const positionOf = (name: unknown): number => {
    let names = '';
    for (let i = 0; i < entries.length; i++) {
      if (entries[i]!.name === name) return i;
      names += (i === 0 ? '' : ', ') + entries[i]!.name;
    }
    const asked = typeof name === 'string' ? `named ${name}` : 'of a name that is no text';
    throw new NativeTypeError(
      names === ''
        ? `the job shares no data: it has none ${asked}`
        : `the job shares no data ${asked}; it has ${names}`,
    );
  };

  return {
    size: (name: unknown): number => entries[positionOf(name)]!.size,
    /** Rejects, and throws never: what is wrong is found out inside of the promise. */
    read: (name: unknown, range: unknown): Promise<ArrayBuffer> =>
      new NativePromise<ArrayBuffer>((resolve) => {
        const position = positionOf(name);
        const { size } = entries[position]!;
        const { from = 0, to = size } = (range ?? {}) as { from?: unknown; to?: unknown };
        if (!isOffset(from) || !isOffset(to) || from > to || to > size) {
          throw new NativeRangeError(`a part goes from a byte to a later one of the ${size} that there are`);
        }
        if (to - from > DOOR.dataBytes) {
          throw new NativeRangeError(`at most ${DOOR.dataBytes} bytes are read at once: read parts of it`);
        }
        const read: Read = { position, from, to, resolve, next: undefined };
        if (last !== undefined) last.next = read;
        first ??= read;
        unsent ??= read;
        last = read;
        reading += 1;
        send();
      }),
    answered(body: ArrayBuffer): void {
      const read = first;
      if (read === undefined) return;
      first = read.next;
      if (first === undefined) last = undefined;
      sent -= 1;
      reading -= 1;
      send();
      read.resolve(body);
      moved();
    },
  };
};

export type DataReads = ReturnType<typeof makeDataReads>;
