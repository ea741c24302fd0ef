import type { GridFunction } from './abi.ts';
import type { WasmLimits } from './limits.ts';
import type { Signature } from './value-type.ts';

export interface MemoryLimits {
  /** From which it is imported. */
  namespace: string;
  initialPages: number;
  maximumPages: number;
}

/** What is known of a module while its sections are read. Every index that a section names is looked up in here. */
export interface Draft {
  readonly limits: WasmLimits;
  readonly types: Signature[];
  /** The type of each function, those imported first. */
  readonly functions: Signature[];
  readonly imports: GridFunction[];
  memory: MemoryLimits | null;
  /** Entries that each table begins with. */
  readonly tables: number[];
  globals: number;
  readonly exports: Map<string, { kind: number; index: number }>;
  hasStart: boolean;
  /** Bodies that were read. */
  bodies: number;
  segments: number;
  /** What the section "data count" says; null without one. */
  announcedSegments: number | null;
  usesSimd: boolean;
}

export const newDraft = (limits: WasmLimits): Draft => ({
  limits,
  types: [],
  functions: [],
  imports: [],
  memory: null,
  tables: [],
  globals: 0,
  exports: new Map(),
  hasStart: false,
  bodies: 0,
  segments: 0,
  announcedSegments: null,
  usesSimd: false,
});
