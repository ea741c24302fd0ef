import { z } from 'zod';
import { LIMITS } from '../limits.ts';

type JsonValue = z.infer<ReturnType<typeof z.json>>;

/** Without recursion, as it guards what recurses. */
const isShallow = (value: unknown): boolean => {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > LIMITS.jsonDepth) return false;
    level = level.flatMap((item) => (typeof item === 'object' && item !== null ? Object.values(item) : []));
  }
  return true;
};

const Shallow = z.unknown().refine(isShallow, { message: `expected JSON no deeper than ${LIMITS.jsonDepth} levels` });

/** A JSON value from outside. One of great depth would overflow the stack of whatever walks it. */
export const Json = (Shallow as unknown as z.ZodType<JsonValue, JsonValue>).pipe(z.json());
