/** How many letters have to be put in, left out, changed or swapped with their neighbour, to make one word of another. */
const distance = (a: string, b: string): number => {
  let [before, row] = [[] as number[], Array.from({ length: b.length + 1 }, (_, at) => at)];
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      next.push(Math.min(change, row[j]! + 1, next[j - 1]! + 1, isSwap ? before[j - 2]! + 1 : change));
    }
    [before, row] = [row, next];
  }
  return row[b.length]!;
};

/** The word that was probably meant; null where none is near. Capitals count not, nor does an ending that is missing. */
export const nearest = (word: string, words: readonly string[]): string | null => {
  const small = word.toLowerCase();
  const isBeginning = (other: string): boolean => small.length >= 4 && other.toLowerCase().startsWith(small);
  const letters = (other: string): number => distance(small, other.toLowerCase());
  const far = (other: string): number => (isBeginning(other) ? Math.min(1, letters(other)) : letters(other));
  const [best] = words.toSorted((a, b) => far(a) - far(b) || letters(a) - letters(b));
  return best !== undefined && far(best) <= Math.max(1, Math.floor(word.length / 3)) ? best : null;
};
