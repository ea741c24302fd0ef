import * as protocol from '@gossamer/protocol';
import { expect, test } from 'vitest';
import { z } from 'zod';
import * as schemas from '../../src/shared/schemas.ts';

const NAMES = ['Challenge', 'GridView', 'JobCard', 'Refusal', 'Standing', 'Welcome'] as const;

test.each(NAMES)("VP1: the page's schema of %s says the same as the protocol's", (name) => {
  expect(z.toJSONSchema(schemas[name])).toEqual(z.toJSONSchema(protocol[name] as z.ZodType));
});

test('VP1: every schema of the page is compared', () => expect(Object.keys(schemas).sort()).toEqual([...NAMES]));
