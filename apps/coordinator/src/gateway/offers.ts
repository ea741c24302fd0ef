import type { Session } from '@gossamer/core';
import { EVENTS, ResultOffer, type ResultPermit } from '@gossamer/protocol';
import type { Socket } from 'socket.io';
import type { Flow } from './flow.ts';
import { type Explain, parse } from './greeting.ts';

/** What one offer costs, in messages of the connection's rate: it is followed by over a MiB. */
const COST = 10;

/** Who decides on offers: see `LargeResults.offer`. */
export interface Offers {
  offer(session: Session, offer: ResultOffer): Promise<ResultPermit>;
}

/** Lets a signed-in session ask to send large results of attempts that it holds. */
export const takeOffers = (socket: Socket, flow: Flow, session: Session, offers: Offers, explain: Explain): void => {
  const answer = async (message: unknown): Promise<unknown> => offers.offer(session, parse(ResultOffer, message));
  socket.on(EVENTS.offer, (message: unknown, reply: unknown) => {
    if (typeof reply !== 'function') return;
    const send = reply as (answer: unknown) => void;
    flow.spend(COST);
    answer(message).then(send, (error: unknown) => send(explain(error)));
  });
};
