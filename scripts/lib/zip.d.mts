/** What a ZIP archive holds, by name, in its order. Throws for one that is broken. */
export function contentsOf(bytes: Buffer): Promise<Map<string, Buffer>>;
