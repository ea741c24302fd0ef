import { Gossamer, GossamerError } from '@gossamer/sdk/node';
import { parseArgs } from 'node:util';
import { syntheticObservation } from './demo/observation.ts';
import { submitSearch } from './demo/search.ts';
import { planBands } from './plan.ts';

const USAGE = `npm run example -- seti --key KEY [--url URL] [--seed S]

Offers the example job to a coordinator that runs: a search of a synthetic observation, 64 units at quorum 2.
Open the volunteer page on two devices (or in two browser profiles) and watch.

  --url URL   the coordinator (GOSSAMER_URL; default: http://localhost:8080)
  --key KEY   a submitter's key (GOSSAMER_KEY)
  --seed S    of the synthetic observation`;

const fail = (text: string, status: number): void => {
  process.stderr.write(`${text}\n`);
  process.exitCode = status;
};

const submit = async (): Promise<void> => {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({ options: { url: text, key: text, seed: text, help: { type: 'boolean' } } });
  const url = values.url ?? process.env.GOSSAMER_URL ?? 'http://localhost:8080';
  const apiKey = values.key ?? process.env.GOSSAMER_KEY;
  const seed = Number(values.seed ?? 2026);
  if (values.help === true) {
    process.stdout.write(`${USAGE}\n`);
    return;
  }
  if (apiKey === undefined) return fail(`A submitter's key is needed.\n\n${USAGE}`, 2);
  if (!Number.isSafeInteger(seed) || seed < 0) return fail(`--seed must be an integer from 0: ${values.seed}`, 2);
  const observation = syntheticObservation(seed, null);
  process.stderr.write(`${observation.description}\n`);
  const { rows, columns } = observation;
  const grid = new Gossamer({ url, apiKey });
  const job = await submitSearch(grid, observation, planBands({ rows, columns }), null);
  process.stdout.write(`${job.id}\n`);
  process.stderr.write(`Offered. Lend a tab at ${url}/ and watch the job at ${url}/dashboard/.\n`);
};

/** `npm run example -- seti --url … --key …`: submits the search to a coordinator that runs, and leaves. */
export const offer = (): Promise<void> =>
  submit().catch((error: unknown) => {
    if (error instanceof GossamerError) return fail(error.message, 1);
    const usage = error instanceof TypeError && 'code' in error;
    return fail(usage ? `${error.message}\n\n${USAGE}` : String(error), usage ? 2 : 1);
  });
