import type { Timing } from '@gossamer/core';
import type { CrowdPlan } from '../population/crowd-plan.ts';
import { CROWD } from '../population/crowd-plan.ts';

/** A duration: log-normal, ms. */
export interface Duration {
  readonly medianMs: number;
  readonly sigma: number;
}

/** Everything that a simulated world is, but its jobs. Times in ms. */
export interface WorldPlan {
  readonly crowd: CrowdPlan;
  /** Leases that one device computes at a time. */
  readonly slots: number;
  /** A tab asks for its next lease when the one that runs takes at most so long; 0: when it is done. */
  readonly prefetchMs: number;
  /** One way. */
  readonly latencyMs: { readonly least: number; readonly most: number };
  /** The share of messages, each way, that are lost with their connection. */
  readonly loss: number;
  /** A tab that gets no answer connects anew after it. */
  readonly resendMs: number;
  /** Mean time between two freezes of a tab, and how long one lasts. */
  readonly freezeEveryMs: number;
  readonly freeze: Duration;
  /** Mean time between two reloads of a page, and how long it takes until the new one connects. */
  readonly reloadEveryMs: number;
  readonly reload: Duration;
  /** An exchange without work is answered after it. */
  readonly parkMs: number;
  /** How long the judge takes. */
  readonly verdictMs: number;
  /** Parked tabs are served so long after work became ready. */
  readonly wakeMs: number;
  /** How often overdue leases are looked for. */
  readonly tickMs: number;
  /** How often everything is checked (`Coordinator.check`). */
  readonly checkpointMs: number;
  readonly timing: Timing;
  readonly keepLog: boolean;
  readonly checkEveryStep: boolean;
}

/** As coordinator and tab are configured by default; how often tabs freeze and reload is our assumption. */
export const WORLD: WorldPlan = {
  crowd: CROWD,
  slots: 1,
  prefetchMs: 2500,
  latencyMs: { least: 20, most: 200 },
  loss: 0.001,
  resendMs: 5000,
  freezeEveryMs: 1_800_000,
  freeze: { medianMs: 30_000, sigma: 1 },
  reloadEveryMs: 3_600_000,
  reload: { medianMs: 3000, sigma: 1 },
  parkMs: 25_000,
  verdictMs: 50,
  wakeMs: 5,
  tickMs: 1000,
  checkpointMs: 600_000,
  timing: { sessionGraceMs: 10_000, heartbeatMs: 10_000, leaseTargetMs: 2000 },
  keepLog: false,
  checkEveryStep: false,
};
