import type { JobView } from '@gossamer/protocol';

/** How far back the pace of a job is looked at, ms. */
const WINDOW_MS = 60_000;
/** Less than this says nothing, ms. */
const LEAST_MS = 4000;

interface Point {
  at: number;
  final: number;
}

/** How fast each job goes, from the numbers that pass by. */
export type Paces = ReadonlyMap<string, readonly Point[]>;

const finalUnits = ({ units }: JobView): number => units.validated + units.failed;

/** The paces after one more look at the jobs, at `now` (ms). */
export const watchPaces = (paces: Paces, jobs: readonly JobView[], now: number): Paces =>
  new Map(
    jobs
      .filter((job) => job.state === 'running')
      .map((job) => {
        const seen = paces.get(job.id) ?? [];
        // The newest of those before the window is kept: a quiet job is seen rarely, and its pace is then a slow one.
        const from = Math.max(
          0,
          seen.findLastIndex(({ at }) => at <= now - WINDOW_MS),
        );
        return [job.id, [...seen.slice(from), { at: now, final: finalUnits(job) }]];
      }),
  );

/** Units that become final in a second; null while too little was seen. `now` in ms. */
export const paceOf = (paces: Paces, job: JobView, now: number): number | null => {
  const first = paces.get(job.id)?.[0];
  if (first === undefined || now - first.at < LEAST_MS) return null;
  return (1000 * Math.max(0, finalUnits(job) - first.final)) / (now - first.at);
};
