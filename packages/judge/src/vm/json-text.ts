const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The text of what calls itself JSON, or null where it is none. Parsed here, too, so as to hand in nothing but JSON. */
export const jsonText = (body: Uint8Array): string | null => {
  try {
    const text = utf8.decode(body);
    JSON.parse(text);
    return text;
  } catch {
    return null;
  }
};
