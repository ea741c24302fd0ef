import { input_read, input_size, paramsNumber, progress, resultJson } from "./grid";

@external("grid", "picture") declare function picture(at: usize, width: u32, height: u32): void;

/** The amino acids in the order of the matrix. */
const LETTERS = "ARNDCQEGHILKMFPSTWYV";
const SIZE = 20;
/** What stands for a newline, and for a byte that is no amino acid, where others have their rank. */
const END: u8 = 254;
const UNKNOWN: u8 = 255;

/** BLOSUM62, in half bits. Source: S. and J. G. Henikoff, PNAS 89, 1992. */
const BLOSUM62: StaticArray<i8> = [
   4,-1,-2,-2, 0,-1,-1, 0,-2,-1,-1,-1,-1,-2,-1, 1, 0,-3,-2, 0,
  -1, 5, 0,-2,-3, 1, 0,-2, 0,-3,-2, 2,-1,-3,-2,-1,-1,-3,-2,-3,
  -2, 0, 6, 1,-3, 0, 0, 0, 1,-3,-3, 0,-2,-3,-2, 1, 0,-4,-2,-3,
  -2,-2, 1, 6,-3, 0, 2,-1,-1,-3,-4,-1,-3,-3,-1, 0,-1,-4,-3,-3,
   0,-3,-3,-3, 9,-3,-4,-3,-3,-1,-1,-3,-1,-2,-3,-1,-1,-2,-2,-1,
  -1, 1, 0, 0,-3, 5, 2,-2, 0,-3,-2, 1, 0,-3,-1, 0,-1,-2,-1,-2,
  -1, 0, 0, 2,-4, 2, 5,-2, 0,-3,-3, 1,-2,-3,-1, 0,-1,-3,-2,-2,
   0,-2, 0,-1,-3,-2,-2, 6,-2,-4,-4,-2,-3,-3,-2, 0,-2,-2,-3,-3,
  -2, 0, 1,-1,-3, 0, 0,-2, 8,-3,-3,-1,-2,-1,-2,-1,-2,-2, 2,-3,
  -1,-3,-3,-3,-1,-3,-3,-4,-3, 4, 2,-3, 1, 0,-3,-2,-1,-3,-1, 3,
  -1,-2,-3,-4,-1,-2,-3,-4,-3, 2, 4,-2, 2, 0,-3,-2,-1,-2,-1, 1,
  -1, 2, 0,-1,-3, 1, 1,-2,-1,-3,-2, 5,-1,-3,-1, 0,-1,-3,-2,-2,
  -1,-1,-2,-3,-1, 0,-2,-3,-2, 1, 2,-1, 5, 0,-2,-1,-1,-1,-1, 1,
  -2,-3,-3,-3,-2,-3,-3,-3,-1, 0, 0,-3, 0, 6,-4,-2,-2, 1, 3,-1,
  -1,-2,-2,-1,-3,-1,-1,-2,-2,-3,-3,-1,-2,-4, 7,-1,-1,-4,-3,-2,
   1,-1, 1, 0,-1, 0, 0, 0,-1,-2,-2, 0,-1,-2,-1, 4, 1,-3,-2,-2,
   0,-1, 0,-1,-1,-1,-1,-2,-2,-1,-1,-1,-1,-2,-1, 1, 5,-2,-2, 0,
  -3,-3,-4,-4,-2,-2,-3,-2,-2,-3,-2,-3,-1, 1,-4,-3,-2,11, 2,-3,
  -2,-2,-2,-3,-2,-1,-2,-3, 2,-1,-1,-2,-1, 3,-3,-2,-2, 2, 7,-1,
   0,-3,-3,-3,-1,-2,-2,-3,-3, 3, 1,-2, 1,-1,-2,-2, 0,-3,-1, 4,
];

/** Where a letter stands in the matrix. */
const RANKS = new StaticArray<u8>(256).fill(UNKNOWN);
for (let i = 0; i < LETTERS.length; i++) RANKS[LETTERS.charCodeAt(i)] = <u8>i;
RANKS[10] = END;

/**
 * The best local alignment of two sequences: its score, in quarter bits, so that half a point is a whole number.
 * Smith and Waterman (1981) with Gotoh's affine gaps (1982), column by column of the matrix, in the space of one.
 *
 * `best[i]` and `gap[i]` hold, for query letter i and the subject's letter before this one, the best score of an alignment
 * that ends there, and of one that ends there in a gap of the query.
 */
function score(query: StaticArray<u8>, subject: StaticArray<u8>, from: i32, to: i32, open: i32, extend: i32): i32 {
  const best = new StaticArray<i32>(query.length);
  const gap = new StaticArray<i32>(query.length).fill(-open);
  let highest = 0;
  for (let j = from; j < to; j++) {
    const row = <i32>subject[j] * SIZE;
    let diagonal = 0;
    let above = 0;
    let gapAbove = -open;
    for (let i = 0; i < query.length; i++) {
      gapAbove = max(gapAbove - extend, above - open);
      gap[i] = max(gap[i] - extend, best[i] - open);
      const matched = diagonal + 2 * <i32>BLOSUM62[row + <i32>query[i]];
      diagonal = best[i];
      above = max(max(0, matched), max(gap[i], gapAbove));
      best[i] = above;
      highest = max(highest, above);
    }
  }
  return highest;
}

/** The input's letters as their ranks. */
function readRanks(): StaticArray<u8> {
  const text = new StaticArray<u8>(input_size());
  input_read(changetype<usize>(text), 0, text.length);
  for (let i = 0; i < text.length; i++) {
    const rank = RANKS[text[i]];
    if (rank == UNKNOWN) throw new Error("byte " + i.toString() + " is no amino acid: " + text[i].toString());
    text[i] = rank;
  }
  return text;
}

/** Letters around a cell of the dot plot whose matches are added up, either way. */
const WINDOW = 6;
const SIDE = 512;

/** Shows a dot plot: query downwards, subject to the right; what is alike shows as a bright diagonal. */
function showDotPlot(query: StaticArray<u8>, subject: StaticArray<u8>, from: i32, to: i32): void {
  const width = min(to - from, SIDE);
  const height = min(query.length, SIDE);
  if (width < 1) return;
  const rgba = new StaticArray<u8>(width * height * 4);
  for (let i = 0; i < height; i++) {
    for (let j = 0; j < width; j++) {
      let alike = 0;
      for (let k = max(-WINDOW, max(-i, -j)); k <= WINDOW && i + k < height && j + k < width; k++) {
        alike += <i32>BLOSUM62[<i32>query[i + k] * SIZE + <i32>subject[from + j + k]];
      }
      const at = 4 * (i * width + j);
      rgba[at] = <u8>min(255, 10 + 7 * max(0, alike));
      rgba[at + 1] = <u8>min(255, 12 + 4 * max(0, alike));
      rgba[at + 2] = <u8>min(255, 40 + 2 * max(0, alike));
      rgba[at + 3] = 255;
    }
  }
  picture(changetype<usize>(rgba), width, height);
}

/**
 * The input is a text of sequences, a line each: the query first, then those that it is compared with. The result is a JSON
 * array of their scores. Parameters: what the first letter of a gap costs (`open`), and each further one (`extend`), in
 * points; halves are allowed.
 */
export function run(): void {
  const ranks = readRanks();
  const open = <i32>(2 * paramsNumber("open"));
  const extend = <i32>(2 * paramsNumber("extend"));
  const end = ranks.indexOf(END);
  if (end < 1) throw new Error("the first line should be the query, and others should follow");
  const query = ranks.slice<StaticArray<u8>>(0, end);
  const scores: string[] = [];
  for (let from = end + 1; from < ranks.length; ) {
    const newline = ranks.indexOf(END, from);
    const to = newline < 0 ? ranks.length : newline;
    if (scores.length == 0) showDotPlot(query, ranks, from, to);
    scores.push((<f64>score(query, ranks, from, to, open, extend) / 2).toString());
    progress(<f64>to / ranks.length);
    from = to + 1;
  }
  resultJson("[" + scores.join(",") + "]");
}
