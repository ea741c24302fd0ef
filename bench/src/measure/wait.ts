export const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Runs `task` for each item, at most `width` at a time. */
export const eachOf = async <Item>(
  items: readonly Item[],
  width: number,
  task: (item: Item, place: number) => Promise<void>,
): Promise<void> => {
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < items.length) {
      const place = next++;
      await task(items[place]!, place);
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, lane));
};
