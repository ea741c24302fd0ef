import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { startCommand } from '../support/command.ts';
import { SQUARE } from '../support/programs.ts';
import { expect, test } from '../support/test.ts';
import { until } from '../support/wait.ts';

interface Line {
  unit: number;
  input: number;
  output: { square: number };
}

const PARAMS = ['--params', '{"work":5}'];

test('E43: a pipe through a tab gives results while lines still come, and kill -9 of the coordinator loses and repeats none', async ({
  coordinator,
  lend,
}, info) => {
  const program = info.outputPath('square.js');
  writeFileSync(program, SQUARE.code);
  const tab = await lend();
  const child = startCommand(coordinator, ['map', program, '--quorum', '1', '--quiet', ...PARAMS]);
  let [out, said] = ['', ''];
  child.stdout.on('data', (chunk) => (out += String(chunk)));
  child.stderr.on('data', (chunk) => (said += String(chunk)));
  const lines = (): Line[] =>
    out
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Line);
  const came = (count: number) => until(`${count} results`, lines, ({ length }) => length === count, 120_000);
  for (let n = 0; n < 5; n++) {
    child.stdin.write(`${n}\n`);
    await came(n + 1);
  }
  const [job] = await coordinator.jobs();
  expect(job).toMatchObject({ state: 'running', inputs: 'open', units: { total: 5, validated: 5 } });
  // Some are under way when it is killed, and more come while it is away.
  for (let n = 5; n < 25; n++) child.stdin.write(`${n}\n`);
  await until('some of them', lines, ({ length }) => length > 7, 120_000);
  await coordinator.end('SIGKILL');
  for (let n = 25; n < 40; n++) child.stdin.write(`${n}\n`);
  await coordinator.start();
  await tab.connected();
  await came(40);
  child.stdin.end('40');
  const [status] = (await once(child, 'close')) as [number];
  expect([status, said]).toEqual([0, '']);
  const units = lines().toSorted((a, b) => a.unit - b.unit);
  expect(units.map(({ unit, input, output }) => [unit, input, output.square])).toEqual(
    Array.from({ length: 41 }, (_, n) => [n, n, n * n]),
  );
  expect((await coordinator.jobs())[0]).toMatchObject({ state: 'completed', inputs: 'closed', units: { total: 41 } });
});
