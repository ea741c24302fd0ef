import { OutcomeUnknown } from '@gossamer/store';
import type { Config } from '../../src/config.ts';
import { openStores } from '../../src/start.ts';
import { pause } from '../harness/chance.ts';
import { FaultyLog } from '../harness/faulty-log.ts';
import { startGrid } from '../harness/grid.ts';

/** A grid whose appends the test makes fail. */
export const faulty = async (options: Omit<Parameters<typeof startGrid>[0] & object, 'open'> = {}) => {
  let log: FaultyLog | null = null;
  const open = async (config: Config) => {
    log = new FaultyLog(await openStores(config));
    return log.stores;
  };
  const grid = await startGrid({ ...options, open });
  return { grid, log: log as unknown as FaultyLog };
};

/** Lets the appends of a batch go but the last one, that it is made: of that nobody knows what became of it. */
export const failLast = async <T>(
  log: FaultyLog,
  asked: Promise<T>,
  written: boolean,
  onLast = (): unknown => null,
) => {
  log.holding = true;
  const isOver = { now: false };
  void asked.finally(() => (isOver.now = true));
  while (!isOver.now) {
    for (const { segments, go } of log.held.splice(0)) {
      const isLast = segments.some(({ body }) => Buffer.from(body).includes('"batch-made"'));
      if (isLast) onLast();
      go(isLast ? { kind: 'fail', error: new OutcomeUnknown('lost'), written } : { kind: 'ok' });
      log.holding = !isLast && log.holding;
    }
    await pause(5);
  }
  return asked;
};
