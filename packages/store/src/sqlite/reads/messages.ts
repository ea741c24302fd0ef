import type { Shard } from '../../log-store.ts';
import type { PackedRows } from './packed-rows.ts';

export type ReadsRequest =
  | { kind: 'cursor'; shard: Shard }
  | { kind: 'project'; shard: Shard; upto: number; results: PackedRows; unitFacts: PackedRows }
  | { kind: 'results'; shard: Shard; fact: number; unit: number; limit: number }
  | { kind: 'result'; shard: Shard; unit: number }
  | { kind: 'unit-facts'; shard: Shard; unit: number; limit: number };
