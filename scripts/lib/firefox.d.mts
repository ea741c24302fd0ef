/**
 * The path of a Firefox of the system, installed where that can be done. Throws SetupError that says what to do.
 */
export function ensureFirefox(): Promise<string>;
