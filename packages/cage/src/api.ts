import type { Encoding, Payload } from '@gossamer/protocol';

/** One unit as the cage gets it. Where `input.body` is the whole of its buffer, it may be transferred: the caller gives it up. */
export interface CageUnit {
  index: number;
  seed: number;
  input: { encoding: Encoding; body: Uint8Array };
}

/** A program that a worker can be given. `memory` is what the module declares, in pages of 64 KiB. */
export type LoadableProgram =
  | { kind: 'js'; text: string }
  | { kind: 'wasm'; bytes: Uint8Array<ArrayBuffer>; memory: { initialPages: number; maximumPages: number } };

/**
 * What `admitProgram` makes of a program's bytes. One that is refused has its reason: each unit of its lease ends with
 * that as its error, and no worker is started.
 */
export type CageProgram = LoadableProgram | { kind: 'refused'; reason: string };

/** The shared data of a lease's job. */
export interface CageData {
  /** In the order in which the door counts them. */
  entries: readonly { name: string; size: number }[];
  /** All of each, for a wasm module, which cannot wait; null for a program that asks. */
  bodies: readonly ArrayBuffer[] | null;
  /**
   * Bytes `from` up to, but without, `to` of the entry at `position`, in a buffer that the caller may give away. Rejects
   * where they cannot be had here, which is no fault of the program.
   */
  read(position: number, from: number, to: number): Promise<ArrayBuffer>;
}

/** All that one lease needs: one program, one worker, its units in order. */
export interface CageLease {
  program: CageProgram;
  /** The job's parameters, as JSON text. */
  params: string;
  units: CageUnit[];
  /** Where the job shares any. */
  data?: CageData;
  limits: {
    /** Run time of one unit, ms. */
    deadlineMs: number;
    /** Largest result, bytes. */
    resultBytes: number;
  };
}

/** How a unit failed in the cage. `phase`: at loading the module, in `run`, or at encoding what it returned. */
export interface CageError {
  phase: 'load' | 'run' | 'result';
  message: string;
  stack: string;
}

/** Why a lease's worker is gone. Units that have no outcome by then got none. */
export type CageEnd =
  | { kind: 'done' }
  /** A unit ran past its deadline; `position` names it. */
  | { kind: 'overran'; position: number }
  /** It sent more messages than its credit, or one that fits no schema; `position` is the unit that ran. */
  | { kind: 'flooded'; position: number }
  /** `position` is the unit that ran when the worker died of itself. */
  | { kind: 'crashed'; position: number; message: string }
  /** Shared data that was asked for could not be had here: no fault of the program. */
  | { kind: 'starved'; message: string }
  /** The frame's heartbeat stopped: its renderer was killed. */
  | { kind: 'dead' }
  | { kind: 'stopped' };

/** Called by the runner in the engine. `position` counts the lease's units from 0. */
export interface CageEvents {
  result(position: number, payload: Payload, runMs: number): void;
  error(position: number, error: CageError, runMs: number): void;
  progress(position: number, done: number): void;
  log(position: number, text: string): void;
  picture(position: number, picture: { width: number; height: number; rgba: Uint8ClampedArray<ArrayBuffer> }): void;
  /** Exactly once, after everything else. */
  end(end: CageEnd): void;
}

/** A lease that runs. */
export interface CageRun {
  /** Run time so far, ms, by the engine's clock; it does not grow while the engine is frozen. */
  readonly runMs: number;
  /** Ends the worker at once; `end` follows with `stopped`. */
  stop(): void;
}

/** A lease whose worker was started ahead: its program is loaded, it has no input, and it computes nothing. */
export interface StagedLease {
  /** Its turn has come. Where the worker came to nothing meanwhile, another one is started. */
  start(events: CageEvents): CageRun;
  /** It will not run; its worker ends. */
  drop(): void;
}

/** A frame that the page opened for the engine, seen from the engine: it spawns one worker a lease. */
export interface CageFrame {
  run(lease: CageLease, events: CageEvents): CageRun;
  /** Starts the worker of a lease that will run soon, so that no time is lost then. The worker is for no other lease. */
  stage(lease: CageLease): StagedLease;
  /** Leases that run in it now. */
  readonly running: number;
  /** Ends every run; the page then removes the frame. */
  close(): void;
}
