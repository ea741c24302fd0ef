import type { DeviceView, JobView, StatsSample } from '@gossamer/protocol';
import type { Tone } from './jobs/job-words.ts';
import { isStuck } from './jobs/job-words.ts';
import { clock, list, plural, span } from './words.ts';

export interface Health {
  tone: Tone;
  word: string;
  detail: string;
}

export interface GridNow {
  jobs: readonly JobView[];
  /** Sessions that are connected. */
  sessions: number;
  samples: readonly StatsSample[];
}

/** Nothing returned for the longest deadline of a running unit and this much more is a standstill, ms. */
const SLACK_MS = 30_000;

/** ms since the newest result came back, as far as samples reach; null when nothing was leased all that time. */
export const silentMs = (samples: readonly StatsSample[]): number | null => {
  const last = samples.at(-1);
  if (last === undefined || last.leased === 0) return null;
  const since = samples.findLastIndex((sample) => sample.returned > 0 || sample.leased === 0);
  return last.at - samples[since + 1 < samples.length ? since + 1 : since]!.at;
};

const standstill = ({ jobs, samples }: GridNow): string | null => {
  const running = jobs.filter((job) => job.attempts.leased > 0);
  const silent = silentMs(samples);
  const deadline = Math.max(0, ...running.map((job) => job.limits.deadlineMs));
  if (silent === null || running.length === 0 || silent < deadline + SLACK_MS) return null;
  const leased = running.reduce((sum, job) => sum + job.attempts.leased, 0);
  return `${plural(leased, 'attempt is', 'attempts are')} leased, yet nothing came back for ${span(silent)}.`;
};

/** The grid in a word and a sentence; what is worst comes first. */
export const health = (now: GridNow): Health => {
  const open = now.jobs.filter((job) => job.state === 'running');
  const waiting = open.filter((job) => isStuck(job, now.jobs));
  if (open.length > 0 && now.sessions === 0) {
    const jobs = `${plural(open.length, 'job has', 'jobs have')} work`;
    return { tone: 'bad', word: 'nobody computes', detail: `${jobs}, and no volunteer is connected.` };
  }
  const still = standstill(now);
  if (still !== null) return { tone: 'bad', word: 'standing still', detail: still };
  const failing = open.filter((job) => job.units.failed > 0);
  const troubles: string[] = [];
  if (waiting.length > 0) troubles.push(plural(waiting.length, 'job is stuck', 'jobs are stuck'));
  if (failing.length > 0) troubles.push(`units of ${plural(failing.length, 'running job')} have failed`);
  const volunteers = plural(now.sessions, 'device');
  if (troubles.length > 0) {
    return { tone: 'warn', word: 'needs a look', detail: `${list(troubles)}. ${volunteers} connected.` };
  }
  if (open.length > 0) {
    return { tone: 'good', word: 'healthy', detail: `${plural(open.length, 'job')} in work, ${volunteers} connected.` };
  }
  return { tone: 'quiet', word: 'idle', detail: `No job has work. ${volunteers} connected.` };
};

/** What can be said while the coordinator does not answer: what was known at `since`, ms. */
export const outOfTouch = ({ word }: Health, since: number): Health => ({
  tone: 'bad',
  word: 'out of touch',
  detail: `Nobody answers this page. At ${clock(since)} the word was: ${word}.`,
});

/** Jobs that do not go on by themselves, or lost units: what an operator should look at. */
export const troubled = (jobs: readonly JobView[]): JobView[] =>
  jobs.filter(
    (job) => job.state === 'held' || (job.state === 'running' && (isStuck(job, jobs) || job.units.failed > 0)),
  );

export interface Capacity {
  connected: number;
  slots: number;
  /** Attempts that devices have leased. */
  leased: number;
}

export const capacity = (devices: readonly DeviceView[]): Capacity => {
  const connected = devices.filter((device) => device.connected);
  return {
    connected: connected.length,
    slots: connected.reduce((sum, device) => sum + device.slots, 0),
    leased: connected.reduce((sum, device) => sum + device.leased, 0),
  };
};
