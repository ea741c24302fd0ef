import { realpath } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { LIMITS, ProblemError } from '@gossamer/protocol';
import { type BuildFailure, type BuildOptions, type BuildResult, type Message, build } from 'esbuild';
import { faultText } from '../import-rule.ts';
import { type ProgramModule, programModule } from '../module.ts';
import { placeText } from '../place.ts';
import { bundleMap } from './bundle-map.ts';
import { leftImports } from './dynamic-imports.ts';
import { exportsProblem, runProblem } from './exports-rule.ts';
import { origins, sourcePlaces } from './origins.ts';
import { type Finding, programError } from './program-error.ts';
import { fileFault } from './program-file.ts';
import { runFault } from './run-rule.ts';
import { stripPaths } from './strip-paths.ts';
import { CANNOT_TRAVEL, travelPlugin } from './travel-plugin.ts';
import { unknownNames } from './unknown-names.ts';

/** A file, or a module's text (TypeScript or JavaScript) with the folder in which its imports are looked up. */
export type ProgramEntry = string | { code: string; resolveDir?: string };

export interface BundledProgram extends ProgramModule {
  /** Where its places lie in the sources, as `readSourceMap` reads it; without their texts. */
  sourceMap: string;
  /** What may be meant otherwise, as `file:line:column: text`. */
  warnings: string[];
}

/** What to do about an import of a file that is no code. */
const NO_LOADER = 'pass what is in it as an input, as a parameter, or as shared data';

type Output = BuildResult<{ write: false; metafile: true }>;

/** Same input, same text: no paths, no time, nothing of the machine. Names are kept, for stacks that can be read. */
const settings = {
  bundle: true,
  write: false,
  metafile: true,
  format: 'esm',
  platform: 'browser',
  target: 'es2023',
  charset: 'utf8',
  minifyWhitespace: true,
  minifySyntax: true,
  legalComments: 'inline',
  sourcemap: 'external',
  sourcesContent: false,
  outfile: 'program.js',
  define: { 'process.env.NODE_ENV': '"production"', global: 'globalThis' },
  loader: { '.wasm': 'binary' },
  logLevel: 'silent',
  plugins: [travelPlugin],
} as const satisfies BuildOptions;

/**
 * Bundles a program and what it imports into one ES module's text.
 * Types are erased, not checked. Throws ProblemError:
 * - `program-invalid`: no such file, or it does not compile (with each place),
 * - `program-imports`: it imports what cannot travel, or its own files use names that no tab knows (with each place),
 * - `program-exports`: it exports no `run`, or one that is known not to be a function that gives a result (with its place),
 * - `body-too-large`: the bundle is over `LIMITS.program` bytes.
 */
export const bundleProgram = async (entry: ProgramEntry): Promise<BundledProgram> => {
  const { file, options } = await entryOptions(entry);
  const built = await runBuild({ ...settings, ...options });
  const [text, map] = [outputText(built, '.js'), outputText(built, '.map')];
  await refuseLeftImports(text, map);
  const [output] = Object.values(built.metafile.outputs).filter(({ entryPoint }) => entryPoint !== undefined);
  const problem = exportsProblem(file, output?.exports ?? []);
  if (problem !== null) throw problem;
  refuseIdleRun(text, map);
  const unknown = unknownNames(text, origins(text, map), built.metafile.inputs, output?.entryPoint ?? file);
  if (unknown.own.length > 0) throw programError('program-imports', unknown.own);
  const { code, cuts } = stripPaths(text, Object.keys(built.metafile.inputs));
  const program = await programModule(code);
  if (program.size > LIMITS.program) {
    throw new ProblemError(
      'body-too-large',
      `${file} is ${program.size} bytes as a bundle; ${LIMITS.program} are allowed`,
    );
  }
  const warnings = [...built.warnings.map(finding), ...unknown.ofPackages].map(
    ({ at, message }) => `${at}: ${message}`,
  );
  return { ...program, sourceMap: bundleMap(map, cuts, await realpath(options.absWorkingDir!)), warnings };
};

const entryOptions = async (entry: ProgramEntry): Promise<{ file: string; options: BuildOptions }> => {
  if (typeof entry !== 'string') {
    const file = 'program.ts';
    const resolveDir = resolve(entry.resolveDir ?? '.');
    const stdin = { contents: entry.code, resolveDir, sourcefile: file, loader: 'ts' as const };
    return { file, options: { stdin, absWorkingDir: resolveDir } };
  }
  const path = resolve(entry);
  const fault = await fileFault(entry);
  if (fault !== null)
    throw new ProblemError('program-invalid', fault.message, [{ path: entry, message: fault.message }]);
  return { file: basename(path), options: { entryPoints: [path], absWorkingDir: dirname(path) } };
};

const runBuild = async (options: BuildOptions): Promise<Output> => {
  try {
    return (await build(options)) as Output;
  } catch (error) {
    const messages = (error as Partial<BuildFailure>).errors;
    if (messages === undefined) throw error;
    const imports = messages.filter(({ detail }) => detail === CANNOT_TRAVEL);
    if (imports.length > 0) throw programError('program-imports', imports.map(finding));
    throw programError('program-invalid', messages.map(finding));
  }
};

/** esbuild counts lines from 1 and columns in bytes from 0. */
const finding = ({ location, text: said }: Message): Finding => {
  const text = said.startsWith('No loader is configured for') ? `${said}: ${NO_LOADER}` : said;
  if (location === null) return { at: 'program', message: text };
  const column = Buffer.from(location.lineText).subarray(0, location.column).toString().length + 1;
  return { at: placeText(location.file, { line: location.line, column }), message: text };
};

const outputText = (built: Output, ending: string): string =>
  built.outputFiles.find(({ path }) => path.endsWith(ending))!.text;

/** What is still imported after bundling are dynamic imports of computed names; told at their place in the source. */
const refuseLeftImports = async (code: string, map: string): Promise<void> => {
  const left = await leftImports(code);
  if (left.length === 0) return;
  const place = sourcePlaces(code, map);
  throw programError(
    'program-imports',
    left.map(({ specifier, offset }) => ({ at: place(offset), message: faultText('computed', specifier) })),
  );
};

/** What exports a `run` that cannot run is refused at the place where it is made. */
const refuseIdleRun = (code: string, map: string): void => {
  const fault = runFault(code);
  if (fault === null) return;
  throw runProblem(sourcePlaces(code, map)(fault.offset), fault.kind);
};
