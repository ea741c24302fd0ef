import type { Answer, JudgementRequest } from '../../src/index.ts';
import { truth } from './tab.ts';
import type { World } from './world.ts';

/** What an attempt of a unit returned, by its ordinal. */
const textOf = ({ grid }: World, job: number, unit: number, ordinal: number): string => {
  const { units, attempts } = grid.scheduler.jobs.get(job)!;
  const at = attempts.nth(units.head[unit]!, ordinal);
  for (const fact of grid.facts(grid.scheduler.jobs.get(job)!)) {
    if (fact.kind !== 'returned' || fact.epoch !== attempts.epoch[at] || fact.lease !== attempts.lease[at]) continue;
    for (const { offset, body } of fact.items) {
      if (offset === attempts.offset[at]) return new TextDecoder().decode(body).trim();
    }
  }
  throw new Error(`attempt ${ordinal} of unit ${unit} returned nothing`);
};

const answerTo = (world: World, request: JudgementRequest): Answer => {
  const { job, unit, candidate } = request;
  const text = textOf(world, job, unit, candidate);
  const other = request.kind === 'check' ? truth(job, unit) : textOf(world, job, unit, request.reference);
  return text === other ? 'yes' : 'no';
};

const takeQuestions = ({ grid, questions }: World): void => void questions.push(...grid.judgements.splice(0));

/** The judge tells the truth; it may do so late, twice (and then lie), or never. */
export const judge = (world: World): void => {
  const { grid, chance, questions } = world;
  takeQuestions(world);
  for (const request of questions.splice(0)) {
    if (chance.happens(0.2)) questions.push(request);
    else if (chance.happens(0.85)) {
      const answer = answerTo(world, request);
      grid.verdict(request, answer);
      if (chance.happens(0.2)) grid.verdict(request, answer === 'yes' ? 'no' : 'yes');
    }
  }
};

/** Everything that is asked is answered, until nothing is asked any more. */
export const judgeAll = (world: World): void => {
  takeQuestions(world);
  while (world.questions.length > 0) {
    for (const request of world.questions.splice(0)) world.grid.verdict(request, answerTo(world, request));
    takeQuestions(world);
  }
};
