import { init, parse } from 'es-module-lexer';

/** An import that is left in a module's text; `specifier` is its source text where it is computed. */
export interface LeftImport {
  specifier: string;
  computed: boolean;
  /** Where it stands, UTF-16 units. */
  offset: number;
}

/** Every import of a module that parses, static and dynamic, in order. Throws where the text cannot be read. */
export const leftImports = async (code: string): Promise<LeftImport[]> => {
  await init;
  const [imports] = parse(code);
  return imports
    .filter(({ d }) => d !== IMPORT_META)
    .map(({ n, s, e, ss }) => ({ specifier: n ?? code.slice(s, e), computed: n === undefined, offset: ss }));
};

const IMPORT_META = -2;
