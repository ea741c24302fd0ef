/** The most by which it runs faster or slower than time passes, as a share. */
const SLEW = 0.1;

/**
 * The one clock of a coordinator, in whole ms since 1970: it begins with the system's, never goes back, and never jumps.
 * When the system's clock is set, it follows by running a tenth faster or slower until both agree, so that every
 * deadline is off by a tenth at the most. `steady` is in ms of any origin, and goes on evenly whatever is set.
 */
export const gridClock = (wall: () => number, steady: () => number = () => performance.now()): (() => number) => {
  let time = wall();
  let at = steady();
  return () => {
    const read = steady();
    const passed = Math.max(0, read - at);
    at = read;
    const most = SLEW * passed;
    const behind = wall() - (time + passed);
    time += passed + Math.min(most, Math.max(-most, behind));
    return Math.floor(time);
  };
};
