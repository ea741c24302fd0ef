import type { Scheduler } from '@gossamer/core';
import { isOpen, readyCount } from '@gossamer/core';
import type { Registry } from 'prom-client';
import { Counter, Gauge } from 'prom-client';
import type { Committer } from './committer.ts';
import type { Compactor } from './compactor.ts';
import type { Stats } from './stats.ts';

interface GridParts {
  scheduler: Scheduler;
  stats: Stats;
  committer: Committer;
  compactor: Compactor;
}

/** What Prometheus is told of the grid: read when it is asked for, so that it costs the hot path nothing. */
export const gridMetrics = (registry: Registry, { scheduler, stats, committer, compactor }: GridParts): void => {
  const registers = [registry];
  const counter = (name: string, help: string, read: () => number): void => {
    new Counter({
      name,
      help,
      registers,
      collect() {
        this.reset();
        this.inc(read());
      },
    });
  };
  const gauge = (name: string, help: string, read: () => number): void => {
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
  };
  const sumOpen = (of: (job: Parameters<typeof readyCount>[0]) => number): number => {
    let sum = 0;
    for (const job of scheduler.jobs.values()) if (isOpen(job)) sum += of(job);
    return sum;
  };
  counter('gossamer_results_returned_total', 'Results that came back since the start', () => stats.returned);
  counter('gossamer_units_validated_total', 'Units that were validated since the start', () => stats.validated);
  counter('gossamer_commits_total', 'Commits of the log', () => committer.commits);
  counter(
    'gossamer_commits_failed_total',
    'Segments that could not be written, or may not have been',
    () => committer.failures,
  );
  counter('gossamer_segments_compacted_total', 'Segments of the log that were made compact', () => compactor.segments);
  counter('gossamer_compaction_read_bytes_total', 'Bytes that they took on disk', () => compactor.before);
  counter('gossamer_compaction_written_bytes_total', 'Bytes of what is there instead', () => compactor.after);
  gauge('gossamer_sessions', 'Devices that are connected', () => scheduler.sessions.size);
  gauge('gossamer_units_ready', 'Units of running jobs that wait for a device', () => sumOpen(readyCount));
  gauge('gossamer_attempts_leased', 'Attempts that are out with devices', () => sumOpen((job) => job.leased));
  gauge('gossamer_jobs_open', 'Jobs that are neither complete nor held nor cancelled', () => sumOpen(() => 1));
};
