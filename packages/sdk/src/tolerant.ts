import { z } from 'zod';

/** The same object, but fields that a newer coordinator has added are dropped, not refused. */
export const tolerant = <Shape extends z.ZodRawShape>(schema: z.ZodObject<Shape>) => z.object(schema.shape);

/** A keyset page of such objects. */
export const tolerantPage = <Shape extends z.ZodRawShape>(schema: z.ZodObject<Shape>) =>
  z.object({ items: z.array(tolerant(schema)), next: z.string().nullable() });
