/**
 * The arithmetic of adaptive verification. Sources: L. F. G. Sarmenta, "Volunteer Computing", MIT 2001 (credibility of
 * a result from spot checks survived, and of a group of agreeing results); the rate of checks is derived in
 * docs/verification.md.
 */

/** At least this share of devices is taken to lie, however honest all seem: those who wait do not show. */
export const LEAST_LIARS = 0.05;
/** At most: who has many devices caught on purpose must not make everybody else be checked for ever. */
export const MOST_LIARS = 0.35;
/** What was caught once is as likely a liar as not. */
const CAUGHT = 0.5;
/** Devices that count as seen before the first one is: one device that was caught is no proof of many. */
const PRIOR_DEVICES = 20;
/**
 * An adversary who earns credibility and then lies in the best share of units for it gets about so many lies past the
 * checks for every unit that is left unchecked per check: max over s of (1 - s)^J (1 - (1 - s)^n) for n checks.
 */
const SLIP = 1;
/** Nobody is trusted before so many checks, however lenient the target: who lies now and then must be found first. */
const LEAST_CHECKS = 10;
/** Nobody is ever checked less than once in so many units. */
const SELDOM = 1 / 100;
/** Later checks that a device must have survived before a provisional result of it becomes final. */
export const LATER_CHECKS = 2;
/** A device's results become final once it has survived so many times the checks after which it was first trusted. */
const SURE = 2;

/** What is known of a device for judging its results. */
export interface Record {
  /** Checks survived since it was last caught. */
  survived: number;
  /** How often it was caught. */
  caught: number;
}

/** The share of devices that lie, estimated from those that were caught among all that were ever checked. */
export const liarShare = (caught: number, checked: number): number =>
  Math.min(MOST_LIARS, Math.max(LEAST_LIARS, (caught + 1) / (checked + PRIOR_DEVICES)));

const oddsOf = (probability: number): number => probability / (1 - probability);

/**
 * The probability that a result of the device is wrong: a liar that lies with probability s survives k checks with
 * (1 - s)^k, so that at most 1 / (e k) of its results are wrong and unnoticed, whatever s (Sarmenta 2001, 3.4).
 */
export const wrongBound = (record: Record, liars: number): number => {
  const prior = record.caught > 0 ? CAUGHT : liars;
  return record.survived === 0 ? prior : Math.min(prior, oddsOf(prior) / (Math.E * record.survived));
};

/** Checks that a device must have survived before one of its results is left unchecked. */
export const apprenticeship = (record: Record, liars: number, maxErrorRate: number): number =>
  Math.max(
    LEAST_CHECKS,
    (SLIP * oddsOf(record.caught > 0 ? CAUGHT : liars) * Math.max(1, record.caught)) / maxErrorRate,
  );

/**
 * The share of a device's results that is checked. With a the apprenticeship, a device that has returned u results is
 * checked at a rate of a / u, so that what it could slip past the checks stays below the target for the whole of what
 * it contributed; after k checks at this rate u = a exp(k / a - 1), hence exp(1 - k / a).
 */
export const checkRate = (record: Record, liars: number, maxErrorRate: number): number => {
  const needed = apprenticeship(record, liars, maxErrorRate);
  return record.survived <= needed ? 1 : Math.max(SELDOM, Math.exp(1 - record.survived / needed));
};

/**
 * The probability that a group of agreeing results is wrong, given what the other results of the unit say (Sarmenta
 * 2001, 3.5): results of one group are right or wrong together, at most one group is right. `groups` holds for each
 * group the probabilities that its members are wrong; the answer speaks of the first one.
 */
export const groupRisk = (groups: readonly (readonly number[])[]): number => {
  const wrong = groups.map((group) => group.reduce((product, p) => product * p, 1));
  const right = groups.map((group) => group.reduce((product, p) => product * (1 - p), 1));
  const none = wrong.reduce((product, p) => product * p, 1);
  const weight = (at: number): number =>
    wrong.reduce((product, p, other) => (other === at ? product : product * p), right[at]!);
  const all = groups.reduce((sum, _, at) => sum + weight(at), none);
  return 1 - weight(0) / all;
};

/** Checks that a device must survive yet before any of its results becomes final on its word. */
export const checksToGo = (record: Record, liars: number, maxErrorRate: number): number =>
  Math.max(0, Math.ceil(SURE * apprenticeship(record, liars, maxErrorRate) - record.survived));
