/** Live events within the grid, lossy by contract: whoever needs all of them reads the log. */
export interface Bus {
  publish(topic: string, bytes: Uint8Array): void;
  /** Returns the way to end the subscription. */
  subscribe(topic: string, listener: (bytes: Uint8Array) => void): () => void;
}
