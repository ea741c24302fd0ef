import { readFile } from 'node:fs/promises';

/** Clock ticks a second in /proc: the kernel's USER_HZ, 100 on every Linux. */
const TICKS_A_SECOND = 100;

/** CPU time that a process has used so far, user and system, µs. Steps of 10 ms. Throws where there is no /proc. */
export const cpuMicros = async (pid: number): Promise<number> => {
  const stat = await readFile(`/proc/${pid}/stat`, 'latin1');
  // The second field is the command in brackets, which may hold blanks.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return ((Number(fields[11]) + Number(fields[12])) * 1_000_000) / TICKS_A_SECOND;
};

/** Resident memory of a process, bytes, now and at its peak. */
export const residentBytes = async (pid: number): Promise<{ now: number; peak: number }> => {
  const status = await readFile(`/proc/${pid}/status`, 'latin1');
  const read = (name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0) * 1024;
  return { now: read('VmRSS'), peak: read('VmHWM') };
};
