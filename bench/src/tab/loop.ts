/**
 * The computation of a measured unit: so many steps of xorshift32, each of which needs the one before, so that no
 * compiler leaves one out. As text, since the same text runs in the cage and in a plain worker.
 */
const LOOP = `const loop = (steps) => {
  let x = 1;
  for (let i = 0; i < steps; i++) {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
  }
  return x >>> 0;
};
`;

/** The program: `params.steps` steps a unit, whatever its input. */
export const PROGRAM = `${LOOP}export const run = (_input, { params }) => loop(params.steps);\n`;

/** A plain worker that is told a number of steps and answers with how long they took, ms, and what they came to. */
export const PLAIN_WORKER = `${LOOP}onmessage = ({ data }) => {
  const began = performance.now();
  const value = loop(data);
  postMessage([performance.now() - began, value]);
};
`;
