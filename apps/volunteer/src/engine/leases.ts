import type { ExchangeResponse, JobCard, LeaseRef } from '@gossamer/protocol';
import { decodeTicket } from '@gossamer/protocol';
import { JobCard as CardSchema } from '../shared/schemas.ts';
import type { LeaseWork } from './crew/prepare.ts';
import { leaseKey } from './exchange/lease-key.ts';

/** A grant whose ticket and card could be read. */
export interface Grant {
  ref: LeaseRef;
  ticket: Uint8Array;
  work: LeaseWork;
}

/** Cards kept, the oldest forgotten first: the coordinator sends a job's card once a session. */
const KEPT = 256;

/** The jobs that this session has met, and the reading of grants. */
export class Cards {
  readonly #cards = new Map<number, JobCard>();

  get(job: number): JobCard | null {
    return this.#cards.get(job) ?? null;
  }

  /** Cards come anew with each session. */
  clear(): void {
    this.#cards.clear();
  }

  /** Reads an answer's cards, then its leases. A lease that makes no sense is left out: it expires at the coordinator. */
  read(response: Pick<ExchangeResponse, 'cards' | 'leases'>): Grant[] {
    for (const text of response.cards) {
      const card = CardSchema.safeParse(parseJson(text));
      if (card.success) this.#cards.set(card.data.job, card.data);
      if (this.#cards.size > KEPT) this.#cards.delete(this.#cards.keys().next().value!);
    }
    const grants: Grant[] = [];
    for (const { ticket: bytes, inputs } of response.leases) {
      const { ticket } = decodeTicket(bytes);
      const card = this.#cards.get(ticket.job);
      if (card === undefined || ticket.units.length !== inputs.length || inputs.length === 0) continue;
      const work = { key: leaseKey(ticket), card, indices: ticket.units, inputs };
      grants.push({ ref: { epoch: ticket.epoch, number: ticket.number }, ticket: bytes, work });
    }
    return grants;
  }
}

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
