import type { Source, UnitInput } from '@gossamer/protocol';
import type { BlobStore } from '@gossamer/store';
import { openSource } from '../../src/sources/open-source.ts';

/** No program is asked here. */
export const unasked = (): Promise<never> => Promise.reject(new Error('the program was asked'));

/** An opened source that gives a single unit's input, too. */
export const openWithInput = async (source: Source, blobs: BlobStore) => {
  const opened = await openSource(source, blobs, unasked);
  const input = async (index: number): Promise<UnitInput> => (await opened.inputs([index]))[0]!;
  return { ...opened, input };
};
