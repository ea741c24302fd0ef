import type { CageFrame } from '@gossamer/cage/engine';
import { connectFrame } from '@gossamer/cage/engine';
import type { JobCard } from '@gossamer/protocol';
import type { PageApi } from '../shared/snapshot.ts';

interface Opening {
  job: number;
  id: number;
  frame: Promise<CageFrame>;
  /** Leases that use it. */
  users: number;
  /** Its renderer is gone, or it never came up: no further lease gets it. */
  dead: boolean;
}

/** A lease's hold on its job's frame. */
export interface FrameHold {
  frame: CageFrame;
  /** Once, when the lease is over. `dead`: its end said that the renderer is gone. */
  release(dead: boolean): void;
}

/**
 * Frames at a time. Each is a process of the browser, which takes memory that no program is charged for. A lease that
 * needs one more waits until one closes.
 */
const MOST_FRAMES = 32;

type FramePage = Pick<PageApi, 'openFrame' | 'closeFrame'>;

/**
 * The cages' frames, one a job: the page opens them, this side drives them. A frame that died is replaced by one on
 * the job's next host, since frames of one host share a renderer; one that no lease needs is closed.
 */
export class Frames {
  readonly #page: FramePage;
  readonly #openings = new Map<number, Opening>();
  /** The last host of each job: the `{n}` of its card's cageOrigin. */
  readonly #hosts = new Map<number, number>();
  readonly #most: number;
  readonly #waiting: (() => void)[] = [];
  #nextId = 1;
  /** Frames in the page, dead ones that a lease still holds among them. */
  #count = 0;

  constructor(page: FramePage, most = MOST_FRAMES) {
    this.#page = page;
    this.#most = most;
  }

  /** A job's frame, opened when it has none. Rejects when it does not come up. */
  async acquire(card: JobCard): Promise<FrameHold> {
    const mine = await this.#join(card);
    try {
      return { frame: await mine.frame, release: (dead) => this.#leave(mine, dead) };
    } catch (error) {
      this.#leave(mine, true);
      throw error;
    }
  }

  /** Closes the frames that no lease uses, but for the `spared` job's, which is likely to come again. */
  closeIdle(spared: number | null): void {
    for (const opening of this.#openings.values()) {
      if (opening.users === 0 && opening.job !== spared) this.#close(opening);
    }
  }

  /** The job's frame with one user more, when there is room for it. */
  async #join(card: JobCard): Promise<Opening> {
    for (;;) {
      const known = this.#openings.get(card.job);
      const opening = known === undefined || known.dead ? this.#openIfRoom(card) : known;
      if (opening !== null) {
        opening.users++;
        return opening;
      }
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  #openIfRoom(card: JobCard): Opening | null {
    if (this.#count >= this.#most) this.closeIdle(null);
    if (this.#count >= this.#most) return null;
    const opening = this.#open(card);
    this.#openings.set(card.job, opening);
    return opening;
  }

  #open(card: JobCard): Opening {
    this.#count++;
    const id = this.#nextId++;
    const host = (this.#hosts.get(card.job) ?? 0) + 1;
    this.#hosts.set(card.job, host);
    const url = `${card.cageOrigin.replace('{n}', String(host))}/`;
    const onDead = (): void => {
      opening.dead = true;
      if (opening.users === 0) this.#close(opening);
    };
    const frame = this.#page.openFrame(id, url).then((port) => connectFrame(port, { onDead }));
    const opening: Opening = { job: card.job, id, frame, users: 0, dead: false };
    return opening;
  }

  #leave(opening: Opening, dead: boolean): void {
    opening.users--;
    opening.dead ||= dead;
    if (opening.users === 0 && (opening.dead || this.#waiting.length > 0)) this.#close(opening);
  }

  #close(opening: Opening): void {
    if (this.#openings.get(opening.job) === opening) this.#openings.delete(opening.job);
    opening.frame.then((frame) => frame.close()).catch(() => undefined);
    this.#page.closeFrame(opening.id);
    this.#count--;
    for (const wake of this.#waiting.splice(0)) wake();
  }
}
