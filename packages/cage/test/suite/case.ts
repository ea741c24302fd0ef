import type { ProblemCode } from '@gossamer/protocol';
import type { CageEnd, CageError } from '../../src/api.ts';
import type { LeaseSpec } from './browser/wire.ts';

/** What must come of a case's first unit, or of its lease. */
export type Expectation =
  | { value: unknown }
  | { bytes: number[] }
  | { error: CageError['phase']; says?: RegExp }
  | { end: CageEnd['kind'] }
  /** Any outcome, so long as the cage holds. */
  | { holds: true };

/** How a coordinator refuses a program when it is submitted: the problem's code, and what its text names. */
export interface Refusal {
  refused: ProblemCode;
  says: RegExp;
}

/** A program behind the walls. `params` are the attacker's URLs. */
export interface ProgramCase extends Omit<LeaseSpec, 'inputs' | 'params'> {
  name: string;
  family: 'honest' | 'ambient' | 'loading' | 'forgery' | 'results' | 'life' | 'wasm';
  inputs?: LeaseSpec['inputs'];
  expect: Expectation;
  /** What must come of it as a job, where that is not what `expect` says: that it gets no further than submission, or another end. */
  asJob?: Refusal | Expectation;
  /** It may end the renderer of its cage host, in its run or a while after: it gets a host of its own, and another must go on. */
  endsRenderer?: true;
}

/** A frame's own document taken over by an attacker; `U` names its URLs. */
export interface FrameCase {
  name: string;
  family: 'frame';
  script: string;
  /** Browsers that have nothing to stop it with: docs/security.md says what that means. */
  openIn?: readonly 'firefox'[];
}

/** A module whose `run` has this body; `U` names the attacker's URLs. */
export const running = (body: string): string =>
  `export const run = async (input, ctx) => { const U = ctx.params; ${body} };`;
