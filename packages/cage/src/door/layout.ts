import type { LoadableProgram } from '../api.ts';

/**
 * What a cage's worker says to the engine: every message is one ArrayBuffer that holds records one after another,
 * little-endian. Nothing else passes: no object of a program is ever structured-cloned to the engine.
 *
 * A record names no unit and no lease. The lease is the one whose port the message came through; outcomes (`result`
 * and `error`) come in the order of the batch, so the n-th outcome is that of the unit at position n, and `progress`,
 * `log` and `picture` belong to the unit that has no outcome yet.
 *
 * Text is a u32 byte count and UTF-8; a missing outcome never counts as success, so 0 is no kind.
 */
export const RECORD = {
  /** The program's module is loaded. No fields. */
  ready: 1,
  /** The boot refuses to run a program here. Text: why. */
  refused: 2,
  /** The module cannot be loaded, which is the outcome of every unit. Text: message; text: stack. */
  unloadable: 3,
  /** f64 run time in ms; u8 encoding; u32 byte count; the bytes. */
  result: 4,
  /** f64 run time in ms; u8 phase; text: message; text: stack. */
  error: 5,
  /** f64 from 0 to 1. */
  progress: 6,
  /** Text: the line. */
  log: 7,
  /** u32 width; u32 height; width * height * 4 bytes. */
  picture: 8,
  /** u8 position in `ProgramMessage.data.entries`; f64 from; f64 to: a read, answered by one ArrayBuffer, in order. */
  data: 9,
} as const;

export const PHASE = { run: 1, result: 2 } as const;

/** What the engine says to a cage's worker first, through the lease's port. It is trusted, so it is a plain object. */
export interface ProgramMessage {
  program: LoadableProgram;
  /** JSON text. */
  params: string;
  resultBytes: number;
  /** The shared data that the program may read. `bodies`: all of it, for a wasm module, which cannot wait. */
  data: { entries: readonly { name: string; size: number }[]; bodies: readonly ArrayBuffer[] | null };
}

/** What the engine says second: after `ready`, when the lease may run. All that follows are answers to reads of shared data. */
export interface UnitsMessage {
  /**
   * Small results may wait for each other for some milliseconds and travel in one message. Where it is false, each
   * outcome is sent as soon as it is there.
   */
  packed: boolean;
  /** How many units there are. */
  count: number;
  /** `HEAD` numbers a unit: index, seed, encoding, byte count of its input. */
  heads: Float64Array<ArrayBuffer>;
  /** All inputs one after another in one buffer where `packed`, else one buffer a unit. */
  bodies: ArrayBuffer[];
}

/** Numbers that `UnitsMessage.heads` holds for one unit. */
export const HEAD = 4;
