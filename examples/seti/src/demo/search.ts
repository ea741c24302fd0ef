import type { Gossamer } from '@gossamer/sdk/node';
import { bands, file } from '@gossamer/sdk/node';
import { fileURLToPath } from 'node:url';
import type { Hit } from '../drift-path.ts';
import { DEFAULT_THRESHOLD } from '../false-alarm.ts';
import { mergeHits } from '../merge-hits.ts';
import type { BandPlan } from '../plan.ts';
import type { SetiParams, SetiResult } from '../program.ts';
import type { Observation } from './observation.ts';

/** The program is shipped as source and bundled at submission, as a submitter's own would be. */
export const PROGRAM = fileURLToPath(new URL('../../src/program.ts', import.meta.url));

export interface SearchOutcome {
  hits: Hit[];
  units: number;
  validated: number;
  attempts: number;
}

/** Submits the search of an observation. */
export const submitSearch = (grid: Gossamer, observation: Observation, plan: BandPlan, threshold: number | null) => {
  const { rows, columns, cellBytes, headerBytes, content } = observation;
  const { width, overlap, maxDrift } = plan;
  const params: SetiParams = {
    rows,
    columns,
    cellBytes,
    width,
    overlap,
    maxDrift,
    threshold: threshold ?? DEFAULT_THRESHOLD,
  };
  const source = bands(content.kind === 'file' ? file(content.path) : content.bytes, {
    rows,
    columns,
    cellBytes,
    width,
    overlap,
    offset: headerBytes,
  });
  return grid.map<ArrayBuffer, SetiResult>(source, PROGRAM, { name: 'Narrow-band drift search', quorum: 2, params });
};

/** Waits for the search, and gathers the hits of all bands. */
export const gatherHits = async (job: Awaited<ReturnType<typeof submitSearch>>): Promise<SearchOutcome> => {
  const found: Hit[][] = [];
  for await (const { output } of job.results()) found.push(output.hits);
  const { units, attempts } = await job.view();
  const { leased, returned, valid, invalid, inconclusive, errored, expired, abandoned } = attempts;
  return {
    hits: mergeHits(found),
    units: units.total,
    validated: units.validated,
    attempts: leased + returned + valid + invalid + inconclusive + errored + expired + abandoned,
  };
};
