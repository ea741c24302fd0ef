import { encode } from 'fast-png';
import { writeFile } from 'node:fs/promises';
import type { RenderParams, TilePlace } from './tile.ts';

/** The whole picture, as far as its tiles have come. */
export class Canvas {
  readonly #params: RenderParams;
  readonly #rgba: Uint8ClampedArray;

  constructor(params: RenderParams) {
    this.#params = params;
    this.#rgba = new Uint8ClampedArray(params.width * params.height * 4);
  }

  put({ x, y }: TilePlace, pixels: Uint8ClampedArray): void {
    const { width, tile } = this.#params;
    for (let row = 0; row < tile; row++) {
      const line = pixels.subarray(row * tile * 4, (row + 1) * tile * 4);
      this.#rgba.set(line, ((y * tile + row) * width + x * tile) * 4);
    }
  }

  /** Writes what is there as a PNG; the rest is transparent. */
  async save(path: string): Promise<void> {
    const { width, height } = this.#params;
    await writeFile(path, encode({ width, height, data: this.#rgba, channels: 4 }));
  }
}
