import { z } from 'zod';

/** Where the inputs of a request belong: the first one is that of unit `first`, which is the number of those before it. */
export const InputsQuery = z.strictObject({
  first: z
    .string()
    .regex(/^\d{1,10}$/, { message: 'expected the number of the inputs before these' })
    .transform(Number),
});

/** What a job has of its inputs once those of a request are with them. */
export const InputsAppended = z.strictObject({
  /** Units of the job so far: `first` of the next request. */
  total: z.int(),
});
export type InputsAppended = z.infer<typeof InputsAppended>;
