/**
 * What a document may have that is no connection: storage, other workers, devices. Each gives something where it may be
 * used; a sandboxed document without a policy for it gets an error, or nothing.
 */
const THINGS: Record<string, string> = {
  'local storage': 'localStorage.setItem("x", "1"); return localStorage.getItem("x");',
  'session storage': 'sessionStorage.setItem("x", "1"); return sessionStorage.getItem("x");',
  'a database': `return new Promise((done, failed) => {
      const open = indexedDB.open('x'); open.onsuccess = () => done('open'); open.onerror = failed; });`,
  'a cache': 'return caches.open("x");',
  'a cookie': 'document.cookie = "x=1"; return document.cookie;',
  'a folder': 'return navigator.storage.getDirectory();',
  'a service worker': 'return navigator.serviceWorker.register("/x.js");',
  'a shared worker': `return new Promise((done, failed) => {
      const url = URL.createObjectURL(new Blob(['onconnect = (e) => e.ports[0].postMessage(1);']));
      const worker = new SharedWorker(url); worker.onerror = failed; worker.port.onmessage = () => done('it runs'); });`,
  // To be asked for them, a user has to be there.
  'the place': 'return document.featurePolicy.allowsFeature("geolocation");',
  'a microphone': 'return document.featurePolicy.allowsFeature("microphone");',
  'MIDI devices': 'return document.featurePolicy.allowsFeature("midi");',
  'USB devices': 'return navigator.usb.getDevices();',
  'serial ports': 'return navigator.serial.getPorts();',
  'HID devices': 'return navigator.hid.getDevices();',
  'the screen kept on': 'return navigator.wakeLock.request("screen");',
  'the page’s document': 'return parent.document.title;',
};

/** Scripts that tell the page what they got: `{ got }`. */
export const thingScripts: Record<string, string> = Object.fromEntries(
  Object.entries(THINGS).map(([thing, use]) => [
    `gets ${thing}`,
    `(async () => { ${use} })().then((value) => { if (value) parent.postMessage({ got: ${JSON.stringify(thing)} }, '*'); }, () => {});`,
  ]),
);
