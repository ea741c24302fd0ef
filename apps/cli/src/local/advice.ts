/** What browsers or Node have and a cage has not, and what to do instead. */
const MISSING: readonly (readonly [names: string, advice: string])[] = [
  [
    'fetch XMLHttpRequest WebSocket EventSource WebTransport RTCPeerConnection navigator',
    'a program has no network; give it what it needs as its input or in params',
  ],
  [
    'localStorage sessionStorage indexedDB caches cookieStore',
    'a program keeps nothing; return what should stay as the result',
  ],
  ['document window parent self location', 'a program runs in a worker without a page; draw with ctx.picture'],
  [
    'Worker SharedWorker importScripts BroadcastChannel MessageChannel',
    'a unit is one thread; make more and smaller units',
  ],
  ['process Buffer require module exports global __dirname __filename', 'programs run in browsers, not in Node'],
  ['WeakRef FinalizationRegistry SharedArrayBuffer Atomics', 'results would depend on the machine'],
];

const ADVICE = new Map(MISSING.flatMap(([names, advice]) => names.split(' ').map((name) => [name, advice] as const)));

/** What is to be said beyond the message of an error that a unit ended with; null: nothing. */
export const adviceOn = (message: string): string | null => {
  const [, name] = /\b(\w+) is not defined/.exec(message) ?? [];
  const advice = name === undefined ? undefined : ADVICE.get(name);
  return advice === undefined ? null : `${name} is not there in the cage: ${advice}`;
};
