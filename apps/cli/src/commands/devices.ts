import type { Command } from 'commander';
import { type Cli, action } from '../cli.ts';
import { moment, table } from '../table.ts';

export const devicesCommand = (parent: Command): void => {
  parent.command('devices').description('devices and how they did, for operators').action(action(devices));
};

const devices = async (cli: Cli): Promise<void> => {
  await cli.list(cli.grid().devices(), (list) =>
    table(
      ['DEVICE', 'PLATFORM', 'HERE', 'STANDING', 'SLOTS', 'VALID', 'INVALID', 'ERRORS', 'CREDIT', 'SINCE'],
      list.map((device) => [
        device.id,
        device.platform,
        device.connected ? 'yes' : 'no',
        device.trust.standing,
        device.slots,
        device.valid,
        device.invalid,
        device.errored,
        device.credit,
        moment(device.firstSeen),
      ]),
      cli.out.isTerminal,
    ),
  );
};
