import type { UnitInput } from '@gossamer/protocol';

/** A source that was opened: how many units it yields, and each one's input, by index. The same input every time. */
export interface OpenedSource {
  readonly total: number;
  /** The largest input that travels in an exchange, bytes: it bounds how many fit a frame. */
  readonly inlineBytes: number;
  /** The inputs of a lease, in the order of its units; at once where nothing has to be read. */
  inputs(indices: readonly number[]): UnitInput[] | Promise<UnitInput[]>;
  /** Why there is no unit, where `total` is 0. */
  readonly nothing?: string;
  /** Why it is hardly meant to be read so: no new job is made of it. One that was made before stays as it is. */
  readonly doubt?: string;
}

/** What is asked of a source while its job runs. */
export type InputsOf = Pick<OpenedSource, 'inlineBytes' | 'inputs'>;

/** Reads a part of what a source lies in, bytes from its beginning. */
export type ReadPart = (part: { start: number; end: number }) => Uint8Array | Promise<Uint8Array>;

/** `inputs` of a source that makes one after the other. */
export const oneByOne =
  (input: (index: number) => Promise<UnitInput>): OpenedSource['inputs'] =>
  (indices) =>
    Promise.all(indices.map(input));
