/** What `/metrics` of a coordinator says a counter is at; NaN where there is none of that name. */
export const counterAt = async (port: number, name: string): Promise<number> => {
  const text = await (await fetch(`http://localhost:${port}/metrics`)).text();
  return Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1] ?? Number.NaN);
};
