import { createHash } from 'node:crypto';
import { checkedOrigin } from './origin.ts';
import { frameScript } from './script.ts';

export interface CageDocument {
  html: string;
  headers: Record<string, string>;
}

const DENIED = [
  'camera',
  'microphone',
  'geolocation',
  'usb',
  'serial',
  'hid',
  'midi',
  'payment',
  'display-capture',
  'screen-wake-lock',
  'compute-pressure',
  'idle-detection',
  'storage-access',
  'local-fonts',
];

/** A document whose one script is `script`, behind the headers of wall 2. */
export const documentOf = (script: string, pageOrigin: string): CageDocument => {
  const hash = createHash('sha256').update(script, 'utf8').digest('base64');
  return {
    html: `<!doctype html><meta charset="utf-8"><title>cage</title><script>${script}</script>`,
    headers: {
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Security-Policy':
        `sandbox allow-scripts; default-src 'none'; script-src 'sha256-${hash}' blob: 'wasm-unsafe-eval'; ` +
        "worker-src blob:; connect-src 'none'; base-uri 'none'; form-action 'none'; " +
        `frame-ancestors ${checkedOrigin(pageOrigin)}`,
      // Stops what a CSP does not name: navigation of the frame itself, DNS prefetch, STUN (Chromium 152 and later).
      'Connection-Allowlist': '();webrtc=block',
      'Permissions-Policy': DENIED.map((feature) => `${feature}=()`).join(','),
      'Origin-Agent-Cluster': '?1',
      'Cross-Origin-Resource-Policy': 'cross-origin',
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'no-referrer',
      'Cache-Control': 'no-store',
    },
  };
};

/**
 * What a cage origin answers to a request of its document: the frame of every cage, whatever its job.
 * @param options.pageOrigin the only origin whose pages may open it
 * @throws TypeError where `pageOrigin` is no origin
 */
export const cageDocument = (options: { pageOrigin: string }): CageDocument =>
  documentOf(frameScript(), options.pageOrigin);
