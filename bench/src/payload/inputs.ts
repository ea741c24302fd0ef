import { decodeTicket, type LeaseReport } from '@gossamer/protocol';
import { Coordinator } from '../coordinator/coordinator.ts';
import { Device } from '../load/device.ts';
import { PROGRAM } from '../load/job.ts';
import { isResult, writeResult } from '../load/results.ts';
import { reportOn } from '../load/volunteer.ts';
import { eachOf } from '../measure/wait.ts';
import { BlobReader, isPart, isUnchanged, isWhole } from './fetch-blob.ts';

/** Size of the results that are returned for the inputs, bytes. */
const RESULT_BYTES = 8;

/** How inputs travelled. */
export interface InputsFound {
  /** From the lease to the input: cut from the job's data, kept, and read. */
  megabytesPerSecond: number;
  cpuMsPerMegabyte: number;
  /** Read once more, when they had been cut. */
  servedPerSecond: number;
  servedCpuMsPerMegabyte: number;
  /** Reads with If-None-Match of what the device has, a second: none of them brought a body. */
  unchangedPerSecond: number;
  checked: boolean;
}

interface Taking {
  /** By unit: the name of its input. */
  readonly names: Map<number, string>;
  readonly reader: BlobReader;
  readonly bytes: number;
}

/** The data of a job: each unit's input is what `writeResult` writes for it. */
const dataOf = async function* (units: number, bytes: number): AsyncGenerator<Uint8Array> {
  for (let unit = 0; unit < units; unit++) {
    const input = new Uint8Array(bytes);
    writeResult(input, unit);
    yield input;
  }
};

/** Takes leases and reads their inputs as long as there are any. False: one of them was wrong. */
const take = async (device: Device, { names, reader, bytes }: Taking): Promise<boolean> => {
  let isRight = true;
  let { leases } = await device.exchange({ slots: 1 });
  while (leases.length > 0) {
    const reports: LeaseReport[] = [];
    for (const { ticket, inputs } of leases) {
      for (const [at, unit] of decodeTicket(ticket).ticket.units.entries()) {
        const input = inputs[at]!;
        if (input.kind !== 'blob') throw new Error(`the input of unit ${unit} travels inline`);
        const sha256 = Buffer.from(input.sha256).toString('hex');
        const read = await reader.get(sha256);
        isRight &&= input.size === bytes && isWhole(read, sha256, bytes) && isResult(read.body, unit, bytes);
        names.set(unit, sha256);
      }
      reports.push(reportOn(ticket, { bytes: RESULT_BYTES, runMs: 0, isOver: () => false }));
    }
    ({ leases } = await device.exchange({ slots: 1, reports }));
  }
  return isRight;
};

/** Inputs of `bytes` each, cut from one blob: given to devices, read again, asked for again, and read in parts. */
export const measureInputs = async (
  { units, bytes, clients }: { units: number; bytes: number; clients: number },
  execArgv: readonly string[],
): Promise<InputsFound> => {
  const coordinator = await Coordinator.start({ settings: { GOSSAMER_LEASE_UNITS: '1' }, execArgv });
  try {
    const { grid, port } = coordinator;
    const blob = await grid.blobs.put(dataOf(units, bytes));
    const { sha256: program } = await grid.upload({ code: PROGRAM });
    const source = { kind: 'records', blob: blob.sha256, bytes } as const;
    const job = await grid.jobs.create({ name: 'inputs', program, source, policy: { kind: 'trusted' } });
    const devices = Array.from({ length: clients }, () => new Device());
    for (const device of devices) await device.signIn(port);

    const reader = new BlobReader(port);
    const names = new Map<number, string>();
    const timed = async <Value>(task: () => Promise<Value>) => {
      const cpuBefore = await coordinator.cpuMicros();
      const began = performance.now();
      const value = await task();
      const seconds = (performance.now() - began) / 1000;
      return { value, seconds, cpuMs: ((await coordinator.cpuMicros()) - cpuBefore) / 1000 };
    };
    const cut = await timed(() => Promise.all(devices.map((device) => take(device, { names, reader, bytes }))));
    let isRight = cut.value.every(Boolean) && names.size === units && (await job.view()).state === 'completed';
    const check = (found: boolean): void => {
      if (!found) isRight = false;
    };
    const inputs = [...names];

    const served = await timed(() =>
      eachOf(inputs, clients, async ([, sha256]) => {
        check(isWhole(await reader.get(sha256), sha256, bytes));
      }),
    );
    const asked = await timed(() =>
      eachOf(inputs, clients, async ([, sha256]) => {
        check(isUnchanged(await reader.get(sha256, { 'if-none-match': `"${sha256}"` }), sha256));
      }),
    );
    await eachOf(inputs, clients, async ([unit, sha256]) => {
      const whole = new Uint8Array(bytes);
      writeResult(whole, unit);
      const [start, end] = [Math.floor(bytes / 3), Math.floor(bytes / 2)];
      const part = await reader.get(sha256, { range: `bytes=${start}-${end - 1}` });
      check(isPart(part, whole, start, end));
    });
    for (const device of devices) device.close();
    const megabytes = (units * bytes) / 1e6;
    return {
      megabytesPerSecond: megabytes / cut.seconds,
      cpuMsPerMegabyte: cut.cpuMs / megabytes,
      servedPerSecond: megabytes / served.seconds,
      servedCpuMsPerMegabyte: served.cpuMs / megabytes,
      unchangedPerSecond: units / asked.seconds,
      checked: isRight,
    };
  } finally {
    await coordinator.remove();
  }
};
