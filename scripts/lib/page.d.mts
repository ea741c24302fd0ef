/** Builds the page of an app (`apps/volunteer`) unless it is up to date; resolves to the folder that is served. */
export function buildPage(app: string): Promise<string>;
