import type { KeyView, Role } from '@gossamer/protocol';
import { signal } from '@preact/signals';
import * as api from '../api/grid-api.ts';
import { made, notice } from '../state.ts';

/** Grows when the list of keys should be read again. */
export const keysVersion = signal(0);

const DAY_MS = 86_400_000;

/** A key that ends in `days`; 0: it stays until it is revoked. Throws what the API throws. */
export const create = async (role: Role, name: string, days: number): Promise<void> => {
  made.value = await api.createKey(role, name, days === 0 ? null : Date.now() + days * DAY_MS);
  keysVersion.value += 1;
};

/** Throws what the API throws. */
export const revoke = async (key: KeyView): Promise<void> => {
  await api.revokeKey(key.id);
  if (made.value?.id === key.id) made.value = null;
  keysVersion.value += 1;
  notice.value = { tone: 'good', text: `The key “${key.name}” is revoked.` };
};
