import { GossamerError, errorOf } from '@gossamer/sdk/node';

/** Where the key of a command comes from. */
export interface GivenKey {
  url: string;
  key: string;
  isFlag: boolean;
}

const KEY = /^gs[so]_/;

/** The refusal of a key, with who refused it and where it came from, but never with the key itself; other errors as they are. */
export const refusedKey = (error: unknown, { url, key, isFlag }: GivenKey): unknown => {
  if (!(error instanceof GossamerError) || error.code !== 'key-wrong') return error;
  const shape = KEY.test(key.trim())
    ? ''
    : "; a submitter's key begins with gss_ (an operator's with gso_), and this one does not";
  const message =
    `the grid at ${url} refuses the key of ${isFlag ? '--key' : 'GOSSAMER_KEY'}: it is of another grid, was revoked, or has expired${shape}. ` +
    "Ask the grid's operator for a key, or name the key's own grid by --url or GOSSAMER_URL";
  return errorOf('key-wrong', message, {
    cause: error,
    ...(error.status === undefined ? {} : { status: error.status }),
  });
};
