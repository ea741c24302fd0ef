/**
 * Gives entries by their unit's index: one that comes early waits until all before it have come. What still waits at
 * the end (units of a cancelled job leave gaps) follows in order.
 */
export async function* inOrder<Entry extends { unit: number }, End>(
  entries: AsyncGenerator<Entry[], End>,
): AsyncGenerator<Entry[], End> {
  const waiting = new Map<number, Entry>();
  let next = 0;
  try {
    for (;;) {
      const step = await entries.next();
      if (step.done === true) {
        yield [...waiting.values()].sort((a, b) => a.unit - b.unit);
        return step.value;
      }
      for (const entry of step.value) waiting.set(entry.unit, entry);
      const ready: Entry[] = [];
      for (let entry = waiting.get(next); entry !== undefined; entry = waiting.get(next)) {
        waiting.delete(next++);
        ready.push(entry);
      }
      if (ready.length > 0) yield ready;
    }
  } finally {
    await entries.return(undefined as End);
  }
}
