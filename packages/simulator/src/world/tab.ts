import type { Device, ExchangeAnswer, ExchangeCommand, Lease, Report, Session } from '@gossamer/core';
import type { Person, Visit } from '../population/crowd.ts';

/** A lease that a tab computes, or has in its queue. */
export interface Work {
  readonly lease: Lease;
  /** Run time of one unit on this device, ms. */
  readonly unitMs: number;
  /** Run time that is left, as of `since`. */
  leftMs: number;
  since: number;
  /** Events of an older stamp mean nothing; 0 while it is queued, or the tab frozen. */
  stamp: number;
}

/** An answer of the coordinator on its way. */
export interface Mail {
  readonly stamp: number;
  readonly session: Session;
  /** The exchange that it answers. */
  readonly flight: number;
  readonly answer: Pick<ExchangeAnswer, 'granted' | 'revoked' | 'statuses'>;
}

/** One browser installation on the grid: a person, the device that it is now, and its open page. */
export interface Tab {
  readonly person: Person;
  device: Device;
  /** How many devices it has been before. */
  lives: number;
  /** Results that it has returned as this device; none is a lie before a sleeper wakes. */
  returned: number;
  /** It was found to lie, as this device. */
  caught: boolean;

  /** Null while it is absent. Events of an earlier visit carry its stamp. */
  visit: Visit | null;
  visitStamp: number;
  session: Session | null;
  frozen: boolean;
  /** What it computes, one lease a slot, and what it begins when one of these is done. */
  works: Work[];
  queue: Work[];
  /** Reports that were not acknowledged. */
  outbox: { report: Report; lease: Lease }[];
  /** The exchange on its way, 0 when there is none; its content, as it is repeated after a loss. */
  flight: number;
  command: ExchangeCommand;
  /** The exchange that the coordinator answers when there is work, 0 when there is none; a later one may be on its way. */
  parked: number;
  mail: Mail[];
  /** Answers that came while it was frozen. */
  late: Mail[];
}

export const NOTHING: ExchangeCommand = { slots: 0, held: [], reports: [] };

export const newTab = (person: Person, device: Device): Tab => ({
  person,
  device,
  lives: 0,
  returned: 0,
  caught: false,
  visit: null,
  visitStamp: 0,
  session: null,
  frozen: false,
  works: [],
  queue: [],
  outbox: [],
  flight: 0,
  command: NOTHING,
  parked: 0,
  mail: [],
  late: [],
});
