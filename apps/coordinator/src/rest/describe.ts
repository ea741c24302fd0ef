import { Problem, PROBLEMS, type ProblemCode } from '@gossamer/protocol';
import type { z } from 'zod';
import type { Access } from '../http/route-config.ts';

type Response = z.ZodType | { description: string; content: Record<string, { schema: z.ZodType }> };

interface Description<Ok> {
  tag: string;
  summary: string;
  description?: string;
  /** Left out: outside of /v1, open to all. */
  access?: Access;
  consumes?: string[];
  /** The answers that are no problem, by status. */
  ok: Ok;
  /** The problems of this route; those that any route of its kind may answer are added, and `request-invalid` where it takes something. */
  problems?: ProblemCode[];
}

/** What any route under /v1 may answer. */
const ANY: ProblemCode[] = ['rate-limited', 'unavailable', 'origin-forbidden', 'internal'];
const WITH_KEY: ProblemCode[] = ['key-missing', 'key-wrong', ...ANY];

/** The parts of a request that are judged by a schema. */
const JUDGED = ['params', 'querystring', 'headers', 'body'];

const commonProblems = (access: Access | undefined): ProblemCode[] => {
  switch (access) {
    case undefined:
      return ['internal'];
    case 'public':
      return ANY;
    case 'key':
      return WITH_KEY;
    case 'owner':
      return [...WITH_KEY, 'job-unknown', 'job-deleted'];
    case 'operator':
      return [...WITH_KEY, 'role-forbidden'];
  }
};

const invalidProblems = (parts: object): ProblemCode[] =>
  JUDGED.some((part) => part in parts) ? ['request-invalid'] : [];

/** Codes by status, for the document: one status may stand for several codes. */
const problemResponses = (codes: readonly ProblemCode[]): Record<string, Response> => {
  const responses: Record<string, { description: string; content: Record<string, { schema: z.ZodType }> }> = {};
  for (const code of new Set(codes)) {
    const { status, title } = PROBLEMS[code];
    const said = responses[status] === undefined ? '' : `${responses[status].description}. `;
    responses[status] = {
      description: `${said}\`${code}\`: ${title}`,
      content: { 'application/problem+json': { schema: Problem } },
    };
  }
  return responses;
};

const ROLES: Record<Access, string> = {
  public: 'Open to all.',
  key: 'Needs a key; submitters see their own jobs only.',
  owner: 'Needs the key that submitted the job, or that of an operator; to others there is no such job.',
  operator: 'Needs the key of an operator.',
};

const securityOf = (access: Access | undefined): Record<string, string[]>[] =>
  access === undefined || access === 'public' ? [] : [{ key: [] }, { session: [] }];

/**
 * A route's schema for Fastify: what it takes, what it answers, and for the OpenAPI document its words, its problems
 * and its security. The type keeps what the type provider infers from.
 */
export const describe = <const Ok extends Record<number, Response>, const Parts extends object>({
  tag,
  summary,
  description,
  access,
  consumes,
  ok,
  problems = [],
  ...parts
}: Description<Ok> & Parts) => ({
  ...(parts as Omit<Parts, keyof Description<Ok>>),
  tags: [tag],
  summary,
  description: [description, access === undefined ? undefined : ROLES[access]].filter(Boolean).join(' '),
  ...(consumes === undefined ? {} : { consumes }),
  security: securityOf(access),
  response: {
    ...(problemResponses([...invalidProblems(parts), ...problems, ...commonProblems(access)]) as object),
    ...ok,
  },
});
