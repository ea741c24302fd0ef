import { KeyId, QuotasView, Role } from '@gossamer/protocol';
import { z } from 'zod';

/** Who a key is. */
export const Me = z.strictObject({ key: KeyId, role: Role, name: z.string() });

/** Who a key is, and what it may have and has. */
export const MeView = z.strictObject({ ...Me.shape, quotas: QuotasView });

export const SignIn = z.strictObject({ key: z.string().min(1).max(500) });
