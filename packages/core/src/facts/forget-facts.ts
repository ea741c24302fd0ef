import type { GridFact } from './grid-fact.ts';
import { decodeGridFacts, encodeGridFacts } from './grid-fact.ts';

/** What a fact says without what tells one device from another: its number stays, to which the jobs' logs hold on. */
export const withoutDevice = (fact: GridFact): GridFact => {
  if (fact.kind === 'device-seen') return { ...fact, id: '', publicKey: '', platform: '', prefix: null };
  return withoutNetwork(fact);
};

/** What a fact says without the network that a device was in. */
export const withoutNetwork = (fact: GridFact): GridFact =>
  fact.kind === 'device-seen' || fact.kind === 'device-moved' ? { ...fact, prefix: null } : fact;

/** Whether nothing of it names a device any more. */
export const isEmptied = (fact: GridFact & { kind: 'device-seen' }): boolean => fact.publicKey === '';

/**
 * The text of a segment with some of its facts emptied, which is shorter. `empty` gives what is left of the fact at a place
 * of the segment; its cause may name the device, so `cause` stands in its place.
 */
export const emptied = (text: string, empty: (fact: GridFact, place: number) => GridFact, cause: string): string =>
  encodeGridFacts(cause, decodeGridFacts(text).facts.map(empty));
