import { readConfig } from './config.ts';
import { type RunningCoordinator, startCoordinator } from './start.ts';

/** A second signal, or this much time, ends a shutdown that hangs, ms. */
const SHUTDOWN_MS = 15_000;

const UNVETTED_WORDS = {
  public: 'Programs that nobody vetted run on every volunteer’s device',
  playground: 'Programs that nobody vetted run in the playground only, on devices that are set apart and opted in',
  refuse: 'Programs that nobody vetted are refused',
} as const;

const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

/** A first signal ends it in order. */
const leaveOnSignals = (running: RunningCoordinator): void => {
  let leaving = false;
  const leave = (signal: string): void => {
    if (leaving) process.exit(1);
    leaving = true;
    say(`${signal}: finishing what is under way`);
    setTimeout(() => process.exit(1), SHUTDOWN_MS).unref();
    running.close().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`${String(error)}\n`);
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', () => leave('SIGTERM'));
  process.on('SIGINT', () => leave('SIGINT'));
};

const run = async (): Promise<void> => {
  const config = readConfig(process.env);
  const running = await startCoordinator(config);
  // Before anybody is told that it runs: who is told may end it at once.
  leaveOnSignals(running);
  say(`Gossamer runs at ${running.publicUrl}`);
  say(`  volunteer page  ${running.publicUrl}/`);
  say(`  dashboard       ${running.publicUrl}/dashboard/`);
  say(`  API docs        ${running.publicUrl}/docs`);
  say(`  ${UNVETTED_WORDS[config.unvetted]} (GOSSAMER_UNVETTED=${config.unvetted})`);
  for (const key of running.madeKeys) say(`  ${key.role} key${' '.repeat(11 - key.role.length)}${key.secret}`);
  if (running.madeKeys.length > 0) {
    say('These keys are shown this once; only their hashes are kept. To replace one: as operator, POST /v1/keys makes');
    say('another, DELETE /v1/keys/ID ends the old one (gossamer keys create, gossamer keys revoke).');
  }
  process.send?.({ kind: 'ready', port: running.port, publicUrl: running.publicUrl, keys: running.madeKeys });
};

run().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
