import * as protocol from '@gossamer/protocol';
import { expect, test } from 'vitest';
import { z } from 'zod';
import * as schemas from '../../src/shared/schemas.ts';

const NAMES = [
  'Challenge',
  'CoordinatorKeys',
  'DeviceForgotten',
  'GridView',
  'JobCard',
  'Problem',
  'Refusal',
  'ResultPermit',
  'ResultReceipt',
  'Standing',
  'Welcome',
] as const;

const ours = new Map(Object.entries(schemas));
const theirs = new Map<string, unknown>(Object.entries(protocol));

test.each(NAMES)("VP1: the page's schema of %s says the same as the protocol's", (name) => {
  expect(z.toJSONSchema(ours.get(name)!)).toEqual(z.toJSONSchema(theirs.get(name) as z.ZodType));
});

test('VP1: every schema of the page is compared', () => expect(new Set(ours.keys())).toEqual(new Set(NAMES)));
