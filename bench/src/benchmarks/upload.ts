import { file } from '@gossamer/sdk/node';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { benchmark } from '../cli/benchmark.ts';
import { Coordinator } from '../coordinator/coordinator.ts';
import { round } from '../measure/round.ts';

const MIB = 2 ** 20;

/** A file of so many MiB, each its own; its SHA-256. */
const writeFile = async (path: string, mib: number): Promise<string> => {
  const hash = createHash('sha256');
  const handle = await open(path, 'w');
  try {
    for (let written = 0; written < mib; written++) {
      const piece = randomBytes(MIB);
      hash.update(piece);
      await handle.write(piece);
    }
  } finally {
    await handle.close();
  }
  return hash.digest('hex');
};

/** Shared data of the size that data has: up by the SDK, in parts that can be gone on with, and down again. */
export const upload = benchmark({
  name: 'upload',
  about: 'a large file as shared data: uploaded by the SDK, in parts, and read again',
  options: { mib: { about: 'MiB of the file', value: 3072, least: 1, most: 65_536 } },
  async run({ mib }, { say, execArgv }) {
    const folder = await mkdtemp(join(tmpdir(), 'gossamer-bench-'));
    const coordinator = await Coordinator.start({ execArgv });
    try {
      const path = join(folder, 'data');
      const sha256 = await writeFile(path, mib);
      say(`a file of ${mib} MiB is written`);
      const { blobs } = coordinator.grid;
      const cpuBefore = await coordinator.cpuMicros();
      const began = performance.now();
      const blob = await blobs.put(file(path));
      const upAt = performance.now();
      const cpuUp = (await coordinator.cpuMicros()) - cpuBefore;
      say(`it is uploaded`);
      const hash = createHash('sha256');
      for await (const chunk of await blobs.get(sha256)) hash.update(chunk);
      const downAt = performance.now();
      const cpuDown = (await coordinator.cpuMicros()) - cpuBefore - cpuUp;
      const memory = await coordinator.residentBytes();
      return {
        mib,
        upMibPerSecond: round(mib / ((upAt - began) / 1000)),
        upCpuMsPerMib: round(cpuUp / 1000 / mib),
        downMibPerSecond: round(mib / ((downAt - upAt) / 1000)),
        downCpuMsPerMib: round(cpuDown / 1000 / mib),
        peakMb: Math.round(memory.peak / MIB),
        checked: blob.sha256 === sha256 && blob.size === mib * MIB && hash.digest('hex') === sha256,
      };
    } finally {
      await coordinator.remove();
      await rm(folder, { recursive: true, force: true });
    }
  },
  reported: [{}],
  columns: [
    ['mib', 'MiB'],
    ['upMibPerSecond', 'up, MiB/s'],
    ['upCpuMsPerMib', "coordinator's CPU, ms a MiB"],
    ['downMibPerSecond', 'down, MiB/s'],
    ['downCpuMsPerMib', "coordinator's CPU, ms a MiB"],
    ['peakMb', "coordinator's peak, MB"],
    ['checked', 'checked'],
  ],
});
