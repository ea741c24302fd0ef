/**
 * An origin that may stand in a header: scheme, host and port and nothing else. A host may begin with `*.`.
 * Throws a TypeError on anything else, so that no text of a configuration can add a directive.
 */
export const checkedOrigin = (text: string): string => {
  const plain = text.replace('://*.', '://');
  if (!URL.canParse(plain) || new URL(plain).origin !== plain || !/^https?:/.test(plain)) {
    throw new TypeError(`not an origin: ${JSON.stringify(text)} (like https://cage.example.org)`);
  }
  return text;
};
