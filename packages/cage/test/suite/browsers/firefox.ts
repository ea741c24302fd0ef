import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureFirefox } from '../../../../../scripts/lib/firefox.mjs';
import { elsewhere } from '../harness/elsewhere.ts';
import { lookupsIn } from '../harness/lookups.ts';
import type { SuiteBrowser } from '../harness/page.ts';
import type { Bidi } from './bidi.ts';
import { connectBidi } from './bidi.ts';

const START_MS = 60_000;

/** What the resolver logs of a request. */
const LOOKUP = /Resolving host \[([^\]]+)\]/g;

interface Evaluated {
  type: 'success' | 'exception';
  result?: { value?: string };
  exceptionDetails?: { text: string };
}

/** Starts Firefox with a profile of its own; resolves to where it listens, where it logs look-ups, and what ends it. */
const start = async (): Promise<{ address: string; log: string; end(): Promise<void> }> => {
  const profile = await mkdtemp(join(tmpdir(), 'gossamer-firefox-'));
  const args = ['--headless', '--no-remote', '--profile', profile, '--remote-debugging-port', '0'];
  const log = join(profile, 'names');
  const env = { ...elsewhere(), MOZ_LOG: 'sync,nsHostResolver:5', MOZ_LOG_FILE: log };
  const child = spawn(await ensureFirefox(), args, { stdio: ['ignore', 'ignore', 'pipe'], env });
  const ended = new Promise((resolve) => child.once('close', resolve));
  const end = async (): Promise<void> => {
    child.kill('SIGKILL');
    await ended;
    await rm(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  };
  let said = '';
  try {
    const address = await new Promise<string>((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`Firefox did not start in time:\n${said}`)), START_MS);
      void ended.then(() => reject(new Error(`Firefox ended at its start:\n${said}`)));
      child.stderr.on('data', (chunk) => {
        said += String(chunk);
        const found = /WebDriver BiDi listening on (ws:\S+)/.exec(said);
        if (found === null) return;
        clearTimeout(late);
        resolve(found[1]!);
      });
    });
    return { address, log: `${log}.moz_log`, end };
  } catch (error) {
    await end();
    throw error;
  }
};

const evaluateIn =
  (bidi: Bidi, context: string) =>
  async <T>(expression: string): Promise<T> => {
    // Objects would come back as lists of typed entries: as text they are what Chromium's protocol gives.
    const text = `Promise.resolve(${expression}).then((value) => JSON.stringify({ value }))`;
    const { type, result, exceptionDetails } = await bidi.send<Evaluated>('script.evaluate', {
      expression: text,
      target: { context },
      awaitPromise: true,
    });
    if (type === 'exception') throw new Error(exceptionDetails?.text);
    return (JSON.parse(result!.value!) as { value: T }).value;
  };

/** The system's own Firefox, by WebDriver BiDi: Playwright drives only a Firefox that was altered for it. */
export const openFirefox = async (): Promise<SuiteBrowser> => {
  const { address, log, end } = await start();
  const bidi = await connectBidi(address);
  const { capabilities } = await bidi.send<{ capabilities: { browserVersion: string } }>('session.new', {
    capabilities: {},
  });
  return {
    name: 'firefox',
    version: capabilities.browserVersion,
    lookups: lookupsIn(log, LOOKUP),
    openPage: async (url) => {
      const { userContext } = await bidi.send<{ userContext: string }>('browser.createUserContext', {});
      const { context } = await bidi.send<{ context: string }>('browsingContext.create', { type: 'tab', userContext });
      await bidi.send('browsingContext.navigate', { context, url, wait: 'complete' });
      return {
        evaluate: evaluateIn(bidi, context),
        close: async () => void (await bidi.send('browser.removeUserContext', { userContext })),
      };
    },
    close: async () => {
      bidi.close();
      await end();
    },
  };
};
