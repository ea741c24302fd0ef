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
  #nextId = 1;

  constructor(page: FramePage) {
    this.#page = page;
  }

  /** A job's frame, opened when it has none. Rejects when it does not come up. */
  async acquire(card: JobCard): Promise<FrameHold> {
    let opening = this.#openings.get(card.job);
    if (opening === undefined || opening.dead) {
      opening = this.#open(card);
      this.#openings.set(card.job, opening);
    }
    const mine = opening;
    mine.users++;
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

  #open(card: JobCard): Opening {
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
    if (opening.dead && opening.users === 0) this.#close(opening);
  }

  #close(opening: Opening): void {
    if (this.#openings.get(opening.job) === opening) this.#openings.delete(opening.job);
    opening.frame.then((frame) => frame.close()).catch(() => undefined);
    this.#page.closeFrame(opening.id);
  }
}
