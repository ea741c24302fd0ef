/** Programs as submitters write them. `params.work` is how long a unit takes, in millions of steps of a loop. */

const WORK = `
const spin = (ctx) => {
  let x = 1;
  for (let part = 0; part < ctx.params.work; part++) {
    for (let step = 0; step < 1e6; step++) x = (Math.imul(x, 1103515245) + 12345) | 0;
    ctx.progress((part + 1) / ctx.params.work);
  }
  return x;
};`;

/** n -> n * n; with \`spun\`, so that the work cannot be left out. */
export const SQUARE = {
  code: `${WORK}
export function run(input, ctx) {
  const spun = spin(ctx);
  return { square: input * input, spun: spun !== 0.5 };
}`,
};

/** Throws on odd numbers. */
export const THROWS = {
  code: `
export function run(input) {
  if (input % 2 === 1) throw new RangeError('no tone above the noise at channel ' + input);
  return input;
}`,
};

export const LOOPS = { code: 'export function run() { for (;;) {} }' };

/** Bytes in, bytes out. */
export const REVERSE = { code: 'export function run(input) { return new Uint8Array(input).reverse(); }' };

/** Says of its input what kind it is. */
export const ECHO = {
  code: `
export function run(input) {
  return input instanceof ArrayBuffer ? new Uint8Array(input) : { was: typeof input, value: input };
}`,
};

/** As many bytes, or characters, as the input says. */
export const FILLS = {
  code: `
export function run({ kind, size }) {
  return kind === 'bytes' ? new Uint8Array(size).fill(7) : 'x'.repeat(size - 2);
}`,
};

/** Draws one colour: the left half another one than the right half. */
export const DRAWS = {
  code: `${WORK}
export function run(input, ctx) {
  const rgba = new Uint8ClampedArray(64 * 32 * 4);
  for (let at = 0; at < 64 * 32; at++) rgba.set(at % 64 < 32 ? [200, 40, 20, 255] : [10, 90, 220, 255], 4 * at);
  ctx.picture({ width: 64, height: 32, rgba });
  return spin(ctx) !== 0.5;
}`,
};

/** Tries every way out that it can name to \`params.http\` and \`params.ws\`, and computes nevertheless. */
export const ESCAPES = {
  code: `
const tries = {
  fetch: ({ http }) => fetch(http + '/fetch'),
  request: ({ http }) => { const x = new XMLHttpRequest(); x.open('GET', http + '/xhr'); x.send(); },
  socket: ({ ws }) => new Promise((resolve) => { const s = new WebSocket(ws); s.onclose = s.onopen = resolve; }),
  events: ({ http }) => new EventSource(http + '/events'),
  beacon: ({ http }) => navigator.sendBeacon(http + '/beacon', 'x'),
  import: ({ http }) => Function('name', 'return import(name)')(http + '/module.js'),
  scripts: ({ http }) => importScripts(http + '/script.js'),
  worker: ({ http }) => new Worker(http + '/worker.js'),
  image: ({ http }) => { new Image().src = http + '/image.png'; },
  data: () => Function('return import("data:text/javascript,export default 1")')(),
  timer: ({ http }) => setTimeout('fetch("' + http + '/timer")', 0),
  global: ({ http }) => (0, globalThis.constructor.constructor)('return fetch("' + http + '/function")')(),
  transport: ({ http }) => new WebTransport(http.replace('http:', 'https:')).ready,
};
export async function run(input, ctx) {
  const reached = [];
  for (const [name, attempt] of Object.entries(tries)) {
    try {
      await Promise.race([attempt(ctx.params), new Promise((_, reject) => setTimeout(reject, 300))]);
      reached.push(name);
    } catch {}
  }
  return { reached, answer: input * input };
}`,
};

/** n -> n * n, and how such a result is checked. */
export const CHECKED = {
  code: `
export function run(input) { return { square: input * input, spun: true }; }
export function check(input, result, { params }) { return result.square === input * input && params.strict; }`,
};
