import { type GossamerOptions, connectionFault } from '@gossamer/sdk/node';

/** Whoever waits longer for the first answer is told why, ms. */
const SILENCE_MS = 1500;

interface Waiting {
  url: string;
  /** How long is tried, s. */
  patience: number;
  say: (text: string) => void;
}

/** `fetch` that says once, where nothing answers for some time, why that is and how long it is waited for. */
export const untilFirstAnswer = ({ url, patience, say }: Waiting): NonNullable<GossamerOptions['fetch']> => {
  let timer: NodeJS.Timeout | null = null;
  let isAnswered = false;
  let reason: string | null = null;
  const tell = (): void => {
    const goingOn = `trying for up to ${patience} s; --patience SECONDS changes that`;
    say(reason === null ? `no answer from ${url} yet` : `no answer from ${url} yet: ${reason}; ${goingOn}`);
  };
  return async (input, init) => {
    if (!isAnswered) timer ??= setTimeout(tell, SILENCE_MS).unref();
    try {
      const response = await fetch(input, init);
      isAnswered = true;
      if (timer !== null) clearTimeout(timer);
      return response;
    } catch (error) {
      reason = connectionFault(error);
      throw error;
    }
  };
};
