import type { DeviceView } from '@gossamer/protocol';
import { EVENTS, PROTOCOL_VERSION } from '@gossamer/protocol';
import { request } from 'node:http';
import { expect, test } from 'vitest';
import { TestDevice } from '../harness/device.ts';
import { afterwards, eventually, startGrid } from '../harness/grid.ts';

const nonceOf = async (device: TestDevice): Promise<string> => ((await device.hello()) as { nonce: string }).nonce;

const stranger = async (port: number, headers?: Record<string, string>): Promise<TestDevice> => {
  const device = new TestDevice();
  afterwards(() => device.close());
  await device.connect(port, headers);
  return device;
};

test('GW1: hello, challenge, proof, welcome; the same key is the same device on its next visit', async () => {
  const grid = await startGrid({ env: { GOSSAMER_HEARTBEAT_MS: '4321' } });
  const device = await grid.device();
  expect(device.welcome).toMatchObject({
    heartbeatMs: 4321,
    standing: { valid: 0, invalid: 0, waiting: 0, credit: 0 },
  });
  const first = device.welcome!;
  device.close();
  const again = await device.signIn(grid.port);
  expect([again.device, again.epoch]).toEqual([first.device, first.epoch]);
  expect(again.session).not.toBe(first.session);
  const other = await grid.device();
  expect(other.welcome!.device).not.toBe(first.device);
  const { items } = await grid.rest.json<{ items: { id: string; connected: boolean }[] }>('GET', '/v1/devices');
  expect(items.map(({ id, connected }) => [id, connected])).toEqual([
    [first.device, true],
    [other.welcome!.device, true],
  ]);
});

test('GW9: what a device has is what it said at its last sign-in, and its class is that of its browser', async () => {
  const grid = await startGrid();
  const device = await stranger(grid.port);
  const signIn = async (fields: object) => {
    const { nonce } = (await device.hello({ platform: 'Firefox 140 on Linux', ...fields })) as { nonce: string };
    await device.ask(EVENTS.proof, { signature: device.sign(nonce) });
    return (await grid.rest.json<{ items: DeviceView[] }>('GET', '/v1/devices')).items[0]!;
  };
  const first = await signIn({ capabilities: { memoryMb: 8192, cores: 8, wasm: ['simd'] } });
  expect(first).toMatchObject({ class: 'firefox', capabilities: { memoryMb: 8192, cores: 8, wasm: ['simd'] } });
  expect(first).toMatchObject({ trust: { standing: 'new', survived: 0, caught: 0, checkRate: 1 } });
  expect(first.idle).toBe('No job has work now.');
  device.close();
  await device.connect(grid.port);
  const second = await signIn({ capabilities: { cores: 2 } });
  expect(second).toMatchObject({ id: first.id, capabilities: { memoryMb: null, cores: 2, wasm: [] } });
});

test('GW2: a wrong signature is refused, a challenge counts once, and one of another socket is none', async () => {
  const grid = await startGrid();
  const device = await stranger(grid.port);
  const prove = (signature: string) => device.ask(EVENTS.proof, { signature });
  const nonce = await nonceOf(device);
  const mallory = new TestDevice();
  await expect(prove(mallory.sign(nonce))).rejects.toMatchObject({ code: 'device-unproved' });
  // The right signature for the challenge that was just used up.
  await expect(prove(device.sign(nonce))).rejects.toMatchObject({ code: 'device-unproved' });
  await nonceOf(device);
  await expect(prove(device.sign(nonce))).rejects.toMatchObject({ code: 'device-unproved' });
  await expect(prove('x')).rejects.toMatchObject({ code: 'request-invalid' });
  const fresh = await nonceOf(device);
  await prove(device.sign(fresh));
  // Signed in already: there is no second time.
  await expect(nonceOf(device)).rejects.toMatchObject({ code: 'device-unproved' });
  await expect(prove(device.sign(fresh))).rejects.toMatchObject({ code: 'device-unproved' });
  expect((await device.exchange({ slots: 0 })).leases).toEqual([]);
});

test('GW31: nobody signs in as a second device on one connection', async () => {
  const grid = await startGrid();
  const device = await grid.device();
  // socket.io's own goodbye leaves the connection open, unless we end it.
  const { engine } = device.socket!.io;
  const closed = new Promise((resolve) => engine.once('close', resolve));
  (device.socket as unknown as { packet(packet: object): void }).packet({ type: 1 });
  await closed;
});

test('GW3: a point that is not on the curve, and fields that do not fit, are refused', async () => {
  const grid = await startGrid();
  const device = await stranger(grid.port);
  const offCurve = Buffer.alloc(65, 7);
  offCurve[0] = 4;
  const publicKey = offCurve.toString('base64url');
  const { nonce } = (await device.hello({ publicKey })) as { nonce: string };
  const proof = { signature: device.sign(nonce) };
  await expect(device.ask(EVENTS.proof, proof)).rejects.toMatchObject({ code: 'device-unproved' });
  for (const wrong of [
    { slots: 0 },
    { slots: 257 },
    { publicKey: 'short' },
    { platform: 'x'.repeat(121) },
    { more: 1 },
  ]) {
    await expect(device.hello(wrong)).rejects.toMatchObject({ code: 'request-invalid' });
  }
  for (const message of [null, 7, 'hello', [], Buffer.from('hello')]) {
    await expect(device.ask(EVENTS.hello, message)).rejects.toMatchObject({ code: 'request-invalid' });
  }
});

test('GW4: nothing is exchanged before the sign-in', async () => {
  const grid = await startGrid();
  await grid.rest.submit(1);
  const device = await stranger(grid.port);
  await expect(device.exchange()).rejects.toMatchObject({ code: 'session-unknown' });
  await nonceOf(device);
  await expect(device.exchange()).rejects.toMatchObject({ code: 'session-unknown' });
});

test('GW5: a page of another version is told so, even when the rest of its hello is of that version', async () => {
  const grid = await startGrid();
  const device = await stranger(grid.port);
  const protocol = PROTOCOL_VERSION + 1;
  await expect(device.hello({ protocol, newField: true })).rejects.toMatchObject({ code: 'protocol-mismatch' });
  await expect(device.hello({ protocol: PROTOCOL_VERSION - 1 })).rejects.toMatchObject({ code: 'protocol-mismatch' });
});

test('GW6: a socket that goes while its device is written down leaves no session behind', async () => {
  const grid = await startGrid();
  for (let i = 0; i < 20; i++) {
    const device = await stranger(grid.port);
    const nonce = await nonceOf(device);
    device.socket!.emit(EVENTS.proof, { signature: device.sign(nonce) });
    setTimeout(() => device.socket!.io.engine.close(), i % 4);
    await new Promise((resolve) => setTimeout(resolve, 15));
  }
  await eventually(async () => {
    expect(await grid.rest.json('GET', '/v1/grid')).toMatchObject({ sessions: 0 });
  });
});

test('GW7: pages of other sites and the hosts of cages get no socket', async () => {
  const grid = await startGrid({ env: { GOSSAMER_PUBLIC_URL: 'https://grid.example.org' } });
  const comes = async (headers: Record<string, string>): Promise<boolean> => {
    const device = new TestDevice();
    try {
      await device.connect(grid.port, headers);
      return true;
    } catch {
      return false;
    } finally {
      device.close();
    }
  };
  const { port } = grid;
  expect(await comes({})).toBe(true);
  expect(await comes({ origin: 'https://grid.example.org', host: 'grid.example.org' })).toBe(true);
  expect(await comes({ origin: `http://localhost:${port}` })).toBe(true);
  expect(await comes({ origin: 'https://evil.example' })).toBe(false);
  expect(await comes({ origin: 'null' })).toBe(false);
  expect(await comes({ origin: `http://localhost:${port + 1}` })).toBe(false);
  expect(await comes({ host: `j1-0.cage.localhost:${port}` })).toBe(false);
  expect(await comes({ host: 'rebound.evil.example' })).toBe(false);
});

test('GW8: a cage host serves neither the socket nor its polling fallback', async () => {
  const grid = await startGrid();
  const status = (host: string) =>
    new Promise<number>((resolve, reject) => {
      const path = '/socket.io/?EIO=4&transport=polling';
      request({ host: '127.0.0.1', port: grid.port, path, headers: { host }, agent: false }, (response) => {
        response.resume();
        resolve(response.statusCode!);
      })
        .on('error', reject)
        .end();
    });
  expect(await status(`j1-0.cage.localhost:${grid.port}`)).toBeGreaterThanOrEqual(400);
  expect(await status(`localhost:${grid.port}`)).toBeGreaterThanOrEqual(400);
});
