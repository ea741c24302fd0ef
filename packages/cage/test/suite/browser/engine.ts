import type { CageData, CageEvents, CageFrame, CageLease, CageProgram, CageRun } from '../../../src/api.ts';
import { admitProgram, connectFrame } from '../../../src/engine/index.ts';
import type { LeaseSpec, Report } from './wire.ts';

const frames = new Map<number, CageFrame>();
const runs = new Map<number, { run: CageRun; report: Promise<Report> }>();
const dead: number[] = [];
let lastRun = 0;

/** What an operator would allow a wasm module's memory. */
const MEMORY_BYTES = 64 * 1024 * 1024;

const programOf = ({ program }: LeaseSpec): Promise<CageProgram> =>
  typeof program === 'string'
    ? admitProgram('js', new TextEncoder().encode(program), MEMORY_BYTES)
    : admitProgram(
        'wasm',
        Uint8Array.from(atob(program.wasm), (char) => char.charCodeAt(0)),
        MEMORY_BYTES,
      );

const sharedData = (sizes: Record<string, number>, fetch: number | 'fails'): CageData => {
  const entries = Object.entries(sizes).map(([name, size]) => ({ name, size }));
  const bytesOf = (from: number, to: number): ArrayBuffer =>
    Uint8Array.from({ length: to - from }, (_, n) => (from + n) % 251).buffer;
  return {
    entries,
    bodies: entries.map(({ size }) => bytesOf(0, size)),
    read: async (_, from, to) => {
      if (fetch === 'fails') throw new Error('the network is gone');
      if (fetch > 0) await new Promise((resolve) => setTimeout(resolve, fetch));
      return bytesOf(from, to);
    },
  };
};

const makeLease = async (spec: LeaseSpec): Promise<CageLease> => {
  const inputs =
    typeof spec.inputs === 'number' ? Array.from({ length: spec.inputs }, (_, json) => ({ json })) : spec.inputs;
  return {
    program: await programOf(spec),
    params: JSON.stringify(spec.params ?? null),
    units: inputs.map((input, n) => ({
      index: (spec.firstIndex ?? 0) + n,
      seed: (spec.seed ?? 1) + n,
      input:
        'bytes' in input
          ? { encoding: 1, body: new Uint8Array(input.bytes) }
          : { encoding: 0, body: new TextEncoder().encode(JSON.stringify(input.json)) },
    })),
    ...(spec.data === undefined ? {} : { data: sharedData(spec.data, spec.fetch ?? 0) }),
    limits: { deadlineMs: spec.deadlineMs ?? 20_000, resultBytes: spec.resultBytes ?? 1024 * 1024 },
  };
};

type Start = (events: CageEvents) => CageRun;

const startRun = async (frame: number, spec: LeaseSpec): Promise<number> => {
  const lease = await makeLease(spec);
  return follow(spec, lease, (events) => frames.get(frame)!.run(lease, events));
};

/** Runs a lease that was staged for a while. */
const runStaged = async (frame: number, spec: LeaseSpec): Promise<Report> => {
  const lease = await makeLease(spec);
  const staged = frames.get(frame)!.stage(lease);
  await new Promise((resolve) => setTimeout(resolve, spec.stagedMs));
  return runs.get(follow(spec, lease, staged.start))!.report;
};

const follow = (spec: LeaseSpec, lease: CageLease, start: Start): number => {
  const begun = performance.now();
  const report: Omit<Report, 'end' | 'runMs' | 'ms'> = {
    outcomes: spec.countOnly === true ? [] : lease.units.map(() => null),
    results: 0,
    progress: [],
    logs: [],
    pictures: [],
    disorder: [],
  };
  let ended = false;
  let last = -1;
  const outcome = (position: number, keep: () => void): void => {
    if (ended || position !== last + 1) report.disorder.push(`outcome ${position} after ${last}`);
    last = position;
    report.results += 1;
    if (spec.countOnly !== true) keep();
  };
  const inOrder = (what: string): void => {
    if (ended) report.disorder.push(`${what} after the end`);
  };
  const done = new Promise<Report>((resolve) => {
    const id = ++lastRun;
    const run = start({
      result: (position, { encoding, body }, runMs) =>
        outcome(position, () => {
          report.outcomes[position] =
            encoding === 0
              ? { kind: 'json', value: JSON.parse(new TextDecoder().decode(body)), runMs }
              : { kind: 'bytes', bytes: [...body.subarray(0, 4096)], size: body.byteLength, runMs };
        }),
      error: (position, error, runMs) =>
        outcome(position, () => {
          report.outcomes[position] = { kind: 'error', ...error, runMs };
        }),
      progress: (position, value) => {
        inOrder('progress');
        report.progress.push([position, value]);
      },
      log: (position, text) => {
        inOrder('log');
        report.logs.push([position, text]);
      },
      picture: (position, { width, height, rgba }) => {
        inOrder('picture');
        report.pictures.push([position, width * height * 4 === rgba.length ? width : -1, rgba[0]!]);
      },
      end: (end) => {
        inOrder('end');
        ended = true;
        // Late events would come within a turn or two.
        setTimeout(() => resolve({ ...report, end, runMs: run.runMs, ms: performance.now() - begun }), 20);
      },
    });
    runs.set(id, { run, report: undefined as never });
  });
  runs.set(lastRun, { run: runs.get(lastRun)!.run, report: done });
  return lastRun;
};

const busy = (ms: number): number => {
  const until = performance.now() + ms;
  while (performance.now() < until);
  return ms;
};

const operations: Record<string, (...args: never[]) => unknown> = {
  connect: (frame: number, port: MessagePort) => {
    frames.set(frame, connectFrame(port, { onDead: () => dead.push(frame) }));
  },
  run: async (frame: number, spec: LeaseSpec) =>
    spec.stagedMs === undefined ? runs.get(await startRun(frame, spec))!.report : runStaged(frame, spec),
  start: startRun,
  wait: (run: number) => runs.get(run)!.report,
  stop: (run: number) => runs.get(run)!.run.stop(),
  runMs: (run: number) => runs.get(run)!.run.runMs,
  running: (frame: number) => frames.get(frame)!.running,
  close: (frame: number) => frames.get(frame)!.close(),
  dead: () => dead,
  pollution: () => Reflect.ownKeys(Object.prototype).map(String),
  busy,
};

addEventListener('message', async (event: MessageEvent<{ id: number; name: string; args: never[] }>) => {
  const { id, name, args } = event.data;
  try {
    postMessage({ id, value: await operations[name]!(...args) });
  } catch (error) {
    postMessage({ id, error: String(error) });
  }
});
