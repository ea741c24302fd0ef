import type { Benchmark } from '../cli/benchmark.ts';
import { connections } from './connections.ts';
import { hotpath } from './hotpath.ts';
import { latency } from './latency.ts';

/** In the order of the report. */
export const BENCHMARKS: readonly Benchmark[] = [hotpath, latency, connections];
