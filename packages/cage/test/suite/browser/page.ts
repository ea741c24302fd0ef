import type { OpenedFrame } from '../../../src/page/index.ts';
import { openFrame } from '../../../src/page/index.ts';

interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL: () => string }): { createScriptURL(text: string): URL };
}
const { trustedTypes } = globalThis as unknown as { trustedTypes: TrustedTypes };
const policy = trustedTypes.createPolicy('engine', { createScriptURL: () => '/engine.js' });
const engine = new Worker(policy.createScriptURL(''), { type: 'module' });
const waiting = new Map<number, (answer: { value?: unknown; error?: string }) => void>();
const frames = new Map<number, OpenedFrame>();
let lastCall = 0;
let lastFrame = 0;

engine.onmessage = ({ data }) => waiting.get(data.id)?.(data);

const call = (name: string, args: unknown[], transfer: Transferable[] = []): Promise<unknown> =>
  new Promise((resolve, reject) => {
    const id = ++lastCall;
    waiting.set(id, ({ value, error }) => {
      waiting.delete(id);
      if (error === undefined) resolve(value);
      else reject(new Error(error));
    });
    engine.postMessage({ id, name, args }, transfer);
  });

/** What a page that was not careful would run: shows whether a message of the frame got anything done. */
const heard: string[] = [];
/** What a frame said that it got. */
let got: string[] = [];
addEventListener('message', ({ data }: MessageEvent<{ got?: unknown } | null>) => {
  heard.push(typeof data);
  if (typeof data?.got === 'string') got.push(data.got);
});

const operations: Record<string, (...args: never[]) => unknown> = {
  open: async (url: string) => {
    const begun = performance.now();
    const opened = await openFrame(document, url);
    const frame = ++lastFrame;
    frames.set(frame, opened);
    const ms = performance.now() - begun;
    await call('connect', [frame, opened.port], [opened.port]);
    return { frame, ms };
  },
  remove: (frame: number) => frames.get(frame)?.remove(),
  /** Opens a document and leaves it for a while. */
  expose: async (url: string, ms: number) => {
    const before = document.querySelectorAll('iframe').length;
    got = [];
    const outcome = await openFrame(document, url, { timeoutMs: ms }).then(
      async ({ port, remove }) => {
        port.start();
        await new Promise((resolve) => setTimeout(resolve, ms));
        remove();
        return 'opened';
      },
      (error: Error) => error.message,
    );
    return { outcome, left: document.querySelectorAll('iframe').length - before, here: location.pathname, got };
  },
  pollution: () => Reflect.ownKeys(Object.prototype).map(String),
  heard: () => heard.length,
};

Object.assign(globalThis, {
  suite: (name: string, ...args: unknown[]) => {
    const own = operations[name];
    return own === undefined ? call(name.replace(/^engine\./, ''), args) : own(...(args as never[]));
  },
});
