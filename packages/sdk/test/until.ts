/** Waits until `holds`, for at most a minute. */
export const until = async (holds: () => boolean): Promise<void> => {
  for (let i = 0; i < 6000; i++) {
    if (holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error('it never came to be');
};
