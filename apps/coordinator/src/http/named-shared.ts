interface Document {
  components?: { schemas?: Record<string, { $defs?: object }> };
}

const SHARED = '__shared';

/**
 * Schemas that recurse come under one name with a place behind it, and what refers to them is no JSON pointer. Each of them
 * gets a name of its own.
 */
export const nameShared = <Of extends object>(document: Of): Of => {
  const named = JSON.parse(JSON.stringify(document).replaceAll(`${SHARED}#/$defs/`, '')) as Of & Document;
  const schemas = named.components?.schemas;
  if (schemas?.[SHARED] === undefined) return named;
  Object.assign(schemas, schemas[SHARED].$defs);
  delete schemas[SHARED];
  return named;
};
