/**
 * From this size on, moving an ArrayBuffer to a thread is cheaper than copying its bytes. It lies above the size of
 * Node's shared pool of small Buffers (`Buffer.poolSize`), which must never be moved.
 */
const LEAST_TO_MOVE = 128 * 1024;

/** Whether the buffer behind a body that was given away is worth moving. */
export const isMovable = (body: Uint8Array): body is Uint8Array<ArrayBuffer> =>
  body.buffer instanceof ArrayBuffer && body.buffer.byteLength >= LEAST_TO_MOVE;

/** The buffers behind those bodies that are worth moving, each once. */
export const movableBuffers = (bodies: readonly Uint8Array[]): ArrayBuffer[] => [
  ...new Set(bodies.filter(isMovable).map(({ buffer }) => buffer)),
];
