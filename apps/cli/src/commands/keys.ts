import { Role } from '@gossamer/protocol';
import { type Command, Option } from 'commander';
import { type Cli, action } from '../cli.ts';
import { moment, table } from '../table.ts';

export const keysCommand = (parent: Command): void => {
  const keys = parent.command('keys').description('API keys, for operators');
  keys.command('list').description('list keys').action(action(list));
  keys
    .command('create <name>')
    .description('make a key; its secret is printed once')
    .addOption(new Option('--role <role>', 'what it may do').choices(Role.options).default('submitter'))
    .action(action(create));
  keys.command('revoke <key>').description('revoke a key, at once and for good').action(action(revoke));
};

const list = async (cli: Cli): Promise<void> => {
  await cli.list(await cli.grid().keys.list(), (keys) =>
    table(
      ['KEY', 'ROLE', 'NAME', 'CREATED', 'REVOKED'],
      keys.map(({ id, role, name, createdAt, revokedAt }) => [id, role, name, moment(createdAt), moment(revokedAt)]),
      cli.out.isTerminal,
    ),
  );
};

const create = async (cli: Cli, name: string, { role }: { role: Role }): Promise<void> => {
  const created = await cli.grid().keys.create({ name, role });
  cli.say(`${created.id} (${role}); this is the only time that its secret is shown:`);
  await cli.show(created, ({ secret }) => secret);
};

const revoke = async (cli: Cli, id: string): Promise<void> => {
  await cli.show(await cli.grid().keys.revoke(id), (key) => `${key.id} is revoked`);
};
