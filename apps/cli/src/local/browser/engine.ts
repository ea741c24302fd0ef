import { admitProgram, type CageData, connectFrame } from '@gossamer/cage/engine';
import type { UnitEvent, UnitOrder } from '../wire.ts';

let sent: Promise<unknown> = Promise.resolve();

/** Events arrive in the order in which they were told. */
const post = (path: string, body: string | Uint8Array<ArrayBuffer>): void => {
  sent = sent.then(() => fetch(path, { method: 'POST', body }));
};
const tell = (event: Exclude<UnitEvent, { kind: 'result' }>): void => post('events', JSON.stringify(event));

const bytesFrom = async (path: string): Promise<Uint8Array<ArrayBuffer>> => {
  const response = await fetch(path);
  if (!response.ok) throw new Error(`${path} was answered with ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
};

/** The files as a job's shared data: read when the program asks, or before it runs where it cannot wait. */
const dataOf = async ({ kind, data }: UnitOrder): Promise<CageData> => {
  const read = async (position: number, from: number, to: number): Promise<ArrayBuffer> =>
    (await bytesFrom(`data/${position}/${from}-${to}`)).buffer;
  const bodies = kind === 'wasm' ? await Promise.all(data.map(({ size }, n) => read(n, 0, size))) : null;
  return { entries: data, bodies, read };
};

const base64 = (bytes: Uint8ClampedArray): string =>
  btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));

/** Fetches the unit and runs it in the frame, with the runner of the volunteers' tabs. */
const run = async (port: MessagePort): Promise<void> => {
  const order = (await (await fetch('unit')).json()) as UnitOrder;
  const [program, body] = await Promise.all([bytesFrom('program'), bytesFrom('input')]);
  const { kind, memoryBytes, params, index, seed, encoding, limits } = order;
  const frame = connectFrame(port);
  const lease = {
    program: await admitProgram(kind, program, memoryBytes),
    params,
    units: [{ index, seed, input: { encoding: encoding as never, body } }],
    limits,
    data: await dataOf(order),
  };
  const running = frame.run(lease, {
    result: (_, { encoding, body }, runMs) =>
      post(`result/${encoding}/${Math.round(runMs)}`, body as Uint8Array<ArrayBuffer>),
    error: (_, error, runMs) => tell({ kind: 'error', ...error, runMs }),
    progress: (_, done) => tell({ kind: 'progress', done }),
    log: (_, text) => tell({ kind: 'log', text }),
    picture: (_, { width, height, rgba }) => tell({ kind: 'picture', width, height, rgba: base64(rgba) }),
    end: (end) => {
      const message = 'message' in end ? end.message : '';
      tell({ kind: 'end', how: end.kind, message, runMs: running.runMs });
    },
  });
};

addEventListener(
  'message',
  ({ ports: [port] }: MessageEvent) => {
    run(port!).catch((error: unknown) => tell({ kind: 'failed', message: String(error) }));
  },
  { once: true },
);
