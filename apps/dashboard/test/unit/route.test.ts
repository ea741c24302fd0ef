import { JobState, UnitState } from '@gossamer/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { href, parseRoute } from '../../src/route.ts';
import { jobId } from './fixtures.ts';

const BATCH = 'batch_017f22e2-79b0-7cc3-98c4-dc0c0c073990';

test('DR1: every view has an address that leads back to it', () => {
  const state = fc.constantFrom(null, ...UnitState.options);
  const after = fc.option(fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme' }), { nil: null });
  const route = fc.oneof(
    fc.constantFrom('overview', 'jobs', 'devices', 'signers', 'keys').map((view) => ({ view })),
    fc.record({ view: fc.constant('job'), id: fc.constant(jobId()), units: fc.record({ state, after }) }),
    fc.record({ view: fc.constant('batches'), after }),
    fc.record({
      view: fc.constant('batch'),
      id: fc.constant(BATCH),
      jobs: fc.record({ state: fc.constantFrom(null, ...JobState.options), after }),
    }),
    fc.record({ view: fc.constant('unit'), id: fc.constant(jobId()), index: fc.nat(4_294_967_295) }),
  );
  fc.assert(
    fc.property(route, (place) => {
      const at = place as Parameters<typeof href>[0];
      expect(parseRoute(href(at))).toEqual(at);
    }),
  );
});

test('DR2: an address that names no view is said to lead nowhere, and nothing throws', () => {
  for (const hash of [
    '#/tasks',
    '#/jobs/job_7',
    `#/jobs/${jobId()}/units/x`,
    `#/jobs/${jobId()}/units`,
    '#/keys/7',
    '#/batches/7',
    `#/batches/${BATCH}/jobs`,
  ]) {
    expect(parseRoute(hash).view, hash).toBe('nowhere');
  }
  fc.assert(fc.property(fc.string(), (text) => void parseRoute(`#${text}`)));
});

test('DR3: the empty address is the overview, and an unknown filter is none', () => {
  expect([parseRoute(''), parseRoute('#'), parseRoute('#/')]).toEqual(Array(3).fill({ view: 'overview' }));
  expect(parseRoute(`#/jobs/${jobId()}?state=lost`)).toMatchObject({ view: 'job', units: { state: null } });
});
