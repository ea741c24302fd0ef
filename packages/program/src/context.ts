/** A picture of what a unit computes: `rgba` holds `width * height * 4` bytes, row by row from the top left. */
export interface Picture {
  width: number;
  height: number;
  rgba: Uint8ClampedArray | Uint8Array;
}

/**
 * What a program sees besides its input. Frozen; every call is limited in rate and size by the cage.
 *
 * `unit.seed` is the same for every replica of a unit (it is made of the job's seed and the unit's index), so that
 * honest results can be compared byte by byte.
 */
export interface ProgramContext<Params = unknown> {
  /** The job's parameters, as JSON. */
  readonly params: Params;
  readonly unit: { readonly index: number; readonly seed: number };
  /**
   * Bytes of the job's shared data of this name, or of a part of it: from byte `from` up to, but without, `to`. They are a
   * copy of one's own. The virtual clock stands still until they are there. Rejects with a TypeError for a name that the
   * job did not declare, with a RangeError for a part that lies outside of it, or is more than can be read at once.
   */
  data(name: string, range?: { from?: number; to?: number }): Promise<ArrayBuffer>;
  /** How many bytes it has. Throws a TypeError for a name that the job did not declare. */
  dataSize(name: string): number;
  /** Says how far the unit is, from 0 to 1. */
  progress(done: number): void;
  /** Adds a line to the unit's log (bounded). */
  log(text: string): void;
  /** Shows the volunteer what is computed, drawn to a canvas, never as markup. At most 512 x 512 pixels. */
  picture(picture: Picture): void;
}

/** What an attempt may return: JSON, a typed array, which keeps its type, or bytes (an ArrayBuffer or another view). */
export type ProgramOutput = unknown;

/** The one export that a program must have. `input` is JSON, or an ArrayBuffer or a typed array where the source gives those. */
export type Run<Input = unknown, Output = ProgramOutput, Params = unknown> = (
  input: Input,
  ctx: ProgramContext<Params>,
) => Output | Promise<Output>;
