import type { ResultBlob, Sha256 } from '@gossamer/protocol';
import { ProblemError } from '@gossamer/protocol';
import { randomBytes } from 'node:crypto';
import type { AttemptPlace } from './receipts.ts';

/** One unit of one job, by their numbers. */
export interface WorkUnit {
  job: number;
  unit: number;
}

/** A large result that a device may send, or has sent and not reported yet. */
export interface Transfer {
  readonly place: AttemptPlace;
  readonly of: WorkUnit;
  readonly blob: ResultBlob;
  /** What the request that brings the bytes must show. */
  readonly permit: string;
  /** Cuts the request that brings them now; null while none does. */
  cut: (() => void) | null;
  /** Lets go of the room that it takes in its submitter's quota. */
  readonly letGo: () => void;
}

/** What a device may have on the way or unreported, beside one: a count, and bytes. */
export interface TransferLimits {
  count: number;
  bytes: number;
}

const keyOf = ({ device, lease, offset }: AttemptPlace): string => `${device}:${lease.epoch}.${lease.number}.${offset}`;

/** Transfers by attempt: one each. */
export class Transfers {
  readonly #limits: TransferLimits;
  readonly #byPlace = new Map<string, Transfer>();
  readonly #byPermit = new Map<string, Transfer>();
  /** By name: how many transfers are of it. */
  readonly #wanted = new Map<Sha256, number>();

  constructor(limits: TransferLimits) {
    this.#limits = limits;
  }

  /** Whether a device has it on the way, or has sent it and not reported it. */
  wants(name: Sha256): boolean {
    return this.#wanted.has(name);
  }

  all(): Transfer[] {
    return [...this.#byPlace.values()];
  }

  find(permit: string): Transfer | undefined {
    return this.#byPermit.get(permit);
  }

  /** Throws ProblemError `rate-limited` where the device has as much on the way as it may. */
  admit(device: number, size: number): void {
    const { count, bytes } = this.#limits;
    const others = this.all().filter(({ place }) => place.device === device);
    const sum = others.reduce((total, { blob }) => total + blob.size, 0);
    if (others.length >= count || (others.length > 0 && sum + size > bytes)) {
      throw new ProblemError('rate-limited', 'report the results that you have sent before you send more');
    }
  }

  /** Whoever offers an attempt's result again has lost what came of it before: that request is cut. */
  open(place: AttemptPlace, of: WorkUnit, blob: ResultBlob, letGo: () => void): Transfer {
    this.close(place);
    const permit = randomBytes(24).toString('base64url');
    const transfer: Transfer = { place, of, blob, permit, cut: null, letGo };
    this.#byPlace.set(keyOf(place), transfer);
    this.#byPermit.set(permit, transfer);
    this.#wanted.set(blob.sha256, (this.#wanted.get(blob.sha256) ?? 0) + 1);
    return transfer;
  }

  close(place: AttemptPlace): void {
    const transfer = this.#byPlace.get(keyOf(place));
    if (transfer === undefined) return;
    this.#byPlace.delete(keyOf(place));
    this.#byPermit.delete(transfer.permit);
    const { sha256 } = transfer.blob;
    const left = this.#wanted.get(sha256)! - 1;
    if (left === 0) this.#wanted.delete(sha256);
    else this.#wanted.set(sha256, left);
    transfer.letGo();
    transfer.cut?.();
  }
}
