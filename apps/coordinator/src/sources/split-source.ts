import type { UnitInput } from '@gossamer/protocol';
import { ENCODING, ProblemError, utf8 } from '@gossamer/protocol';
import { Memo } from '../memo.ts';
import type { OpenedSource } from './opened-source.ts';

/** Inputs that are made together, and pages of them that are kept. */
export const PAGE_UNITS = 256;
const PAGES = 8;
/** The largest input that is made when it is asked for, bytes of JSON: a page is kept in memory. */
export const MADE_INPUT_BYTES = 4096;

/** Asks the program for some of its inputs, each as JSON text. Throws ProblemError where it has no answer. */
export type MakeInputs = (indices: readonly number[]) => Promise<string[]>;

const indicesOf = (page: number, total: number): number[] => {
  const first = page * PAGE_UNITS;
  return Array.from({ length: Math.min(PAGE_UNITS, total - first) }, (_, at) => first + at);
};

const checked = (text: string, index: number): Uint8Array<ArrayBuffer> => {
  const body = utf8(text);
  if (body.byteLength <= MADE_INPUT_BYTES) return body;
  const instead = 'return the inputs themselves from split, as an array or a generator, or name their data in a blob';
  const size = `split's input ${index} has ${body.byteLength} bytes; one that at(index) makes may have ${MADE_INPUT_BYTES}`;
  throw new ProblemError('source-invalid', `${size}: ${instead}`);
};

/**
 * The inputs of a split that makes them when they are asked for: page by page, the next one ahead of need, so that a job
 * of 10^9 units costs what of it runs. The first, a middle and the last one are made at once, to know that it can.
 */
export const openMade = async (total: number, make: MakeInputs): Promise<OpenedSource> => {
  const pages = new Memo<number, Uint8Array<ArrayBuffer>[]>(PAGES);
  const page = (number: number): Promise<Uint8Array<ArrayBuffer>[]> =>
    pages.get(number, async () => {
      const indices = indicesOf(number, total);
      const texts = await make(indices);
      return texts.map((text, at) => checked(text, indices[at]!));
    });
  const ahead = (number: number): void => {
    // What cannot be made is told when it is wanted.
    if (number * PAGE_UNITS < total) page(number).catch(() => undefined);
  };
  const inputs = async (units: readonly number[]): Promise<UnitInput[]> => {
    const made = new Map<number, Uint8Array<ArrayBuffer>[]>();
    for (const number of new Set(units.map((unit) => Math.floor(unit / PAGE_UNITS)))) {
      made.set(number, await page(number));
      ahead(number + 1);
    }
    return units.map((unit) => {
      const body = made.get(Math.floor(unit / PAGE_UNITS))![unit % PAGE_UNITS]!;
      return { kind: 'inline', encoding: ENCODING.json, body };
    });
  };
  if (total > 0) {
    const probes = [...new Set([0, Math.floor(total / 2), total - 1])];
    const texts = await make(probes);
    texts.forEach((text, at) => checked(text, probes[at]!));
  }
  return { total, inlineBytes: MADE_INPUT_BYTES, inputs };
};
