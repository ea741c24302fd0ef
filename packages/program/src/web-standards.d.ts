/** The parts of the web standards that browsers and Node share; this package takes no DOM or Node types. */
declare class TextEncoder {
  encode(text: string): Uint8Array<ArrayBuffer>;
}
/** In a browser `subtle` is there on secure origins only. */
declare const crypto: {
  subtle?: { digest(algorithm: 'SHA-256', data: Uint8Array<ArrayBuffer>): Promise<ArrayBuffer> };
};
declare class TextDecoder {
  constructor(label: string, options: { fatal: boolean; ignoreBOM?: boolean });
  decode(bytes: Uint8Array): string;
}
