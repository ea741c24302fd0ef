import asc from 'assemblyscript/asc';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');
const PAGE = readFileSync(join(ROOT, 'docs/wasm.md'), 'utf8');
const blocks = (language: string): string[] =>
  [...PAGE.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map(([, text]) => text!);

/** `grid.ts` and `mean.ts` of docs/wasm.md, and the command that compiles the latter. */
const [GRID, MEAN] = blocks('ts');
const COMMAND = blocks('sh').find((text) => text.startsWith('npx asc'))!;

/** Compiles AssemblyScript as docs/wasm.md tells to; `source` stands for its `mean.ts`. */
const compiled = async (source: string): Promise<Uint8Array> => {
  const files = new Map([
    ['grid.ts', GRID!],
    ['mean.ts', source],
  ]);
  let module: Uint8Array | null = null;
  let said = '';
  const { error } = await asc.main(COMMAND.trim().split(' ').slice(2), {
    stderr: { write: (text: string | Uint8Array) => (said += String(text)) },
    readFile: (name: string) => files.get(name) ?? null,
    writeFile: (_name: string, contents: Uint8Array | string) => {
      if (typeof contents !== 'string') module = contents;
    },
    listFiles: () => [],
  });
  if (error !== null || module === null) throw new Error(`AssemblyScript does not compile: ${said}`);
  return module;
};

/** The example of docs/wasm.md in C, as it was compiled by the command that stands there. */
const meanInC = (): Uint8Array => {
  const path = join(ROOT, 'packages/cage/test/unit/wasm/fixtures/mean-c.json');
  return Buffer.from((JSON.parse(readFileSync(path, 'utf8')) as { wasm: string }).wasm, 'base64');
};

/** Runs `use` with the path of a file that holds a module: an example of the page, or AssemblyScript's text. */
export const withModule = async <T>(
  module: 'mean in C' | 'mean in AssemblyScript' | { source: string },
  use: (path: string) => Promise<T>,
): Promise<T> => {
  const folder = await mkdtemp(join(tmpdir(), 'gossamer-module-'));
  try {
    const path = join(folder, 'program.wasm');
    const source = typeof module === 'string' ? MEAN! : module.source;
    await writeFile(path, module === 'mean in C' ? meanInC() : await compiled(source));
    return await use(path);
  } finally {
    await rm(folder, { recursive: true });
  }
};
