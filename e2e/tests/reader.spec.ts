import type { ExchangeResponse } from '@gossamer/protocol';
import { decodeTicket, OUTCOME } from '@gossamer/protocol';
import { range } from '@gossamer/sdk/node';
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Coordinator, SUBMITTER_KEY } from '../support/coordinator.ts';
import type { ScriptedDevice } from '../support/device.ts';
import { SQUARE } from '../support/programs.ts';
import { expect, test } from '../support/test.ts';
import { until } from '../support/wait.ts';

const READER = fileURLToPath(new URL('../support/reader.mjs', import.meta.url));
const UNITS = 1000;

interface Line {
  unit: number;
  output: { square: number };
  cursor: string;
}

type Reports = NonNullable<Parameters<ScriptedDevice['exchange']>[0]>['reports'] & object;

const reportsOf = ({ leases }: ExchangeResponse): Reports =>
  leases.map(({ ticket: bytes }) => {
    const { ticket } = decodeTicket(bytes);
    const attempts = ticket.units.map((unit, offset) => {
      const body = Buffer.from(JSON.stringify({ square: unit * unit }));
      return { offset, outcome: OUTCOME.json, runMs: 5, body };
    });
    return { lease: { epoch: ticket.epoch, number: ticket.number }, ticket: bytes, attempts };
  });

/** The answer; null when the connection is lost, or all is over, before it comes: without work an exchange is parked. */
const answered = async (device: ScriptedDevice, reports: Reports, isOver: () => boolean) => {
  const asked: { answer: ExchangeResponse | null } = { answer: null };
  device.exchange({ slots: 2, reports }).then(
    (answer) => (asked.answer = answer),
    () => undefined,
  );
  await until('an answer, or an end', () => asked.answer !== null || !device.connected || isOver(), Boolean, 120_000);
  return asked.answer;
};

/** The device by a new connection, soon; null when that does not come about: it may be killed in the midst of it. */
const again = async (coordinator: Coordinator, device: ScriptedDevice): Promise<ScriptedDevice | null> => {
  const isUp = await coordinator.request('/healthz').then(
    ({ ok }) => ok,
    () => false,
  );
  if (!isUp) return null;
  const connecting = device.again(coordinator.url);
  connecting.catch(() => undefined);
  const late = new Promise<null>((resolve) => setTimeout(() => resolve(null), 30_000));
  return Promise.race([connecting, late]).catch(() => null);
};

/**
 * How much of the job may have been computed: a quick machine would be through with it before the next kill.
 * Devices that are let through at the same time exceed the limit by the leases that they hold.
 */
class Pace {
  readonly #begun = new Set<number>();
  limit = 0;

  async admit(reports: Reports): Promise<void> {
    await until('more may be computed', () => this.#begun.size < this.limit, Boolean, 240_000);
    for (const { ticket: bytes } of reports) for (const unit of decodeTicket(bytes).ticket.units) this.#begun.add(unit);
  }
}

/** Computes until the job is over, over every restart of the coordinator. */
const compute = async (
  coordinator: Coordinator,
  device: ScriptedDevice,
  pace: Pace,
  isOver: () => boolean,
): Promise<void> => {
  let current = device;
  let reports: Reports = [];
  while (!isOver()) {
    const answer = await answered(current, reports, isOver);
    if (answer !== null) {
      reports = reportsOf(answer);
      await pace.admit(reports);
    }
    // It was killed: what may not have arrived is sent to the one that comes after it.
    else if (!isOver()) current = (await until('it is back', () => again(coordinator, device), Boolean, 240_000))!;
  }
  current.close();
};

test(
  'E40: a reader of results and the coordinator are killed in turn, and together: it reads each once',
  { tag: '@long' },
  async ({ coordinator, script }, info) => {
    const job = await coordinator.grid.map(range(0, UNITS), SQUARE, { trusted: true, params: { work: 1 } });
    const file = info.outputPath('read.ndjson');
    const read = (): string[] => (existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(0, -1) : []);

    let isOver = false;
    const pace = new Pace();
    const devices = await Promise.all([script(), script(), script()]);
    const computing = devices.map((device) => compute(coordinator, device, pace, () => isOver));

    let reader: ChildProcess;
    let kills = 0;
    const start = (): void => {
      const args = [READER, coordinator.url, SUBMITTER_KEY, job.id, file];
      reader = spawn(process.execPath, args, { cwd: join(READER, '../..'), stdio: ['ignore', 'inherit', 'inherit'] });
    };
    const killReader = async (): Promise<void> => {
      expect([reader.exitCode, reader.signalCode], 'it still reads').toEqual([null, null]);
      reader.kill('SIGKILL');
      await once(reader, 'exit');
      kills++;
    };
    start();
    for (let part = 1; part <= 8; part++) {
      pace.limit = ((part + 0.5) * UNITS) / 12;
      await until(
        `part ${part} is read`,
        () => read().length,
        (length) => length >= (part * UNITS) / 12,
      );
      // The coordinator alone, both, or the reader alone.
      if (part % 3 !== 1) await killReader();
      if (part % 3 !== 0) {
        await coordinator.end('SIGKILL');
        await coordinator.start();
      }
      if (part % 3 !== 1) start();
    }
    pace.limit = Infinity;
    const [code] = (await once(reader!, 'exit')) as [number | null];
    isOver = true;
    await Promise.all(computing);
    expect([code, kills]).toEqual([0, 5]);

    const lines = read().map((line) => JSON.parse(line) as Line);
    expect(lines.map(({ unit }) => unit).toSorted((a, b) => a - b)).toEqual([...Array.from({ length: UNITS }).keys()]);
    for (const { unit, output } of lines) expect(output.square).toBe(unit * unit);
    expect(new Set(lines.map(({ cursor }) => cursor)).size).toBe(lines.length);
    // The same as who reads it all at once.
    const whole = await coordinator.request(`/v1/jobs/${job.id}/results`, {
      headers: { accept: 'application/x-ndjson' },
    });
    const cursors = (await whole.text()).trimEnd().split('\n');
    expect(lines.map(({ cursor }) => cursor)).toEqual(cursors.map((line) => (JSON.parse(line) as Line).cursor));
  },
);
