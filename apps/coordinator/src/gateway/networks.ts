/** Sign-ins are counted over this time, ms. */
const WINDOW_MS = 60_000;
/** Loopback is no network where devices are compared; here it is one. */
const LOOPBACK = 'loopback';

export interface NetworkLimits {
  /** Connections of one network at a time; 0: any number. */
  sockets: number;
  /** Sign-ins of one network a minute; 0: any number. */
  signIns: number;
}

interface Network {
  sockets: number;
  signIns: number;
  /** When the sign-ins began to be counted. */
  since: number;
}

/**
 * What comes of each network: of an IPv4 address the /24, of an IPv6 one the /56, as where replicas are to be
 * independent. It bounds what one of them takes from the others.
 */
export class Networks {
  readonly #limits: NetworkLimits;
  readonly #clock: () => number;
  readonly #networks = new Map<string, Network>();
  #sweptAt: number;

  /** `clock` in ms, of any origin. */
  constructor(limits: NetworkLimits, clock: () => number) {
    this.#limits = limits;
    this.#clock = clock;
    this.#sweptAt = clock();
  }

  /** How many networks are remembered. */
  get size(): number {
    return this.#networks.size;
  }

  /** May another connection come? A tenth more than may stay, so that they can be told why not. */
  mayConnect(network: string | null): boolean {
    const { sockets } = this.#limits;
    return sockets === 0 || this.#of(network).sockets < sockets + Math.ceil(sockets / 10);
  }

  /** A connection came; false when it is one too many, and is to be told so. To be followed by `left`. */
  came(network: string | null): boolean {
    const entry = this.#of(network);
    entry.sockets += 1;
    return this.#limits.sockets === 0 || entry.sockets <= this.#limits.sockets;
  }

  left(network: string | null): void {
    this.#of(network).sockets -= 1;
  }

  /** Counts a sign-in; gives how long the network is to wait, ms, 0 when it may sign in. */
  signIn(network: string | null): number {
    const entry = this.#of(network);
    const now = this.#clock();
    if (now - entry.since >= WINDOW_MS) {
      entry.since = now;
      entry.signIns = 0;
    }
    if (this.#limits.signIns > 0 && entry.signIns >= this.#limits.signIns) return entry.since + WINDOW_MS - now;
    entry.signIns += 1;
    return 0;
  }

  #of(network: string | null): Network {
    const key = network ?? LOOPBACK;
    const known = this.#networks.get(key);
    if (known !== undefined) return known;
    const now = this.#clock();
    this.#sweep(now);
    const entry = { sockets: 0, signIns: 0, since: now };
    this.#networks.set(key, entry);
    return entry;
  }

  /** Forgets those of which nothing is left to know, once a minute at the most. */
  #sweep(now: number): void {
    if (now - this.#sweptAt < WINDOW_MS) return;
    this.#sweptAt = now;
    for (const [key, { sockets, since }] of this.#networks) {
      if (sockets === 0 && now - since >= WINDOW_MS) this.#networks.delete(key);
    }
  }
}
