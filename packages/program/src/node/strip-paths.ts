/** Characters that were taken out of a text, and where: both from 0, in UTF-16 units. */
export interface Cut {
  line: number;
  column: number;
  length: number;
}

interface Stripped {
  code: string;
  cuts: Cut[];
}

const nameOf = (input: string): string => {
  const parts = input.split('node_modules/');
  return parts.length > 1 ? parts.at(-1)! : input.slice(input.lastIndexOf('/') + 1);
};

/**
 * esbuild names the wrapper of each CommonJS or lazily loaded module after its file: `({"../lib/a.js"(`. Such names
 * would carry the submitter's folders to strangers and make the hash depend on where the project lies; only the part
 * below the last `node_modules`, or the file's own name, is kept.
 */
export const stripPaths = (code: string, inputs: Iterable<string>): Stripped => {
  const names = new Map([...inputs].map((input) => [JSON.stringify(input), JSON.stringify(nameOf(input))]));
  const cuts: Cut[] = [];
  const stripLine = (text: string, line: number): string =>
    text.replaceAll(/\(\{("(?:[^"\\]|\\.)*")\(/g, (whole, path: string, column: number) => {
      const name = names.get(path);
      if (name === undefined || name === path) return whole;
      cuts.push({ line, column, length: path.length - name.length });
      return `({${name}(`;
    });
  return { code: code.split('\n').map(stripLine).join('\n'), cuts };
};
