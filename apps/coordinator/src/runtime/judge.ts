import type { JudgementRequest } from '@gossamer/core';
import { giveVerdict } from '@gossamer/core';
import type { Queries } from '../queries/queries.ts';
import type { Runtime } from './runtime.ts';

/**
 * Answers the core's question on a late result: is it the same, byte for byte, as the canonical one? Both are read
 * from the log, as the core keeps no results of settled units.
 */
export const judgeLateResult = async (runtime: Runtime, queries: Queries, request: JudgementRequest): Promise<void> => {
  const { job, unit, canonical, candidate } = request;
  const ordinals = [canonical, candidate];
  const [first, second] = await queries.attemptBodies(job, runtime.factOf(job), unit, ordinals);
  if (first === null || first === undefined || second === null || second === undefined) {
    throw new Error(`the results of unit ${unit} are not in the log`);
  }
  const same = first.encoding === second.encoding && Buffer.compare(first.body, second.body) === 0;
  await runtime.run(`judgement:${unit}`, (effects) =>
    giveVerdict(runtime.scheduler, request, same, runtime.now(), effects),
  );
};
