import { LIMITS } from '@gossamer/protocol';

/** What one connection may take of the coordinator. */
export interface GatewayLimits {
  /** A connection that has not signed in by then is closed, ms. */
  signInMs: number;
  /** How often a connection is asked whether it lives, and how long it may take to say so, ms. */
  pingMs: number;
  pongMs: number;
  /** What waits to be read by the other side, bytes: over the first it gets no more leases, over the second it is cut. */
  backlogBytes: number;
  mostBacklogBytes: number;
  /** Exchanges of one session that are decided and written at once. */
  exchanges: number;
}

export const GATEWAY_LIMITS: GatewayLimits = {
  signInMs: 20_000,
  pingMs: 10_000,
  pongMs: 15_000,
  backlogBytes: 1024 * 1024,
  mostBacklogBytes: 2 * LIMITS.frame,
  exchanges: 16,
};
