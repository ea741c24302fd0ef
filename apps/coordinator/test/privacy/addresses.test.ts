import { connect } from 'node:net';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { withKey } from '../harness/child.ts';
import { report, TestDevice } from '../harness/device.ts';
import { bytesUnder } from '../harness/files.ts';
import { afterwards, OPERATOR_KEY, Rest, temporaryDirectory } from '../harness/grid.ts';

/** Addresses that stand nowhere by chance; the second one's network in other spellings. */
const ADDRESSES = ['198.51.100.237', '2001:db8:77aa:bb00::beef', '2001:db8:77aa', '198.51.100.'];

test.each(['trace', 'info'])(
  'PV20: behind a proxy no address is in the data directory, a log line (level %s), a metric or an answer, whatever is asked or refused',
  async (level) => {
    const data = temporaryDirectory();
    const child = withKey(data, {
      GOSSAMER_TRUST_PROXY: '1',
      GOSSAMER_LOG_LEVEL: level,
      GOSSAMER_RATE_LIMIT: '40',
      GOSSAMER_SIGN_INS_PER_NETWORK: '3',
      GOSSAMER_SOCKETS_PER_NETWORK: '2',
    });
    const { port } = await child.ready;
    const rest = new Rest(port);
    await rest.submit(1000);
    const answers: string[] = [];
    for (const address of ['198.51.100.237', '2001:db8:77aa:bb00::beef']) {
      const headers = { 'x-forwarded-for': address };
      const ask = async (
        path: string,
        init: { method?: string; body?: string; headers?: Record<string, string> } = {},
      ) => {
        const response = await fetch(rest.url + path, { ...init, headers: { ...headers, ...init.headers } });
        answers.push(await response.text(), JSON.stringify([...response.headers]));
        return response.status;
      };
      expect(await ask('/v1/grid')).toBe(200);
      expect(await ask('/v1/jobs')).toBe(401);
      expect(await ask('/v1/jobs', { headers: { authorization: 'Bearer wrong' } })).toBe(401);
      expect(
        await ask('/v1/jobs', { method: 'POST', body: '{', headers: { 'content-type': 'application/json' } }),
      ).toBe(401);
      expect(await ask('/nowhere')).toBe(404);
      const sign = { method: 'POST', body: '{"key":"no"}', headers: { 'content-type': 'application/json' } };
      await ask('/v1/session', sign);
      const limited = [];
      for (let request = 0; request < 45; request++) limited.push(await ask('/v1/grid'));
      expect(limited).toContain(429);
      // Signed in, working, refused, too many.
      const device = new TestDevice();
      afterwards(() => device.close());
      await device.signIn(port, headers);
      await device.exchange({ slots: 0 });
      await expect(device.hello()).rejects.toThrow();
      const crowd = [];
      for (let more = 0; more < 5; more++) {
        const one = new TestDevice();
        afterwards(() => one.close());
        crowd.push(
          one.signIn(port, headers).then(
            () => 'in',
            (error: Error) => error.message,
          ),
        );
      }
      answers.push(JSON.stringify(await Promise.all(crowd)));
      // No HTTP at all, and a connection that is cut.
      const socket = connect(port, '127.0.0.1');
      socket.on('error', () => undefined);
      socket.resume();
      await once(socket, 'connect');
      socket.write(`NONSENSE\r\nx-forwarded-for: ${address}\r\n\r\n`);
      await once(socket, 'close');
      const [lease] = await device.work();
      await device.exchange({ slots: 0, reports: [report(lease!, () => '"x"')] });
    }
    const metrics = await fetch(`${rest.url}/metrics`, { headers: { authorization: `Bearer ${OPERATOR_KEY}` } });
    answers.push(await metrics.text());
    const during = bytesUnder(data).toString('latin1');
    await child.kill('SIGTERM');
    const told = {
      data: during,
      after: bytesUnder(data).toString('latin1'),
      log: child.stdout + child.stderr,
      answers: answers.join('\n'),
    };
    // Something was logged, of requests too.
    expect(told.log).toContain('/v1/jobs');
    for (const [where, text] of Object.entries(told)) {
      for (const address of ADDRESSES)
        expect([where, address, text.includes(address)]).toEqual([where, address, false]);
    }
    // Nor the address of the proxy.
    expect(told.log).not.toMatch(/remoteAddress|remotePort/);
  },
  200_000,
);
