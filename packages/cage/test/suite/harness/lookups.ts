import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** The domain that nobody has (RFC 2606): a name below it is looked up because the attacker gave it, and leads nowhere. */
export const DOMAIN = 'attacker.test';

/** Names below `DOMAIN` that a browser is known to have looked up by now. */
export type Lookups = () => ReadonlySet<string>;

/** Of a log that grows, what has come since the last call, in whole lines. */
const newLines = (file: string): (() => string) => {
  let from = 0;
  return () => {
    let handle: number;
    try {
      handle = openSync(file, 'r');
    } catch {
      // The browser has written none yet.
      return '';
    }
    try {
      const bytes = Buffer.alloc(fstatSync(handle).size - from);
      const read = readSync(handle, bytes, 0, bytes.length, from);
      const end = bytes.subarray(0, read).lastIndexOf('\n') + 1;
      from += end;
      return bytes.toString('utf8', 0, end);
    } finally {
      closeSync(handle);
    }
  };
};

/**
 * Reads look-ups out of a browser's own log, which comes in order but may lag.
 * @param line finds a look-up in the log; its first group is the name
 */
export const lookupsIn = (file: string, line: RegExp): Lookups => {
  const lines = newLines(file);
  const known = new Set<string>();
  return () => {
    for (const [, name] of lines().matchAll(line)) if (name!.endsWith(`.${DOMAIN}`)) known.add(name!);
    return known;
  };
};
