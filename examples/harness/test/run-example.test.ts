import { spawn } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';

/** Runs a small example of the built harness as a process, with a folder of its own for temporary files. */
const ran = async (run: string): Promise<{ code: number | null; out: string; err: string; left: string[] }> => {
  const folder = await mkdtemp(join(tmpdir(), 'gossamer-harness-'));
  try {
    const harness = JSON.stringify(join(import.meta.dirname, '../dist/index.js'));
    const script = join(folder, 'example.mjs');
    await writeFile(
      script,
      `import { runExample } from ${harness};
       await runExample({ name: 'small', about: '', quorum: 1, flags: {}, run: async ({ grid }) => { ${run} } });`,
    );
    const child = spawn(process.execPath, [script, '--tabs', '1', '--json'], {
      env: { ...process.env, TMPDIR: folder },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [out, err] = ['', ''];
    child.stdout.on('data', (chunk) => (out += String(chunk)));
    child.stderr.on('data', (chunk) => (err += String(chunk)));
    const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
    return { code, out, err, left: (await readdir(folder)).filter((name) => name.startsWith('gossamer-example-')) };
  } finally {
    await rm(folder, { recursive: true });
  }
};

const JOB = `
  const job = await grid.map([3, 4], { code: 'export const run = (n) => n * n;' }, { quorum: 1 });
  let answer = 0;
  for await (const { output } of job.results()) answer += output;`;

it('EG3: an answer that is not as expected is told, with status 1; nothing is left over', async () => {
  const wrong = await ran(`${JOB} return { answer, expected: 26, units: 2 };`);
  expect([wrong.code, wrong.left], wrong.err).toEqual([1, []]);
  expect(wrong.out).toContain('25, WRONG: expected 26; 2 units');
  const report = { name: 'small', ok: false, answer: 25, expected: 26, units: 2, seconds: expect.any(Number) };
  expect(JSON.parse(wrong.out.trimEnd().split('\n').at(-1)!)).toEqual(report);
  const right = await ran(`${JOB} return { answer, expected: 25, units: 2 };`);
  expect([right.code, right.left], right.err).toEqual([0, []]);
});

it('EG3: what an example throws ends it with status 1, and without an answer', async () => {
  const { code, out, err, left } = await ran(`throw new Error('no such star');`);
  expect([code, out, left]).toEqual([1, '', []]);
  expect(err).toContain('no such star');
});
