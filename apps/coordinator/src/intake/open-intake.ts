import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import type { Watchers } from '../runtime/watchers.ts';
import { IdleIntakes } from './idle-intakes.ts';
import { IntakeService, type IntakeParts } from './intake-service.ts';

/** What tests shorten, ms: how often it is looked for streams that nobody feeds, and how long one waits. */
export interface IntakeLimits {
  lookMs: number;
  idleMs: number;
}

type Parts = Omit<IntakeParts, 'leaseUnits'> & {
  config: Pick<Config, 'leaseUnits' | 'inputIdleHours'>;
  watchers: Watchers;
  logger: Logger;
  limits?: Partial<IntakeLimits> | undefined;
};

const HOUR_MS = 3_600_000;

/** Puts the room together: what REST asks, and what works in the background. */
export const openIntake = ({ config, watchers, logger, limits, ...parts }: Parts) => {
  const { lookMs = 60_000, idleMs = config.inputIdleHours * HOUR_MS } = limits ?? {};
  const idle = new IdleIntakes(parts.runtime, watchers, logger, idleMs, lookMs);
  return {
    service: new IntakeService({ ...parts, leaseUnits: config.leaseUnits }),
    start: (): void => idle.start(),
    close: (): Promise<void> => idle.close(),
  };
};
