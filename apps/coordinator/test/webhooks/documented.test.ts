import { WebhookEvent, WebhookEventType, WebhookResult } from '@gossamer/protocol';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const PAGE = readFileSync(new URL('../../../../docs/webhooks.md', import.meta.url), 'utf8');
const JOB = 'job_017f22e2-79b0-7cc3-98c4-dc0c0c07398f';

/** Bodies that the page shows, with an id in the place of one that was cut short. */
const bodies = [...PAGE.matchAll(/^```json\n(.*?)^```/gms)].map(
  ([, text]) => JSON.parse(text!.replaceAll('job_…', JOB)) as { type: string; data: { results?: object[] } },
);

/** What the table says of the data of each type. */
const rows = new Map(
  [...PAGE.matchAll(/^\| (`[^|]+`) \| (.*) \|$/gm)].flatMap(([, names, said]) =>
    [...names!.matchAll(/`([\w.]+)`/g)].map(([, name]) => [name!, said!] as const),
  ),
);

it('HK33: the bodies on the page of webhooks fit the schema, and have no field that there is not', () => {
  expect(bodies.length).toBeGreaterThan(0);
  for (const body of bodies) expect(WebhookEvent.parse(body)).toEqual(body);
});

it('HK33: the results that it shows have every field that a result can have', () => {
  const shown = bodies.flatMap(({ data }) => (data.results ?? []).flatMap((result) => Object.keys(result)));
  expect([...new Set(shown)].sort()).toEqual(Object.keys(WebhookResult.shape).sort());
});

it('HK33: its table has every type of event, and names every field of its data', () => {
  expect([...rows.keys()]).toEqual(expect.arrayContaining([...WebhookEventType.options]));
  for (const { shape } of WebhookEvent.options) {
    const { value: type } = shape.type;
    // Told as that of another one.
    const said = rows.get(type)! + (type === 'results.provisional' ? rows.get('results.added')! : '');
    const own = Object.keys(shape.data.shape).filter((field) => field !== 'job' && field !== 'jobName');
    for (const field of own) expect([type, field, said.includes(`\`${field}\``)]).toEqual([type, field, true]);
  }
  for (const field of Object.keys(WebhookResult.shape).filter((name) => name !== 'unit')) {
    expect([field, rows.get('results.added')!.includes(`\`${field}\``)]).toEqual([field, true]);
  }
});
