import { Judge } from '@gossamer/judge';
import type { Stores } from '@gossamer/store';
import { availableParallelism } from 'node:os';
import type { Logger } from 'pino';
import { Judgements } from './judging/judgements.ts';
import { Verdicts } from './judging/verdicts.ts';
import type { Queries } from './queries/queries.ts';
import { Reductions } from './reducing/reductions.ts';
import { ProgramTexts } from './runtime/program-texts.ts';
import type { Runtime } from './runtime/runtime.ts';
import { Sources } from './sources/sources.ts';
import { Splits } from './sources/splits.ts';

/** Whatever asks submitters' programs something on this side: how a job is split, whether results agree, what they come to. */
export interface Asking {
  splits: Splits;
  sources: Sources;
  /** Says what programs export, before a job is made of them; apart, so that no verdict waits for a stranger's top level. */
  inspector: Judge;
  judgements: Judgements;
  reductions: Reductions;
  close(): Promise<void>;
}

export const openAsking = (runtime: Runtime, queries: Queries, { blobs, reads }: Stores, logger: Logger): Asking => {
  const texts = new ProgramTexts(blobs);
  const splits = new Splits(blobs, texts);
  const sources = new Sources(blobs, splits);
  const judge = new Judge({ threads: Math.max(1, availableParallelism() - 1) });
  const verdicts = new Verdicts({ runtime, queries, sources, blobs, texts, judge });
  const judgements = new Judgements(runtime, verdicts, logger);
  const reductions = new Reductions({ runtime, queries, reads, texts, logger });
  const inspector = new Judge();
  const close = async (): Promise<void> => {
    await judgements.close();
    await reductions.close();
    await splits.close();
    await inspector.close();
  };
  return { splits, sources, inspector, judgements, reductions, close };
};
