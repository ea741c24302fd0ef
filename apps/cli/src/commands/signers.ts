import type { SignerView } from '@gossamer/protocol';
import {
  createSignerFile,
  fingerprintOf,
  GossamerError,
  readSignerFile,
  replaceSignerFile,
  type StoredSigner,
} from '@gossamer/sdk/node';
import type { Command } from 'commander';
import { type Cli, action } from '../cli.ts';
import { signerPath } from '../signer-path.ts';
import { moment, table } from '../table.ts';

const HELP = `
A signer is a key that you keep in a file of your own; the grid knows its public half. The operator grants it where its
programs may run. \`gossamer map --signer NAME\` signs with it, and so does GOSSAMER_SIGNER=NAME.`;

export const signersCommand = (parent: Command): void => {
  const signers = parent.command('signers').description('keys that sign programs').addHelpText('after', HELP);
  signers
    .command('create <name>')
    .description('make a key, keep it, and register it')
    .option('--offline', 'do not register it')
    .action(action(create));
  signers
    .command('register <name>')
    .description('register a key that is kept here, for this API key')
    .action(action(register));
  signers.command('list').description('list signers').action(action(list));
  signers
    .command('rotate <name>')
    .description('make a key that takes the place of this one, and inherits what it may')
    .action(action(rotate));
  signers
    .command('revoke <key>')
    .description('revoke a signer (its name here, or its key): its open jobs are cancelled')
    .action(action(revoke));
};

const show = (cli: Cli, view: SignerView): Promise<void> =>
  cli.show(view, ({ name, fingerprint, key }) => `${name}\t${fingerprint}\t${key}`);

const create = async (cli: Cli, name: string, { offline }: { offline?: true }): Promise<void> => {
  const path = signerPath(name);
  const { signer } = await createSignerFile(path, name);
  cli.say(`its private half is in ${path}; whoever can read that signs as you`);
  if (offline === true) {
    await cli.show({ name, key: signer.key }, () => signer.key);
    cli.say(`fingerprint ${await fingerprintOf(signer.key)}`);
    return;
  }
  await register(cli, name);
};

const register = async (cli: Cli, name: string): Promise<void> => {
  const stored = await readSignerFile(signerPath(name));
  const view = await cli.grid().signers.register(stored.signer, stored.name);
  await show(cli, view);
  if (view.policy === null) cli.say('the operator has granted it nothing yet; its programs run as unsigned ones do');
};

const list = async (cli: Cli): Promise<void> => {
  await cli.list(cli.grid().signers.list(), (signers) =>
    table(
      ['NAME', 'TIER', 'JOBS', 'REGISTERED', 'REVOKED', 'OWNER', 'FINGERPRINT', 'KEY'],
      signers.map(({ name, tier, openJobs, registeredAt, revokedAt, ownerName, fingerprint, key, successor }) => [
        name,
        successor === null ? (tier ?? '-') : 'succeeded',
        openJobs,
        moment(registeredAt),
        moment(revokedAt),
        ownerName,
        fingerprint,
        key,
      ]),
      cli.out.isTerminal,
    ),
  );
};

const rotate = async (cli: Cli, name: string): Promise<void> => {
  const path = signerPath(name);
  const next = signerPath(`${name}.next`);
  const before = await readSignerFile(path);
  const made = await nextOf(next, before.name);
  const view = await cli.grid().signers.register(made.signer, made.name, { before: before.signer });
  cli.say(`the key before it is in ${await replaceSignerFile(path, next, before.signer)}; it signs no new job`);
  await show(cli, view);
};

/** One that an earlier try has made is used: the grid may know it already. */
const nextOf = async (path: string, name: string): Promise<StoredSigner> => {
  try {
    return await createSignerFile(path, name);
  } catch (error) {
    if (error instanceof GossamerError && error.code === 'usage') return readSignerFile(path);
    throw error;
  }
};

const revoke = async (cli: Cli, given: string): Promise<void> => {
  const isKey = /^[A-Za-z0-9_-]{43}$/.test(given);
  const key = isKey ? given : (await readSignerFile(signerPath(given))).signer.key;
  await cli.show(await cli.grid().signers.revoke(key), ({ name }) => `${name} is revoked, and its jobs are cancelled`);
};
