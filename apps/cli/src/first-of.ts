/** The first ones, at most so many. */
export async function* firstOf<Item>(items: AsyncIterable<Item>, limit: number): AsyncGenerator<Item> {
  let left = limit;
  for await (const item of items) {
    if (left-- <= 0) return;
    yield item;
  }
}
