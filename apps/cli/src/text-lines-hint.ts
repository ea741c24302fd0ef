import { open, stat } from 'node:fs/promises';

/** So much of a file is looked at, bytes. */
const HEAD = 4096;

/** Says that lines are taken as texts where the first one would be something else as JSON: on standard input it would be. */
export const textLinesHint = async (path: string, say: (text: string) => void): Promise<void> => {
  const first = await firstLine(path).catch(() => '');
  try {
    JSON.parse(first);
  } catch {
    return;
  }
  say(`${path}: its lines are inputs as texts, such as ${JSON.stringify(first)}; --format ndjson takes them as JSON`);
};

const firstLine = async (path: string): Promise<string> => {
  // Whoever reads of a pipe takes it from who reads next.
  if (!(await stat(path)).isFile()) return '';
  const handle = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD), 0, HEAD, 0);
    const text = buffer.toString('utf8', 0, bytesRead);
    return (
      text
        .split('\n')
        .find((line) => line.trim() !== '')
        ?.trim() ?? ''
    );
  } finally {
    await handle.close();
  }
};
