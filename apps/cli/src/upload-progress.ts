import type { UploadProgress } from '@gossamer/sdk/node';
import type { Cli } from './cli.ts';

/** A large upload is told of whenever so much more of it has gone up. */
const SHARE = 0.1;
const LARGE_BYTES = 16 * 1024 * 1024;
const MIB = 1024 * 1024;

/** Says on standard error how far the upload of `name` is, now and then; nothing of a small one. */
export const uploadProgress = (cli: Cli, name: string): ((progress: UploadProgress) => void) => {
  let told = -1;
  return ({ sent, size }) => {
    if (size < LARGE_BYTES) return;
    const share = sent / size;
    const isFirst = told < 0;
    if (!isFirst && share < told + SHARE && sent < size) return;
    if (sent === size && told === 1) return;
    told = share;
    const went = isFirst && sent > 0 && sent < size ? ', going on where it stopped' : '';
    cli.say(`${name}: ${(sent / MIB).toFixed(0)} of ${(size / MIB).toFixed(0)} MiB are there${went}`);
  };
};

/** The same for each of a job's shared data. */
export const dataProgress = (cli: Cli): ((name: string, progress: UploadProgress) => void) => {
  const tellers = new Map<string, (progress: UploadProgress) => void>();
  return (name, progress) => {
    const tell = tellers.get(name) ?? uploadProgress(cli, name);
    tellers.set(name, tell);
    tell(progress);
  };
};
