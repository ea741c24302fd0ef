import type { SourceMapSegment } from '@jridgewell/sourcemap-codec';
import { readSourceMap, writeSourceMap } from '../source-map.ts';
import type { Cut } from './strip-paths.ts';

/** Of what was installed only the package's own path: where a project lies is nobody's concern. */
const shortened = (source: string): string => source.split('node_modules/').at(-1)!;

const moved = (segment: SourceMapSegment, cuts: readonly Cut[]): SourceMapSegment => {
  const before = cuts.filter(({ column }) => column < segment[0]);
  const column = segment[0] - before.reduce((sum, { length }) => sum + length, 0);
  const [, ...rest] = segment;
  return [column, ...rest] as SourceMapSegment;
};

/** The bundler's source map for the text from which some characters were cut. */
export const bundleMap = (map: string, cuts: readonly Cut[]): string => {
  const { sources, lines } = readSourceMap(map)!;
  const shifted = lines.map((segments, line) => {
    const here = cuts.filter((cut) => cut.line === line);
    return here.length === 0 ? segments : segments.map((segment) => moved(segment, here));
  });
  return writeSourceMap({ sources: sources.map(shortened), lines: shifted });
};
