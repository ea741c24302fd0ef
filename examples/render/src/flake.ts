import type { Vector } from './vector.ts';
import { add, along, basisOf, dot, scale, subtract, vector } from './vector.ts';

const CHILDREN = 9;
/** A child's radius, in radii of its parent. */
const SHRINK = 1 / 3;
/** A sphere with all that grows on it keeps within two of its radii: 1 + 2/3 + 2/9 + … = 2. */
const REACH = 2;

const HALF_ROOT_3 = Math.sqrt(3) / 2;
const TOP_OUT = Math.sqrt(1 / 3);
const TOP_UP = Math.sqrt(2 / 3);

/** Where children sit: six around the equator, three on top; the third coordinate is along the parent's own axis. */
const SEATS: readonly Vector[] = [
  vector(1, 0, 0),
  vector(0.5, HALF_ROOT_3, 0),
  vector(-0.5, HALF_ROOT_3, 0),
  vector(-1, 0, 0),
  vector(-0.5, -HALF_ROOT_3, 0),
  vector(0.5, -HALF_ROOT_3, 0),
  vector(0, TOP_OUT, TOP_UP),
  vector(-HALF_ROOT_3 * TOP_OUT, -0.5 * TOP_OUT, TOP_UP),
  vector(HALF_ROOT_3 * TOP_OUT, -0.5 * TOP_OUT, TOP_UP),
];

interface Sphere {
  readonly centre: Vector;
  readonly radius: number;
  /** How many spheres it grows on. */
  readonly depth: number;
}

/** A sphereflake (E. Haines, "A Proposal for Standard Graphics Environments", 1987): the children of sphere i are 9 i + 1 to 9 i + 9. */
export type Flake = readonly Sphere[];

/** Grows a flake on one sphere. `depth` 0 is that sphere alone, 4 are 7381 spheres. */
export const growFlake = (centre: Vector, radius: number, depth: number): Flake => {
  const spheres: Sphere[] = [{ centre, radius, depth: 0 }];
  const axes: Vector[] = [vector(0, 1, 0)];
  for (let i = 0; spheres[i]!.depth < depth; i++) {
    const parent = spheres[i]!;
    const axis = axes[i]!;
    const [u, v] = basisOf(axis);
    for (const seat of SEATS) {
      const direction = add(add(scale(u, seat.x), scale(v, seat.y)), scale(axis, seat.z));
      const size = parent.radius * SHRINK;
      spheres.push({
        centre: along(parent.centre, direction, parent.radius + size),
        radius: size,
        depth: parent.depth + 1,
      });
      axes.push(direction);
    }
  }
  return spheres;
};

export interface FlakeHit {
  /** How far along the ray. */
  distance: number;
  normal: Vector;
  depth: number;
}

/** Where a ray enters a sphere, or a negative number: it passes by, or begins inside. `reach`: that many radii wide. */
const entry = ({ centre, radius }: Sphere, from: Vector, direction: Vector, reach: number): number => {
  const to = subtract(centre, from);
  const nearest = dot(to, direction);
  const size = radius * reach;
  const inside = size * size - (dot(to, to) - nearest * nearest);
  return inside < 0 ? -1 : nearest - Math.sqrt(inside);
};

/** Whether a ray comes near a sphere and its children before `limit`. */
const mayMeet = (sphere: Sphere, from: Vector, direction: Vector, limit: number): boolean => {
  const to = subtract(sphere.centre, from);
  const size = sphere.radius * REACH;
  const away = dot(to, to);
  if (away <= size * size) return true;
  const at = entry(sphere, from, direction, REACH);
  return at >= 0 && at < limit;
};

/** The first sphere that a ray meets beyond `least`, or null. */
export const meetFlake = (flake: Flake, from: Vector, direction: Vector, least: number): FlakeHit | null => {
  let found: Sphere | null = null;
  let distance = Infinity;
  const open = [0];
  for (let i = open.pop(); i !== undefined; i = open.pop()) {
    const sphere = flake[i]!;
    if (!mayMeet(sphere, from, direction, distance)) continue;
    const at = entry(sphere, from, direction, 1);
    if (at > least && at < distance) [found, distance] = [sphere, at];
    const first = i * CHILDREN + 1;
    if (first < flake.length) for (let child = first; child < first + CHILDREN; child++) open.push(child);
  }
  if (found === null) return null;
  const normal = scale(subtract(along(from, direction, distance), found.centre), 1 / found.radius);
  return { distance, normal, depth: found.depth };
};
