import { absenceAdvice, absenceText } from '@gossamer/program';

/** What is to be said beyond the message of an error that a unit ended with; null: nothing. */
export const adviceOn = (message: string): string | null => {
  const [, name] = /\b(\w+) is not defined/.exec(message) ?? [];
  const advice = name === undefined ? null : absenceAdvice(name);
  return advice === null ? null : absenceText(name!);
};
