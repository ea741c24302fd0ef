const ESCAPE = '\u001B';
/** Begins a control sequence. */
const CONTROL = `${ESCAPE}[`;
const SEQUENCE = /^\[[0-9;?]*[A-Za-z]/;

/** What a terminal reads: control sequences, and characters. */
function* tokensOf(text: string): Generator<string> {
  const [before, ...rest] = text.split(ESCAPE);
  yield* before!;
  for (const piece of rest) {
    const [sequence = ''] = SEQUENCE.exec(piece) ?? [];
    yield ESCAPE + sequence;
    yield* piece.slice(sequence.length);
  }
}

/** As much of a terminal as what we write to one needs: lines that break at its width, moving up, erasing, colours. */
export class Screen {
  columns: number;
  rows: number;
  /** Everything that was written. */
  written = '';
  /** Widest and last lines, with those that have scrolled away. */
  #lines: string[] = [''];
  #row = 0;
  #column = 0;

  constructor(columns: number, rows: number) {
    this.columns = columns;
    this.rows = rows;
  }

  write(text: string): void {
    this.written += text;
    for (const token of tokensOf(text)) this.#take(token);
  }

  /** The control sequences that were written. */
  get sequences(): string[] {
    return [...tokensOf(this.written)].filter((token) => token.startsWith(CONTROL));
  }

  /** What is seen and what has scrolled away, without blanks at the ends. */
  get text(): string {
    return this.#lines
      .map((line) => line.trimEnd())
      .join('\n')
      .trimEnd();
  }

  /** Breaks what is there at another width, as terminals do. */
  resize(columns: number): void {
    const broken = this.#lines.flatMap((line) => line.match(new RegExp(`.{1,${columns}}`, 'gu')) ?? ['']);
    this.columns = columns;
    this.#lines = broken;
    this.#row = broken.length - 1;
  }

  #take(token: string): void {
    if (token === '\r') this.#column = 0;
    else if (token === '\n') this.#down();
    else if (token.startsWith(ESCAPE)) this.#control(token);
    else this.#put(token);
  }

  #down(): void {
    this.#row++;
    this.#column = 0;
    this.#lines[this.#row] ??= '';
  }

  #control(token: string): void {
    const count = Number(token.slice(2, -1) || 1);
    const kind = token.at(-1);
    if (kind === 'A') this.#row = Math.max(0, this.#lines.length - this.rows, this.#row - count);
    else if (kind === 'J') this.#lines = [...this.#lines.slice(0, this.#row), this.#here.slice(0, this.#column)];
    else if (kind === 'K') this.#lines[this.#row] = '';
    else if (kind !== 'm') throw new Error(`a terminal was told ${JSON.stringify(token)}`);
  }

  get #here(): string {
    return this.#lines[this.#row]!;
  }

  #put(letter: string): void {
    if (this.#column === this.columns) this.#down();
    this.#lines[this.#row] =
      this.#here.slice(0, this.#column).padEnd(this.#column) + letter + this.#here.slice(this.#column + 1);
    this.#column++;
  }
}
