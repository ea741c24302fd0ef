import type { Flake } from './flake.ts';
import { growFlake, meetFlake } from './flake.ts';
import type { Vector } from './vector.ts';
import { add, along, basisOf, dot, mix, multiply, scale, subtract, unit, vector } from './vector.ts';

/** Reflections of reflections, at the most. */
const BOUNCES = 4;
/** Rays begin so far off their surface, or rounding would have them meet it again. */
const OFF = 1e-4;

const SUN = unit(vector(-0.62, 0.42, -0.66));
const SUNLIGHT = vector(3.4, 2.5, 1.7);
/** Radius of the sun's disc, one unit away: shadows have soft edges. */
const SUN_SIZE = 0.045;
const ZENITH = vector(0.012, 0.02, 0.12);
const DUSK = vector(0.2, 0.06, 0.3);
const HORIZON = vector(1.3, 0.42, 0.14);
const FLOOR = [vector(0.012, 0.014, 0.03), vector(0.07, 0.06, 0.1)] as const;

/** Sapphire, violet, ruby, amber, pale gold: from the sphere in the middle outwards. */
const PALETTE = [
  vector(0.03, 0.08, 0.42),
  vector(0.3, 0.05, 0.5),
  vector(0.75, 0.05, 0.16),
  vector(0.95, 0.42, 0.05),
  vector(1, 0.84, 0.5),
] as const;

const FLAKE: Flake = growFlake(vector(0, 1.02, 0), 1, PALETTE.length - 1);

const fifthPower = (a: number): number => a * a * a * a * a;

/** The evening sky: the sun's glow over a band of orange, violet above it, and night at the top. */
const sky = (direction: Vector): Vector => {
  const height = Math.max(0, direction.y);
  const low = 1 - Math.min(1, height * 2.6);
  const colour = mix(mix(ZENITH, DUSK, 1 - Math.min(1, height * 1.8)), HORIZON, low * low * low);
  const towards = Math.max(0, dot(direction, SUN));
  return along(colour, SUNLIGHT, 0.55 * fifthPower(fifthPower(towards)) + 0.12 * fifthPower(towards));
};

/** Whether the sun is seen from a point; `disc` picks a point of the sun, both coordinates from -1 to 1. */
const isLit = (point: Vector, disc: readonly [number, number]): boolean => {
  const [u, v] = basisOf(SUN);
  const towards = unit(along(along(SUN, u, disc[0] * SUN_SIZE), v, disc[1] * SUN_SIZE));
  return meetFlake(FLAKE, point, towards, OFF) === null;
};

interface Surface {
  point: Vector;
  normal: Vector;
  colour: Vector;
  /** What it reflects when looked at head-on, from 0 to 1. */
  mirror: number;
}

const surfaceAt = (from: Vector, direction: Vector): Surface | null => {
  const hit = meetFlake(FLAKE, from, direction, OFF);
  const toFloor = direction.y < 0 ? -from.y / direction.y : Infinity;
  if (hit !== null && hit.distance < toFloor) {
    const point = along(from, direction, hit.distance);
    return { point, normal: hit.normal, colour: PALETTE[hit.depth]!, mirror: 0.28 };
  }
  if (toFloor === Infinity || toFloor < OFF) return null;
  const point = along(from, direction, toFloor);
  const isEven = (Math.floor(point.x * 0.9) + Math.floor(point.z * 0.9)) % 2 === 0;
  return { point, normal: vector(0, 1, 0), colour: FLOOR[isEven ? 0 : 1], mirror: 0.1 };
};

/** The floor fades into the horizon. */
const hazeAt = (distance: number): number => 1 - 1 / (1 + distance * distance * 0.0011);

/** The light that comes to `from` out of a direction (a unit vector). `disc`: see `isLit`. */
export const lightFrom = (
  from: Vector,
  direction: Vector,
  disc: readonly [number, number],
  bounces = BOUNCES,
): Vector => {
  const surface = surfaceAt(from, direction);
  if (surface === null) return sky(direction);
  const { point, normal, colour, mirror } = surface;
  const facing = -dot(direction, normal);
  const sunward = dot(normal, SUN);
  const direct = sunward > 0 && isLit(point, disc) ? sunward : 0;
  // The sky lights what looks up, the floor a little what looks down.
  const ambient = mix(vector(0.1, 0.05, 0.06), vector(0.22, 0.2, 0.42), 0.5 + 0.5 * normal.y);
  let light = multiply(colour, along(ambient, SUNLIGHT, direct));
  if (bounces > 0) {
    // Schlick's approximation of Fresnel's reflectance.
    const share = mirror + (1 - mirror) * fifthPower(1 - Math.max(0, facing));
    const reflected = lightFrom(point, unit(along(direction, normal, 2 * facing)), disc, bounces - 1);
    light = add(scale(light, 1 - share), scale(reflected, share));
  }
  const away = subtract(point, from);
  const level = unit(vector(direction.x, 0, direction.z));
  return normal.y === 1 ? mix(light, sky(level), hazeAt(Math.sqrt(dot(away, away)))) : light;
};
