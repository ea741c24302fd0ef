/** Consecutive valid results from which on a device is trusted. */
export const TRUSTED_FROM = 10;

/**
 * BOINC's adaptive replication, as a baseline: a device with n consecutive valid results, n >= 10, is trusted with a
 * probability of 1 - 1/n. Only results that were replicated count; an error, an invalid result or a time-out sets n to
 * zero. (D. P. Anderson, "BOINC: A Platform for Volunteer Computing", J. Grid Computing 2020, section 3.4; there the
 * counter is kept by device and version of the program.)
 */
export class BoincRecord {
  readonly #valid = new Map<number, number>();

  /** Consecutive valid results of a device. */
  valid(device: number): number {
    return this.#valid.get(device) ?? 0;
  }

  /** Is this request of the device served without replication? `chance` is from [0, 1); one coin for a whole request. */
  isTrusted(device: number, chance: number): boolean {
    const valid = this.valid(device);
    return valid >= TRUSTED_FROM && chance >= 1 / valid;
  }

  /** `replicated`: another device's result was compared with it. */
  onValid(device: number, replicated: boolean): void {
    if (replicated) this.#valid.set(device, this.valid(device) + 1);
  }

  onInvalid(device: number): void {
    this.#valid.delete(device);
  }

  onError(device: number): void {
    this.#valid.delete(device);
  }

  onTimeout(device: number): void {
    this.#valid.delete(device);
  }
}
