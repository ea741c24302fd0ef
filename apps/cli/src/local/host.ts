import { cageDocument, engineHeaders, pageHeaders } from '@gossamer/cage/served';
import { randomBytes } from 'node:crypto';
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type DataFile, readPart } from './data-files.ts';
import { pageScripts } from './scripts.ts';
import { UnitEvent, type UnitOrder } from './wire.ts';

export interface HostedUnit {
  order: UnitOrder;
  program: Uint8Array;
  input: Uint8Array;
  data: readonly DataFile[];
}

export interface Host {
  /** Where the browser goes. */
  url: string;
  close(): Promise<void>;
}

/** The largest event, a picture, with room. */
const EVENT_BYTES = 4 * 1024 * 1024;

const bodyOf = async (request: IncomingMessage, limit: number): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.byteLength;
    if (size > limit) throw new Error('an event is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
};

/**
 * Serves one unit to one browser on this machine: the page and the engine on localhost, and the cage on a site of its own,
 * with the headers of a coordinator. The page's address has a secret in it: what else runs here, another page or the
 * program itself, can neither read the unit nor tell of it.
 */
export const hostUnit = async (
  { order, program, input, data: files }: HostedUnit,
  heard: (event: UnitEvent) => void,
): Promise<Host> => {
  const scripts = pageScripts();
  const secret = `/${randomBytes(16).toString('hex')}/`;
  let port = 0;

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const send = (headers: Record<string, string>, body: string | Uint8Array): void => {
      response.writeHead(200, headers);
      response.end(body);
    };
    const { host = '' } = request.headers;
    if (host === `p1.cage.localhost:${port}`) {
      const { html, headers } = cageDocument({ pageOrigin: `http://localhost:${port}` });
      return send(headers, html);
    }
    const path = request.url ?? '';
    if (host !== `localhost:${port}` || !path.startsWith(secret)) return void response.writeHead(404).end();
    const page = pageHeaders({ cageOrigins: [`http://p1.cage.localhost:${port}`] });
    const data = { ...page, 'Cache-Control': 'no-store' };
    const wanted = /^data\/(\d+)\/(\d+)-(\d+)$/.exec(path.slice(secret.length))?.slice(1).map(Number);
    const file = files[wanted?.[0] ?? -1];
    if (wanted !== undefined && file !== undefined) {
      const part = await readPart(file, wanted[1]!, wanted[2]!);
      return send({ ...data, 'Content-Type': 'application/octet-stream' }, part);
    }
    const result = /^result\/(\d+)\/(\d+(?:\.\d+)?)$/.exec(path.slice(secret.length))?.slice(1).map(Number);
    if (result !== undefined) {
      const body = await bodyOf(request, order.limits.resultBytes);
      heard(UnitEvent.parse({ kind: 'result', encoding: result[0], runMs: result[1], body }));
      return void response.writeHead(204).end();
    }
    switch (path.slice(secret.length)) {
      case '':
        return send(
          { ...page, 'Content-Type': 'text/html; charset=utf-8' },
          '<!doctype html><title>gossamer run local</title><body><script type="module" src="page.js"></script>',
        );
      case 'page.js':
        return send({ ...page, 'Content-Type': 'text/javascript' }, scripts.page);
      case 'engine.js':
        return send({ ...engineHeaders(), 'Content-Type': 'text/javascript' }, scripts.engine);
      case 'unit':
        return send({ ...data, 'Content-Type': 'application/json' }, JSON.stringify(order));
      case 'program':
        return send({ ...data, 'Content-Type': 'application/octet-stream' }, program);
      case 'input':
        return send({ ...data, 'Content-Type': 'application/octet-stream' }, input);
      case 'events':
        heard(UnitEvent.parse(JSON.parse((await bodyOf(request, EVENT_BYTES)).toString('utf8'))));
        return void response.writeHead(204).end();
      default:
        return void response.writeHead(404).end();
    }
  };

  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      response.destroy();
      heard({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  port = (server.address() as AddressInfo).port;
  return {
    url: `http://localhost:${port}${secret}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};
