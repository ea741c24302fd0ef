/** A point, a direction or a colour (red, green, blue; linear light). */
export interface Vector {
  readonly x: number;
  readonly y: number;
  readonly z: number;
}

export const vector = (x: number, y: number, z: number): Vector => ({ x, y, z });
export const add = (a: Vector, b: Vector): Vector => vector(a.x + b.x, a.y + b.y, a.z + b.z);
export const subtract = (a: Vector, b: Vector): Vector => vector(a.x - b.x, a.y - b.y, a.z - b.z);
export const scale = (a: Vector, by: number): Vector => vector(a.x * by, a.y * by, a.z * by);
export const multiply = (a: Vector, b: Vector): Vector => vector(a.x * b.x, a.y * b.y, a.z * b.z);
export const dot = (a: Vector, b: Vector): number => a.x * b.x + a.y * b.y + a.z * b.z;
export const cross = (a: Vector, b: Vector): Vector =>
  vector(a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x);
export const unit = (a: Vector): Vector => scale(a, 1 / Math.sqrt(dot(a, a)));
/** From `a` at 0 to `b` at 1. */
export const mix = (a: Vector, b: Vector, at: number): Vector => add(scale(a, 1 - at), scale(b, at));
/** `a` plus `by` times `b`. */
export const along = (a: Vector, b: Vector, by: number): Vector =>
  vector(a.x + b.x * by, a.y + b.y * by, a.z + b.z * by);

/** Two directions that are at right angles to a unit vector, and to each other. */
export const basisOf = (n: Vector): readonly [Vector, Vector] => {
  const u = unit(cross(Math.abs(n.y) < 0.9 ? vector(0, 1, 0) : vector(1, 0, 0), n));
  return [u, cross(n, u)];
};
