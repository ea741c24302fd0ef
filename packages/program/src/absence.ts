/** What browsers or Node have and a cage has not, and what to do instead. */
const ABSENT: readonly (readonly [names: string, advice: string])[] = [
  [
    'fetch XMLHttpRequest WebSocket EventSource WebTransport RTCPeerConnection navigator',
    'a program has no network; give it what it needs as its input or in params',
  ],
  [
    'localStorage sessionStorage indexedDB caches cookieStore',
    'a program keeps nothing; return what should stay as the result',
  ],
  ['document window parent location', 'a program runs in a worker without a page; draw with ctx.picture'],
  [
    'Worker SharedWorker importScripts BroadcastChannel MessageChannel',
    'a unit is one thread; make more and smaller units',
  ],
  [
    'process Buffer require module exports global setImmediate __dirname __filename',
    'programs run in browsers, not in Node; pass what you need of it as an input or in params',
  ],
  [
    'Intl Temporal',
    'results would depend on where the machine stands; write numbers and dates with toString and toISOString',
  ],
  [
    'AbortController AbortSignal Event EventTarget DOMException Blob File FormData Headers Request Response ' +
      'ReadableStream WritableStream TransformStream CompressionStream ImageData OffscreenCanvas',
    'a program has the language, bytes and mathematics, and little of the web; compute with plain values',
  ],
  ['WeakRef FinalizationRegistry SharedArrayBuffer Atomics', 'results would depend on the machine'],
  ['eval', 'code cannot be made from text'],
];

const ADVICE = new Map(ABSENT.flatMap(([names, advice]) => names.split(' ').map((name) => [name, advice] as const)));

/** Why a name that browsers or Node know is not there in a cage, and what to do instead; null for any other name. */
export const absenceAdvice = (name: string): string | null => ADVICE.get(name) ?? null;

/** One sentence for a name that a program uses and no tab knows. */
export const absenceText = (name: string): string => {
  const advice = absenceAdvice(name);
  if (advice !== null) return `${name} is not there in a volunteer's tab: ${advice}`;
  return (
    `${name} is declared nowhere in the program: what is around a function does not travel with it; ` +
    'declare it in the file, import it, or pass it as an input or in params (ctx.params)'
  );
};
