import type { JudgeLimits } from '../limits.ts';
import { type Call, type Outcome, failure } from '../messages.ts';
import { Ended } from './ended.ts';
import type { Instance } from './instance.ts';
import { Vm } from './vm.ts';

/** A call's outcome, and whether the instance may be used again. */
interface Ran {
  outcome: Outcome;
  intact: boolean;
}

/**
 * One call in a runtime of its own. Arguments go in before the program is evaluated, while it cannot have used up the
 * room for them. Never throws. What failed is thrown away with its instance as it is: to take it apart could take long,
 * or fail again.
 */
export const runCall = (instance: Instance, { program, tool, name, args, raw }: Call, limits: JudgeLimits): Ran => {
  const vm = new Vm(instance, limits);
  try {
    const values = args.map((value, index) => vm.argument(value, index));
    const others = raw.flatMap((value, index) => vm.raw(value, index));
    const outcome = vm.ask(tool, vm.evaluate(program.text), name, [...values, ...others]);
    return { outcome, intact: vm.dispose() };
  } catch (error) {
    if (error instanceof Ended) return { outcome: error.outcome, intact: false };
    return { outcome: broken(error), intact: false };
  }
};

/** The engine itself gave way. V8's own stack ends where the engine's parser, which counts nothing, goes too deep. */
const broken = (error: unknown): Outcome =>
  error instanceof RangeError
    ? failure('memory', 'the program is nested or recurses too deeply for the judge')
    : failure('crashed', `the program broke the judge's engine: ${String(error).slice(0, 200)}`);
