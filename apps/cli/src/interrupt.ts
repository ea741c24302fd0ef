/** The first Ctrl-C (or SIGTERM) calls `first` and goes on; the second one ends the process at once. */
export const onInterrupt = (first: () => void): (() => void) => {
  let seen = false;
  const listener = (): void => {
    if (seen) process.exit(130);
    seen = true;
    first();
  };
  process.on('SIGINT', listener);
  process.on('SIGTERM', listener);
  return () => {
    process.off('SIGINT', listener);
    process.off('SIGTERM', listener);
  };
};
