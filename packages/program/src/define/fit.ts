import type { StandardSchemaV1 } from '@standard-schema/spec';

/** Of one value, no more are told. */
const ISSUES = 3;

const pathOf = ({ path = [] }: StandardSchemaV1.Issue): string =>
  path.map((segment) => String(typeof segment === 'object' ? segment.key : segment)).join('.');

/**
 * The value as the schema reads it; `what` begins what is said of it, such as "the input does". Throws TypeError, with each place, where it does not fit, or where the schema gives its
 * word only later.
 */
export const fit = <Schema extends StandardSchemaV1>(
  schema: Schema,
  value: unknown,
  what: string,
): StandardSchemaV1.InferOutput<Schema> => {
  const result = schema['~standard'].validate(value);
  if (result instanceof Promise)
    throw new TypeError(`a schema is asynchronous, which no program can wait for: ${what} not fit`);
  if (result.issues === undefined) return result.value;
  const told = result.issues.slice(0, ISSUES).map((issue) => {
    const path = pathOf(issue);
    return path === '' ? issue.message : `${path}: ${issue.message}`;
  });
  const more = result.issues.length - told.length;
  throw new TypeError(`${what} not fit: ${told.join('; ')}${more > 0 ? `; and ${more} more` : ''}`);
};
