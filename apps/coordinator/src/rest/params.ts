import { DeviceId, JobId, KeyId, LIMITS, Sha256 } from '@gossamer/protocol';
import { z } from 'zod';

export const JobParams = z.strictObject({ id: JobId });
export const UnitParams = z.strictObject({ id: JobId, index: z.coerce.number().int().min(0).max(LIMITS.units) });
export const KeyParams = z.strictObject({ id: KeyId });
export const BlobParams = z.strictObject({ sha256: Sha256 });
export const DeviceParams = z.strictObject({ id: DeviceId });
