import { UsageError } from '@gossamer/harness';
import { open, stat } from 'node:fs/promises';
import type { Hit } from '../drift-path.ts';
import { DataError } from '../data-error.ts';
import { MAX_HEADER_BYTES, parseFilterbank } from '../filterbank.ts';
import type { Layout } from '../layout.ts';
import { headerlessLayout } from '../layout.ts';
import { planBands } from '../plan.ts';
import { plantTones } from '../plant-tones.ts';
import { synthesize } from '../synthesize.ts';
import type { DemoOptions } from './options.ts';

/** What is searched: cells somewhere, and what was put there on purpose (null: nobody knows). */
export interface Observation extends Layout {
  readonly content: { kind: 'file'; path: string } | { kind: 'bytes'; bytes: Uint8Array };
  readonly injected: Hit[] | null;
  /** One sentence for the person who watches. */
  readonly description: string;
}

const SYNTHETIC = { rows: 16, columns: 2 ** 20, tones: 8, snr: [20, 60] } as const;

/** @param columns fewer than usual make a quicker search */
export const syntheticObservation = (
  seed: number,
  maxDrift: number | null,
  columns: number = SYNTHETIC.columns,
): Observation => {
  const { rows, tones: count, snr } = SYNTHETIC;
  const plan = planBands({ rows, columns, maxDrift: maxDrift ?? undefined });
  const injected = plantTones({ columns, width: plan.width, maxDrift: plan.maxDrift, count, seed, snr });
  const data = synthesize({ rows, columns, seed, tones: injected });
  return {
    headerBytes: 0,
    rows,
    columns,
    cellBytes: 4,
    content: { kind: 'bytes', bytes: new Uint8Array(data.buffer) },
    injected,
    description:
      `SYNTHETIC data, made here from seed ${seed}: ${rows} rows x ${columns} channels of noise ` +
      `with ${injected.length} drifting tones of S/N ${snr[0]} to ${snr[1]} put in. It is no observation of the sky.`,
  };
};

const fileLayout = async (path: string, options: DemoOptions): Promise<Layout> => {
  const { size } = await stat(path).catch(() => {
    throw new UsageError(`there is no file ${path}`);
  });
  if (options.rows !== null && options.columns !== null) return headerlessLayout(size, options.rows, options.columns);
  const file = await open(path);
  try {
    const head = new Uint8Array(Math.min(size, MAX_HEADER_BYTES));
    await file.read(head, 0, head.byteLength, 0);
    return parseFilterbank(head, size);
  } catch (error) {
    if (!(error instanceof DataError) || error.code !== 'data-bad-header') throw error;
    throw new DataError(error.code, `${error.message} (headerless float32 needs --rows and --cols)`);
  } finally {
    await file.close();
  }
};

/** Throws DataError or UsageError. */
export const openObservation = async (options: DemoOptions): Promise<Observation> => {
  if (options.data === null) return syntheticObservation(options.seed, options.maxDrift);
  const { headerBytes, rows, columns, cellBytes } = await fileLayout(options.data, options);
  return {
    headerBytes,
    rows,
    columns,
    cellBytes,
    content: { kind: 'file', path: options.data },
    injected: null,
    description: `${options.data}: ${rows} rows x ${columns} channels, ${cellBytes * 8} bit.`,
  };
};
