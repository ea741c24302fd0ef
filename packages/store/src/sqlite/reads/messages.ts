import type { Shard } from '../../log-store.ts';
import type { ChangeKind } from '../../read-model.ts';
import type { PackedRows } from './packed-rows.ts';

export interface PackedProjection {
  results: PackedRows;
  unitFacts: PackedRows;
  changes: PackedRows;
}

export type ReadsRequest =
  | { kind: 'cursor'; shard: Shard }
  | { kind: 'project'; shard: Shard; upto: number; rows: PackedProjection }
  | { kind: 'results'; shard: Shard; fact: number; unit: number; limit: number }
  | { kind: 'changes'; shard: Shard; kinds: readonly ChangeKind[]; fact: number; unit: number; limit: number }
  | { kind: 'result'; shard: Shard; unit: number }
  | { kind: 'unit-facts'; shard: Shard; unit: number; limit: number }
  | { kind: 'reduction'; shard: Shard }
  | { kind: 'keep-reduction'; shard: Shard; snapshot: string }
  /** Some rows at a time: the answer is whether there are more. */
  | { kind: 'forget'; shard: Shard };
