import type { AddressInfo, Socket } from 'node:net';
import { connect, createServer } from 'node:net';

/** Changes bytes on their way from coordinator to tab; gives a text of the same length (latin1). */
export type Meddle = (text: string) => string;

export interface Meddler {
  port: number;
  /** Where the coordinator listens. */
  target: number;
  /** null: everything passes as it is. */
  meddle: Meddle | null;
  stop(): Promise<void>;
}

const pass = (from: Socket, to: Socket, change: (bytes: Buffer) => Buffer): void => {
  from.on('data', (bytes: Buffer) => to.write(change(bytes)));
  from.on('end', () => to.end());
  from.on('error', () => to.destroy());
  from.on('close', () => to.destroy());
};

/**
 * Somebody on the way between coordinator and tab. It sees the bytes of HTTP and of the socket as they are, and changes
 * them in place: frames from a server are not masked, and lengths stay.
 */
export const startMeddler = async (): Promise<Meddler> => {
  const sockets = new Set<Socket>();
  const meddler: Meddler = { port: 0, target: 0, meddle: null, stop: async () => {} };
  const server = createServer((client) => {
    const upstream = connect(meddler.target, '127.0.0.1');
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
    }
    pass(client, upstream, (bytes) => bytes);
    pass(upstream, client, (bytes) => {
      if (meddler.meddle === null) return bytes;
      const changed = Buffer.from(meddler.meddle(bytes.toString('latin1')), 'latin1');
      if (changed.byteLength !== bytes.byteLength) throw new Error('a meddler must keep lengths');
      return changed;
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  meddler.port = (server.address() as AddressInfo).port;
  meddler.stop = async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  };
  return meddler;
};
