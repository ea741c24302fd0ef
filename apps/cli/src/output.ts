import { once } from 'node:events';

/** The reader of our output went away, as `head` does. */
export class OutputClosed extends Error {
  override readonly name = 'OutputClosed';
}

/** Standard output with back-pressure: a write waits until the reader has taken what came before. */
export class Output {
  readonly #stream: NodeJS.WriteStream;
  #closed = false;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
    stream.on('error', () => {
      this.#closed = true;
    });
  }

  get isTerminal(): boolean {
    return this.#stream.isTTY === true;
  }

  async write(data: string | Uint8Array): Promise<void> {
    if (this.#closed) throw new OutputClosed();
    if (this.#stream.write(data)) return;
    // `once` rejects where the stream breaks while we wait.
    await once(this.#stream, 'drain').catch(() => {
      throw new OutputClosed();
    });
  }

  line(text: string): Promise<void> {
    return this.write(`${text}\n`);
  }

  json(value: unknown): Promise<void> {
    return this.line(JSON.stringify(value));
  }

  /** Waits until everything has left, or cannot. */
  async flush(): Promise<void> {
    await new Promise<void>((resolve) => this.#stream.write('', () => resolve()));
    if (this.#closed) throw new OutputClosed();
  }
}
