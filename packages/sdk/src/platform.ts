import type { AnswerOf, InputOf, OutputOf, ParamsOf } from '@gossamer/program';
import type { Sha256 } from '@gossamer/protocol';
import { callerPlace } from './caller.ts';
import { type Chunks, type Content, gather } from './content.ts';
import { errorOf } from './error-kinds.ts';

/**
 * A program: a file's path or file: URL (in Node, with `@gossamer/sdk/node`), a module's text, or the name of one
 * that was uploaded before. Never a function: what it closes over could not travel with it.
 */
export type ProgramRef = string | URL | { code: string; resolveDir?: string } | { sha256: string };

/** A reference to a program of which it is known what it takes and gives: see `typed`. */
export type TypedProgram<In, Out, Params = unknown, Answer = unknown> = ProgramRef & {
  readonly [types]: (input: In, params: Params) => { output: Out; answer: Answer };
};
/** One of which that is not known. */
export type UntypedProgram = ProgramRef & { readonly [types]?: never };
declare const types: unique symbol;

/**
 * A program with the types of its module, which is not imported for it:
 * `grid.map(range(0, 100), typed<typeof import('./program.ts')>('./program.ts'))`. The job's inputs and parameters are checked by
 * them, and its outputs and its answer have them.
 */
export const typed = <Module>(program: ProgramRef): TypedModule<Module> => program as TypedModule<Module>;
type TypedModule<Module> = TypedProgram<InputOf<Module>, OutputOf<Module>, ParamsOf<Module>, AnswerOf<Module>>;

/** A program ready to upload. */
export interface PreparedProgram {
  content: Uint8Array | { sha256: Sha256 };
  /** For the job's name. */
  name: string;
  warnings: string[];
  /** Where its places lie in its sources, where it was bundled here. */
  sourceMap?: string;
}

/** What differs between Node and a browser. */
export interface Platform {
  program(ref: ProgramRef): Promise<PreparedProgram>;
  /** A file's content, by its path. */
  file(path: string | URL): () => Promise<Content>;
  /** Makes a stream readable twice. */
  spool(chunks: Chunks): Promise<Content>;
}

export const webPlatform: Platform = {
  program: async (ref) => {
    if (typeof ref === 'string' || ref instanceof URL) {
      throw errorOf(
        'usage',
        `the program "${String(ref)}" is a path, which needs Node: import { Gossamer } from '@gossamer/sdk/node', ` +
          `or pass the text of a bundled module as { code }`,
      );
    }
    if ('sha256' in ref) return namedProgram(ref.sha256);
    return { content: new TextEncoder().encode(ref.code), name: 'program', warnings: [] };
  },
  file: (path) => {
    throw errorOf(
      'usage',
      `"${String(path)}" is a path, which needs Node: import { Gossamer } from '@gossamer/sdk/node', or pass the bytes`,
    );
  },
  spool: gather,
};

export const namedProgram = (sha256: string): PreparedProgram => ({
  content: { sha256: sha256 as Sha256 },
  name: sha256.slice(0, 12),
  warnings: [],
});

/** Says where, and what to do, where a caller without types passes something else. To be called before anything is awaited. */
export const checkProgramRef = (ref: unknown): void => {
  if (typeof ref === 'function') {
    const place = callerPlace();
    throw errorOf(
      'program-imports',
      `${place === null ? '' : `${place}: `}the function ${ref.name === '' ? '(without a name)' : ref.name} cannot travel, for what it closes over stays ` +
        'here; put it into a file of its own as `export function run(input, ctx)` and pass the path, or pass its ' +
        'text as { code: "export function run(input, ctx) { ... }" }',
    );
  }
  const fits = typeof ref === 'string' || ref instanceof URL || (typeof ref === 'object' && ref !== null);
  if (!fits || (typeof ref === 'object' && !(ref instanceof URL) && !('code' in ref) && !('sha256' in ref))) {
    throw errorOf('usage', 'a program is a path, { code } or { sha256 }');
  }
};
