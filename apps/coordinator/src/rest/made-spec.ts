import { JobSpec } from '@gossamer/protocol';
import { z } from 'zod';

/** What a job was made of, as it is read back: a `JobSpec` in which nothing is left out. */
export const MadeSpec = z.strictObject(JobSpec.shape);
