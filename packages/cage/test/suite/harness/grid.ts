import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { bundleFrame } from '../../../src/served/bundle.ts';
import { documentOf } from '../../../src/served/document.ts';
import { engineHeaders, pageHeaders } from '../../../src/served/page.ts';
import type { Mutation } from './mutation.ts';
import { mutantScript, withoutWalls } from './mutation.ts';

export interface Grid {
  /** The page's address. */
  page: string;
  /** The address of a cage document on the n-th cage host. */
  cage(n: number): string;
  /** The address of a document on the n-th cage host whose script is the attacker's. */
  hostile(n: number, name: string): string;
  close(): Promise<void>;
}

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

const bundled = new Map<string, string>();
/** Once a test file: the bundles of a page and an engine are the same ones in every grid. */
const bundle = (entry: string): string => {
  const known = bundled.get(entry);
  if (known !== undefined) return known;
  const { text } = buildSync({
    entryPoints: [here(entry)],
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    conditions: ['source'],
  }).outputFiles[0]!;
  bundled.set(entry, text);
  return text;
};

/** Serves a page and its engine on localhost, and cages on their own site, all with the headers of the product. */
export const startGrid = async (scripts: Record<string, string>, mutation: Mutation = {}): Promise<Grid> => {
  const pageScript = bundle('../browser/page.ts');
  const engineScript = bundle('../browser/engine.ts');
  const frameScript = mutantScript(mutation) ?? bundleFrame();
  let port = 0;

  const server = createServer((request, response) => {
    const send = (headers: Record<string, string>, body: string): void => {
      response.writeHead(200, headers);
      response.end(body);
    };
    const host = request.headers.host ?? '';
    const origin = `http://localhost:${port}`;
    const path = request.url ?? '/';
    if (/^p\d+\.cage\.localhost:\d+$/.test(host)) {
      const script = path.startsWith('/hostile/') ? scripts[path.slice('/hostile/'.length)] : frameScript;
      const { html, headers } = withoutWalls(documentOf(script ?? '', origin), mutation);
      return send(headers, html);
    }
    const page = pageHeaders({ cageOrigins: [`http://*.cage.localhost:${port}`] });
    if (path === '/') {
      return send(
        { ...page, 'Content-Type': 'text/html' },
        '<!doctype html><title>t</title><body><script type="module" src="/page.js"></script>',
      );
    }
    if (path === '/page.js') return send({ ...page, 'Content-Type': 'text/javascript' }, pageScript);
    if (path === '/engine.js') return send({ ...engineHeaders(), 'Content-Type': 'text/javascript' }, engineScript);
    response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, resolve));
  port = (server.address() as AddressInfo).port;
  return {
    page: `http://localhost:${port}/`,
    cage: (n) => `http://p${n}.cage.localhost:${port}/`,
    hostile: (n, name) => `http://p${n}.cage.localhost:${port}/hostile/${name}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};
