/** Squares its input after some steps; says how far it is and draws it. `params.steps` of `params.ms` each. */
export const SQUARE = `
export async function run(input, ctx) {
  const { steps, ms } = ctx.params;
  for (let step = 0; step < steps; step++) {
    let x = 0;
    for (let i = 0; i < ms * 20000; i++) x = (x * 1103515245 + 12345) >>> 0;
    const rgba = new Uint8ClampedArray(64 * 32 * 4);
    for (let at = 0; at < 64 * 32; at++) {
      const lit = at % 64 < (64 * (step + 1)) / steps;
      rgba.set([lit ? 40 : 8, lit ? 190 : 20, lit ? 170 : 26, 255], 4 * at);
    }
    ctx.picture({ width: 64, height: 32, rgba });
    ctx.progress((step + 1) / steps);
    await Promise.resolve();
  }
  return input * input;
}`;

export const THROWS = `export function run() { throw new RangeError('no such tone'); }`;

export const LOOPS = `export function run() { for (;;) {} }`;

/** Bytes in, bytes out. */
export const REVERSE = `export function run(input) { return new Uint8Array(input).reverse(); }`;

/** Draws noise with a drifting line in it, as a search for one would. */
export const WATERFALL = `
export function run(input, ctx) {
  const width = 512, height = 192;
  const rgba = new Uint8ClampedArray(width * height * 4);
  for (let row = 0; row < height; row++) {
    for (let x = 0; x < width; x++) {
      const tone = Math.abs(x - 120 - row * 1.3 - 6 * input) < 1.5 ? 0.75 : 0;
      const v = Math.min(1, Math.random() ** 3 * 0.45 + tone);
      rgba.set([20 + 150 * v * v, 34 + 200 * v, 52 + 150 * v, 255], 4 * (row * width + x));
    }
    let n = 0;
    for (let i = 0; i < ctx.params.work; i++) n = (n * 1103515245 + 12345) >>> 0;
    if (row % 24 !== 23) continue;
    ctx.picture({ width, height, rgba });
    ctx.progress((row + 1) / height);
  }
  return input;
}`;

/** `(module (import "grid" "memory" (memory 1 3)) (func (export "run") (loop (br 0))))`: a module that loops for ever. */
export const LOOPING_MODULE = Buffer.from(
  'AGFzbQEAAAABBAFgAAACEQEEZ3JpZAZtZW1vcnkCAQEDAwIBAAcHAQNydW4AAAoJAQcAA0AMAAsL',
  'base64',
);
