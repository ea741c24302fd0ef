import type { Bus } from './bus.ts';

type Listener = (bytes: Uint8Array) => void;

/** A bus within one process: `publish` calls the listeners at once, in the order of their subscription. */
export class LocalBus implements Bus {
  readonly #topics = new Map<string, Map<symbol, Listener>>();
  readonly #onError: (topic: string, error: unknown) => void;

  /** `onError` hears of listeners that throw; the others and the publisher do not. */
  constructor(onError: (topic: string, error: unknown) => void = () => undefined) {
    this.#onError = onError;
  }

  publish(topic: string, bytes: Uint8Array): void {
    const listeners = this.#topics.get(topic);
    if (listeners === undefined) return;
    // A copy, because a listener may subscribe or unsubscribe while it is called.
    for (const listener of [...listeners.values()]) {
      try {
        listener(bytes);
      } catch (error) {
        this.#onError(topic, error);
      }
    }
  }

  subscribe(topic: string, listener: Listener): () => void {
    // A key of its own a subscription: the same function may be subscribed twice.
    const key = Symbol(topic);
    const listeners = this.#topics.get(topic) ?? new Map<symbol, Listener>();
    this.#topics.set(topic, listeners.set(key, listener));
    return () => {
      listeners.delete(key);
      if (listeners.size === 0 && this.#topics.get(topic) === listeners) this.#topics.delete(topic);
    };
  }
}
