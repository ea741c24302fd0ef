/** Names and messages of strangers must not steer the terminal: control characters become a visible mark. */
export const printable = (text: string): string =>
  text.replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, '\ufffd');

/** The same, but lines stay lines. */
export const printableLines = (text: string): string => text.split('\n').map(printable).join('\n');
