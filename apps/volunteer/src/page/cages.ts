import type { OpenedFrame } from '@gossamer/cage/page';
import { openFrame } from '@gossamer/cage/page';

/** The frames that this page holds for its engine, by the engine's numbers. */
export class Cages {
  readonly #frames = new Map<number, OpenedFrame>();
  /** Numbers that were closed before their frame was up. */
  readonly #unwanted = new Set<number>();

  /** Opens a frame; the answer is its port, to be transferred to the engine. */
  async open(id: number, url: string): Promise<MessagePort> {
    const frame = await openFrame(document, url);
    if (this.#unwanted.delete(id)) {
      frame.remove();
      throw new Error('the cage is needed no more');
    }
    this.#frames.set(id, frame);
    return frame.port;
  }

  close(id: number): void {
    const frame = this.#frames.get(id);
    if (frame === undefined) this.#unwanted.add(id);
    else frame.remove();
    this.#frames.delete(id);
  }

  closeAll(): void {
    for (const id of [...this.#frames.keys()]) this.close(id);
  }
}
