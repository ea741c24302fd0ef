import { withoutOwnFrames } from './own-frames.ts';
import { decode, encode, type SourceMapSegment } from '@jridgewell/sourcemap-codec';

/** Where the places of a bundle lie in its sources: a source map (ECMA-426), of which only this is read. */
export interface SourceMap {
  sources: readonly string[];
  /** By line of the bundle, from 0. */
  lines: readonly (readonly SourceMapSegment[])[];
}

const isText = (value: unknown): value is string => typeof value === 'string';

/** null: it is no source map. A stranger may have written it. */
export const readSourceMap = (text: string): SourceMap | null => {
  try {
    const { version, sources, mappings } = JSON.parse(text) as Record<string, unknown>;
    if (version !== 3 || !isText(mappings) || !Array.isArray(sources) || !sources.every(isText)) return null;
    return { sources, lines: decode(mappings) };
  } catch {
    return null;
  }
};

export const writeSourceMap = ({ sources, lines }: SourceMap): string =>
  JSON.stringify({ version: 3, sources, names: [], mappings: encode(lines as SourceMapSegment[][]) });

/** The last segment of a line at or before a column. */
const segmentAt = (segments: readonly SourceMapSegment[], column: number): SourceMapSegment | undefined => {
  let [low, high] = [0, segments.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (segments[middle]![0] <= column) low = middle + 1;
    else high = middle;
  }
  return segments[low - 1];
};

/** How programs are called in what engines say: the tab's, and the judge's with the ending. */
const PLACE = /\bprogram(?:\.js)?:(\d{1,9}):(\d{1,9})/g;

/**
 * A stack, or another text with places in the bundle, with their places in the sources; what is in none stays. Frames of what wraps
 * the program's functions are left out.
 */
export const withSources = (text: string, { sources, lines }: SourceMap): string =>
  withoutOwnFrames(
    text.replaceAll(PLACE, (place, line: string, column: string) => {
      const segment = segmentAt(lines[Number(line) - 1] ?? [], Number(column) - 1);
      const source = segment?.[1] === undefined ? undefined : sources[segment[1]];
      return source === undefined ? place : `${source}:${segment![2]! + 1}:${segment![3]! + 1}`;
    }),
  );
