import type { JobFact } from '@gossamer/core';
import { failureOf } from '@gossamer/protocol';
import { resultSize } from './result-size.ts';

const times = (count: number): string => (count === 1 ? 'once' : `${count} times`);

export interface Said {
  /** It speaks of this device. */
  device: number | null;
  /** One sentence. */
  text: string;
  /** Of an attempt that failed: what its device told. */
  failure?: string;
}

/** What a fact says of one unit; null when it does not speak of it. */
export const describeForUnit = (fact: JobFact, unit: number): Said | null => {
  switch (fact.kind) {
    case 'returned': {
      const item = fact.items.find((candidate) => candidate.unit === unit);
      if (item === undefined) return null;
      const attempt = `${fact.epoch}.${fact.lease}.${item.offset}`;
      const text = `Attempt ${attempt} returned ${resultSize(item)} bytes after ${item.runMs} ms.`;
      return { device: fact.device, text };
    }
    case 'errored': {
      const item = fact.items.find((candidate) => candidate.unit === unit);
      if (item === undefined) return null;
      const attempt = `${fact.epoch}.${fact.lease}.${item.offset}`;
      const text = `Attempt ${attempt} failed after ${item.runMs} ms: ${failureOf(item.text).message}`;
      return { device: fact.device, text, failure: item.text };
    }
    case 'judged': {
      const item = fact.items.find((candidate) => candidate.unit === unit);
      if (item === undefined) return null;
      const words = item.verdicts.map(({ ordinal, verdict }) => `result ${ordinal + 1} is ${verdict}`).join(', ');
      const text =
        item.canonical === null
          ? `A result was judged by itself: ${words}.`
          : `Result ${item.canonical + 1} is the canonical one: ${words}.`;
      return { device: null, text };
    }
    case 'compared': {
      const said = fact.items
        .filter((item) => item.unit === unit)
        .map(
          (item) =>
            `results ${item.reference + 1} and ${item.candidate + 1} are ${item.same ? 'the same' : 'not the same'}`,
        );
      return said.length === 0 ? null : { device: null, text: `By the job's comparison, ${said.join(', and ')}.` };
    }
    case 'accepted': {
      const item = fact.items.find((candidate) => candidate.unit === unit);
      if (item === undefined) return null;
      const text = `Result ${item.ordinal + 1} was accepted on the word of its device, and is provisional.`;
      return { device: fact.device, text };
    }
    case 'audited': {
      const item = fact.items.find((candidate) => candidate.unit === unit);
      if (item === undefined) return null;
      return { device: fact.device, text: `Result ${item.ordinal + 1} is to be checked by another device.` };
    }
    case 'caught':
      return {
        device: fact.device,
        text: 'The device was caught with a wrong result: the unit no longer stands on its word, and is open again.',
      };
    case 'revoked': {
      const item = fact.items.find((candidate) => candidate.unit === unit);
      if (item === undefined) return null;
      const which = item.ordinals.map((ordinal) => ordinal + 1).join(', ');
      return {
        device: null,
        text: `The credit for result ${which} was taken back: only caught devices vouched for it.`,
      };
    }
    case 'failed':
      return fact.unit === unit ? { device: null, text: `The unit failed: ${fact.reason}` } : null;
    case 'lost': {
      const item = fact.items.find((candidate) => candidate.unit === unit);
      if (item === undefined) return null;
      const parts: string[] = [];
      if (item.expired > 0) parts.push(`expired ${times(item.expired)}`);
      if (item.abandoned > 0) parts.push(`was abandoned ${times(item.abandoned)}`);
      return { device: null, text: `An attempt ${parts.join(' and ')}; the unit is given out again.` };
    }
    case 'withdrawn':
      return fact.units.includes(unit)
        ? { device: null, text: 'An attempt was taken back before it ran its course; the unit is given out again.' }
        : null;
    case 'retried':
      return fact.units.includes(unit)
        ? { device: null, text: 'The unit was retried: it is open again, with a fresh budget of errors and attempts.' }
        : null;
    case 'created':
    case 'appended':
    case 'closed':
    case 'cut':
    case 'held':
    case 'released':
    case 'cancelled':
    case 'relaxed':
      return null;
  }
};

const units = (count: number): string => `${count} unit${count === 1 ? '' : 's'}`;

/** What a fact says of its job. */
export const describeForJob = (fact: JobFact): { device: number | null; text: string } => {
  const nobody = (text: string) => ({ device: null, text });
  switch (fact.kind) {
    case 'created':
      return nobody(`The job was created with ${units(fact.total)}.`);
    case 'appended':
      return nobody(`Inputs came: it has ${units(fact.upto)} now.`);
    case 'closed':
      return nobody('Its inputs were closed: no more come.');
    case 'cut':
      return nobody(`Units up to ${fact.upto} were cut.`);
    case 'returned':
      return { device: fact.device, text: `Results of ${units(fact.items.length)} came back.` };
    case 'errored':
      return { device: fact.device, text: `Attempts at ${units(fact.items.length)} failed.` };
    case 'judged':
      return nobody(`${units(fact.items.length)} judged.`);
    case 'compared':
      return nobody(`Results of ${units(fact.items.length)} were compared.`);
    case 'accepted':
      return { device: fact.device, text: `${units(fact.items.length)} accepted on the word of one device.` };
    case 'audited':
      return {
        device: fact.device,
        text: `Results of ${units(fact.items.length)} are to be checked by another device.`,
      };
    case 'caught': {
      const where = fact.here ? 'a wrong result' : 'a wrong result in another job';
      const whom = fact.foreign ? ', by devices with other browsers alone' : '';
      const text = `A device was caught with ${where}${whom}: what stood on its word is computed again.`;
      return { device: fact.device, text };
    }
    case 'revoked':
      return nobody(`Credit for results of ${units(fact.items.length)} was taken back.`);
    case 'failed':
      return nobody(`Unit ${fact.unit} failed: ${fact.reason}`);
    case 'lost':
      return nobody(`Attempts at ${units(fact.items.length)} were lost.`);
    case 'withdrawn':
      return nobody(`Attempts at ${units(fact.units.length)} were taken back before they ran their course.`);
    case 'retried':
      return nobody(
        `${units(fact.units.length)} that had failed ${fact.units.length === 1 ? 'is' : 'are'} open again.`,
      );
    case 'held':
      return nobody(fact.reason === '' ? 'The job was held.' : `The job was held: ${fact.reason}`);
    case 'released':
      return nobody(fact.reason === '' ? 'The job was released.' : `The job was released: ${fact.reason}`);
    case 'cancelled':
      return nobody(fact.reason === '' ? 'The job was cancelled.' : `The job was cancelled: ${fact.reason}`);
    case 'relaxed': {
      const by = (['device', 'volunteer', 'prefix'] as const).filter((kin) => fact[kin]);
      return nobody(`Replicas are independent by ${by.length === 0 ? 'nothing' : by.join(', ')} from here on.`);
    }
  }
};
