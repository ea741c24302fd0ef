const lenient = new TextDecoder('utf-8', { fatal: false, ignoreBOM: true });
const encoder = new TextEncoder();

/** Text of bytes that a stranger calls UTF-8: what is none is replaced, never refused. */
export const lenientText = (bytes: Uint8Array): string => lenient.decode(bytes);

export const utf8 = (text: string): Uint8Array<ArrayBuffer> => encoder.encode(text);
