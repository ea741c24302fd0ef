// `npm start [-- --tabs N]`: a coordinator on embedded SQLite that stays up, and how to give it the example's job; with --tabs also
// volunteers for it, in a browser without a window.
import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureChromium } from './lib/chromium.mjs';
import { ROOT, SetupError } from './lib/say.mjs';

const MOST_TABS = 16;

const wishes = () => {
  try {
    const { values } = parseArgs({ options: { tabs: { type: 'string', default: '0' } } });
    const tabs = Number(values.tabs);
    if (!/^\d+$/.test(values.tabs) || tabs > MOST_TABS) throw new Error(`--tabs: a number from 0 to ${MOST_TABS}`);
    return { tabs };
  } catch (error) {
    process.stderr.write(
      `${error.message}\nnpm start [-- --tabs N]   N tabs of a browser without a window volunteer\n`,
    );
    process.exit(2);
  }
};

const browser = async () => {
  try {
    return (await ensureChromium()).path;
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
};

/** Volunteers' tabs; quiet, for this terminal is the coordinator's. */
const lend = (tabs, path, url) => {
  const command = join(ROOT, 'apps', 'cli', 'bin', 'gossamer.mjs');
  const volunteers = spawn(process.execPath, [command, 'volunteer', '--tabs', String(tabs), '--url', url, '--quiet'], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, GOSSAMER_CHROMIUM: path },
  });
  process.stdout.write(
    `${tabs === 1 ? 'A tab' : `${tabs} tabs`} of a browser without a window will volunteer, as long as this runs.\n`,
  );
  volunteers.once('exit', (code) => {
    if (code !== 0 && child.exitCode === null)
      process.stderr.write('The tabs of our own have ended; the coordinator goes on.\n');
  });
  return volunteers;
};

const { tabs } = wishes();
const path = tabs > 0 ? await browser() : null;
let volunteers;
let isInterrupted = false;

const offer = (publicUrl, keys) => {
  const submitter = keys.find(({ role }) => role === 'submitter');
  const key = submitter?.secret ?? 'YOUR_KEY';
  const isUsual = publicUrl === 'http://localhost:8080';
  const url = isUsual ? '' : ` --url ${publicUrl}`;
  process.stdout.write(
    'To have programs of your own computed, in another terminal (README.md tells more):\n' +
      `  export GOSSAMER_KEY=${key}${isUsual ? '' : ` GOSSAMER_URL=${publicUrl}`}\n` +
      '  npx gossamer map ./PROGRAM.ts --range 0..1000 --quorum 1\n' +
      (tabs > 0
        ? ''
        : `It needs a volunteer: the page in a browser, or one without a window: npx gossamer volunteer${url}\n`) +
      (submitter === undefined
        ? `YOUR_KEY is what the first start printed; another one: npx gossamer keys create NAME${url} --key OPERATORS_KEY\n`
        : '') +
      'The example job, a search for drifting tones in 64 units, is one command away (in another terminal):\n' +
      `  npm run example -- seti${url} --key ${key}\n` +
      (tabs >= 2
        ? ''
        : 'It waits for two independent devices: open the volunteer page in two browsers, or in one and a private window.\n') +
      'Ctrl-C ends the coordinator; nothing is lost.\n',
  );
};

const child = fork(join(ROOT, 'apps', 'coordinator', 'dist', 'main.js'), {
  cwd: ROOT,
  // Frames and facts of the hot path die young: with more room for them the garbage collector has a tenth less to do.
  execArgv: ['--max-semi-space-size=32'],
  env: { ...process.env, GOSSAMER_LOG_LEVEL: process.env.GOSSAMER_LOG_LEVEL ?? 'warn' },
});
child.once('message', ({ publicUrl, keys }) => {
  offer(publicUrl, keys);
  if (path !== null) volunteers = lend(tabs, path, publicUrl);
});
child.once('exit', async (code, signal) => {
  if (volunteers !== undefined && volunteers.exitCode === null && volunteers.signalCode === null) {
    // What a terminal has interrupted gives its work back already; a second signal would end it at once.
    if (!isInterrupted) volunteers.kill('SIGTERM');
    await once(volunteers, 'exit');
  }
  process.exit(code ?? (signal === 'SIGTERM' ? 0 : 1));
});
for (const signal of ['SIGINT', 'SIGTERM']) {
  // A terminal sends Ctrl-C to both; another sender only to this process.
  process.on(signal, () => {
    if (signal === 'SIGTERM') child.kill(signal);
    else isInterrupted = true;
  });
}
