import type { Server, Socket } from 'node:net';
import { connect, createServer } from 'node:net';
import { once } from 'node:events';

/** Passes on what comes from one socket to the other after `delayMs`, in order, its end too. */
const relay = (from: Socket, to: Socket, delayMs: number): void => {
  const later = (task: () => void): void => void setTimeout(task, delayMs);
  from.on('data', (chunk: Buffer) => later(() => void (to.writable && to.write(chunk))));
  from.on('end', () => later(() => to.end()));
  from.on('error', () => to.destroy());
  from.on('close', () => later(() => to.destroy()));
};

/**
 * A long way on one machine: a TCP proxy on loopback that holds back every byte for half of the round trip in each
 * direction. It knows no protocol, so requests, WebSockets and the cages' documents all take it.
 */
export class DelayProxy {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  /** The port that is passed on to; connections before it is known are refused. */
  target = 0;

  private constructor(delayMs: number) {
    this.#server = createServer((near) => {
      if (this.target === 0) return near.destroy();
      const far = connect(this.target, '127.0.0.1');
      for (const socket of [near, far]) {
        socket.setNoDelay(true);
        this.#sockets.add(socket);
        socket.once('close', () => this.#sockets.delete(socket));
      }
      relay(near, far, delayMs);
      relay(far, near, delayMs);
    });
  }

  /** Listens on a free port of loopback. `rttMs` is what it adds to a round trip. */
  static async listen(rttMs: number): Promise<DelayProxy> {
    const proxy = new DelayProxy(rttMs / 2);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as { port: number }).port;
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }
}
