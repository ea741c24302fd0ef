import type { ProgramCase } from '../case.ts';
import { ambient } from './ambient.ts';
import { forgery } from './forgery.ts';
import { honest } from './honest.ts';
import { lifeCases } from './life.ts';
import { loading } from './loading.ts';
import { refusedModules } from './refused-modules.ts';
import { results } from './results.ts';
import { runModules } from './run-modules.ts';
import { wasm } from './wasm.ts';
import { zone } from './zone.ts';

export { frameCases } from './frame.ts';
/** Programs in JavaScript. */
export const scriptCases: ProgramCase[] = [
  ...honest,
  ...ambient,
  ...zone,
  ...loading,
  ...forgery,
  ...results,
  ...lifeCases,
  ...wasm,
];
/** Programs that are wasm modules: those that break a rule, and those that run. */
export const moduleCases: ProgramCase[] = [...refusedModules, ...runModules];
export const programCases: ProgramCase[] = [...scriptCases, ...moduleCases];
