import type { PipeOptions } from '../src/node/index.ts';
import { useCoordinator } from './client.ts';
import type { FakeJob } from './fake-jobs.ts';

/** A coordinator whose jobs are ended by the test, unit by unit, and pipes to it. */
export const usePipe = () => {
  const { coordinator, client } = useCoordinator();
  const code = 'export const run = (input) => input;';
  /** The job that was made last. */
  const fake = (): FakeJob => coordinator.jobs.at(-1)!;
  return {
    coordinator,
    client,
    code,
    fake,
    /** Gives the unit's result: ten times its input. */
    finish: (unit: number): void => fake().finish(unit, { output: (fake().inputs[unit] as number) * 10 }),
    pipe: <In>(inputs: Iterable<In> | AsyncIterable<In>, options: PipeOptions = {}) =>
      client().pipe<In, number>(inputs, { code }, options),
  };
};
