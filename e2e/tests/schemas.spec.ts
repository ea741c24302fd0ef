import type { AnswerView } from '@gossamer/protocol';
import { readFile, writeFile } from 'node:fs/promises';
import { command } from '../support/command.ts';
import { expect, test } from '../support/test.ts';

const DOCS = new URL('../../docs/programs.md', import.meta.url);

/** The first program of the documentation. */
const documented = async (): Promise<string> => {
  const [, code] = /```ts\n([^]*?)```/.exec(await readFile(DOCS, 'utf8'))!;
  return code!;
};

test('E46: the program that the documentation begins with runs as it stands: split, run in tabs, answered', async ({
  coordinator,
  lend,
}, info) => {
  await writeFile(info.outputPath('pi.ts'), await documented());
  await lend();
  await lend();
  const params = JSON.stringify({ units: 200, samples: 5000 });
  const made = await command(coordinator, 'jobs', 'create', info.outputPath('pi.ts'), '--split', '--params', params);
  expect(made.status, made.stderr).toBe(0);
  const id = made.stdout.trim();
  const { status, stdout, stderr } = await command(coordinator, 'jobs', 'answer', id, '--watch', '--json');
  expect(status, stderr).toBe(0);
  const last = JSON.parse(stdout.trim().split('\n').at(-1)!) as AnswerView;
  expect(last).toMatchObject({ isFinal: true, folded: 200, failed: 0 });
  const { pi } = last.answer as { pi: number };
  expect(Math.abs(pi - Math.PI)).toBeLessThan(0.02);
  expect(last.intervals).toMatchObject([{ path: '/pi', value: pi }]);

  const wrong = await command(
    coordinator,
    'jobs',
    'create',
    info.outputPath('pi.ts'),
    '--split',
    '--params',
    '{"units": "many", "samples": 1}',
  );
  expect(wrong.status).not.toBe(0);
  expect(wrong.stderr).toMatch(/the parameters do not fit: units: /);
});

test('E46: schemas of another library that keeps to Standard Schema check inputs in tabs; what does not fit is said with its place', async ({
  coordinator,
  lend,
}, info) => {
  const program = `import { defineProgram } from '@gossamer/program';
import * as v from 'valibot';
export const { run } = defineProgram({
  input: v.object({ name: v.pipe(v.string(), v.toUpperCase()), parts: v.array(v.object({ mass: v.number() })) }),
  run: ({ name, parts }) => name + ' ' + parts.reduce((sum, { mass }) => sum + mass, 0),
});
`;
  await writeFile(info.outputPath('weigh.ts'), program);
  const inputs = [
    { name: 'vega', parts: [{ mass: 2 }, { mass: 0.5 }] },
    { name: 'sun', parts: [{ mass: 'one' }] },
  ];
  await writeFile(info.outputPath('in.ndjson'), inputs.map((input) => JSON.stringify(input)).join('\n'));
  await lend();
  const flags = ['--input', info.outputPath('in.ndjson'), '--trusted', '--max-errors', '1'];
  const { status, stdout, stderr } = await command(coordinator, 'map', info.outputPath('weigh.ts'), ...flags);
  expect(status, stderr).toBe(1);
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as object);
  const misfit = expect.stringMatching(/the input does not fit: parts\.0\.mass: /);
  expect(lines).toMatchObject([{ output: 'VEGA 2.5' }, { unit: 1, error: misfit }]);
  const [job] = await coordinator.jobs();
  expect(job?.units).toMatchObject({ validated: 1, failed: 1 });
});
