import type { ReturnedItem } from '@gossamer/core';
import { decodeResultBlob, isInBlob } from '@gossamer/protocol';

/** Bytes of a result, wherever it lies. */
export const resultSize = ({ encoding, body }: Pick<ReturnedItem, 'encoding' | 'body'>): number =>
  isInBlob(encoding) ? decodeResultBlob(body).size : body.byteLength;
