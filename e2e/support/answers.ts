import { OUTCOME } from '@gossamer/protocol';
import type { ScriptedDevice } from './device.ts';

/** Takes leases and returns JSON for each unit, until it has answered so many. Gives the units. */
export const answer = async (
  device: ScriptedDevice,
  count: number,
  output: (unit: number) => unknown,
): Promise<number[]> => {
  const units: number[] = [];
  while (units.length < count) {
    const { ticket } = await device.lease();
    const attempts = ticket.units.map((unit, offset) => {
      return { offset, outcome: OUTCOME.json, runMs: 5, body: Buffer.from(JSON.stringify(output(unit))) };
    });
    const { epoch, number } = ticket;
    await device.exchange({ reports: [{ lease: { epoch, number }, ticket: new Uint8Array(0), attempts }] });
    units.push(...ticket.units);
  }
  return units;
};
