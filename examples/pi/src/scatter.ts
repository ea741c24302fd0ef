import type { Picture } from '@gossamer/program';

const SIDE = 240;
/** So many points are drawn, then shown: more would fill the square. */
const SHOWN = 12_000;
const INSIDE = [111, 207, 190] as const;
const OUTSIDE = [214, 120, 92] as const;
const GROUND = [16, 22, 30] as const;

/** Draws the first points of a unit, and shows them once. */
export const scatter = (show: (picture: Picture) => void): ((x: number, y: number, isInside: boolean) => void) => {
  const rgba = new Uint8ClampedArray(SIDE * SIDE * 4);
  for (let at = 0; at < rgba.length; at += 4) rgba.set([...GROUND, 255], at);
  let drawn = 0;
  return (x, y, isInside) => {
    if (drawn >= SHOWN) return;
    drawn += 1;
    const [column, row] = [Math.floor(x * SIDE), SIDE - 1 - Math.floor(y * SIDE)];
    rgba.set(isInside ? INSIDE : OUTSIDE, 4 * (row * SIDE + column));
    if (drawn === SHOWN) show({ width: SIDE, height: SIDE, rgba });
  };
};
