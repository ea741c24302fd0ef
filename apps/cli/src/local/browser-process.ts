import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Pages of Chromium's own that a window starts beside ours, and that take seconds of a processor. */
const UNWANTED = ['WebUIOmniboxPopup', 'WebUIOmniboxAimPopup', 'WebUIOmniboxFullPopup'];
const STOP_MS = 5000;
/** Of what the browser has said, the end. */
const SAID_CHARS = 2000;

/** None of them weakens the isolation of sites or frames; as root Chromium refuses to start with its own sandbox. */
export const flagsOf = (profile: string): string[] => [
  '--headless=new',
  `--user-data-dir=${profile}`,
  '--no-first-run',
  '--no-default-browser-check',
  '--disable-gpu',
  '--disable-extensions',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  `--disable-features=${UNWANTED.join(',')}`,
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
];

export interface BrowserProcess {
  /** Settles when the browser ends by itself, with the end of what it said. */
  ended: Promise<string>;
  close(): Promise<void>;
}

/** Starts a headless browser at an address, with a profile that is removed with it. */
export const startBrowser = (path: string, url: string): BrowserProcess => {
  const profile = mkdtempSync(join(tmpdir(), 'gossamer-browser-'));
  const remove = (): void => rmSync(profile, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  // A group of its own: its helpers end with it.
  const child = spawn(path, [...flagsOf(profile), url], {
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: process.platform !== 'win32',
  });
  let said = '';
  child.stderr.on('data', (chunk) => (said = (said + String(chunk)).slice(-SAID_CHARS)));
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', () => resolve(said.trim()));
  });
  const kill = (signal: NodeJS.Signals): void => {
    try {
      if (process.platform === 'win32' || child.pid === undefined) child.kill(signal);
      else process.kill(-child.pid, signal);
    } catch {
      // It has ended meanwhile.
    }
  };
  return {
    ended,
    close: async () => {
      const late = setTimeout(() => kill('SIGKILL'), STOP_MS);
      kill('SIGTERM');
      await ended;
      clearTimeout(late);
      // Helpers that are left would write into the profile once more.
      kill('SIGKILL');
      remove();
    },
  };
};
