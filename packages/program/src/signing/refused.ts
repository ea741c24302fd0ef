import type { RefusalReason } from '@gossamer/protocol';

/** A program that is not what the coordinator admitted: nothing of it is run. The message says why, for people. */
export class ProgramRefused extends Error {
  override readonly name = 'ProgramRefused';
  readonly reason: RefusalReason;

  constructor(reason: RefusalReason, message: string) {
    super(message);
    this.reason = reason;
  }
}
