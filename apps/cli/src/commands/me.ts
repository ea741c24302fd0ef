import type { Command } from 'commander';
import { type Cli, action } from '../cli.ts';
import { fields } from '../table.ts';

export const meCommand = (parent: Command): void => {
  parent.command('me').description('whose key this is, and what it may have and has').action(action(me));
};

const useText = ({ limit, used }: { limit: number | null; used: number }): string =>
  limit === null ? `${used}` : `${used} of ${limit}`;

const me = async (cli: Cli): Promise<void> => {
  await cli.show(await cli.grid().me(), ({ key, role, name, quotas }) =>
    fields(
      [
        ['key', key],
        ['name', name],
        ['role', role],
        ['bytes of blobs', useText(quotas.blobBytes)],
        ['bytes of results', useText(quotas.resultBytes)],
        ['open jobs', useText(quotas.openJobs)],
        ['units in open jobs', useText(quotas.units)],
      ],
      cli.out.isTerminal,
    ),
  );
};
