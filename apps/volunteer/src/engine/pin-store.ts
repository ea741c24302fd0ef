import type { SigningKey } from '@gossamer/protocol';
import { createStore, del, get, set } from 'idb-keyval';
import type { PinStore } from './pinned-key.ts';

const KEY = 'key';
const store = createStore('gossamer-coordinator', 'keys');

/** The coordinator's key as this browser keeps it. */
export const browserPin: PinStore = {
  get: async () => (await get<SigningKey>(KEY, store).catch(() => undefined)) ?? null,
  set: (key) => set(KEY, key, store).catch(() => undefined),
};

export const forgetPin = (): Promise<void> => del(KEY, store);
