import { type Flag, UsageError, integer, path, runExample, wholeNumber } from '@gossamer/harness';
import { product, range } from '@gossamer/sdk/node';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Canvas } from './canvas.ts';
import { type RenderParams, type TilePlace, renderTile } from './tile.ts';

const PROGRAM = fileURLToPath(new URL('../src/program.ts', import.meta.url));

const COLUMNS = 16;
const ROWS = 10;
/** The picture is written anew whenever so many more tiles have come. */
const SAVE_EVERY = 16;
/** So many tiles are computed once more on this side: each is a different one of each row's. */
const isSampled = ({ x, y }: TilePlace): boolean => x === (5 * y + 3) % COLUMNS;

const widthFlag: Flag<number> = {
  hint: 'N',
  about: `of the picture, pixels; a multiple of ${COLUMNS} (default: 960)`,
  value: 960,
  read: (text, name) => {
    const value = wholeNumber(text, name, COLUMNS);
    if (value % COLUMNS === 0 && value <= 8192) return value;
    throw new UsageError(`--${name} must be a multiple of ${COLUMNS}, at most 8192: ${text}`);
  },
};

const digest = (tiles: Iterable<Uint8ClampedArray>): string => {
  const hash = createHash('sha256');
  for (const tile of tiles) hash.update(tile);
  return hash.digest('hex');
};

await runExample({
  name: 'render',
  about:
    'Renders a picture in 160 tiles by ray tracing, and writes it as a PNG while they arrive. Ten of them are rendered\n' +
    'here as well: what the tabs returned must be the same to the bit.',
  quorum: 2,
  flags: {
    width: widthFlag,
    samples: integer(3, 'a pixel is the mean of N x N rays'),
    out: path("where the picture goes (default: gossamer-render.png in the system's temporary directory)"),
  },
  run: async ({ grid, say, follow }, { width, samples, out }) => {
    const tile = width / COLUMNS;
    const params: RenderParams = { width, height: ROWS * tile, tile, samples };
    const file = out ?? join(tmpdir(), 'gossamer-render.png');
    const canvas = new Canvas(params);
    await canvas.save(file).catch((error: NodeJS.ErrnoException) => {
      throw new UsageError(`--out ${file} cannot be written: ${error.code ?? error.message}`);
    });
    const places = product({ y: range(0, ROWS), x: range(0, COLUMNS) });
    const job = await grid.map<TilePlace, Uint8ClampedArray>(places, PROGRAM, {
      name: 'A sphereflake at dusk',
      quorum: 2,
      params,
      limits: { resultBytes: Math.max(1024, tile * tile * 4) },
    });
    const sampled = new Map<number, Uint8ClampedArray>();
    let units = 0;
    const assemble = async (): Promise<void> => {
      for await (const { unit, input, output } of job.results()) {
        canvas.put(input!, output);
        if (isSampled(input!)) sampled.set(unit, output);
        units += 1;
        if (units % SAVE_EVERY === 0) await canvas.save(file);
      }
    };
    await Promise.all([follow(job), assemble()]);
    say(`The picture is ${file}`);
    const inOrder = [...sampled].toSorted(([a], [b]) => a - b).map(([, output]) => output);
    const own = Array.from({ length: ROWS }, (_, y) => renderTile(params, { x: (5 * y + 3) % COLUMNS, y }));
    return {
      answer: { tiles: units, sampled: digest(inOrder) },
      expected: { tiles: COLUMNS * ROWS, sampled: digest(own) },
      units,
    };
  },
});
