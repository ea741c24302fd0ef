import { ReadModelDamaged, SchemaTooNew, SequenceGap } from '../../errors.ts';
import { LogDamaged, OutcomeUnknown, StorageFull } from '../../log-store.ts';

/** An error on its way between threads, where classes get lost. */
export interface WireError {
  name: string;
  message: string;
}

const CLASSES: readonly (new (message: string) => Error)[] = [
  LogDamaged,
  OutcomeUnknown,
  RangeError,
  ReadModelDamaged,
  SchemaTooNew,
  SequenceGap,
  StorageFull,
];

export const toWireError = (error: unknown): WireError => {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error) };
  const code = 'code' in error ? ` (${String(error.code)})` : '';
  return { name: error.name, message: `${error.message}${code}` };
};

/** The error again, of its own class where callers tell it by its class. */
export const fromWireError = ({ name, message }: WireError): Error => {
  const Class = CLASSES.find((candidate) => candidate.name === name);
  return Class === undefined ? new Error(`${name}: ${message}`) : new Class(message);
};
