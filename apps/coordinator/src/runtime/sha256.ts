import { hash } from 'node:crypto';

/** By way of a text, as Node's one-shot hash makes a Buffer in seven times the time that it takes for a short text. */
export const sha256 = (bytes: Uint8Array): Uint8Array => Buffer.from(hash('sha256', bytes, 'binary'), 'binary');
