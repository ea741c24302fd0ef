import { type Server, createServer } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { useGossamer } from './gossamer.ts';
import { useCoordinator } from './real-grid.ts';

const { folder, run, start } = useGossamer();
const { env } = useCoordinator(folder);

/** Takes connections and says nothing. */
const silent: Server = createServer(() => undefined);
beforeAll(() => new Promise<void>((resolve) => void silent.listen(0, '127.0.0.1', () => resolve())));
afterAll(() => void silent.close());

const WRONG = 'gss_nobody_was_given_this_key_at_all';
const OTHER = 'sk-this-is-the-key-of-something-else';

it.each([
  ['GOSSAMER_KEY', ['jobs', 'list'], WRONG, ''],
  ['--key', ['jobs', 'list', '--key', WRONG], WRONG, ''],
  [
    'GOSSAMER_KEY',
    ['me'],
    OTHER,
    "; a submitter's key begins with gss_ (an operator's with gso_), and this one does not",
  ],
  ['--key', ['--key', OTHER, 'jobs', 'list'], OTHER, '; a submitter'],
])(
  'CL99: a key that is refused is told by where it came from, %s, and by who refused it: %j',
  async (from, args, key, more) => {
    const { GOSSAMER_URL: url } = env();
    for (const flags of [[], ['--json']]) {
      const { status, stderr } = await run([...args, ...flags], {
        env: env(from === '--key' ? 'gss_of_the_environment' : key),
      });
      expect(status).toBe(3);
      expect(stderr).toContain(
        `the grid at ${url} refuses the key of ${from}: it is of another grid, was revoked, or has expired${more}`,
      );
      if (more === '') expect(stderr).not.toContain('begins with');
      expect(stderr).not.toContain(key);
    }
  },
);

it('CL99: `doctor` tells of the key alike', async () => {
  const { status, stdout } = await run(['doctor', '--key', OTHER], { env: env() });
  expect(status).toBe(3);
  expect(stdout).toMatch(/FAILED {3}key +the grid at \S+ refuses the key of --key: .*begins with gss_/);
  expect(stdout).not.toContain(OTHER);
});

it.each(['gss_…', 'gss_nobody\nwas_given', 'gss_nobody was_given'])(
  'CL99: a key that can be none is refused at once, and not told: %j',
  async (key) => {
    const { status, stderr } = await run(['jobs', 'list'], { env: env(key) });
    expect(status).toBe(2);
    expect(stderr).toMatch(/the API key has .* as its character \d+, which no key has: copy it anew/);
    expect(stderr).not.toMatch(/gss_nobody|was_given/);
  },
);

/** What a command has said on standard error when it has said a line, though it still waits. */
const firstLine = async (args: string[], url: string): Promise<string> => {
  const { child } = start(args, { GOSSAMER_URL: url });
  let said = '';
  return new Promise((resolve) => {
    child.on('close', () => resolve(said));
    child.stderr!.on('data', (chunk) => {
      said += String(chunk);
      if (!said.includes('\n')) return;
      child.kill('SIGKILL');
    });
  });
};

it('CL100: who waits for a coordinator that is not there is told why, for how long, and how to change that', async () => {
  // A port that was free a moment ago.
  const port = await new Promise<number>((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port: free } = server.address() as { port: number };
      server.close(() => resolve(free));
    });
  });
  const url = `http://127.0.0.1:${port}`;
  const waits = `no answer from ${url} yet: connection refused, so nothing listens there`;
  expect(await firstLine(['jobs', 'list'], url)).toMatch(
    new RegExp(`^${waits} \\(.*\\); trying for up to 120 s; --patience SECONDS changes that\n$`),
  );
  expect(await firstLine(['jobs', 'list', '--patience', '60'], url)).toContain('trying for up to 60 s');
  const quiet = await run(['jobs', 'list', '--quiet', '--patience', '4'], { env: { GOSSAMER_URL: url } });
  expect(quiet).toMatchObject({
    status: 5,
    stderr: expect.stringMatching(/^gossamer: the coordinator at \S+ cannot be reached/),
  });
});

it('CL100: a host that there is not, and one that takes a connection and says nothing, are told for what they are', async () => {
  expect(await firstLine(['jobs', 'list'], 'http://no-such-host.invalid')).toMatch(
    /^no answer from http:\/\/no-such-host\.invalid yet: (there is no host of that name|the name of the host cannot be looked up now) \(/,
  );
  const { port } = silent.address() as { port: number };
  expect(await firstLine(['jobs', 'list'], `http://127.0.0.1:${port}`)).toBe(
    `no answer from http://127.0.0.1:${port} yet\n`,
  );
});

it('CL100: nothing is said of a coordinator that answers', async () => {
  expect(await run(['jobs', 'list'], { env: env() })).toMatchObject({ status: 0, stderr: '' });
});
