import { Validator } from '@seriousme/openapi-schema-validator';
import { ProblemError, PROBLEMS } from '@gossamer/protocol';
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { takeUndeclared } from '../harness/declared-problems.ts';
import { expectProblem, KEYS, serve } from './serve.ts';

const PAGES = new URL('../../../../docs/errors/', import.meta.url);

interface Operation {
  summary?: string;
  tags?: string[];
  security?: object[];
  description?: string;
  requestBody?: Body;
  responses: Record<string, Body>;
}
interface Body {
  description: string;
  content?: Record<
    string,
    { schema: { $ref?: string }; example?: unknown; examples?: Record<string, { value: unknown }> }
  >;
}
interface Document {
  tags: { name: string; description: string }[];
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, { examples?: unknown[] }>; securitySchemes: object };
}

test('OA1: the document at /docs/json is valid OpenAPI', async () => {
  const grid = await serve();
  const document = (await (await grid.call('/docs/json', { key: null })).json()) as Document;
  const result = await new Validator().validate(document as never);
  expect(result.errors ?? []).toEqual([]);
  expect(result.valid).toBe(true);
  for (const [, name] of JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/([^"]*)"/g)) {
    expect(Object.keys(document.components.schemas)).toContain(name);
  }
});

test('OA2: every route is in the document, with its words, its problems and its security', async () => {
  const grid = await serve();
  const { paths, components } = (await (await grid.call('/docs/json', { key: null })).json()) as Document;
  const shown = grid.app.routeTable.filter((route) => !route.hidden && route.method !== 'HEAD');
  expect(shown.length).toBeGreaterThan(25);
  for (const { method, url, access } of shown) {
    const path = url.replace(/:(\w+)/g, '{$1}');
    const operation = paths[path]?.[method.toLowerCase()];
    expect(operation, `${method} ${path}`).toBeDefined();
    const { summary, tags, responses, security } = operation!;
    expect([summary?.length ?? 0, tags?.length], path).toEqual([expect.toSatisfy((n: number) => n > 5), 1]);
    if (access === null) continue;
    expect(security!.length > 0, path).toBe(access !== 'public');
    expect(responses['429']!.content!['application/problem+json']!.schema.$ref).toBe('#/components/schemas/Problem');
    if (access !== 'public') expect(responses['401']!.description).toContain('key-missing');
  }
  const hidden = grid.app.routeTable.filter((route) => route.hidden).map((route) => route.url);
  for (const url of hidden) expect(url).toMatch(/^\/(docs.*|dashboard\/?|\*|v1\/\*)?$/);
  expect(components.schemas['JobSpecInput']!.examples).toHaveLength(2);
  expect(Object.keys(components.securitySchemes)).toEqual(['key', 'session']);
});

/** An event by its fields: the name as it is, of an id that there is one. */
const eventOf = (text: string): { fields: object; data: object } => {
  const lines = text.trimEnd().split('\n');
  const fields = lines.map((line) => line.split(': ', 2) as [string, string]);
  const { data, id, ...rest } = Object.fromEntries(fields.map(([name]) => [name, text.match(`${name}: (.*)`)![1]!]));
  return { fields: { ...rest, hasId: id !== undefined }, data: JSON.parse(data!) as object };
};

/** The operations under /v1, with the way that they are called. */
const operationsOf = ({ paths }: Document): [string, Operation][] =>
  Object.entries(paths)
    .filter(([path]) => path.startsWith('/v1/'))
    .flatMap(([path, operations]) =>
      Object.entries(operations).map(([method, operation]): [string, Operation] => [
        `${method.toUpperCase()} ${path}`,
        operation,
      ]),
    );

/** Checks a value by a schema of the document, with those that it names. */
const fits = ({ components }: Document, schema: object, value: unknown): unknown => {
  const text = JSON.stringify({ ...schema, $defs: components.schemas }).replaceAll('#/components/schemas/', '#/$defs/');
  const { success, error } = z
    .fromJSONSchema(JSON.parse(text) as Parameters<typeof z.fromJSONSchema>[0])
    .safeParse(value);
  return success ? null : error.issues;
};

/** Bytes of a program or an archive: an example of them would say nothing. */
const BYTES = new Set(['application/octet-stream', 'application/zip']);

test('OA4: every operation tells what it does, and has an example of each body that fits its own schema', async () => {
  const grid = await serve();
  const document = (await (await grid.call('/docs/json', { key: null })).json()) as Document;
  const operations = operationsOf(document);
  expect(operations.length).toBeGreaterThan(50);
  for (const [name, { summary, description, requestBody, responses }] of operations) {
    expect(summary!.length, name).toBeGreaterThan(5);
    expect(description!.length, name).toBeGreaterThan(10);
    const answers = Object.entries(responses).filter(([status]) => status < '400');
    expect(answers.length, name).toBeGreaterThan(0);
    for (const { content = {} } of [...(requestBody ? [requestBody] : []), ...answers.map(([, answer]) => answer)]) {
      for (const [type, { schema, example }] of Object.entries(content)) {
        if (BYTES.has(type)) continue;
        expect(example, `${name} ${type}`).toBeDefined();
        expect([name, type, fits(document, schema, example)]).toEqual([name, type, null]);
      }
    }
  }
});

test('OA5: every operation tells its problems, each by an example with its code, and what a key must be', async () => {
  const grid = await serve();
  const document = (await (await grid.call('/docs/json', { key: null })).json()) as Document;
  for (const [name, { responses, security, description }] of operationsOf(document)) {
    const problems = Object.entries(responses).filter(([status]) => status >= '400');
    expect(problems.length, name).toBeGreaterThan(1);
    for (const [status, answer] of problems) {
      const { schema, examples = {} } = answer.content!['application/problem+json']!;
      expect(Object.keys(examples).length, `${name} ${status}`).toBeGreaterThan(0);
      for (const [code, { value }] of Object.entries(examples)) {
        expect([name, fits(document, schema, value)]).toEqual([name, null]);
        const { title } = PROBLEMS[code as keyof typeof PROBLEMS];
        expect(value).toMatchObject({ type: `/errors/${code}`, title, status: Number(status), code });
        expect(answer.description).toContain(`\`${code}\`: ${title}`);
      }
    }
    expect(Array.isArray(security), name).toBe(true);
    expect(description, name).toMatch(security!.length === 0 ? /Open to all/ : /Needs (a|the) key/);
  }
});

/** The codes that an operation is described with. */
const codesOf = ({ responses }: Operation): string[] =>
  Object.values(responses).flatMap(({ content }) => Object.keys(content?.['application/problem+json']?.examples ?? {}));

test('OA6: a code that a route answers and does not declare is noticed, and each change tells that there may be no room', async () => {
  const grid = await serve();
  const job = await grid.submit();
  grid.grid.jobs = () => {
    throw new ProblemError('delivery-pending');
  };
  await expectProblem(await grid.call('/v1/jobs'), 'delivery-pending');
  await expectProblem(await grid.call('/v1/jobs?limit=x'), 'request-invalid');
  await expectProblem(await grid.post(`/v1/jobs/${job.id}/hold`, { reason: 7 }), 'request-invalid');
  expect(takeUndeclared()).toEqual(['GET /v1/jobs: delivery-pending']);

  const operations = operationsOf((await (await grid.call('/docs/json', { key: null })).json()) as Document);
  const missing: string[] = [];
  for (const [name, operation] of operations) {
    const codes = codesOf(operation);
    const wanted =
      name.startsWith('GET') || name.startsWith('HEAD') ? [] : ['body-malformed', 'media-type-unsupported'];
    for (const code of ['internal', 'unavailable', 'rate-limited', 'origin-forbidden', ...wanted]) {
      if (!codes.includes(code)) missing.push(`${name}: ${code}`);
    }
  }
  expect(missing).toEqual([]);
  const declared = new Map(operations.map(([name, operation]) => [name, codesOf(operation)]));
  expect(declared.get('POST /v1/jobs/{id}/retry')).toContain('quota-exceeded');
  for (const verb of ['hold', 'release', 'cancel', 'retry'])
    expect(declared.get(`POST /v1/jobs/{id}/${verb}`)).toContain('storage-full');
});

test('OA7: each tag of an operation is described, and none that no operation has', async () => {
  const grid = await serve();
  const document = (await (await grid.call('/docs/json', { key: null })).json()) as Document;
  const used = Object.values(document.paths).flatMap((path) => Object.values(path).flatMap(({ tags = [] }) => tags));
  expect(document.tags.map(({ name }) => name).sort()).toEqual([...new Set(used)].sort());
  for (const { name, description } of document.tags) expect(description.length, name).toBeGreaterThan(10);
});

test('OA8: the example of an event stream is an event as that stream sends it', async () => {
  const grid = await serve();
  const document = (await (await grid.call('/docs/json', { key: null })).json()) as Document;
  const job = await grid.submit();
  const events: [string, string, string][] = [
    ['/v1/jobs/{id}/events', `/v1/jobs/${job.id}/events`, KEYS.submitter],
    ['/v1/events', '/v1/events', KEYS.operator],
  ];
  for (const [path, real, key] of events) {
    const { content } = document.paths[path]!['get']!.responses['200']!;
    const example = eventOf(content!['text/event-stream']!.example as string);
    const leaving = new AbortController();
    const response = await grid.call(real, { key, signal: leaving.signal });
    const { value } = await response.body!.pipeThrough(new TextDecoderStream()).getReader().read();
    leaving.abort();
    const sent = eventOf(value!);
    expect([path, example.fields]).toEqual([path, sent.fields]);
    expect(Object.keys(example.data).sort()).toEqual(Object.keys(sent.data).sort());
  }
  // This grid has no batches: BA12 reads their stream.
  const { content } = document.paths['/v1/batches/{id}/events']!['get']!.responses['200']!;
  const { fields } = eventOf(content!['text/event-stream']!.example as string);
  expect(fields).toEqual({ event: 'batch', hasId: true });
});

test('OA3: the page at /docs has a policy of its own that no other route gets', async () => {
  const grid = await serve();
  const docs = await grid.call('/docs/', { key: null });
  expect(docs.headers.get('content-type')).toMatch(/^text\/html/);
  expect(docs.headers.get('content-security-policy')).toContain("script-src 'self';");
  expect(docs.headers.get('content-security-policy')).not.toMatch(/script-src[^;]*unsafe|https:|\*/);
  for (const path of ['/v1/grid', '/healthz', '/errors/internal', '/nothing']) {
    const policy = (await grid.call(path, { key: null })).headers.get('content-security-policy');
    expect(policy, path).toBe("default-src 'none'; frame-ancestors 'none'; sandbox");
  }
});

test('ER1: every error of the registry has one page, and every page is of one error', () => {
  const pages = readdirSync(PAGES).map((name) => name.replace(/\.md$/, ''));
  expect(pages.sort()).toEqual(Object.keys(PROBLEMS).sort());
  for (const [code, { title, status }] of Object.entries(PROBLEMS)) {
    const text = readFileSync(new URL(`${code}.md`, PAGES), 'utf8');
    expect(text.startsWith(`# ${title}\n\n\`${code}\`, HTTP status ${status}\n`), code).toBe(true);
    expect(text.match(/^## .*$/gm), code).toEqual(['## What it means', '## Why it happens', '## What to do']);
  }
});

test('ER2: the type of a problem leads to its page', async () => {
  const grid = await serve();
  const problem = await expectProblem(await grid.call('/v1/me', { key: null }), 'key-missing');
  const page = await grid.call(problem.type, { key: null });
  expect(page.headers.get('content-type')).toBe('text/plain; charset=utf-8');
  expect(await page.text()).toContain(`# ${problem.title}`);
  for (const code of ['nothing', 'constructor', '..%2f..%2fpackage', '__proto__']) {
    await expectProblem(await grid.call(`/errors/${code}`, { key: null }), 'route-unknown');
  }
});
