import type { SourceMapSegment } from '@jridgewell/sourcemap-codec';
import { join, resolve, sep } from 'node:path';
import { OWN_SOURCE } from '../own-frames.ts';
import { readSourceMap, writeSourceMap } from '../source-map.ts';
import type { Cut } from './strip-paths.ts';

/** Where the code lies that wraps programs' functions, in the repository and built. */
const OWN_FOLDERS = ['src', 'dist'].map((made) => join(import.meta.dirname, '../..', made, 'define') + sep);

/** What is ours has one name, wherever it lies. */
const ownName = (path: string): string | null => {
  const folder = OWN_FOLDERS.find((own) => path.startsWith(own));
  return folder === undefined ? null : OWN_SOURCE + path.slice(folder.length);
};

/** Of what was installed only the package's own path: where a project lies is nobody's concern. */
const shortened = (source: string): string => source.split('node_modules/').at(-1)!;

const moved = (segment: SourceMapSegment, cuts: readonly Cut[]): SourceMapSegment => {
  const before = cuts.filter(({ column }) => column < segment[0]);
  const column = segment[0] - before.reduce((sum, { length }) => sum + length, 0);
  const [, ...rest] = segment;
  return [column, ...rest] as SourceMapSegment;
};

/** The bundler's source map for the text from which some characters were cut; its sources are named from `folder`. */
export const bundleMap = (map: string, cuts: readonly Cut[], folder: string): string => {
  const { sources, lines } = readSourceMap(map)!;
  const shifted = lines.map((segments, line) => {
    const here = cuts.filter((cut) => cut.line === line);
    return here.length === 0 ? segments : segments.map((segment) => moved(segment, here));
  });
  return writeSourceMap({
    sources: sources.map((source) => ownName(resolve(folder, source)) ?? shortened(source)),
    lines: shifted,
  });
};
