/** Grows with every change of the exchange codec or the session messages; a tab with another one reloads. */
export const PROTOCOL_VERSION = 7;
