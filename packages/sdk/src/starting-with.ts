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
