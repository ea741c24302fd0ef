import type { FailureView } from '@gossamer/protocol';
import { failureOf } from '@gossamer/protocol';

/** How an attempt failed, of what its device told; `inSources` tells where the places of its stack lie in the sources. */
export const failureView = (text: string, inSources: (stack: string) => string): FailureView => {
  const { phase, message, stack, log } = failureOf(text);
  return { phase, message, stack: inSources(stack), log: [...log] };
};
