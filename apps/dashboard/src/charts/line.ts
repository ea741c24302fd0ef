/** One line of a chart. */
export interface Line {
  label: string;
  /** Class of its swatch, which gives its colour. */
  tone: 'one' | 'two';
}
