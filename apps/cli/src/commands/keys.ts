import { type KeyView, type QuotasView, Role } from '@gossamer/protocol';
import { errorOf } from '@gossamer/sdk/node';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { type Cli, action } from '../cli.ts';
import { type QuotaFlags, addQuotaFlags, quotaOf } from '../quota-flags.ts';
import { fields, moment, table } from '../table.ts';

export const keysCommand = (parent: Command): void => {
  const keys = parent.command('keys').description('API keys, for operators');
  keys.command('list').description('list keys').action(action(list));
  keys.command('show <key>').description('one key, and what it may have').action(action(show));
  const creating = keys
    .command('create <name>')
    .description('make a key; its secret is printed once')
    .addOption(new Option('--role <role>', 'what it may do').choices(Role.options).default('submitter'))
    .option('--days <days>', 'how long it is good; without it, until it is revoked', days);
  addQuotaFlags(creating).action(action(create));
  const quota = keys
    .command('quota <key>')
    .description("set what a key may have; what is not said is the grid's default");
  addQuotaFlags(quota).action(action(setQuota));
  keys.command('revoke <key>').description('revoke a key, at once and for good').action(action(revoke));
};

const list = async (cli: Cli): Promise<void> => {
  await cli.list(await cli.grid().keys.list(), (keys) =>
    table(
      ['KEY', 'ROLE', 'NAME', 'CREATED', 'EXPIRES', 'REVOKED'],
      keys.map(({ id, role, name, createdAt, expiresAt, revokedAt }) => [
        id,
        role,
        name,
        ...[createdAt, expiresAt, revokedAt].map((at) => moment(at)),
      ]),
      cli.out.isTerminal,
    ),
  );
};

/** `own`: what was said of this key; undefined: nothing, so that it is the grid's default. */
const useText = (own: number | null | undefined, use: { limit: number | null; used: number } | undefined): string => {
  // A key that was revoked has nothing to use it for.
  const limit = use === undefined ? own : use.limit;
  const most = limit === undefined ? 'the default' : limit === null ? 'any number' : String(limit);
  const whose = own === undefined && limit !== undefined ? " (the grid's default)" : '';
  return use === undefined ? most : `${use.used} of ${most}${whose}`;
};

const keyText = (key: KeyView, quotas: QuotasView | null, terminal: boolean): string => {
  const { id, role, name, createdAt, expiresAt, revokedAt, quota } = key;
  return fields(
    [
      ['key', id],
      ['name', name],
      ['role', role],
      ['created', moment(createdAt)],
      ['expires', moment(expiresAt)],
      ['revoked', moment(revokedAt)],
      ['bytes of blobs', useText(quota.blobBytes, quotas?.blobBytes)],
      ['bytes of results', useText(quota.resultBytes, quotas?.resultBytes)],
      ['open jobs', useText(quota.openJobs, quotas?.openJobs)],
      ['units in open jobs', useText(quota.units, quotas?.units)],
    ],
    terminal,
  );
};

const show = async (cli: Cli, id: string): Promise<void> => {
  const { keys } = cli.grid();
  const key = (await keys.list()).find((one) => one.id === id);
  if (key === undefined) throw errorOf('key-unknown', `there is no key ${id}`, { status: 404 });
  const quotas = (await keys.quotas()).find((one) => one.key === id)?.quotas ?? null;
  await cli.show({ ...key, quotas }, (view) => keyText(view, quotas, cli.out.isTerminal));
};

const DAY_MS = 24 * 3_600_000;

const days = (text: string): number => {
  const value = Number(text);
  if (!(value > 0 && value <= 36_500)) throw new InvalidArgumentError('give a number of days, such as 90');
  return value;
};

const create = async (cli: Cli, name: string, options: QuotaFlags & { role: Role; days?: number }): Promise<void> => {
  const { role, days: good } = options;
  const expiresAt = good === undefined ? null : Date.now() + Math.round(good * DAY_MS);
  const created = await cli.grid().keys.create({ name, role, expiresAt, quota: quotaOf(options) });
  cli.say(`${created.id} (${role}); this is the only time that its secret is shown:`);
  await cli.show(created, ({ secret }) => secret);
};

const setQuota = async (cli: Cli, id: string, flags: QuotaFlags): Promise<void> => {
  await cli.show(await cli.grid().keys.setQuota(id, quotaOf(flags)), (key) => `the quota of ${key.id} is set`);
};

const revoke = async (cli: Cli, id: string): Promise<void> => {
  await cli.show(await cli.grid().keys.revoke(id), (key) => `${key.id} is revoked`);
};
