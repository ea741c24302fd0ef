import type { Hit } from './drift-path.ts';

/**
 * How far a hit may lie from the tone it is: a tone's power next to its own path still sums to half of it, so noise, or a
 * true frequency between two bins, can move the strongest path by a bin at either end; two leave a margin, and are well
 * below the distance at which two tones are told apart.
 */
export const BIN_TOLERANCE = 2;
export const DRIFT_TOLERANCE = 2;

export interface Match {
  readonly tone: Hit;
  readonly hit: Hit;
}

export interface Report {
  readonly found: readonly Match[];
  readonly missed: readonly Hit[];
  /** Hits that are no tone's. */
  readonly falseHits: readonly Hit[];
}

/** Matches tones and hits, strongest tones first, each with the nearest hit that no other tone has. */
export function matchTones(injected: readonly Hit[], hits: readonly Hit[]): Report {
  const left = new Set(hits);
  const found: Match[] = [];
  const missed: Hit[] = [];
  for (const tone of injected.toSorted((a, b) => b.snr - a.snr)) {
    let nearest: Hit | undefined;
    for (const hit of left) {
      const near = Math.abs(hit.bin - tone.bin) <= BIN_TOLERANCE && Math.abs(hit.drift - tone.drift) <= DRIFT_TOLERANCE;
      if (near && (nearest === undefined || distance(hit, tone) < distance(nearest, tone))) nearest = hit;
    }
    if (nearest === undefined) {
      missed.push(tone);
    } else {
      left.delete(nearest);
      found.push({ tone, hit: nearest });
    }
  }
  return { found, missed, falseHits: [...left] };
}

function distance(a: Hit, b: Hit): number {
  return Math.abs(a.bin - b.bin) + Math.abs(a.drift - b.drift);
}

const HEADINGS = ['injected bin', 'drift', 'S/N', 'found bin', 'drift', 'S/N', ''];

/** The report as a plain text table, tones in order of strength, false hits at the end. */
export function renderReport({ found, missed, falseHits }: Report): string {
  return renderTable(
    HEADINGS,
    [
      ...found.map(({ tone, hit }) => ({ snr: tone.snr, cells: [...cellsOf(tone), ...cellsOf(hit), 'found'] })),
      ...missed.map((tone) => ({ snr: tone.snr, cells: [...cellsOf(tone), '-', '-', '-', 'MISSED'] })),
    ]
      .sort((a, b) => b.snr - a.snr)
      .map(({ cells }) => cells)
      .concat(falseHits.map((hit) => ['-', '-', '-', ...cellsOf(hit), 'FALSE'])),
  );
}

/** Hits as a plain text table, in the order given. */
export function renderHits(hits: readonly Hit[]): string {
  return renderTable(['bin', 'drift', 'S/N'], hits.map(cellsOf));
}

function cellsOf({ bin, drift, snr }: Hit): string[] {
  return [String(bin), drift > 0 ? `+${drift}` : String(drift), snr.toFixed(1)];
}

/** Columns aligned to the right, two spaces apart. */
function renderTable(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = headings.map((heading, i) => Math.max(heading.length, ...rows.map((row) => row[i]!.length)));
  return [headings, ...rows]
    .map((row) =>
      row
        .map((cell, i) => cell.padStart(widths[i]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
