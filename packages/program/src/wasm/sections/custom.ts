import { WasmFault } from '../fault.ts';
import type { Reader } from '../reader.ts';

/** Sections that name a place elsewhere, from which a browser's tools would fetch: a volunteer could be seen by it. */
const LINKS = new Set(['sourceMappingURL', 'external_debug_info']);

/** Every other custom section is ignored, whatever it is called: engines do not act on them. */
export const readCustom = (reader: Reader): void => {
  const { at } = reader;
  const name = reader.name('a custom section');
  if (LINKS.has(name)) {
    throw new WasmFault('debug-link', at, `the section ${name} points to a file elsewhere; compile without it`);
  }
};
