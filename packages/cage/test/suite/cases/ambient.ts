import type { ProgramCase } from '../case.ts';
import { running } from '../case.ts';

/** By name: each must be gone, and a program that uses it all the same must get nothing out. */
const GONE: Record<string, string> = {
  fetch: 'await fetch(U.http + "/fetch")',
  XMLHttpRequest: 'const x = new XMLHttpRequest(); x.open("GET", U.http + "/xhr", false); x.send()',
  WebSocket: 'new WebSocket(U.ws); await new Promise((r) => setTimeout(r, 500))',
  WebSocketStream: 'await new WebSocketStream(U.ws).opened',
  WebTransport: 'await new WebTransport(U.http.replace("http", "https")).ready',
  EventSource: 'new EventSource(U.http + "/sse"); await new Promise((r) => setTimeout(r, 500))',
  RTCPeerConnection: 'new RTCPeerConnection({ iceServers: [{ urls: U.stun }] }).createDataChannel("x")',
  importScripts: 'importScripts(U.http + "/import")',
  Worker: 'new Worker(U.http + "/worker")',
  SharedWorker: 'new SharedWorker(U.http + "/shared")',
  BroadcastChannel: 'new BroadcastChannel("x").postMessage(1)',
  MessageChannel: 'new MessageChannel()',
  postMessage: 'self.postMessage({ forged: true })',
  onmessage: 'if (!("onmessage" in self)) throw new Error("gone")',
  addEventListener: 'self.addEventListener("message", () => {})',
  dispatchEvent: 'self.dispatchEvent(new Event("x"))',
  close: 'self.close()',
  indexedDB: 'indexedDB.open("x")',
  caches: 'await caches.open("x")',
  cookieStore: 'await cookieStore.getAll()',
  navigator: 'await navigator.storage.getDirectory()',
  location: 'location.href.length',
  origin: 'origin.length',
  isSecureContext: 'isSecureContext === undefined',
  requestAnimationFrame: 'requestAnimationFrame(() => {})',
  webkitRequestFileSystem: 'webkitRequestFileSystem(0, 1, () => {})',
  FileReader: 'new FileReader()',
  FileReaderSync: 'new FileReaderSync()',
  Blob: 'new Blob(["x"])',
  File: 'new File([], "x")',
  Request: 'new Request(U.http)',
  Response: 'new Response("x")',
  ReadableStream: 'new ReadableStream()',
  CompressionStream: 'new CompressionStream("gzip")',
  OffscreenCanvas: 'new OffscreenCanvas(1, 1).getContext("webgl")',
  createImageBitmap: 'await createImageBitmap({})',
  FontFace: 'await new FontFace("x", "url(" + U.http + "/font)").load()',
  Notification: 'Notification.permission',
  SharedArrayBuffer: 'new SharedArrayBuffer(8)',
  Atomics: 'Atomics.load(new Int32Array(1), 0)',
  WeakRef: 'new WeakRef({})',
  FinalizationRegistry: 'new FinalizationRegistry(() => {})',
  Intl: 'new Intl.DateTimeFormat().resolvedOptions().timeZone',
  Temporal: 'Temporal.Now.instant()',
  scheduler: 'scheduler.postTask(() => {})',
  reportError: 'reportError(new Error("x"))',
  trustedTypes: 'trustedTypes.createPolicy("x", {})',
  AbortSignal: 'AbortSignal.timeout(1)',
  EventTarget: 'new EventTarget()',
  GPU: 'GPU.name',
};

export const ambient: ProgramCase[] = [
  ...Object.entries(GONE).map(([name, use]): ProgramCase => ({
    name,
    family: 'ambient',
    program: running(`
        const there = ${JSON.stringify(name)} in globalThis;
        let used = 'used';
        try { ${use} } catch { used = 'refused'; }
        return [there, used];`),
    expect: { value: [false, 'refused'] },
  })),
  {
    name: 'a clock that stands still',
    family: 'ambient',
    program: running(`
      const at = [Date.now(), performance.now(), +new Date(), Date()];
      let sum = 0; for (let i = 0; i < 3e7; i++) sum += i;
      return at.join() === [Date.now(), performance.now(), +new Date(), Date()].join();`),
    expect: { value: true },
  },
  {
    name: 'the global has nothing beside the list, on all its prototypes',
    family: 'ambient',
    program: running(`
      const names = new Set();
      for (let o = globalThis; o !== null && o !== Object.prototype; o = Object.getPrototypeOf(o)) {
        for (const key of Reflect.ownKeys(o)) names.add(String(key));
      }
      return ['fetch', 'navigator', 'location', 'constructor', 'Symbol(Symbol.toStringTag)', 'eval'].filter((n) => names.has(n));`),
    expect: { value: [] },
  },
  {
    name: 'blob URLs',
    family: 'ambient',
    program: running(
      `return [typeof URL.createObjectURL, typeof URL.revokeObjectURL, typeof WebAssembly.compileStreaming]`,
    ),
    expect: { value: ['undefined', 'undefined', 'undefined'] },
  },
];
