import { errorOf } from './error-kinds.ts';

/** Characters of a header's value that a key may be made of: the visible ones of ASCII. */
const VISIBLE = /^[\x21-\x7e]*$/;

const nameOf = (character: string): string => {
  if (/[\r\n]/.test(character)) return 'the end of a line';
  return /\s/.test(character) ? 'a blank' : `“${character}”`;
};

/** The key without blanks around it. Throws GossamerError `usage` where it could be none, before anybody would tell of it with the key. */
export const checkedKey = (apiKey: string): string => {
  const key = apiKey.trim();
  if (VISIBLE.test(key)) return key;
  const characters = Array.from(key);
  const at = characters.findIndex((character) => !VISIBLE.test(character));
  throw errorOf(
    'usage',
    `the API key has ${nameOf(characters[at]!)} as its character ${at + 1}, which no key has: copy it anew, whole and by itself; a ` +
      "submitter's key is gss_ and what stands after it",
  );
};
