import { BatchId, DeliveryId, DeviceId, JobId, KeyId, LIMITS, Sha256, SigningKey, WebhookId } from '@gossamer/protocol';
import { z } from 'zod';

export const JobParams = z.strictObject({ id: JobId });
export const BatchParams = z.strictObject({ id: BatchId });
export const UnitParams = z.strictObject({ id: JobId, index: z.coerce.number().int().min(0).max(LIMITS.units) });
export const DeviceParams = z.strictObject({ id: DeviceId });
export const SignerParams = z.strictObject({ key: SigningKey });
export const KeyParams = z.strictObject({ id: KeyId });
export const ProgramParams = z.strictObject({ sha256: Sha256 });
export const BlobParams = z.strictObject({ sha256: Sha256 });
export const WebhookParams = z.strictObject({ id: WebhookId });
export const DeliveryParams = z.strictObject({ id: WebhookId, delivery: DeliveryId });
