import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../lib/say.mjs';

/** A piece of code that stands in a page. */
export interface Snippet {
  page: string;
  /** The line of the page on which its first line stands. */
  line: number;
  language: 'ts' | 'js';
  text: string;
  /** The name by which other snippets of its page import it, where it has one. */
  name: string | null;
}

const FENCE = /^([ \t]*)```(ts|js)\n(.*?)^\1```/gms;
/** A file that a page has its reader write: `cat > NAME.ts <<'END'`. */
const HEREDOC = /^([ \t]*)cat > ([\w-]+)\.(ts|mjs) <<'END'\n(.*?)^\1END$/gms;

const lineAt = (text: string, offset: number): number => text.slice(0, offset).split('\n').length;

/** Without the indentation of the list that it stands in. */
const plain = (text: string, indent: string): string =>
  text
    .split('\n')
    .map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line))
    .join('\n');

/** `names`: of the snippets of that page, in their order, those that others import. */
export const snippetsOf = (page: string, names: readonly (string | null)[] = []): Snippet[] => {
  const text = readFileSync(join(ROOT, page), 'utf8');
  const fenced = [...text.matchAll(FENCE)].map((match, at): Snippet => {
    const [, indent, language, body] = match;
    const name = names[at] ?? null;
    return {
      page,
      line: lineAt(text, match.index) + 1,
      language: language as 'ts' | 'js',
      text: plain(body!, indent!),
      name,
    };
  });
  const written = [...text.matchAll(HEREDOC)].map((match): Snippet => {
    const [, indent, name, extension, body] = match;
    const language = extension === 'ts' ? 'ts' : 'js';
    return { page, line: lineAt(text, match.index) + 1, language, text: plain(body!, indent!), name: name! };
  });
  return [...fenced, ...written];
};

/** What a page takes for granted: it tells of these before, or they are the reader's own. */
const GIVEN = `
declare const url: string;
declare const apiKey: string;
declare const params: { units: number; samples: number };
declare const grid: import('@gossamer/sdk/node').Gossamer;
`;

const OPTIONS = {
  target: 'ES2023',
  lib: ['ES2024', 'DOM', 'DOM.Iterable'],
  types: ['node'],
  module: 'NodeNext',
  moduleResolution: 'NodeNext',
  strict: true,
  skipLibCheck: true,
  noEmit: true,
  allowImportingTsExtensions: true,
  customConditions: ['source'],
};

/** A reader's script in JavaScript is not type-checked: of what it calls all must be there, and fit; what is unknown to types may be used. */
const JS_OPTIONS = { ...OPTIONS, strict: false, allowJs: true, checkJs: true };
/** Laxer rules find fault with our own sources, which have a check of their own. */
const LAX = /unknown|^\.\.\//;

const tsc = async (folder: string, options: object, files: readonly string[]): Promise<string> => {
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: options, files }));
  const compiler = join(ROOT, 'node_modules/typescript/bin/tsc');
  return new Promise((resolve) => {
    execFile(process.execPath, [compiler, '-p', folder, '--pretty', 'false'], { cwd: folder }, (_, stdout) =>
      resolve(stdout),
    );
  });
};

/** What the compiler finds wrong with snippets, as `page:line: message`. */
export const typeCheck = async (snippets: readonly Snippet[]): Promise<string[]> => {
  const folder = mkdtempSync(join(tmpdir(), 'gossamer-snippets-'));
  try {
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    writeFileSync(join(folder, 'package.json'), '{"type": "module"}');
    writeFileSync(join(folder, 'given.d.ts'), GIVEN);
    const files = new Map<string, Snippet>();
    for (const [at, snippet] of snippets.entries()) {
      const name = `${snippet.name ?? `snippet-${at}`}.${snippet.language}`;
      // One that imports and exports nothing would be a script, which may not await.
      writeFileSync(join(folder, name), `${snippet.text}\nexport {};\n`);
      files.set(name, snippet);
    }
    const of = (language: string): string[] => [...files.keys()].filter((name) => name.endsWith(`.${language}`));
    const found = [
      ...(await tsc(folder, OPTIONS, ['given.d.ts', ...of('ts')])).split('\n'),
      ...(await tsc(folder, JS_OPTIONS, ['given.d.ts', ...of('js')])).split('\n').filter((line) => !LAX.test(line)),
    ];
    return found.flatMap((said) => {
      if (said.trim() === '' || said.startsWith(' ')) return [];
      const [, name, line, message] = /^(.+?)\((\d+),\d+\): (.*)$/.exec(said) ?? [];
      const snippet = files.get(name ?? '');
      return snippet === undefined ? [said] : [`${snippet.page}:${snippet.line + Number(line) - 1}: ${message}`];
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
