import type { Snapshot } from '../shared/snapshot.ts';

/** How the tab is, in words. `tone` colours the mark beside them, and never says more than they do. */
export interface Words {
  tone: 'good' | 'quiet' | 'waiting' | 'bad';
  word: string;
  detail: string;
}

export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${count.toLocaleString('en')} ${count === 1 ? one : many}`;

const MIB = 1024 * 1024;

export const sizeText = (bytes: number): string =>
  bytes < 1024
    ? plural(bytes, 'byte')
    : bytes < MIB
      ? `${(bytes / 1024).toFixed(1)} KiB`
      : `${(bytes / MIB).toFixed(1)} MiB`;

/** What a job's program reads as shared data, each with its name and size, and all of it; null where it reads none. */
export const dataText = (data: readonly { name: string; size: number }[]): string | null => {
  if (data.length === 0) return null;
  const each = data.map(({ name, size }) => `${name} (${sizeText(size)})`).join(', ');
  const total = data.reduce((sum, { size }) => sum + size, 0);
  return data.length === 1 ? each : `${each}; together ${sizeText(total)}`;
};

const kept = (unsent: number): string =>
  unsent === 0 ? '' : ` ${plural(unsent, 'finished result is', 'finished results are')} kept and sent then.`;

/** The state in words; the first thing that holds the volunteer's work up comes first. */
export const words = ({ connection, paused, slots, unsent }: Snapshot): Words => {
  switch (connection.kind) {
    case 'elsewhere':
      return {
        tone: 'quiet',
        word: 'computing in another tab',
        detail: 'One tab of a browser computes at a time. When the other one is closed, this one takes over.',
      };
    case 'mismatch':
      return {
        tone: 'bad',
        word: 'another version',
        detail: 'This page and the coordinator are of different versions. Reload the page in a minute.',
      };
    case 'unable':
      return {
        tone: 'bad',
        word: 'cannot verify programs',
        detail:
          'This browser cannot check the signatures (Ed25519) of programs, so it takes none. Browsers of 2025 and later can.',
      };
    case 'refused':
      return { tone: 'bad', word: 'refused', detail: `${connection.reason}. It is tried again in a while.` };
    default:
  }
  if (paused) {
    return { tone: 'quiet', word: 'paused', detail: 'Nothing is computed until you resume; this is remembered.' };
  }
  switch (connection.kind) {
    case 'connecting':
      return { tone: 'waiting', word: 'connecting…', detail: 'The coordinator is asked for work.' };
    case 'reconnecting':
      return {
        tone: 'waiting',
        word: 'reconnecting…',
        detail: `The coordinator cannot be reached; it is tried again by itself.${kept(unsent)}`,
      };
    case 'leaving':
      return {
        tone: 'waiting',
        word: 'coordinator is restarting',
        detail: `It said goodbye, and will be back.${kept(unsent)}`,
      };
    case 'connected':
      return slots.every((slot) => slot.kind === 'idle')
        ? {
            tone: 'quiet',
            word: 'no work right now',
            detail: 'Connected. As soon as there is work it starts here by itself.',
          }
        : { tone: 'good', word: 'connected', detail: 'Thank you: this computer is at work.' };
  }
};
