/** How the bytes of an input or a result are to be read. */
export const ENCODING = { json: 0, bytes: 1 } as const;
export type Encoding = (typeof ENCODING)[keyof typeof ENCODING];

/** Bytes with their encoding: UTF-8 JSON text, or bytes as they are. */
export interface Payload {
  encoding: Encoding;
  body: Uint8Array;
}
