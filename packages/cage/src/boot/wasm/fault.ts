/** What ends a unit: `describe` tells it by its name and message. */
const named = (name: string, message: string): Error => {
  const error = new Error(message);
  error.name = name;
  return error;
};

/** A function of `grid` was called in a way that it does not take. */
export const gridError = (call: string, message: string): Error => named('GridError', `${call}: ${message}`);

/** The module called `grid.abort`. */
export const aborted = (message: string): Error => named('Aborted', message);
