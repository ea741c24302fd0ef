/** The most that a device keeps of shared data, bytes. */
const MOST_BYTES = 2 * 1024 ** 3;
/** Of what the browser gives this site, no more than this share. */
const SHARE = 0.25;

/** How much of shared data may be kept here. */
export const dataBudget = async (): Promise<number> => {
  const { quota = MOST_BYTES } = await navigator.storage.estimate().catch(() => ({ quota: MOST_BYTES }));
  return Math.min(MOST_BYTES, quota * SHARE);
};
