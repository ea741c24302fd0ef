/** The environment of a browser that is far from UTC, whose zone a program could tell from the one that it must see. */
export const elsewhere = (): Record<string, string> => ({
  ...(process.env as Record<string, string>),
  TZ: 'Pacific/Auckland',
});
