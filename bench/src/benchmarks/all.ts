import type { Benchmark } from '../cli/benchmark.ts';
import { cageSpeed } from './cage-speed.ts';
import { connections } from './connections.ts';
import { core } from './core.ts';
import { disk } from './disk.ts';
import { efficiency } from './efficiency.ts';
import { hotpath } from './hotpath.ts';
import { growth } from './growth.ts';
import { latency } from './latency.ts';
import { overload } from './overload.ts';
import { reconnect } from './reconnect.ts';
import { map } from './map.ts';
import { payload } from './payload.ts';
import { peers } from './peers.ts';
import { recovery } from './recovery.ts';
import { reduce } from './reduce.ts';
import { upload } from './upload.ts';

/** In the order of the report. */
export const BENCHMARKS: readonly Benchmark[] = [
  hotpath,
  payload,
  map,
  reduce,
  upload,
  peers,
  latency,
  disk,
  efficiency,
  cageSpeed,
  connections,
  reconnect,
  recovery,
  growth,
  overload,
  core,
];
