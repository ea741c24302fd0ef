import { Sha256 } from '@gossamer/protocol';
import type { z } from 'zod';
import { nearest } from '../nearest.ts';
import { fieldsOf, homeOf, kindsOf, partOf } from './known-fields.ts';

/** One thing that is wrong with a job. */
export interface Misfit {
  path: string;
  message: string;
}

const EXPECTED: Record<string, string> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'an object',
  record: 'an object',
  array: 'an array',
};

/** A part that has several kinds is shown by the one that is used most. */
const EXAMPLES: Record<string, string> = {
  source: '{"kind": "range", "start": 0, "stop": 100}',
  policy: '{"kind": "quorum", "quorum": 2}',
};

/** Characters of a value that are told. */
const TOLD = 60;
/** Fields that are listed, where none of them was meant. */
const LISTED = 10;

const cut = (text: string): string => (text.length > TOLD ? `${text.slice(0, TOLD)}…` : text);

const told = (value: unknown): string => cut(JSON.stringify(value) ?? 'nothing');

const valueAt = (job: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>((part, key) => (part as Record<PropertyKey, unknown> | null | undefined)?.[key], job);

const expectedWords = (what: string, value: unknown): string =>
  value === undefined ? `it is missing: expected ${what}` : `expected ${what}, and found ${told(value)}`;

const unknownField = (job: unknown, path: readonly PropertyKey[], key: string): string => {
  const part = valueAt(job, path);
  const fields = fieldsOf(path, part);
  const home = path.length === 0 ? homeOf(key, (job as Record<string, unknown>)[key]) : null;
  if (home !== null) return `there is no such field here: did you mean ${cut(JSON.stringify(home).slice(1, -1))}?`;
  const meant = nearest(key, fields);
  if (meant !== null) return `there is no such field: did you mean "${meant}"?`;
  const listed = fields.length > 0 && fields.length <= LISTED;
  return `there is no such field${listed ? `; there are ${fields.join(', ')}` : ''}`;
};

const kindWords = (path: readonly PropertyKey[], value: unknown): string => {
  const kinds = kindsOf(partOf(path.slice(0, -1))).map(({ kind }) => kind);
  const known = `one of ${kinds.join(', ')}`;
  const meant = typeof value === 'string' ? nearest(value, kinds) : null;
  return meant === null ? expectedWords(known, value) : `there is no "${String(value)}": did you mean "${meant}"?`;
};

/** Inputs that lie in a file are named by what the file is as a blob. */
const blobWords = (value: unknown): string =>
  `${expectedWords('the SHA-256 of a blob', value)}; \`gossamer blobs put FILE\` puts a file there and prints it`;

const boundWords = (issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig, value: unknown): string => {
  const [bound, side] = issue.code === 'too_small' ? [issue.minimum, 'least'] : [issue.maximum, 'most'];
  const unit = { string: ' characters', array: ' items' }[issue.origin as string] ?? '';
  const than = issue.inclusive === false ? `${side === 'least' ? 'more' : 'less'} than ${bound}` : null;
  return `expected ${than ?? `${bound}${unit} at the ${side}`}, and found ${told(value)}`;
};

/** What is wrong, in words: of an unknown field itself, not of the object that holds it. */
export const misfitsOf = (issue: z.core.$ZodIssue, job: unknown): Misfit[] => {
  const path = issue.path.join('.');
  const value = valueAt(job, issue.path);
  const say = (message: string): Misfit[] => [{ path, message }];
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({
        path: [...issue.path, key].join('.'),
        message: unknownField(job, issue.path, key),
      }));
    case 'invalid_type': {
      if (issue.path.at(-1) === 'blob') return say(blobWords(value));
      const what = EXPECTED[issue.expected] ?? issue.expected;
      return say(expectedWords(EXAMPLES[path] === undefined ? what : `${what}, such as ${EXAMPLES[path]}`, value));
    }
    case 'invalid_union':
      return say(issue.path.at(-1) === 'kind' ? kindWords(issue.path, value) : issue.message);
    case 'invalid_value':
      return say(expectedWords(issue.values.map((one) => told(one)).join(' or '), value));
    case 'too_small':
    case 'too_big':
      return say(boundWords(issue, value));
    default:
      return say(issue.path.at(-1) === 'blob' && !Sha256.safeParse(value).success ? blobWords(value) : issue.message);
  }
};
