/** How far two numbers may be apart: by a distance, or by a share of the larger one. Neither is negative. */
export interface Bounds {
  absolute: number;
  relative: number;
}

/** |a - b| <= max(absolute, relative * max(|a|, |b|)). NaN is near NaN, an infinity near itself only, -0 is 0. */
export const isNear = (a: number, b: number, { absolute, relative }: Bounds): boolean => {
  if (a === b || (Number.isNaN(a) && Number.isNaN(b))) return true;
  if (!Number.isFinite(a) || !Number.isFinite(b)) return false;
  return Math.abs(a - b) <= Math.max(absolute, relative * Math.max(Math.abs(a), Math.abs(b)));
};
