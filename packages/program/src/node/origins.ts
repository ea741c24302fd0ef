import { SourceMap, type SourceMapPayload } from 'node:module';
import { type Place, placeText } from '../place.ts';

/** A place in one of a program's sources. */
export interface Origin extends Place {
  file: string;
}

/** Where a character of a bundle lies in the sources (offset in UTF-16 units); null for what the bundler wrote itself. */
export const origins = (code: string, map: string): ((offset: number) => Origin | null) => {
  const sourceMap = new SourceMap(JSON.parse(map) as SourceMapPayload);
  const starts = lineStarts(code);
  return (offset) => {
    let [low, high] = [0, starts.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    const origin = sourceMap.findEntry(low, offset - starts[low]!);
    if (!('originalSource' in origin)) return null;
    return { file: origin.originalSource, line: origin.originalLine + 1, column: origin.originalColumn + 1 };
  };
};

const lineStarts = (code: string): number[] => {
  const starts = [0];
  for (let at = code.indexOf('\n'); at !== -1; at = code.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
};

/** The same as text, `file:line:column`. */
export const sourcePlaces = (code: string, map: string): ((offset: number) => string) => {
  const origin = origins(code, map);
  return (offset) => {
    const at = origin(offset);
    return at === null ? 'program' : placeText(at.file, at);
  };
};
