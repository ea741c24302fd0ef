import { once } from 'node:events';

/** The reader of our output went away, as `head` does. */
export class OutputClosed extends Error {
  override readonly name = 'OutputClosed';
}

/** Lines that come in one turn go out together, in pieces of about so many characters: each write costs more than a line. */
const PIECE = 64 * 1024;

/** Standard output with back-pressure: a write waits until the reader has taken what came before. */
export class Output {
  readonly #stream: NodeJS.WriteStream;
  /** Called before anything is written to a terminal, which may show a line that is not finished. */
  onTerminalWrite: () => void = () => undefined;
  #closed = false;
  #gathered = '';
  #soon: NodeJS.Immediate | null = null;
  /** While the reader is behind. */
  #behind: Promise<void> | null = null;

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
    this.#send();
    this.#put(data);
    await this.#taken();
  }

  /** It is on its way at the end of the turn. */
  async line(text: string): Promise<void> {
    this.#gathered += `${text}\n`;
    if (this.#gathered.length >= PIECE) this.#send();
    else this.#soon ??= setImmediate(() => this.#send());
    if (this.#closed || this.#behind !== null) await this.#taken();
  }

  json(value: unknown): Promise<void> {
    return this.line(JSON.stringify(value));
  }

  /** Waits until everything has left, or cannot. */
  async flush(): Promise<void> {
    this.#send();
    await new Promise<void>((resolve) => this.#stream.write('', () => resolve()));
    if (this.#closed) throw new OutputClosed();
  }

  #send(): void {
    if (this.#soon !== null) clearImmediate(this.#soon);
    this.#soon = null;
    const text = this.#gathered;
    this.#gathered = '';
    if (text !== '') this.#put(text);
  }

  #put(data: string | Uint8Array): void {
    if (this.isTerminal) this.onTerminalWrite();
    if (this.#closed || this.#stream.write(data)) return;
    // `once` rejects where the stream breaks while we wait: then it is closed.
    this.#behind ??= once(this.#stream, 'drain').then(
      () => void (this.#behind = null),
      () => void (this.#behind = null),
    );
  }

  async #taken(): Promise<void> {
    await this.#behind;
    if (this.#closed) throw new OutputClosed();
  }
}
