const HERE = import.meta.url;
/** Where the SDK's own files lie, built or not. */
const OWN = [HERE, new URL('../src/', HERE).href, new URL('../dist/', HERE).href].map((url) => pathOf(url));

/** The end of a line of a stack: Chromium and Node write `at name (place)`, Firefox and Safari `name@place`. */
const PLACE = /(?:[\s(@])([^\s()@]+:\d+:\d+)\)?$/;

function pathOf(url: string): string {
  return url.replace(/^file:\/\//, '');
}

/** Where the SDK was called from, as `file:line:column`; null where the engine's stack does not say. */
export const callerPlace = (stack = new Error().stack ?? ''): string | null => {
  for (const line of stack.split('\n')) {
    const place = PLACE.exec(line)?.[1];
    if (place === undefined) continue;
    const path = pathOf(place);
    if (!OWN.some((own) => path.startsWith(own))) return path;
  }
  return null;
};
