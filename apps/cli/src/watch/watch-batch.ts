import { EXIT } from '../exit-code.ts';
import type { Cli } from '../cli.ts';
import { batchDone, batchFrame, batchLine, batchUnits } from './batch-frame.ts';
import { followToEnd } from './follow-to-end.ts';

/** Shows a batch until all of its jobs have ended, as `followToEnd` does. Returns the exit status. */
export const watchBatchToEnd = (cli: Cli, id: string): Promise<number> => {
  const { batches } = cli.grid();
  return followToEnd(cli, {
    counts: (view) => ({ done: batchDone(view), total: batchUnits(view) }),
    frame: batchFrame,
    watch: (options) => batches.watch(id, options),
    line: batchLine,
    status: (last) =>
      last !== null && last.jobs.cancelled === 0 && last.units.failed === 0 ? EXIT.ok : EXIT.incomplete,
    goesOn: `${id} goes on; \`gossamer batches watch ${id}\` follows it again`,
  });
};
