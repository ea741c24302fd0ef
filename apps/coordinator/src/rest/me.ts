import { KeyId, Role } from '@gossamer/protocol';
import { z } from 'zod';

/** Who a key is. */
export const Me = z.strictObject({ key: KeyId, role: Role, name: z.string() });

export const SignIn = z.strictObject({ key: z.string().min(1).max(500) });
