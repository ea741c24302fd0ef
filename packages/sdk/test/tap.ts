/** Inputs that a test gives one by one, and which tell how many were asked for. */
export const tap = <In>() => {
  const waiting: ((step: IteratorResult<In>) => void)[] = [];
  const given: IteratorResult<In>[] = [];
  const seen = { asked: 0, left: false };
  const put = (step: IteratorResult<In>): void => {
    const first = waiting.shift();
    if (first === undefined) given.push(step);
    else first(step);
  };
  return {
    seen,
    give: (...values: In[]) => values.forEach((value) => put({ done: false, value })),
    end: () => put({ done: true, value: undefined }),
    inputs: {
      [Symbol.asyncIterator]: () => ({
        next: () => {
          seen.asked += 1;
          const ready = given.shift();
          return ready === undefined
            ? new Promise<IteratorResult<In>>((give) => waiting.push(give))
            : Promise.resolve(ready);
        },
        return: async () => {
          seen.left = true;
          return { done: true as const, value: undefined };
        },
      }),
    } satisfies AsyncIterable<In>,
  };
};

export const numbers = function* (count: number): Generator<number> {
  for (let n = 0; n < count; n++) yield n;
};

/** So many inputs, and then none for ever. */
export const tapped = (count: number): AsyncIterable<number> => {
  const { give, inputs } = tap<number>();
  give(...numbers(count));
  return inputs;
};
