type Colour = readonly [red: number, green: number, blue: number];

/**
 * Night blue, violet, crimson, orange, pale yellow: evenly spaced stops whose luminance rises from each to the next, so
 * that the picture reads the same in grey and to colour-blind eyes.
 */
const STOPS: readonly Colour[] = [
  [5, 7, 30],
  [48, 22, 98],
  [132, 36, 112],
  [212, 72, 72],
  [248, 160, 56],
  [255, 248, 206],
];

/** A colour for a value from 0 to 1, as red, green and blue from 0 to 255; values outside are taken for the nearest. */
export function colourOf(value: number): Colour {
  const position = Math.min(1, Math.max(0, value)) * (STOPS.length - 1);
  const index = Math.min(STOPS.length - 2, Math.floor(position));
  const part = position - index;
  const [from, to] = [STOPS[index]!, STOPS[index + 1]!];
  const blend = (channel: 0 | 1 | 2) => Math.round(from[channel] + (to[channel] - from[channel]) * part);
  return [blend(0), blend(1), blend(2)];
}

/** The map as a table of 256 RGB triples, one after the other. */
export function colourTable(): Uint8Array {
  const table = new Uint8Array(256 * 3);
  for (let i = 0; i < 256; i++) table.set(colourOf(i / 255), i * 3);
  return table;
}
