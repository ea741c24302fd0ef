import type { WebhookCreated, WebhookPatch, WebhookSpecInput, WebhookView } from '@gossamer/protocol';
import { WebhookSubscription } from '@gossamer/protocol';
import { type Command, Option } from 'commander';
import { integer } from '../arguments.ts';
import { type Cli, action } from '../cli.ts';
import { fields, moment, table } from '../table.ts';

const HELP = `
A webhook is an address of yours that the grid calls when results are final and jobs end. Each request is signed with the
webhook's secret (Standard Webhooks), and comes again until it is answered with 2xx: docs/webhooks.md.`;

const events = (): Option =>
  new Option('--events <events...>', 'what it tells of').choices(WebhookSubscription.options);

export const webhooksCommand = (parent: Command): void => {
  const webhooks = parent
    .command('webhooks')
    .description('have an address of yours told of results')
    .addHelpText('after', HELP);
  webhooks
    .command('create <url>')
    .description('register a webhook; its secret is printed once')
    .option('--name <name>', 'how it is called; by default its host')
    .addOption(events())
    .option('--provisional', 'tell of provisional results, too, and of those that no longer stand')
    .option('--job <job>', 'of this job alone')
    .option('--from-start', 'tell what its jobs have done before, too')
    .action(action(create));
  webhooks.command('list').description('list webhooks').action(action(list));
  webhooks.command('show <webhook>').description('show a webhook, and why it is disabled').action(action(show));
  webhooks
    .command('change <webhook>')
    .description('change a webhook')
    .option('--to <url>', 'where it leads')
    .option('--name <name>', 'how it is called')
    .addOption(events())
    .option('--provisional', 'tell of provisional results, too')
    .option('--no-provisional', 'tell of final results only')
    .action(action(change));
  webhooks
    .command('enable <webhook>')
    .description('switch it on again: it goes on where it was')
    .action(action((cli: Cli, id: string) => switchTo(cli, id, true)));
  webhooks
    .command('disable <webhook>')
    .description('switch it off')
    .action(action((cli: Cli, id: string) => switchTo(cli, id, false)));
  webhooks
    .command('rotate <webhook>')
    .description('replace its secret, which is printed once; the old one signs along for 24 hours')
    .action(action(rotate));
  webhooks.command('test <webhook>').description('have a webhook.test sent').action(action(test));
  webhooks
    .command('deliveries <webhook>')
    .description('what was sent and is to be sent, the newest first')
    .option('--limit <number>', 'how many', integer, 20)
    .action(action(deliveries));
  webhooks
    .command('redeliver <webhook> <delivery>')
    .description('send one that is over once more, under its id')
    .action(action(redeliver));
  webhooks
    .command('delete <webhook>')
    .description('delete a webhook with its secret and its deliveries')
    .action(action(remove));
};

interface SpecFlags {
  name?: string;
  events?: WebhookSubscription[];
  provisional?: true;
  job?: string;
  fromStart?: true;
}

const create = async (cli: Cli, url: string, flags: SpecFlags): Promise<void> => {
  const {
    name = URL.canParse(url) ? new URL(url).host : url,
    events: named,
    provisional = false,
    job,
    fromStart,
  } = flags;
  const spec: WebhookSpecInput = {
    name,
    url,
    provisional,
    ...(named === undefined ? {} : { events: named }),
    // The coordinator says what is wrong with an id.
    ...(job === undefined ? {} : { job }),
    ...(fromStart === true ? { from: 'start' } : {}),
  };
  await tellSecret(cli, await cli.grid().webhooks.create(spec));
};

const tellSecret = async (cli: Cli, created: WebhookCreated): Promise<void> => {
  cli.say(`${created.id}; this is the only time that its secret is shown:`);
  await cli.show(created, ({ secret }) => secret);
};

const list = async (cli: Cli): Promise<void> => {
  await cli.list(cli.grid().webhooks.list(), (webhooks) =>
    table(
      ['WEBHOOK', 'NAME', 'STATE', 'FAILURES', 'OWNER', 'CREATED', 'URL'],
      webhooks.map(({ id, name, state, failures, ownerName, createdAt, url }) => [
        id,
        name,
        state,
        failures,
        ownerName,
        moment(createdAt),
        url,
      ]),
      cli.out.isTerminal,
    ),
  );
};

const showView = (cli: Cli, view: WebhookView): Promise<void> =>
  cli.show(view, ({ id, name, url, events: told, provisional, job, state, reason, failures, createdAt }) =>
    fields(
      [
        ['webhook', id],
        ['name', name],
        ['url', url],
        ['events', [...told, ...(provisional ? ['results.provisional', 'results.revoked'] : [])].join(', ')],
        ['jobs', job ?? 'all'],
        ['state', reason === null ? state : `${state}: ${reason}`],
        ['failures in a row', failures],
        ['created', moment(createdAt)],
      ],
      cli.out.isTerminal,
    ),
  );

const show = async (cli: Cli, id: string): Promise<void> => showView(cli, await cli.grid().webhooks.get(id));

interface ChangeFlags extends Omit<WebhookPatch, 'url'> {
  /** Not `url`: that is the coordinator's. */
  to?: string;
}

const change = async (cli: Cli, id: string, { to, ...patch }: ChangeFlags): Promise<void> =>
  showView(cli, await cli.grid().webhooks.change(id, { ...patch, ...(to === undefined ? {} : { url: to }) }));

const switchTo = async (cli: Cli, id: string, active: boolean): Promise<void> =>
  showView(cli, await cli.grid().webhooks.change(id, { active }));

const rotate = async (cli: Cli, id: string): Promise<void> => tellSecret(cli, await cli.grid().webhooks.rotate(id));

const test = async (cli: Cli, id: string): Promise<void> =>
  cli.show(await cli.grid().webhooks.test(id), ({ id: delivery }) => delivery);

const deliveries = async (cli: Cli, id: string, { limit }: { limit: number }): Promise<void> => {
  const newest = async function* () {
    let left = limit;
    for await (const delivery of cli.grid().webhooks.deliveries(id)) {
      if (left-- <= 0) return;
      yield delivery;
    }
  };
  await cli.list(newest(), (found) =>
    table(
      ['DELIVERY', 'EVENT', 'STATE', 'TRIES', 'STATUS', 'MADE', 'NEXT', 'ERROR'],
      found.map(({ id: delivery, type, state, tries, at, dueAt }) => [
        delivery,
        type,
        state,
        tries.length,
        tries.at(-1)?.status ?? '-',
        moment(at),
        moment(dueAt),
        tries.at(-1)?.error ?? '-',
      ]),
      cli.out.isTerminal,
    ),
  );
};

const redeliver = async (cli: Cli, id: string, delivery: string): Promise<void> =>
  cli.show(await cli.grid().webhooks.redeliver(id, delivery), (again) => `${again.id} is sent again`);

const remove = async (cli: Cli, id: string): Promise<void> =>
  cli.show(await cli.grid().webhooks.delete(id), (webhook) => `${webhook.id} is deleted`);
