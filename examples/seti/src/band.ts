/** What fixes the bands of an observation. */
export interface BandGeometry {
  readonly columns: number;
  readonly width: number;
  readonly overlap: number;
}

/** Columns of one band: the core, and the slice that its unit is given; ends are exclusive. */
export interface Band {
  readonly coreStart: number;
  readonly coreEnd: number;
  readonly sliceStart: number;
  readonly sliceEnd: number;
}

/** Band `index` of an observation. @throws RangeError where there is no such band */
export function bandAt({ columns, width, overlap }: BandGeometry, index: number): Band {
  const coreStart = index * width;
  if (!Number.isSafeInteger(index) || index < 0 || coreStart >= columns) {
    throw new RangeError(`no band ${index} in ${columns} columns of ${width} each`);
  }
  const coreEnd = Math.min(coreStart + width, columns);
  return {
    coreStart,
    coreEnd,
    sliceStart: Math.max(0, coreStart - overlap),
    sliceEnd: Math.min(columns, coreEnd + overlap),
  };
}

/** Copies a band's slice out of row-major cells: `rows x (sliceEnd - sliceStart)` cells, row-major. */
export function cutBand(
  cells: Uint8Array,
  shape: { rows: number; columns: number; cellBytes: 1 | 4 },
  { sliceStart, sliceEnd }: Band,
): Uint8Array<ArrayBuffer> {
  const rowBytes = shape.columns * shape.cellBytes;
  const sliceBytes = (sliceEnd - sliceStart) * shape.cellBytes;
  const slice = new Uint8Array(shape.rows * sliceBytes);
  for (let t = 0; t < shape.rows; t++) {
    const from = t * rowBytes + sliceStart * shape.cellBytes;
    slice.set(cells.subarray(from, from + sliceBytes), t * sliceBytes);
  }
  return slice;
}
