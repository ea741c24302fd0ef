import type { KeyId, Role } from '@gossamer/protocol';

/** Who asks, as found by an API key. */
export interface Caller {
  key: KeyId;
  role: Role;
  name: string;
}

/** A page of a list: `after` is the cursor that an earlier page gave as `next`. */
export interface PageRequest {
  after?: string | undefined;
  limit: number;
}

export interface ResultsRequest extends PageRequest {
  /** Provisional results and revoked ones, too; false unless said. */
  provisional?: boolean;
}
