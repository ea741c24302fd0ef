import { ProgramView, Sha256 } from '@gossamer/protocol';
import { readId } from './read-id.ts';
import { pages, type Signalled } from './pages.ts';
import { tolerant } from './tolerant.ts';
import type { Transport } from './transport.ts';

/** Programs of this key's jobs; of every key's for an operator's. Their jobs: `grid.jobs.list({ program })`. */
export class Programs {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** The last used first, page after page as they are taken; with `submitter` (a key's id) those of its jobs. */
  list({ submitter, signal }: { submitter?: string } & Signalled = {}): AsyncGenerator<ProgramView> {
    return pages(this.#transport, ProgramView, { path: '/v1/programs', query: { submitter }, signal });
  }

  /** What it is, and how it is used. Throws `program-unknown` where no job is of it. */
  async get(sha256: string, { signal }: Signalled = {}): Promise<ProgramView> {
    const read = readId(Sha256, 'program-unknown', sha256, 'a SHA-256 of 64 lower-case hexadecimal digits');
    return this.#transport.json(tolerant(ProgramView), { path: `/v1/programs/${read}`, signal });
  }
}
