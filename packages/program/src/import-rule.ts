import { NODE_BUILTINS } from './node-builtins.ts';

/** Why an import cannot travel into a volunteer's tab. */
export type ImportFault = 'node-builtin' | 'native-addon' | 'url' | 'missing' | 'computed' | 'left-over';

/**
 * What is wrong with the name of an import by itself; null where it may be bundled if it can be found.
 * A bare `buffer` or `events` is a fault only where no npm package of that name is installed: ask with `installed`.
 */
export const importFault = (specifier: string, installed: boolean): ImportFault | null => {
  if (specifier.startsWith('node:')) return 'node-builtin';
  if (/^(?:https?:)?\/\//.test(specifier)) return 'url';
  if (specifier.endsWith('.node')) return 'native-addon';
  if (installed) return null;
  return NODE_BUILTINS.has(specifier.split('/')[0]!) ? 'node-builtin' : 'missing';
};

/** One sentence that names the import, what is wrong with it and what to do. */
export const faultText = (fault: ImportFault, specifier: string): string => {
  switch (fault) {
    case 'node-builtin':
      return `"${specifier}" is built into Node and is not there in a volunteer's tab; pass what it gives as an input`;
    case 'native-addon':
      return `"${specifier}" is a native add-on, which no browser can load; use a JavaScript or wasm package instead`;
    case 'url':
      return `"${specifier}" would be fetched by the volunteer's tab, which has no network; install it from npm instead`;
    case 'missing':
      return `"${specifier}" cannot be found; install it, or mend its path`;
    case 'computed':
      return `import(${specifier}) names its module only when it runs; a program is one module: write the name as text`;
    case 'left-over':
      return `"${specifier}" is imported; a program must be one self-contained module: bundle it before it is uploaded`;
  }
};
