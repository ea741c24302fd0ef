import { expect, test } from 'vitest';
import { Networks } from '../../src/gateway/networks.ts';
import { counterAt } from '../harness/counter.ts';
import type { TestGrid } from '../harness/grid.ts';
import { eventually, startGrid } from '../harness/grid.ts';
import { RawSocket } from '../harness/raw-socket.ts';

const clocked = (limits: { sockets: number; signIns: number }) => {
  const clock = { now: 1000 };
  return { clock, networks: new Networks(limits, () => clock.now) };
};

test('GW74: connections are counted by network; who leaves makes room; a tenth more come to be told', () => {
  const { networks } = clocked({ sockets: 10, signIns: 0 });
  for (let n = 0; n < 10; n++) expect([networks.mayConnect('a'), networks.came('a')]).toEqual([true, true]);
  expect([networks.mayConnect('a'), networks.came('a')]).toEqual([true, false]);
  expect(networks.mayConnect('a')).toBe(false);
  expect([networks.mayConnect('b'), networks.came('b')]).toEqual([true, true]);
  expect([networks.mayConnect(null), networks.came(null)]).toEqual([true, true]);
  for (let n = 0; n < 2; n++) networks.left('a');
  expect(networks.came('a')).toBe(true);
});

test('GW75: sign-ins are counted by network and minute, and who is over is told how long', () => {
  const { clock, networks } = clocked({ sockets: 0, signIns: 3 });
  for (let n = 0; n < 3; n++) expect(networks.signIn('a')).toBe(0);
  clock.now += 20_000;
  expect(networks.signIn('a')).toBe(40_000);
  expect(networks.signIn('b')).toBe(0);
  clock.now += 40_000;
  expect(networks.signIn('a')).toBe(0);
});

test('GW74: networks from which nobody is here are forgotten', () => {
  const { clock, networks } = clocked({ sockets: 10, signIns: 10 });
  networks.came('stays');
  for (let n = 0; n < 5000; n++) {
    networks.came(`n${n}`);
    networks.signIn(`n${n}`);
    networks.left(`n${n}`);
  }
  clock.now += 120_000;
  networks.came('later');
  expect(networks.size).toBe(2);
});

const proxied = (network: number, host: number) => ({ 'x-forwarded-for': `203.0.${network}.${host % 256}` });

/** How a thousand connections of one network fare: signed in, told why not, or not let in. */
const crowd = async (grid: TestGrid, count: number, network: number) => {
  const outcomes = { in: 0, told: 0, out: 0 };
  for (let n = 0; n < count; n++) {
    const outcome = await grid.device(proxied(network, n)).then(
      () => 'in' as const,
      (error: { code?: string }) => (error.code === 'rate-limited' ? ('told' as const) : ('out' as const)),
    );
    outcomes[outcome] += 1;
  }
  return outcomes;
};

test('GW74: a crowd of one network fills its own share; another network signs in, and so does the next when one has left', async () => {
  const env = { GOSSAMER_TRUST_PROXY: '1', GOSSAMER_SOCKETS_PER_NETWORK: '20' };
  const grid = await startGrid({ env });
  const first = await grid.device(proxied(1, 1));
  expect((await crowd(grid, 30, 1)).in).toBe(19);
  await grid.device(proxied(2, 1));
  first.close();
  // Those who were told have left.
  await eventually(() => grid.device(proxied(1, 99)));
});

test('GW74: connections that never say a word count as well', async () => {
  const grid = await startGrid({ env: { GOSSAMER_SOCKETS_PER_NETWORK: '10' } });
  const silent = [];
  for (let n = 0; n < 11; n++) silent.push(await RawSocket.open(grid.port));
  await expect(RawSocket.open(grid.port)).rejects.toThrow('closed');
  silent[0]!.tcp.destroy();
  await eventually(() => RawSocket.open(grid.port));
});

test('GW77: what was one too many of its network is counted: connections and sign-ins', async () => {
  const env = { GOSSAMER_SOCKETS_PER_NETWORK: '2', GOSSAMER_SIGN_INS_PER_NETWORK: '1' };
  const grid = await startGrid({ env });
  const counts = () =>
    Promise.all(
      ['connections_crowded', 'sign_ins_refused'].map((name) => counterAt(grid.port, `gossamer_${name}_total`)),
    );
  expect(await counts()).toEqual([0, 0]);
  await grid.device();
  await expect(grid.device()).rejects.toMatchObject({ code: 'rate-limited' });
  expect(await counts()).toEqual([0, 1]);
  await RawSocket.open(grid.port);
  await RawSocket.open(grid.port).catch(() => undefined);
  await eventually(async () => expect((await counts())[0]).toBeGreaterThan(0));
});

test('GW75: a network that signs in too often is told in words when to come again; others sign in', async () => {
  const grid = await startGrid({ env: { GOSSAMER_TRUST_PROXY: '1', GOSSAMER_SIGN_INS_PER_NETWORK: '5' } });
  for (let n = 0; n < 5; n++) await grid.device(proxied(1, n));
  await expect(grid.device(proxied(1, 9))).rejects.toMatchObject({
    code: 'rate-limited',
    message: expect.stringMatching(/try again in \d+ s/),
  });
  await grid.device(proxied(2, 1));
});

test('GW76: loopback is a network here, and 0 lifts the limits; without a proxy nobody names another network', async () => {
  const limited = await startGrid({ env: { GOSSAMER_SOCKETS_PER_NETWORK: '3' } });
  for (let n = 0; n < 3; n++) await limited.device(proxied(n, 1));
  await expect(limited.device(proxied(77, 1))).rejects.toMatchObject({ code: 'rate-limited' });
  const open = await startGrid({ env: { GOSSAMER_SOCKETS_PER_NETWORK: '0', GOSSAMER_SIGN_INS_PER_NETWORK: '0' } });
  for (let n = 0; n < 6; n++) await open.device();
});
