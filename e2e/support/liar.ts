import type { AttemptReport } from '@gossamer/protocol';
import { OUTCOME } from '@gossamer/protocol';
import type { HeldWork, ScriptedDevice } from './device.ts';

/** The same wrong answer to every unit of a lease: well formed, and of the right shape. */
export const lies = ({ ticket }: HeldWork): AttemptReport[] =>
  ticket.units.map((_, offset) => ({
    offset,
    outcome: OUTCOME.json,
    runMs: 5,
    body: Buffer.from(JSON.stringify({ square: -1, spun: true })),
  }));

/** Takes leases and returns wrong bytes for each, until it has lied about this many units. Gives the units. */
export const lieAbout = async (device: ScriptedDevice, count: number): Promise<number[]> => {
  const units: number[] = [];
  while (units.length < count) {
    const work = await device.lease();
    const { epoch, number } = work.ticket;
    const report = { lease: { epoch, number }, ticket: new Uint8Array(0), attempts: lies(work) };
    await device.exchange({ reports: [report] });
    units.push(...work.ticket.units);
  }
  return units;
};
