import type { JobView } from '@gossamer/protocol';

/** A program, and what it was used for. */
export interface ProgramUse {
  program: JobView['program'];
  kind: JobView['programKind'];
  /** Of its newest job; null: nobody. */
  signer: JobView['signer'];
  /** The newest first. */
  jobs: JobView['id'][];
  /** How many of them have not ended. */
  open: number;
  /** When its newest job was made, ms since 1970. */
  lastAt: number;
}

/** The programs of jobs that come newest first: those that were used last are the first. */
export const programsOf = async (jobs: AsyncIterable<JobView>): Promise<ProgramUse[]> => {
  const uses = new Map<string, ProgramUse>();
  for await (const { id, program, programKind: kind, signer, state, createdAt: lastAt } of jobs) {
    const use = uses.get(program) ?? { program, kind, signer, jobs: [], open: 0, lastAt };
    uses.set(program, use);
    use.jobs.push(id);
    if (state === 'running' || state === 'held') use.open++;
  }
  return [...uses.values()];
};
