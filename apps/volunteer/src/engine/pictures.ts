import { transfer } from 'comlink';
import type { PageApi, SlotPicture } from '../shared/snapshot.ts';
import { Publisher } from './publisher.ts';

/** Pictures a second for all slots together, the page's patience allowing. */
const INTERVAL_MS = 100;

/** The latest picture of each slot goes to the page; those that come too fast are overtaken. */
export class Pictures {
  readonly #latest = new Map<number, SlotPicture>();
  readonly #publisher: Publisher;

  constructor(page: Pick<PageApi, 'picture'>) {
    this.#publisher = new Publisher(INTERVAL_MS, async () => {
      const pictures = [...this.#latest.values()];
      this.#latest.clear();
      await Promise.all(pictures.map(async (picture) => page.picture(transfer(picture, [picture.rgba.buffer]))));
    });
  }

  show(picture: SlotPicture): void {
    this.#latest.set(picture.slot, picture);
    this.#publisher.changed();
  }
}
