import { JobSpec } from '@gossamer/protocol';
import { z } from 'zod';

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** Without what makes a schema optional, or gives it a default. */
const bare = (schema: unknown): unknown => {
  let inner = schema;
  while (isRecord(inner) && isRecord(inner['def']) && 'innerType' in inner['def']) inner = inner['def']['innerType'];
  return inner;
};

/** The kinds of a part of a job that there are several of, such as a source; none where it is no such part. */
export const kindsOf = (schema: unknown): { kind: string; fields: string[] }[] => {
  const union = bare(schema);
  if (!(union instanceof z.ZodDiscriminatedUnion)) return [];
  return (union.options as z.ZodObject[]).map(({ shape }) => ({
    kind: (shape['kind'] as z.ZodLiteral<string>).value,
    fields: Object.keys(shape),
  }));
};

/** The schema of a part of a job; undefined where that is none of the fields that there are. */
export const partOf = (path: readonly PropertyKey[]): unknown => {
  let schema: unknown = JobSpec;
  for (const key of path) {
    const object = bare(schema);
    schema = object instanceof z.ZodObject ? (object.shape as Record<PropertyKey, unknown>)[key] : undefined;
  }
  return bare(schema);
};

/** The fields that a part of a job may have, `value` being what it has; of a source those of its kind. */
export const fieldsOf = (path: readonly PropertyKey[], value: unknown): string[] => {
  const part = partOf(path);
  if (part instanceof z.ZodObject) return Object.keys(part.shape);
  const kind = isRecord(value) ? value['kind'] : undefined;
  return kindsOf(part).find((one) => one.kind === kind)?.fields ?? [];
};

/** Parts of a job whose fields are easily written beside them. */
const PARTS = ['policy', 'limits', 'comparison', 'requirements', 'independence'] as const;

/** Where in a job a field belongs that stands at its top: the part, with the field and its value. */
export const homeOf = (field: string, value: unknown): Record<string, unknown> | null => {
  for (const part of PARTS) {
    const schema = partOf([part]);
    if (schema instanceof z.ZodObject && field in schema.shape) return { [part]: { [field]: value } };
    const kind = kindsOf(schema).find(({ kind: name, fields }) => fields.includes(field) || name === field);
    if (kind === undefined || field === 'kind') continue;
    return { [part]: { kind: kind.kind, ...(kind.fields.includes(field) ? { [field]: value } : {}) } };
  }
  return null;
};
