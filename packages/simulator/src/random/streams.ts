import { Chance, mix } from './chance.ts';

/** Sources of chance of one simulation. Each is asked by one part only, so that no part disturbs another. */
export interface Streams {
  /** Who comes and goes, and what they are: never asked by anything that a policy can influence. */
  readonly arrivals: Chance;
  readonly traits: Chance;
  /** Freezes and reloads. */
  readonly presence: Chance;
  /** Delays and losses of messages. */
  readonly network: Chance;
  /** The core's own coin. */
  readonly core: Chance;
  /** Key of the lies (`chanceOf`). */
  readonly lies: number;
}

export const streamsOf = (seed: number): Streams => ({
  arrivals: new Chance(seed, 1),
  traits: new Chance(seed, 2),
  presence: new Chance(seed, 3),
  network: new Chance(seed, 4),
  core: new Chance(seed, 5),
  lies: mix(seed + 6),
});
