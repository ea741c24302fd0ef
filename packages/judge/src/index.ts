export {
  type Fold,
  type Folded,
  type FoldState,
  Judge,
  type JudgedProgram,
  type JudgeOptions,
  type Split,
} from './judge.ts';
export { JudgeError, type JudgeReason } from './judge-error.ts';
export type { JudgeLimits } from './limits.ts';
export type { JudgeValue } from './messages.ts';
