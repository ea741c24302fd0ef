import * as z from 'zod/mini';

/** Of a page of the record only what puts pages together is looked at: the rest is the volunteer's to read. */
export const RecordPage = z.looseObject({ attempts: z.array(z.unknown()), next: z.nullable(z.string()) });
export type RecordPage = z.infer<typeof RecordPage>;

/** Whoever can be asked for a page, the first one by null. */
interface Pages {
  record(after: string | null): Promise<RecordPage>;
}

/** Puts the pages of what the grid keeps of this device together: the text of one JSON document. */
export const recordText = async (session: Pages): Promise<string> => {
  const { next, ...record } = await session.record(null);
  const attempts = [...record.attempts];
  for (let after = next; after !== null;) {
    const page = await session.record(after);
    for (const attempt of page.attempts) attempts.push(attempt);
    after = page.next;
  }
  return JSON.stringify({ ...record, attempts }, null, 2);
};
