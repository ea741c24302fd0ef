import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { BENCHMARKS } from '../benchmarks/all.ts';
import type { Row } from '../cli/benchmark.ts';
import { machine } from './machine.ts';
import { sectionOf, withSection } from './sections.ts';

const DOCUMENT = fileURLToPath(new URL('../../../docs/benchmarks.md', import.meta.url));

const HEAD = `# Benchmarks
Written by \`npm run bench -- report\`, section by section. The load comes from another process over real sockets, and what
came back is checked for count and content. Ratios count; absolute figures drift with the machine.
`;

/**
 * Runs the named benchmarks (all when none is named) and replaces their sections of the document. Throws RangeError for
 * a name that is none, Error when what came back in a run is not right.
 */
export const writeReport = async (names: readonly string[], say: (line: string) => void): Promise<void> => {
  for (const name of names) {
    if (!BENCHMARKS.some((made) => made.name === name)) throw new RangeError(`there is no benchmark ${name}`);
  }
  for (const made of BENCHMARKS) {
    if (names.length > 0 && !names.includes(made.name)) continue;
    const rows: Row[] = [];
    for (const options of made.reported) {
      say(`${made.name} ${JSON.stringify(options)}`);
      const found = await made.run(options as Record<string, number>, { say, execArgv: [] });
      say(JSON.stringify(found));
      if (found['checked'] === false) throw new Error(`${made.name}: what came back is not right; nothing is written`);
      rows.push(...(made.rows?.(found) ?? [found]));
    }
    const section = sectionOf(made, rows, new Date().toISOString().slice(0, 10), await machine());
    const document = await readFile(DOCUMENT, 'utf8').catch(() => HEAD);
    await writeFile(DOCUMENT, withSection(document, made.name, section));
  }
};
