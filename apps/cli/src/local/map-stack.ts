import { SourceMap, type SourceMapPayload } from 'node:module';

/** Frames of the cage's own script say nothing to who wrote the program. */
const withoutBoot = (stack: string): string =>
  stack
    .split('\n')
    .filter((line) => !/\bcage-boot:\d/.test(line))
    .join('\n');

/**
 * A stack without the frames of the cage, and with the places in a bundle replaced by those in its sources, as far as its
 * source map knows them.
 */
export const mapStack = (whole: string, sourceMap: string | null): string => {
  const stack = withoutBoot(whole);
  if (sourceMap === null) return stack;
  const map = new SourceMap(JSON.parse(sourceMap) as SourceMapPayload);
  return stack.replace(/\bprogram:(\d+):(\d+)/g, (place, line: string, column: string) => {
    const origin = map.findEntry(Number(line) - 1, Number(column) - 1);
    if (!('originalSource' in origin)) return place;
    return `${origin.originalSource}:${origin.originalLine + 1}:${origin.originalColumn + 1}`;
  });
};
