/**
 * esbuild names the wrapper of each CommonJS or lazily loaded module after its file: `({"../lib/a.js"(`. Such names
 * would carry the submitter's folders to strangers and make the hash depend on where the project lies; only the part
 * below the last `node_modules`, or the file's own name, is kept.
 */
export const stripPaths = (code: string, inputs: Iterable<string>): string => {
  let stripped = code;
  for (const input of inputs) {
    const parts = input.split('node_modules/');
    const name = parts.length > 1 ? parts.at(-1)! : input.slice(input.lastIndexOf('/') + 1);
    stripped = stripped.replaceAll(`({${JSON.stringify(input)}(`, () => `({${JSON.stringify(name)}(`);
  }
  return stripped;
};
