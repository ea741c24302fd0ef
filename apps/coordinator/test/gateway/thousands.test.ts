import { expect, test } from 'vitest';
import { TELLS_HEAP, withKey } from '../harness/child.ts';
import { counterAt } from '../harness/counter.ts';
import { report, TestDevice } from '../harness/device.ts';
import { afterwards, Rest, temporaryDirectory } from '../harness/grid.ts';

/** `GOSSAMER_SOCKETS_PER_NETWORK`, where nobody sets it. */
const LIMIT = 1000;
/** So many come at the same time: more than may be here to be told. */
const AT_ONCE = 250;

const arrive = async (port: number, address: string): Promise<string> => {
  const device = new TestDevice();
  afterwards(() => device.close());
  return device.signIn(port, { 'x-forwarded-for': address }).then(
    () => 'in',
    (error: { code?: string }) => error.code ?? 'not let in',
  );
};

/** How `count` devices of one address fare: by what came of it, their number. */
const arriveMany = async (port: number, count: number): Promise<Record<string, number>> => {
  const outcomes: Record<string, number> = {};
  for (let came = 0; came < count; came += AT_ONCE) {
    for (const one of await Promise.all(Array.from({ length: AT_ONCE }, () => arrive(port, '203.0.113.7')))) {
      outcomes[one] = (outcomes[one] ?? 0) + 1;
    }
  }
  return outcomes;
};

// Long: three thousand key pairs and sockets.
test('GW78: of three thousand devices of one address a thousand are in; the others are refused and not kept, and another network gets work', async () => {
  // The bounds as they are where nobody sets them.
  const bounds = { GOSSAMER_SOCKETS_PER_NETWORK: '', GOSSAMER_SIGN_INS_PER_NETWORK: '' };
  const child = withKey(temporaryDirectory(), { GOSSAMER_TRUST_PROXY: '1', ...bounds }, TELLS_HEAP);
  const { port } = await child.ready;
  const rest = new Rest(port);
  const { id } = await rest.submit(10);
  // So that what a first session costs is not counted.
  expect(await arrive(port, '198.51.100.1')).toBe('in');

  const before = await child.heap();
  expect(await arriveMany(port, LIMIT)).toEqual({ in: LIMIT });
  const full = await child.heap();
  const surplus = await arriveMany(port, 2 * LIMIT);
  const after = await child.heap();

  const { 'rate-limited': told = 0, 'not let in': out = 0 } = surplus;
  expect(surplus).toEqual({ 'rate-limited': told, 'not let in': out });
  expect([told + out, told > 0]).toEqual([2 * LIMIT, true]);
  expect(await counterAt(port, 'gossamer_connections_crowded_total')).toBeGreaterThanOrEqual(told);
  // Were all that came of them kept, they would take twice what those took that are in; their requests alone take half.
  expect(after - full).toBeLessThan((full - before) / 4);

  const other = new TestDevice();
  afterwards(() => other.close());
  await other.signIn(port, { 'x-forwarded-for': '192.0.2.1' });
  const leases = await other.work(10);
  await other.exchange({ slots: 0, reports: leases.map((lease) => report(lease)) });
  expect((await rest.job(id)).units.validated).toBeGreaterThan(0);
});
