import type { JobPatch, JobView, WaitingFor } from '@gossamer/protocol';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { UsageError } from './exit-code.ts';

/**
 * Kinships of two replicas of a unit, by the words that `jobs explain` uses, and what the protocol calls them; from what gives
 * up least when it is allowed to what gives up most.
 */
const FIELDS = { network: 'prefix', volunteer: 'volunteer', device: 'device' } as const;
export type Kinship = keyof typeof FIELDS;
const KINSHIPS = Object.keys(FIELDS) as Kinship[];

export interface IndependenceFlags {
  allowSame?: Kinship[];
  refuseSame?: Kinship[];
}

const isKinship = (text: string): text is Kinship => Object.hasOwn(FIELDS, text);

/** `network,volunteer`; gathered over all times that the flag is given. */
const kinships = (text: string, before: Kinship[] = []): Kinship[] => {
  const given = text.split(',').map((word) => word.trim());
  if (!given.every(isKinship)) throw new InvalidArgumentError(`expected some of ${KINSHIPS.join(', ')}, with commas.`);
  return [...new Set([...before, ...given])];
};

const option = (flag: string, description: string): Option => {
  const made = new Option(`${flag} <kinds>`, `${description}; several with commas`).argParser(kinships);
  // Offered by shells, one at a time; `choices` would take no list.
  made.argChoices = [...KINSHIPS];
  return made;
};

export const addAllowSame = (command: Command): Command =>
  command.addOption(option('--allow-same', 'replicas of a unit may go to the same: their agreement proves less'));

/** Only of a job that is there: a new one refuses all of them unless told. */
export const addRefuseSame = (command: Command): Command =>
  command.addOption(option('--refuse-same', 'replicas of a unit may no longer go to the same'));

/** What is left out stays as it is. Throws UsageError for one that is both allowed and refused. */
export const independenceOf = ({ allowSame = [], refuseSame = [] }: IndependenceFlags): JobPatch['independence'] => {
  const both = allowSame.find((kinship) => refuseSame.includes(kinship));
  if (both !== undefined) throw new UsageError(`the same ${both} is to be allowed and to be refused: give one of them`);
  return Object.fromEntries([
    ...allowSame.map((kinship) => [FIELDS[kinship], false] as const),
    ...refuseSame.map((kinship) => [FIELDS[kinship], true] as const),
  ]);
};

/**
 * The command for the one kinship of those that keep devices from a job, or a unit of it, which gives up least when it is
 * allowed; null where it waits for nothing of the kind, or the coordinator does not tell.
 */
export const allowSameCommand = (id: JobView['id'], waitingFor: WaitingFor | null): string | null => {
  const least = KINSHIPS.find((kinship) => waitingFor?.kinships.includes(FIELDS[kinship]));
  return least === undefined ? null : `gossamer jobs change ${id} --allow-same ${least}`;
};
