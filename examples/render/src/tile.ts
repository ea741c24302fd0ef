import { lightFrom } from './scene.ts';
import { add, along, cross, scale, subtract, unit, vector } from './vector.ts';

/** The picture and how it is cut. */
export interface RenderParams {
  width: number;
  height: number;
  /** Side of a tile, pixels. */
  tile: number;
  /** A pixel is the mean of `samples * samples` rays. */
  samples: number;
}

/** A tile's place: counted from the top left, in tiles. */
export interface TilePlace {
  x: number;
  y: number;
}

const EYE = vector(2.1, 1.75, -4.4);
const AHEAD = unit(subtract(vector(0.1, 1.02, 0), EYE));
const RIGHT = unit(cross(vector(0, 1, 0), AHEAD));
const UP = cross(AHEAD, RIGHT);
/** Half of the picture's height, one unit ahead. */
const HALF_HEIGHT = 0.44;

/** A number from 0 up to 1 that depends on three integers and looks random (the finalizer of MurmurHash3). */
const noise = (x: number, y: number, n: number): number => {
  let h = (Math.imul(x, 0x9e3779b1) ^ Math.imul(y, 0x85ebca77) ^ Math.imul(n, 0xc2b2ae3d)) >>> 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return ((h ^ (h >>> 16)) >>> 0) / 2 ** 32;
};

/** Linear light as a byte: bright light is compressed, the square root stands for a screen's gamma, and shadows are deepened. */
const byteOf = (light: number): number => {
  const shade = Math.sqrt(light / (1 + light));
  return 255 * shade * (0.42 + 0.82 * shade);
};

/**
 * One tile: `tile x tile` pixels, RGBA, row by row.
 *
 * All of it is additions, products, quotients and square roots of IEEE doubles in a fixed order, with neither sines nor
 * powers, whose last bits browsers may choose: every device gives the same bytes.
 */
export const renderTile = (
  { width, height, tile, samples }: RenderParams,
  place: TilePlace,
  tell: (done: number) => void = () => {},
): Uint8ClampedArray<ArrayBuffer> => {
  const rgba = new Uint8ClampedArray(tile * tile * 4);
  for (let row = 0; row < tile; row++) {
    for (let column = 0; column < tile; column++) {
      const [x, y] = [place.x * tile + column, place.y * tile + row];
      let light = vector(0, 0, 0);
      for (let n = 0; n < samples * samples; n++) {
        const across = (x + ((n % samples) + noise(x, y, 3 * n)) / samples) / width - 0.5;
        const down = (y + (Math.floor(n / samples) + noise(x, y, 3 * n + 1)) / samples) / height - 0.5;
        const direction = along(
          along(AHEAD, RIGHT, (2 * across * HALF_HEIGHT * width) / height),
          UP,
          -2 * down * HALF_HEIGHT,
        );
        const disc = [2 * noise(x, y, 3 * n + 2) - 1, 2 * noise(y, x, 3 * n + 2) - 1] as const;
        light = add(light, lightFrom(EYE, unit(direction), disc));
      }
      const mean = scale(light, 1 / (samples * samples));
      rgba.set([byteOf(mean.x), byteOf(mean.y), byteOf(mean.z), 255], 4 * (row * tile + column));
    }
    tell((row + 1) / tile);
  }
  return rgba;
};
