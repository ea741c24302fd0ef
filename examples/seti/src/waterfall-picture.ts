import type { Picture } from '@gossamer/program';
import { colourTable } from './colour-map.ts';
import type { Track } from './drift-path.ts';
import { pathOffsets } from './drift-path.ts';
import type { Waterfall } from './drift-search.ts';

const WIDTH = 512;
const HEIGHT = 256;
/** Between the two panels, and around a marked path, in pixels. */
const GAP = 2;
const CLEARANCE = 4;
const MARK = [120, 235, 255] as const;
/** Shade of the median, and the least range of the scale above it, in spreads of the noise: noise stays dark. */
const MEDIAN_SHADE = 0.2;
const LEAST_RANGE = 16;

/** A rectangle of the picture that shows columns [from, to) of the waterfall, time downwards. */
interface Panel {
  readonly top: number;
  readonly height: number;
  readonly from: number;
  readonly to: number;
}

/**
 * The waterfall as a picture of 512 x 256 pixels: frequency to the right, time downwards. Where columns or rows outnumber
 * the pixels, a pixel shows their maximum, so that a narrow tone is not averaged away. The brightness is stretched by
 * asinh, from the median to the maximum, so that faint and strong tones show together.
 *
 * Without tracks it is one panel. With tracks the upper half shows the whole and the lower half the columns around the
 * first track, where its drift can be seen; dotted lines run beside each path.
 */
export function waterfallPicture(waterfall: Waterfall, tracks: readonly Track[]): Picture {
  const rgba = new Uint8ClampedArray(WIDTH * HEIGHT * 4);
  for (let i = 3; i < rgba.length; i += 4) rgba[i] = 255;
  const colours = colourTable();
  for (const panel of panelsOf(waterfall, tracks[0])) {
    paint(rgba, panel, shades(waterfall, panel), colours);
    for (const track of tracks) mark(rgba, panel, waterfall.rows, track);
  }
  return { width: WIDTH, height: HEIGHT, rgba };
}

function panelsOf({ width }: Waterfall, first: Track | undefined): Panel[] {
  if (first === undefined) return [{ top: 0, height: HEIGHT, from: 0, to: width }];
  const height = HEIGHT / 2 - GAP / 2;
  const span = Math.min(width, Math.max(64, 4 * Math.abs(first.drift)));
  const from = Math.min(width - span, Math.max(0, Math.round(first.bin + first.drift / 2 - span / 2)));
  return [
    { top: 0, height, from: 0, to: width },
    { top: HEIGHT / 2 + GAP / 2, height, from, to: from + span },
  ];
}

/** The greatest power behind each pixel of a panel. */
function shades({ data, rows, width }: Waterfall, { height, from, to }: Panel): Float32Array {
  const lines = Math.min(rows, height);
  const line = new Float32Array(lines * WIDTH).fill(-Infinity);
  for (let t = 0; t < rows; t++) {
    const base = Math.floor((t * lines) / rows) * WIDTH;
    for (let x = 0; x < WIDTH; x++) {
      const first = from + Math.floor((x * (to - from)) / WIDTH);
      const end = Math.max(first + 1, from + Math.floor(((x + 1) * (to - from)) / WIDTH));
      for (let column = first; column < end; column++) {
        const power = data[t * width + column]!;
        if (power > line[base + x]!) line[base + x] = power;
      }
    }
  }
  return line;
}

function paint(rgba: Uint8ClampedArray, panel: Panel, powers: Float32Array, colours: Uint8Array): void {
  const sorted = powers.filter((power) => Number.isFinite(power)).sort();
  const low = sorted[sorted.length >> 1] ?? 0;
  const spread = Math.max(low - (sorted[sorted.length >> 5] ?? 0), Number.MIN_VALUE);
  const range = Math.asinh(Math.max(((sorted.at(-1) ?? 0) - low) / spread, LEAST_RANGE));
  const lines = powers.length / WIDTH;
  for (let y = 0; y < panel.height; y++) {
    const line = Math.floor((y * lines) / panel.height) * WIDTH;
    for (let x = 0; x < WIDTH; x++) {
      const shade = MEDIAN_SHADE + ((1 - MEDIAN_SHADE) * Math.asinh((powers[line + x]! - low) / spread)) / range;
      const colour = Math.round(255 * Math.min(1, Math.max(0, shade))) * 3;
      const pixel = ((panel.top + y) * WIDTH + x) * 4;
      rgba[pixel] = colours[colour]!;
      rgba[pixel + 1] = colours[colour + 1]!;
      rgba[pixel + 2] = colours[colour + 2]!;
    }
  }
}

/** Dots beside the path, every fourth pixel, so that the tone itself stays in sight. */
function mark(rgba: Uint8ClampedArray, panel: Panel, rows: number, { bin, drift }: Track): void {
  const offsets = pathOffsets(rows, drift);
  const scale = WIDTH / (panel.to - panel.from);
  for (let y = 0; y < panel.height; y++) {
    if (y % 4 >= 2) continue;
    const offset = offsets[Math.floor((y * rows) / panel.height)]!;
    const left = (bin + offset - panel.from) * scale;
    for (const x of [Math.floor(left) - CLEARANCE, Math.ceil(left + scale) + CLEARANCE - 1]) {
      if (x >= 0 && x < WIDTH) rgba.set(MARK, ((panel.top + y) * WIDTH + x) * 4);
    }
  }
}
