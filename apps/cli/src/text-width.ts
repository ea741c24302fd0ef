/** East Asian wide and full-width letters, and emoji: two columns of a terminal each. */
const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}|\ufe0f/u;
/** Marks that stand on the letter before them, and letters that are not seen. */
const NONE = /^[\p{Mn}\p{Me}\p{Cf}]+$/u;

const letters = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

const letterWidth = (letter: string): number => {
  if (WIDE.test(letter)) return 2;
  return NONE.test(letter) ? 0 : 1;
};

/** Columns that a text takes on a terminal; it holds no control characters. */
export const textWidth = (text: string): number => {
  let width = 0;
  for (const { segment } of letters.segment(text)) width += letterWidth(segment);
  return width;
};

/** The text, or as much of it as fits with an ellipsis behind it. */
export const fit = (text: string, columns: number): string => {
  if (textWidth(text) <= columns) return text;
  let cut = '';
  let width = 0;
  for (const { segment } of letters.segment(text)) {
    width += letterWidth(segment);
    if (width > columns - 1) break;
    cut += segment;
  }
  return columns < 1 ? '' : `${cut}…`;
};
