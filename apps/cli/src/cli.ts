import { Gossamer, type GossamerOptions, errorOf } from '@gossamer/sdk/node';
import type { Command } from 'commander';
import { untilFirstAnswer } from './first-answer.ts';
import { Output } from './output.ts';
import { printableLines } from './printable.ts';
import { refusedKey } from './refused-key.ts';

/** The flags that every command takes. */
export interface GlobalFlags {
  url: string;
  key?: string;
  json?: true;
  quiet?: true;
  patience: number;
}

/** What a command works with. */
export class Cli {
  readonly out: Output;
  readonly flags: GlobalFlags;
  readonly #command: Command;
  readonly #fetch: NonNullable<GossamerOptions['fetch']>;

  constructor(command: Command) {
    this.out = new Output(process.stdout);
    this.flags = command.optsWithGlobals();
    this.#command = command;
    const { url, patience } = this.flags;
    this.#fetch = untilFirstAnswer({ url, patience, say: (text) => this.say(text) });
  }

  get json(): boolean {
    return this.flags.json === true;
  }

  get quiet(): boolean {
    return this.flags.quiet === true;
  }

  /** The client; without a key only what is public can be asked. */
  grid({ open = false } = {}): Gossamer {
    const { url, key = '', patience } = this.flags;
    if (key === '' && !open) {
      throw errorOf('key-missing', 'an API key is needed: give --key KEY, or set GOSSAMER_KEY', {
        status: 401,
      });
    }
    return new Gossamer({ url, apiKey: key, patienceMs: patience * 1000, fetch: this.#fetch });
  }

  /** An error in words that only this side knows: of which grid a key is, and where it came from. */
  told(error: unknown): unknown {
    const { url, key = '' } = this.flags;
    return refusedKey(error, { url, key, isFlag: this.#command.getOptionValueSourceWithGlobals('key') === 'cli' });
  }

  /** A word on standard error, unless --quiet. */
  say(text: string): void {
    if (!this.quiet) process.stderr.write(`${printableLines(text)}\n`);
  }

  /** Runs a part of a command that ends with a table, or with JSON lines when --json was given. */
  async list<Item>(items: AsyncIterable<Item> | Iterable<Item>, show: (items: Item[]) => string): Promise<void> {
    const kept: Item[] = [];
    for await (const item of items) {
      if (this.json) await this.out.json(item);
      else kept.push(item);
    }
    if (!this.json) await this.out.line(show(kept));
  }

  async show<Item>(item: Item, text: (item: Item) => string): Promise<void> {
    if (this.json) await this.out.json(item);
    else await this.out.line(text(item));
  }
}

/** Runs a command's body with its context; what it returns is the exit status. */
export const action =
  <Args extends unknown[]>(body: (cli: Cli, ...args: Args) => Promise<number | void>) =>
  async (...all: unknown[]): Promise<void> => {
    const command = all.at(-1) as Command;
    const cli = new Cli(command);
    let status: number | void;
    try {
      status = await body(cli, ...(all.slice(0, -1) as Args));
    } catch (error) {
      // What came before the error is not lost with it.
      await cli.out.flush().catch(() => undefined);
      throw cli.told(error);
    }
    await cli.out.flush();
    process.exitCode = status ?? 0;
  };
