import type { StatsSample } from '@gossamer/protocol';

/** What a chart draws: `times` in ms, and for each line as many values. */
export interface Data {
  times: number[];
  lines: number[][];
}

type Field = Exclude<keyof StatsSample, 'at'>;

/**
 * Means of the fields over whole buckets of `bucketMs`, which begin at multiples of it, so that a point never moves
 * once it is drawn. The bucket that is still filling is left out. A sample counts a second, so that the mean of a count
 * is a rate a second.
 */
export const bucketed = (samples: readonly StatsSample[], bucketMs: number, fields: readonly Field[]): Data => {
  const data: Data = { times: [], lines: fields.map(() => []) };
  const last = samples.at(-1);
  if (last === undefined) return data;
  const open = Math.floor(last.at / bucketMs);
  let at = 0;
  while (at < samples.length) {
    const bucket = Math.floor(samples[at]!.at / bucketMs);
    if (bucket === open) break;
    const from = at;
    while (at < samples.length && Math.floor(samples[at]!.at / bucketMs) === bucket) at += 1;
    data.times.push(bucket * bucketMs);
    const members = samples.slice(from, at);
    for (const [line, field] of fields.entries()) {
      data.lines[line]!.push(members.reduce((sum, sample) => sum + sample[field], 0) / members.length);
    }
  }
  return data;
};

/** The samples as they are. */
export const plain = (samples: readonly StatsSample[], fields: readonly Field[]): Data => ({
  times: samples.map(({ at }) => at),
  lines: fields.map((field) => samples.map((sample) => sample[field])),
});

/** A young grid's chart is not stretched over the whole width, ms. */
const LEAST_SPAN_MS = 120_000;

/** From when to when a chart reaches, ms; `now` is where it ends as long as there is nothing to draw. */
export const timeRange = ({ times }: Data, now: number): [from: number, to: number] => {
  const to = times.at(-1) ?? now;
  return [Math.min(times[0] ?? to, to - LEAST_SPAN_MS), to];
};

/** Mean of a field over the last `overMs`; 0 without samples. */
export const recentMean = (samples: readonly StatsSample[], field: Field, overMs: number): number => {
  const last = samples.at(-1);
  if (last === undefined) return 0;
  const recent = samples.filter(({ at }) => at > last.at - overMs);
  return recent.reduce((sum, sample) => sum + sample[field], 0) / recent.length;
};
