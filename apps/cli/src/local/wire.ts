import { z } from 'zod';

/** What the engine asks for first; program and input follow as bytes. */
export const UnitOrder = z.object({
  kind: z.enum(['js', 'wasm']),
  /** The largest maximum that a wasm module's memory may declare, bytes. */
  memoryBytes: z.int(),
  /** JSON text. */
  params: z.string(),
  index: z.int(),
  seed: z.int(),
  encoding: z.int(),
  /** Shared data, whose bytes are asked for by their place in this list. */
  data: z.array(z.object({ name: z.string(), size: z.int() })),
  limits: z.object({ deadlineMs: z.int(), resultBytes: z.int() }),
});
export type UnitOrder = z.infer<typeof UnitOrder>;

const RunMs = z.number();

/** What the engine tells of the unit while it runs, one message each. */
export const UnitEvent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('log'), text: z.string() }),
  z.object({ kind: z.literal('progress'), done: z.number() }),
  /** `rgba`: base64. */
  z.object({ kind: z.literal('picture'), width: z.int(), height: z.int(), rgba: z.base64() }),
  /** It comes as bytes, with encoding and run time in its path: as text a large one would be several times as long. */
  z.object({ kind: z.literal('result'), encoding: z.int(), body: z.instanceof(Uint8Array), runMs: RunMs }),
  z.object({
    kind: z.literal('error'),
    phase: z.enum(['load', 'run', 'result']),
    message: z.string(),
    stack: z.string(),
    runMs: RunMs,
  }),
  /** The worker is gone. Where it gave no outcome, `how` says why. */
  z.object({
    kind: z.literal('end'),
    how: z.enum(['done', 'overran', 'flooded', 'crashed', 'starved', 'dead', 'stopped']),
    message: z.string(),
    runMs: RunMs,
  }),
  /** The page could not open the cage. */
  z.object({ kind: z.literal('failed'), message: z.string() }),
]);
export type UnitEvent = z.infer<typeof UnitEvent>;
