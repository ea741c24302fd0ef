import { createSocket } from 'node:dgram';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Where a hostile program tries to reach its master. */
export interface AttackerUrls {
  http: string;
  ws: string;
  stun: string;
}

export interface Attacker {
  urls: AttackerUrls;
  /** What arrived since the last call, e.g. `GET /beacon`, `UPGRADE /`, `UDP 20`. */
  take(): string[];
  /** How much has arrived since the start. */
  hits(): number;
  close(): Promise<void>;
}

/** A server that counts whatever reaches it: HTTP requests, WebSocket upgrades, bare connections, UDP packets. */
export const startAttacker = async (): Promise<Attacker> => {
  let hits: string[] = [];
  let before = 0;
  const server = createServer((request, response) => {
    hits.push(`${request.method} ${request.url}`);
    response.writeHead(200, {
      'Content-Type': 'text/javascript',
      'Access-Control-Allow-Origin': '*',
      'Cross-Origin-Resource-Policy': 'cross-origin',
    });
    response.end('export default 1; export const run = () => "stolen";');
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
  return {
    urls: {
      http: `http://127.0.0.1:${port}`,
      ws: `ws://127.0.0.1:${port}`,
      stun: `stun:127.0.0.1:${udp.address().port}`,
    },
    take: () => {
      const taken = hits;
      // Over a connection that is still open the next case would reach us without one of its own.
      server.closeAllConnections();
      before += taken.length;
      hits = [];
      return taken;
    },
    hits: () => before + hits.length,
    close: async () => {
      udp.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};
