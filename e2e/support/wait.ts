/** Time after which a condition that should come true counts as never coming true, ms. Shared machines are slow. */
export const PATIENCE_MS = 60_000;

const STEP_MS = 100;

/** Asks until the answer is as it should be, and gives it; throws with the last answer when it never is. */
export const until = async <Value>(
  what: string,
  ask: () => Value | Promise<Value>,
  enough: (value: Value) => boolean = Boolean,
  patienceMs = PATIENCE_MS,
): Promise<Value> => {
  const end = Date.now() + patienceMs;
  for (;;) {
    const value = await ask();
    if (enough(value)) return value;
    if (Date.now() > end) throw new Error(`waited in vain: ${what}; it stayed ${JSON.stringify(value)}`);
    await new Promise((resolve) => setTimeout(resolve, STEP_MS));
  }
};

/** All that an iterator yields. */
export const gather = async <Item>(items: AsyncIterable<Item>): Promise<Item[]> => {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
};
