import { expect, it } from 'vitest';
import { Gossamer } from '../src/index.ts';
import { thrown } from './client.ts';

const uuid = '01890000-0000-7000-8000-000000000000';

it('SD60: an order without a reason has no body, and one with a reason says it', async () => {
  const sent: unknown[] = [];
  const fetch = async (url: string, { body }: RequestInit): Promise<Response> => {
    sent.push([new URL(url).pathname.split('/').at(-1), body]);
    return Response.json({ code: 'request-invalid' }, { status: 400 });
  };
  const grid = new Gossamer({ url: 'http://grid.example', apiKey: 'x', fetch });
  const job = grid.jobs.get(`job_${uuid}`);
  const orders = ['hold', 'release', 'cancel'] as const;
  for (const verb of orders) {
    await thrown(job[verb]());
    await thrown(job[verb](' '));
    await thrown(grid.batches[verb](`batch_${uuid}`));
    expect(sent.splice(0)).toEqual(Array.from({ length: 3 }, () => [verb, undefined]));
    await thrown(job[verb]('lunch'));
    await thrown(grid.batches[verb](`batch_${uuid}`, 'lunch'));
    expect(sent.splice(0)).toEqual(Array.from({ length: 2 }, () => [verb, '{"reason":"lunch"}']));
  }
});
