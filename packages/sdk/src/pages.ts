import type { z } from 'zod';
import { type tolerant, tolerantPage } from './tolerant.ts';
import type { Call, Transport } from './transport.ts';

/** What every call takes: it ends, with the signal's reason, when that aborts. */
export interface Signalled {
  signal?: AbortSignal;
}

/** All that is in a list, page after page as it is taken. */
export async function* pages<Shape extends z.ZodRawShape>(
  transport: Transport,
  schema: z.ZodObject<Shape>,
  { query, ...call }: Pick<Call, 'path' | 'query' | 'signal'>,
): AsyncGenerator<z.output<ReturnType<typeof tolerant<Shape>>>> {
  const schemaOfPage = tolerantPage(schema);
  let after: string | undefined;
  do {
    const page: z.output<typeof schemaOfPage> = await transport.json(schemaOfPage, {
      ...call,
      query: { after, ...query },
    });
    yield* page.items;
    after = page.next ?? undefined;
  } while (after !== undefined);
}

export const gathered = async <Item>(items: AsyncIterable<Item>): Promise<Item[]> => {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
};
