import type { ProgramContext } from '@gossamer/program';
import { type RenderParams, type TilePlace, renderTile } from './tile.ts';

/** Renders one tile. A typed array is a result like any other, and keeps its type. */
export const run = (place: TilePlace, ctx: ProgramContext<RenderParams>): Uint8ClampedArray<ArrayBuffer> => {
  const { tile } = ctx.params;
  const rgba = renderTile(ctx.params, place, (done) => ctx.progress(done));
  ctx.picture({ width: tile, height: tile, rgba });
  return rgba;
};
