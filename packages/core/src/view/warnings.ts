import type { Job } from '../job/job.ts';

const SWITCHES = { device: 'one device', volunteer: 'devices of one volunteer', prefix: 'devices of one network' };

/** What a submitter should know of a job's settings, and of what was seen since, in words. */
export const warningsOf = (job: Job): string[] => {
  const { policy } = job.spec;
  const warnings: string[] = [];
  const isCompared = policy.kind === 'adaptive' || (policy.kind === 'quorum' && policy.quorum > 1);
  if (isCompared) {
    const relaxed = (['device', 'volunteer', 'prefix'] as const).filter((kin) => !job.independence[kin]);
    if (relaxed.length > 0) {
      const who = relaxed.map((kin) => SWITCHES[kin]).join(', and ');
      warnings.push(`Replicas of a unit may go to ${who}: their agreement proves less.`);
    }
  } else if (policy.kind !== 'check') {
    warnings.push('The first result of a unit is taken as it is: whoever returns it can return anything.');
  }
  const { quarrel } = job.classes;
  if (quarrel !== null && job.spec.comparison.kind === 'bytes' && !job.spec.sameClass) {
    const { classes, differed, compared } = quarrel;
    warnings.push(
      `Honest devices of two kinds of browser disagree: ${differed} of ${compared} comparisons between ${classes} ` +
        'differ, and hardly any within one kind. The last bits of floating-point results differ between browsers. ' +
        'Submit the job with a comparison by tolerance, or with sameClass, which keeps the replicas of a unit in one ' +
        'kind of browser.',
    );
  }
  return warnings;
};
