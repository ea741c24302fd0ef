import { PROBLEMS, type ProblemCode } from '@gossamer/protocol';

interface Schema {
  $ref?: string;
  type?: string;
  anyOf?: Schema[];
  properties?: Record<string, Schema>;
  items?: Schema;
  examples?: unknown[];
}

interface Media {
  schema?: Schema;
  example?: unknown;
  examples?: Record<string, { value: unknown }>;
}

interface Content {
  description?: string;
  content?: Record<string, Media>;
}

/** As much of an OpenAPI document as is looked at. */
interface Document {
  paths?: Record<string, Record<string, { requestBody?: Content; responses?: Record<string, Content> }>>;
  components?: { schemas?: Record<string, Schema> };
}

const NAME = '#/components/schemas/';

/** An example of a schema: its own, that of the one it names, a page of such, or for what may be left out nothing. */
const exampleOf = (schema: Schema, schemas: Record<string, Schema>): unknown => {
  if (schema.examples !== undefined) return schema.examples[0];
  if (schema.$ref !== undefined) return exampleOf(schemas[schema.$ref.slice(NAME.length)] ?? {}, schemas);
  if (schema.anyOf !== undefined) return exampleOf(schema.anyOf[0]!, schemas);
  const { items, next } = schema.properties ?? {};
  if (items?.items !== undefined && next !== undefined) return { items: [exampleOf(items.items, schemas)], next: null };
  return Object.keys(schema.properties ?? { a: 1 }).length === 0 ? {} : undefined;
};

/** What problems of some codes tell beside. */
const MORE: Partial<Record<ProblemCode, object>> = {
  'quota-exceeded': { quota: { name: 'units', limit: 1_000_000, used: 999_000, asked: 5000 } },
};

/** The problems that a response's description names, each as it would come. */
const problemsOf = (description: string): Record<string, { value: unknown }> => {
  const codes = [...description.matchAll(/`([a-z-]+)`:/g)].map(([, code]) => code as ProblemCode);
  return Object.fromEntries(
    codes.map((code) => {
      const { status, title } = PROBLEMS[code];
      return [code, { value: { type: `/errors/${code}`, title, status, code, ...MORE[code] } }];
    }),
  );
};

/** What comes as a stream of JSON, or as a program's own JSON, has no schema to take an example from. */
const STREAMS: Record<string, (item: unknown) => unknown> = {
  '/v1/jobs/{id}/results application/x-ndjson': (item) => `${JSON.stringify(item)}\n`,
  '/v1/jobs/{id}/events text/event-stream': (item) => `event: job\nid: 1161204\ndata: ${JSON.stringify(item)}\n\n`,
  '/v1/batches/{id}/events text/event-stream': (item) =>
    `event: batch\nid: 0.1161204\ndata: ${JSON.stringify(item)}\n\n`,
  '/v1/events text/event-stream': (item) => `event: grid\ndata: ${JSON.stringify({ jobs: [item], sessions: 214 })}\n\n`,
  '/v1/jobs/{id}/units/{index}/result application/json': () => ({ steps: 111 }),
};
const streamed = (path: string): string => {
  if (path.startsWith('/v1/batches/')) return 'BatchView';
  return path.endsWith('/results') ? 'ResultView' : 'JobView';
};

/** Gives each body of a document that is JSON or text an example, from those of the schemas. */
export const addExamples = <Of extends object>(document: Of): Of => {
  const { paths = {}, components } = document as Document;
  const schemas = components?.schemas ?? {};
  for (const [path, operations] of Object.entries(paths)) {
    for (const { requestBody, responses = {} } of Object.values(operations)) {
      for (const { description = '', content = {} } of [
        ...(requestBody ? [requestBody] : []),
        ...Object.values(responses),
      ]) {
        for (const [type, media] of Object.entries(content)) {
          const stream = STREAMS[`${path} ${type}`];
          if (type === 'application/problem+json') media.examples = problemsOf(description);
          else if (stream !== undefined) media.example = stream(exampleOf(schemas[streamed(path)] ?? {}, schemas));
          else if (media.schema !== undefined && media.example === undefined) {
            const example = exampleOf(media.schema, schemas);
            if (example !== undefined) media.example = example;
          }
        }
      }
    }
  }
  return document;
};
