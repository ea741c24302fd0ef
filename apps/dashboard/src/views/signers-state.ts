import type { DeviceView, SignerPolicy, SignerView } from '@gossamer/protocol';
import { signal } from '@preact/signals';
import { errorWords } from '../api/errors.ts';
import * as api from '../api/grid-api.ts';
import { endsSession } from '../session.ts';
import { devices, notice } from '../state.ts';
import { plural } from '../words.ts';

/** Grows when the list of signers should be read again. */
export const signersVersion = signal(0);

/** Throws what the API throws. */
export const setPolicy = async ({ key, name }: SignerView, policy: SignerPolicy): Promise<void> => {
  await api.setPolicy(key, policy);
  signersVersion.value += 1;
  notice.value = { tone: 'good', text: `What “${name}” may is changed, for its running jobs, too.` };
};

/** Throws what the API throws. */
export const revokeSigner = async ({ key, name, openJobs }: SignerView): Promise<void> => {
  await api.revokeSigner(key);
  signersVersion.value += 1;
  notice.value = { tone: 'good', text: `The signer “${name}” is revoked; ${plural(openJobs, 'job')} of it ended.` };
};

/** Throws what the API throws. */
export const rotateKey = async (): Promise<void> => {
  await api.rotateKey();
  signersVersion.value += 1;
  notice.value = { tone: 'good', text: 'The coordinator signs with a new key. Browsers follow by its chain.' };
};

/** Asks nothing before: it can be undone at once. */
export const setApart = async (device: DeviceView, apart: boolean): Promise<void> => {
  try {
    const changed = await api.setApart(device.id, apart);
    devices.value = devices.value?.map((one) => (one.id === changed.id ? changed : one)) ?? null;
    const text = apart ? 'is set apart: it runs playground jobs and nothing else' : 'runs public jobs again';
    notice.value = { tone: 'good', text: `Device #${device.number} ${text}.` };
  } catch (error) {
    if (!endsSession(error)) notice.value = { tone: 'bad', text: errorWords(error) };
  }
};
