import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, request } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { CageDocument } from '../../../src/served/document.ts';
import type { Mutation } from '../harness/mutation.ts';
import { mutantScript, withoutWalls, withScript } from '../harness/mutation.ts';

/**
 * What stands between the browser and the coordinator. It passes everything on as it is, but for the documents of
 * cages, of which it takes away the mutation's walls, or whose script it replaces by an attacker's. The coordinator
 * itself has no way to lower a wall.
 */
export interface Proxy {
  port: number;
  /** Passes to the coordinator that listens there; until then nobody is answered. */
  passTo(port: number): void;
  /** From now on the script of every cage's document is this one; null: its own, or the mutation's. */
  takeOver(script: string | null): void;
  close(): Promise<void>;
}

const LOCAL = '127.0.0.1';

const isCage = ({ headers }: IncomingMessage): boolean => /^[^.]+\.cage\.localhost:\d+$/.test(headers.host ?? '');

const documentIn = async (answer: IncomingMessage): Promise<CageDocument> => {
  const headers = Object.fromEntries(Object.entries(answer.headers).map(([name, value]) => [name, String(value)]));
  // Node gives it the length that it has now.
  delete headers['content-length'];
  return { html: await text(answer), headers };
};

/** What was asked to become another protocol is passed on byte by byte. */
const passSocket = (port: number, { method, url, rawHeaders }: IncomingMessage, socket: Duplex, head: Buffer): void => {
  const inner: Socket = connect(port, LOCAL);
  const lines = rawHeaders.map((part, n) => (n % 2 === 0 ? `${part}: ` : `${part}\r\n`));
  inner.write(`${method} ${url} HTTP/1.1\r\n${lines.join('')}\r\n`);
  inner.write(head);
  const end = (): void => {
    inner.destroy();
    socket.destroy();
  };
  for (const side of [inner, socket]) side.on('error', end).on('close', end);
  inner.pipe(socket).pipe(inner);
};

export const startProxy = async (mutation: Mutation): Promise<Proxy> => {
  const mutant = mutantScript(mutation);
  let coordinator = 0;
  let attackers: string | null = null;

  const altered = (document: CageDocument): CageDocument => {
    const script = attackers ?? mutant;
    return withoutWalls(script === null ? document : withScript(document, script), mutation);
  };
  const pass = async (answer: IncomingMessage, asked: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (isCage(asked) && answer.statusCode === 200) {
      const { html, headers } = altered(await documentIn(answer));
      response.writeHead(200, headers).end(html);
      return;
    }
    response.writeHead(answer.statusCode!, answer.headers);
    answer.pipe(response);
  };

  const server = createServer((asked, response) => {
    const { method, url, headers } = asked;
    const inner = request({ host: LOCAL, port: coordinator, agent: false, method, path: url, headers }, (answer) => {
      pass(answer, asked, response).catch((error: Error) => response.writeHead(502).end(error.message));
    });
    inner.on('error', () => response.destroy());
    response.on('close', () => inner.destroy());
    asked.pipe(inner);
  });
  const sockets = new Set<Duplex>();
  server.on('upgrade', (asked, socket, head) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    passSocket(coordinator, asked, socket, head);
  });
  await new Promise<void>((resolve) => server.listen(0, LOCAL, resolve));
  return {
    port: (server.address() as AddressInfo).port,
    passTo: (port) => void (coordinator = port),
    takeOver: (script) => void (attackers = script),
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};
