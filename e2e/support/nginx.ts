import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { until } from './wait.ts';

const OPERATIONS = fileURLToPath(new URL('../../docs/operations.md', import.meta.url));
/** The names of docs/operations.md. */
export const GRID_NAME = 'grid.example.org';
export const CAGE_NAME = 'cage-example.net';

export const hasNginx = (): boolean =>
  ['nginx', 'openssl'].every((name) => spawnSync(name, [name === 'nginx' ? '-v' : 'version']).status === 0);

export const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });

const certificate = (folder: string, file: string, name: string): void => {
  const args = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
  const out = ['-keyout', join(folder, `${file}.key`), '-out', join(folder, `${file}.pem`)];
  const { status, stderr } = spawnSync('openssl', [...args, ...out, '-subj', `/CN=${name}`]);
  if (status !== 0) throw new Error(`openssl: ${String(stderr)}`);
};

/** The configuration that operators are told to use, as it is but for ports and the folder of certificates. */
const documented = (folder: string, port: number, target: number): string => {
  const block = /```nginx\n([\s\S]*?)```/.exec(readFileSync(OPERATIONS, 'utf8'))?.[1];
  if (block === undefined) throw new Error('docs/operations.md has no configuration of nginx');
  const server = block
    .replaceAll('listen 443 ssl', `listen 127.0.0.1:${port} ssl`)
    .replaceAll('/etc/ssl/', `${folder}/`)
    .replaceAll('127.0.0.1:8080', `127.0.0.1:${target}`)
    // On another port than 443 the name is sent with it.
    .replaceAll('Host $host', 'Host $http_host');
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (kind) => `${kind}_temp_path ${folder}/${kind};`,
  );
  return [
    `daemon off; pid ${folder}/nginx.pid; error_log ${folder}/error.log; worker_processes 1;`,
    'events {}',
    `http { access_log off; ${temporary.join(' ')}\n${server}\n}`,
  ].join('\n');
};

export interface Proxy {
  port: number;
  close(): Promise<void>;
}

/** An nginx as docs/operations.md sets it up, on a port of its own, before the coordinator on `target`. */
export const startProxy = async (port: number, target: number): Promise<Proxy> => {
  const folder = await mkdtemp(join(tmpdir(), 'gossamer-nginx-'));
  await mkdir(folder, { recursive: true });
  certificate(folder, GRID_NAME, GRID_NAME);
  certificate(folder, CAGE_NAME, `*.${CAGE_NAME}`);
  const file = join(folder, 'nginx.conf');
  await writeFile(file, documented(folder, port, target));
  const child = spawn('nginx', ['-c', file, '-p', folder, '-e', join(folder, 'start.log')], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk) => (said += String(chunk)));
  const ended = new Promise((resolve) => child.once('close', resolve));
  await until('nginx listens', async () => {
    if (child.exitCode !== null) throw new Error(`nginx ended: ${said}`);
    const answer = await fetch(`http://127.0.0.1:${port}/`).catch(() => null);
    return answer !== null;
  });
  return {
    port,
    close: async () => {
      child.kill('SIGTERM');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
};
