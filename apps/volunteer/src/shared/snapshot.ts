import type { JobCard, ProgramKind, ProgramManifest, RefusalReason, Standing, Tier } from '@gossamer/protocol';

/** How this tab stands to the coordinator. */
export type Connection =
  | { kind: 'connecting' }
  | { kind: 'connected' }
  /** The socket is gone; it is tried again by itself. */
  | { kind: 'reconnecting' }
  /** The coordinator said that it goes down; results are kept and it is tried again. */
  | { kind: 'leaving' }
  /** The coordinator refuses this device; `reason` is its text. It is tried again, seldom. */
  | { kind: 'refused'; reason: string }
  /** This page speaks another version of the protocol: it must be reloaded. */
  | { kind: 'mismatch' }
  /** Another tab of this browser computes; this one waits for it to close. */
  | { kind: 'elsewhere' }
  /** This browser cannot verify signatures, so it takes no work. */
  | { kind: 'unable' };

/** What one slot does now. */
export type SlotView =
  | { kind: 'idle' }
  /** Its lease's program or inputs are on the way. */
  | { kind: 'fetching'; job: string; submitter: string }
  | {
      kind: 'running';
      /** The job's number: what `EngineApi.program` takes. */
      number: number;
      job: string;
      submitter: string;
      program: ProgramKind;
      /** The work unit's index in its job. */
      unit: number;
      /** Position of the unit in its lease, and the lease's size. */
      position: number;
      units: number;
      /** 0 to 1, as the program says; null when it says nothing. */
      progress: number | null;
      /** Run time of the lease, ms. */
      runMs: number;
    };

/** What this visit has come to: outcomes of units since the engine started. */
export interface Tally {
  returned: number;
  errored: number;
  overran: number;
}

/** A program that is not what the coordinator admitted. */
export interface Refusal {
  /** The job's name. */
  job: string;
  reason: RefusalReason;
  /** The same in words. */
  detail: string;
}

/** What the page tells of a job's program. */
export interface ProgramView {
  job: string;
  submitter: string;
  manifest: ProgramManifest;
  signer: { name: string; fingerprint: string } | null;
  tier: Tier;
  /** What the job asks for, within the manifest. */
  limits: JobCard['limits'];
  /** What it may read as shared data. */
  data: { name: string; size: number }[];
  /** The text of a JavaScript program; of a module of WebAssembly what it imports and exports, or why it is not run. */
  source:
    | { kind: 'text'; text: string }
    | { kind: 'wasm'; imports: string[]; exports: string[] }
    | { kind: 'refused'; reason: string };
}

/** All that the page shows; the engine sends a new one when something changed, at most ten a second. */
export interface Snapshot {
  connection: Connection;
  paused: boolean;
  slots: SlotView[];
  tally: Tally;
  /** Reports that the coordinator has not acknowledged yet. */
  unsent: number;
  /** This device's standing; null until the coordinator has told it. */
  standing: Standing | null;
  /** Programs that were refused since the engine started, the newest first; a job stands here once. */
  refusals: Refusal[];
  /** The last thing that went wrong here, for the volunteer; null when nothing did. */
  trouble: string | null;
}

/** One picture of a slot: `rgba` is transferred. */
export interface SlotPicture {
  slot: number;
  job: string;
  unit: number;
  width: number;
  height: number;
  rgba: Uint8ClampedArray<ArrayBuffer>;
}

/** What the engine asks of the page. */
export interface PageApi {
  snapshot(snapshot: Snapshot): void | Promise<void>;
  picture(picture: SlotPicture): void | Promise<void>;
  /** Opens a cage's frame; the answer is its port. Rejects when it does not come up. */
  openFrame(id: number, url: string): Promise<MessagePort>;
  closeFrame(id: number): void;
}

export interface EngineOptions {
  slots: number;
  paused: boolean;
  /** The volunteer lets this browser run what nobody vetted. */
  playground: boolean;
  platform: string;
}

/** What came of being forgotten. */
export interface Farewell {
  /** The coordinator answered: it has forgotten this device, or is erasing what it knew of it; or it did not answer. */
  grid: 'forgotten' | 'erasing' | 'untold';
  /** Its name in the grid's books, as far as that was heard. */
  device: string | null;
}

/** What the page asks of the engine. */
export interface EngineApi {
  start(page: PageApi, options: EngineOptions): void;
  setSlots(slots: number): void;
  setPlayground(playground: boolean): void;
  /** The program of a job whose card this session has; null for another one. */
  program(job: number): Promise<ProgramView | null>;
  pause(): void;
  resume(): void;
  /** Gives everything back, waits a moment for the coordinator to hear of it, and disconnects. */
  leave(): Promise<void>;
  /** Leaves, has the grid forget this device, and deletes its key: the next visit is another device. */
  forget(): Promise<Farewell>;
  /** All that the grid keeps of this device, as the text of one JSON document. Rejects while it cannot be asked. */
  record(): Promise<string>;
}
