import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { pathOffsets } from '../src/drift-path.ts';
import { driftSearch } from '../src/drift-search.ts';
import { DEFAULT_THRESHOLD } from '../src/false-alarm.ts';
import { headerlessLayout } from '../src/layout.ts';
import { searchByBands } from './bands.ts';

const FILE = fileURLToPath(new URL('../../../../shared/data/voyager1/carrier_waterfall.f32', import.meta.url));
const present = existsSync(FILE);
if (!present) console.warn('SA1 skipped: ../shared/data/voyager1/carrier_waterfall.f32 is not here');

function load() {
  const bytes = new Uint8Array(readFileSync(FILE));
  const { rows, columns } = headerlessLayout(bytes.byteLength, 14, 256);
  return { data: new Float32Array(bytes.buffer), rows, columns };
}

describe.skipIf(!present)("SA1: Voyager 1's carrier is the best hit, at bin 128 with a drift of -2", () => {
  test('SA1: in the whole file', () => {
    const { data, rows, columns } = load();
    const { hits, noise } = driftSearch({ data, rows, width: columns }, { maxDrift: 13, threshold: DEFAULT_THRESHOLD });
    expect(hits[0]).toMatchObject({ bin: 128, drift: -2 });
    const offsets = pathOffsets(rows, -2);
    const sum = offsets.reduce((total, offset, t) => total + data[t * columns + 128 + offset]!, 0);
    expect(sum).toBeCloseTo(26_956, -1);
    expect(hits[0]!.snr).toBeCloseTo((sum - noise.location) / noise.scale, 6);
  });

  test('SA1: band by band, as the grid does it', () => {
    const { data, rows, columns } = load();
    const { hits, plan } = searchByBands(data, { rows, columns });
    expect(plan.bands).toBeGreaterThan(1);
    expect(hits[0]).toMatchObject({ bin: 128, drift: -2 });
  });
});
