import { describe, expect, it } from 'vitest';
import type { Gossamer } from '../src/node/index.ts';
import { all, thrown, useCoordinator } from './client.ts';

const { coordinator, client } = useCoordinator();

const uuid = '01890000-0000-7000-8000-000000000000';
const [job, batch, key, hook, message, device] = ['job', 'batch', 'key', 'hook', 'msg', 'dev'].map(
  (kind) => `${kind}_${uuid}`,
);
const sha256 = '1'.repeat(64);
const signerKey = 'A'.repeat(43);
const spec = { name: 'x', program: sha256 as never, source: { kind: 'range', start: 0, stop: 1 } } as const;

/** Every call of the SDK that asks the coordinator once. */
const CALLS: Record<string, (grid: Gossamer, signal: AbortSignal) => Promise<unknown>> = {
  me: (grid, signal) => grid.me({ signal }),
  view: (grid, signal) => grid.view({ signal }),
  stats: (grid, signal) => grid.stats({ signal }),
  devices: (grid, signal) => all(grid.devices({ signal })),
  setApart: (grid, signal) => grid.setApart(device!, true, { signal }),
  'jobs.create': (grid, signal) => grid.jobs.create(spec, { signal }),
  'jobs.list': (grid, signal) => all(grid.jobs.list({ signal })),
  'jobs.spec': (grid, signal) => grid.jobs.spec(job!, { signal }),
  'job.view': (grid, signal) => grid.jobs.get(job!).view({ signal }),
  'job.units': (grid, signal) => all(grid.jobs.get(job!).units({ signal })),
  'job.unit': (grid, signal) => grid.jobs.get(job!).unit(0, { signal }),
  'job.attempts': (grid, signal) => all(grid.jobs.get(job!).attempts({ signal })),
  'job.facts': (grid, signal) => grid.jobs.get(job!).facts(0, { signal }),
  'job.history': (grid, signal) => grid.jobs.get(job!).history({ signal }),
  'job.answer': (grid, signal) => grid.jobs.get(job!).answer({ signal }),
  'job.archive': (grid, signal) => grid.jobs.get(job!).archive({ signal }),
  'job.delete': (grid, signal) => grid.jobs.get(job!).delete({ signal }),
  'batches.create': (grid, signal) => grid.batches.create({ name: 'x', jobs: [spec] }, { signal }),
  'batches.list': (grid, signal) => all(grid.batches.list({ signal })),
  'batches.get': (grid, signal) => grid.batches.get(batch!, { signal }),
  'batches.hold': (grid, signal) => grid.batches.hold(batch!, '', { signal }),
  'batches.release': (grid, signal) => grid.batches.release(batch!, '', { signal }),
  'batches.cancel': (grid, signal) => grid.batches.cancel(batch!, '', { signal }),
  'batches.archive': (grid, signal) => grid.batches.archive(batch!, { signal }),
  'programs.list': (grid, signal) => all(grid.programs.list({ signal })),
  'programs.get': (grid, signal) => grid.programs.get(sha256, { signal }),
  'blobs.put': (grid, signal) => grid.blobs.put(new Uint8Array(3), { signal }),
  'blobs.size': (grid, signal) => grid.blobs.size(sha256, { signal }),
  'blobs.get': (grid, signal) => grid.blobs.get(sha256, { signal }),
  'keys.list': (grid, signal) => grid.keys.list({ signal }),
  'keys.quotas': (grid, signal) => grid.keys.quotas({ signal }),
  'keys.create': (grid, signal) => grid.keys.create({ role: 'submitter', name: 'x' }, { signal }),
  'keys.setQuota': (grid, signal) => grid.keys.setQuota(key!, {}, { signal }),
  'keys.revoke': (grid, signal) => grid.keys.revoke(key!, { signal }),
  'signers.list': (grid, signal) => all(grid.signers.list({ signal })),
  'signers.grant': (grid, signal) => grid.signers.grant(signerKey, {}, { signal }),
  'signers.revoke': (grid, signal) => grid.signers.revoke(signerKey, { signal }),
  'webhooks.list': (grid, signal) => all(grid.webhooks.list({ signal })),
  'webhooks.get': (grid, signal) => grid.webhooks.get(hook!, { signal }),
  'webhooks.create': (grid, signal) => grid.webhooks.create({ name: 'x', url: 'https://example.org/' }, { signal }),
  'webhooks.change': (grid, signal) => grid.webhooks.change(hook!, {}, { signal }),
  'webhooks.delete': (grid, signal) => grid.webhooks.delete(hook!, { signal }),
  'webhooks.rotate': (grid, signal) => grid.webhooks.rotate(hook!, { signal }),
  'webhooks.test': (grid, signal) => grid.webhooks.test(hook!, { signal }),
  'webhooks.deliveries': (grid, signal) => all(grid.webhooks.deliveries(hook!, { signal })),
  'webhooks.redeliver': (grid, signal) => grid.webhooks.redeliver(hook!, message!, { signal }),
};

describe('an abort', () => {
  it.each(Object.entries(CALLS))(
    'SD52: ends %s with its reason, before it is sent and while it waits',
    async (_, call) => {
      coordinator.requests.length = 0;
      const reason = new Error('that will do');
      expect(await thrown(call(client(), AbortSignal.abort(reason)))).toBe(reason);
      expect(coordinator.requests).toEqual([]);
      const stop = new AbortController();
      coordinator.intercept = () => {
        stop.abort(reason);
        return true;
      };
      expect(await thrown(call(client(), stop.signal))).toBe(reason);
      coordinator.intercept = () => false;
    },
  );
});
