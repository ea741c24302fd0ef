import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterwards, temporaryDirectory } from './grid.ts';

/** A file system of its own with little room. */
export interface SmallDisk {
  path: string;
  /** Takes what room is left. */
  fill(): void;
  /** Makes room: it has so many MB from now on. */
  grow(megabytes: number): void;
}

/** null where this user may not mount one. */
export const smallDisk = (megabytes: number): SmallDisk | null => {
  const path = temporaryDirectory();
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', path], { stdio: 'ignore' });
  } catch {
    return null;
  }
  afterwards(() => void execFileSync('umount', ['-l', path]));
  let fills = 0;
  const fill = (): void => {
    try {
      for (;;) writeFileSync(join(path, `ballast-${fills++}`), Buffer.alloc(64 * 1024));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    }
  };
  return { path, fill, grow: (to) => void execFileSync('mount', ['-o', `remount,size=${to}m`, path]) };
};
