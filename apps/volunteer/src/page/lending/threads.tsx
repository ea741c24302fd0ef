import type { VNode } from 'preact';

const SPOKES = 9;
const RINGS = 5;
const TAU = 2 * Math.PI;

const point = (spoke: number, radius: number): string => {
  const angle = (TAU * spoke) / SPOKES + 0.3;
  return `${(radius * Math.cos(angle)).toFixed(1)} ${(radius * 0.62 * Math.sin(angle)).toFixed(1)}`;
};

/** A ring whose threads sag towards the middle. */
const ring = (radius: number): string =>
  Array.from({ length: SPOKES }, (_, spoke) => {
    const start = spoke === 0 ? `M${point(0, radius)}` : '';
    return `${start}Q${point(spoke + 0.5, radius * 0.8)} ${point(spoke + 1, radius)}`;
  }).join('');

/** What the stage shows when there is no picture: a web, at rest. */
export const Threads = (): VNode => (
  <svg
    class="threads"
    viewBox="-160 -90 320 180"
    aria-hidden="true"
    focusable="false"
    preserveAspectRatio="xMidYMid slice"
  >
    {Array.from({ length: SPOKES }, (_, spoke) => (
      <path key={`s${spoke}`} d={`M0 0 ${point(spoke, 240)}`} />
    ))}
    {Array.from({ length: RINGS }, (_, n) => (
      <path key={`r${n}`} class={`ring ring-${n}`} d={ring(24 + n * n * 7 + n * 16)} />
    ))}
  </svg>
);
