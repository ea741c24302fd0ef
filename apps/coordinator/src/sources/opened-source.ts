import type { UnitInput } from '@gossamer/protocol';

/** A source that was opened: how many units it yields, and each one's input, by index. The same input every time. */
export interface OpenedSource {
  readonly total: number;
  /** The largest input that travels in an exchange, bytes: it bounds how many fit a frame. */
  readonly inlineBytes: number;
  input(index: number): Promise<UnitInput>;
}
