import { describe, expect, it } from 'vitest';
import { growFlake, meetFlake } from '../src/flake.ts';
import { type RenderParams, renderTile } from '../src/tile.ts';
import { along, basisOf, dot, subtract, unit, vector } from '../src/vector.ts';

const PARAMS: RenderParams = { width: 32, height: 20, tile: 2, samples: 2 };

describe('the sphereflake', () => {
  it('EG20: has nine children a sphere, each touching its parent, and all within two radii', () => {
    const flake = growFlake(vector(0, 0, 0), 1, 2);
    expect(flake).toHaveLength(1 + 9 + 81);
    for (const [i, { centre, radius }] of flake.entries()) {
      expect(Math.sqrt(dot(centre, centre)) + radius).toBeLessThan(2);
      if (i === 0) continue;
      const parent = flake[Math.floor((i - 1) / 9)]!;
      const apart = subtract(centre, parent.centre);
      expect(Math.sqrt(dot(apart, apart))).toBeCloseTo(radius + parent.radius, 12);
    }
  });

  it('EG20: a ray meets what a look at every sphere says that it meets', () => {
    const flake = growFlake(vector(0, 0, 0), 1, 3);
    let met = 0;
    for (let i = 0; i < 400; i++) {
      const from = vector(-3, (i % 20) / 5 - 2, Math.floor(i / 20) / 5 - 2);
      const direction = unit(vector(1, ((i * 7) % 11) / 40, ((i * 5) % 13) / 40));
      let least = Infinity;
      for (const { centre, radius } of flake) {
        const to = subtract(centre, from);
        const middle = dot(to, direction);
        const square = radius * radius - dot(to, to) + middle * middle;
        if (square >= 0 && middle - Math.sqrt(square) > 0) least = Math.min(least, middle - Math.sqrt(square));
      }
      const hit = meetFlake(flake, from, direction, 0);
      expect(hit?.distance ?? Infinity).toBeCloseTo(least, 9);
      if (hit === null) continue;
      met += 1;
      expect(dot(hit.normal, hit.normal)).toBeCloseTo(1, 9);
      expect(dot(hit.normal, direction)).toBeLessThanOrEqual(0);
    }
    expect(met).toBeGreaterThan(50);
  });

  it('EG20: a basis stands at right angles', () => {
    for (const n of [vector(0, 1, 0), unit(vector(1, 2, 3)), unit(vector(-1, 0.1, 0))]) {
      const [u, v] = basisOf(n);
      for (const product of [dot(u, n), dot(v, n), dot(u, v)]) expect(product).toBeCloseTo(0, 12);
      expect(dot(along(u, v, 1), along(u, v, 1))).toBeCloseTo(2, 12);
    }
  });
});

describe('a tile', () => {
  it('EG21: is the same bytes each time, opaque, and each tile another one', () => {
    const tile = renderTile(PARAMS, { x: 7, y: 4 });
    expect(tile).toHaveLength(2 * 2 * 4);
    expect(renderTile(PARAMS, { x: 7, y: 4 })).toEqual(tile);
    expect(renderTile(PARAMS, { x: 8, y: 4 })).not.toEqual(tile);
    expect(tile.filter((_, i) => i % 4 === 3)).toEqual(new Uint8ClampedArray(4).fill(255));
  });

  it('EG21: has its pixels where the whole picture has them', () => {
    const whole = renderTile({ ...PARAMS, tile: 32 }, { x: 0, y: 0 });
    const tile = renderTile(PARAMS, { x: 9, y: 6 });
    for (let row = 0; row < 2; row++) {
      const at = ((6 * 2 + row) * 32 + 9 * 2) * 4;
      expect(tile.subarray(row * 8, row * 8 + 8)).toEqual(whole.subarray(at, at + 8));
    }
  });

  it('EG21: the sky is bright at the horizon and dark above', () => {
    const top = renderTile(PARAMS, { x: 0, y: 0 });
    const horizon = renderTile(PARAMS, { x: 0, y: 4 });
    expect(horizon[0]).toBeGreaterThan(top[0]! + 20);
  });
});
