import type {
  CoordinatorKeys,
  DeviceId,
  DeviceView,
  Page,
  RefusalView,
  SignerPolicyPatch,
  SignerSpec,
  SignerView,
  SigningKey,
} from '@gossamer/protocol';
import type { Caller, PageRequest } from './caller.ts';

/**
 * What the REST API sees of signers, the coordinator's own keys, and devices set apart. As in `Grid`, every method throws
 * ProblemError, and a promise resolves only when what it did is on disk. Submitters see and touch only their own signers
 * (another's is `signer-unknown`); operators all.
 */
export interface GridSigning {
  signers(caller: Caller, page: PageRequest): Page<SignerView>;
  registerSigner(caller: Caller, spec: SignerSpec): Promise<SignerView>;
  /** For operators. Leases of devices that may not run its jobs any more end at once. */
  setSignerPolicy(caller: Caller, key: SigningKey, patch: SignerPolicyPatch): Promise<SignerView>;
  /** For good: its open jobs are cancelled, and the tabs that run them are told at once. */
  revokeSigner(caller: Caller, key: SigningKey): Promise<SignerView>;
  coordinatorKeys(): CoordinatorKeys;
  rotateCoordinatorKey(): Promise<CoordinatorKeys>;
  /** Programs that tabs refused to run since the start, the newest first. */
  refusals(page: PageRequest): Page<RefusalView>;
  /** Sets a device apart for the playground, or puts it back. */
  setApart(device: DeviceId, apart: boolean): Promise<DeviceView>;
}
