import type { Problem } from '@gossamer/protocol';
import type { ZodFastifySchemaValidationError } from 'fastify-type-provider-zod';

type FieldErrors = NonNullable<Problem['errors']>;

/** How the parts of a request are called in `errors[].path`. */
const PARTS: Record<string, string> = { body: 'body', querystring: 'query', params: 'path', headers: 'headers' };

const unknownFields = (issue: ZodFastifySchemaValidationError): string[] =>
  issue.keyword === 'unrecognized_keys' && Array.isArray(issue.params['keys']) ? issue.params['keys'].map(String) : [];

/**
 * zod's issues as `{path, message}`; a path is the part of the request, then the fields, by dots:
 * `body.limits.deadlineMs`. An unknown field is named itself, not the object that holds it.
 */
export const fieldErrors = (
  part: string | undefined,
  issues: readonly ZodFastifySchemaValidationError[],
): FieldErrors => {
  const root = PARTS[part ?? ''] ?? 'request';
  return issues.flatMap((issue) => {
    const at = [root, ...issue.instancePath.split('/').filter((step) => step !== '')].join('.');
    const unknown = unknownFields(issue);
    if (unknown.length > 0) return unknown.map((key) => ({ path: `${at}.${key}`, message: 'there is no such field' }));
    return [{ path: at, message: issue.message ?? 'does not fit' }];
  });
};
