import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, extname, join, parse, resolve } from 'node:path';

/** Why a path names no file of a program, in words: nothing is there, or a folder is, or a file of another kind. */
export interface FileFault {
  kind: 'missing' | 'folder' | 'no-program';
  message: string;
}

const PROGRAM = /\.(?:[cm]?[jt]sx?|wasm)$/i;
const WHAT =
  'a program is TypeScript or JavaScript (.ts, .tsx, .mts, .js, .jsx, .mjs), or a module of WebAssembly (.wasm)';

const DATA = new Set(['.csv', '.tsv', '.json', '.ndjson', '.jsonl', '.txt', '.bin']);
const COMPILED = new Set(['.c', '.cc', '.cpp', '.cxx', '.rs', '.go', '.zig', '.wat', '.f90']);
/** Languages that no browser runs, by the ends of their files' names. */
const LANGUAGES: Record<string, string> = {
  '.py': 'Python',
  '.ipynb': 'Python',
  '.r': 'R',
  '.jl': 'Julia',
  '.rb': 'Ruby',
  '.m': 'MATLAB',
  '.java': 'Java',
  '.sh': 'a shell',
};

/** What to do with a file that is no program, by its name. */
const advice = (path: string): string => {
  const end = extname(path).toLowerCase();
  if (DATA.has(end)) {
    return `it is data: name the program first, and give this as its inputs (--input ${path})`;
  }
  if (COMPILED.has(end)) return 'compile it to a module of WebAssembly (.wasm); docs/wasm.md has recipes';
  const language = LANGUAGES[end];
  return language === undefined
    ? WHAT
    : `no volunteer's browser has ${language}: write what it computes in TypeScript or JavaScript`;
};

/** A program beside it that has the same name but for its end. */
const namesake = async (path: string): Promise<string | null> => {
  const names = await readdir(dirname(path)).catch(() => []);
  return names.find((name) => PROGRAM.test(name) && parse(name).name === parse(path).name) ?? null;
};

const missing = async (path: string): Promise<string> => {
  const full = resolve(path);
  const other = await namesake(full);
  const meant = other === null ? '' : `; did you mean ${join(dirname(path), other)}?`;
  return `there is no file ${path}${path === full ? '' : ` (looked for ${full})`}${meant}`;
};

/** What is wrong with the path of a program before anything of it is read; null where a file of a program is there. */
export const fileFault = async (path: string): Promise<FileFault | null> => {
  const found = await stat(path).catch(() => null);
  if (found === null) return { kind: 'missing', message: await missing(path) };
  if (found.isDirectory()) {
    return { kind: 'folder', message: `${path} is a folder, and a program is one file: name the one that exports run` };
  }
  if (PROGRAM.test(path)) {
    return found.isFile() ? null : { kind: 'no-program', message: `${path} is no file that can be read twice` };
  }
  return { kind: 'no-program', message: `${basename(path)} is no program: ${advice(path)}` };
};
