import type { Call } from './transport.ts';

/** What an order says of its reason: where there is none, nothing is sent. A release took nothing at all once. */
export const reasonBody = (reason: string): Pick<Call, 'json'> => (reason.trim() === '' ? {} : { json: { reason } });
