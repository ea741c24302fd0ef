import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Lookups } from './lookups.ts';
import { DOMAIN } from './lookups.ts';

/** Where a hostile program tries to reach its master. */
export interface AttackerUrls {
  http: string;
  ws: string;
  stun: string;
  /** A name of its own at each reading of the URLs. Whoever has it looked up was told what stands before it. */
  name: string;
}

export interface Attacker {
  readonly urls: AttackerUrls;
  /** What arrived since the last call, e.g. `GET /beacon`, `UPGRADE /`, `UDP 20`, `DNS data.1-9f.attacker.test`. */
  take(): string[];
  /** How much has arrived since the start. */
  hits(): number;
  close(): Promise<void>;
}

/** The page that shows whether a browser can be seen to reach the attacker at all. */
export const CONTROL = '/control';
const control = (name: string): string =>
  `<!doctype html><link rel="dns-prefetch" href="http://looked-up.${name}"><link rel="preconnect" href="http://connected.${name}">`;

/**
 * A server that counts whatever reaches it: HTTP requests, WebSocket upgrades, bare connections, UDP packets, and the
 * look-ups that would reach whoever serves its names.
 */
export const startAttacker = async (lookups: Lookups = () => new Set()): Promise<Attacker> => {
  let hits: string[] = [];
  let before = 0;
  const server = createServer((request, response) => {
    hits.push(`${request.method} ${request.url}`);
    const isPage = request.url === CONTROL;
    response.writeHead(200, {
      'Content-Type': isPage ? 'text/html' : 'text/javascript',
      'Access-Control-Allow-Origin': '*',
      'Cross-Origin-Resource-Policy': 'cross-origin',
    });
    response.end(isPage ? control(urls().name) : 'export default 1; export const run = () => "stolen";');
  });
  server.on('upgrade', (request, socket) => {
    hits.push(`UPGRADE ${request.url}`);
    socket.destroy();
  });
  server.on('connection', () => hits.push('CONNECT'));
  const udp = createSocket('udp4');
  udp.on('message', (message) => hits.push(`UDP ${message.length}`));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  await new Promise<void>((resolve) => udp.bind(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const token = randomBytes(4).toString('hex');
  let names = 0;
  const urls = (): AttackerUrls => ({
    http: `http://127.0.0.1:${port}`,
    ws: `ws://127.0.0.1:${port}`,
    stun: `stun:127.0.0.1:${udp.address().port}`,
    name: `${++names}-${token}.${DOMAIN}`,
  });
  const counted = new Set<string>();
  const look = (): void => {
    for (const name of lookups()) {
      // Others are another attacker's in the same browser. One counts once: of a name that leads nowhere, lines come for long.
      if (!name.endsWith(`-${token}.${DOMAIN}`) || counted.has(name)) continue;
      counted.add(name);
      hits.push(`DNS ${name}`);
    }
  };
  return {
    get urls() {
      return urls();
    },
    take: () => {
      look();
      const taken = hits;
      // Over a connection that is still open the next case would reach us without one of its own.
      server.closeAllConnections();
      before += taken.length;
      hits = [];
      return taken;
    },
    hits: () => {
      look();
      return before + hits.length;
    },
    close: async () => {
      udp.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};
