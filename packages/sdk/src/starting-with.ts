/** An iterator whose first step was taken already. */
export const startingWith = <In>(
  first: IteratorResult<In>,
  rest: AsyncIterator<In> | Iterator<In>,
): AsyncIterator<In> | Iterator<In> => {
  let isFirst = true;
  return {
    next: () => {
      if (!isFirst) return rest.next() as never;
      isFirst = false;
      return first as never;
    },
    return: () => rest.return?.() as never,
  };
};

/** What `step` gives, or a rejection as soon as the signal is aborted: an input may never come. */
export const unlessAborted = async <Value>(step: Value | Promise<Value>, signal: AbortSignal): Promise<Value> => {
  signal.throwIfAborted();
  let leave: () => void = () => undefined;
  const aborted = new Promise<never>((_, reject) => {
    leave = () => reject(signal.reason as Error);
    signal.addEventListener('abort', leave, { once: true });
  });
  try {
    return await Promise.race([step, aborted]);
  } finally {
    signal.removeEventListener('abort', leave);
  }
};
