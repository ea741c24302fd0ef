import { integer, runExample } from '@gossamer/harness';
import { syntheticObservation } from './demo/observation.ts';
import { gatherHits, submitSearch } from './demo/search.ts';
import { offer } from './offer.ts';
import { planBands } from './plan.ts';
import { matchTones, renderReport } from './report.ts';

/** A coordinator is named: the job is for that one, and its volunteers. */
const isOffer = (args: readonly string[]): boolean => args.some((arg) => /^--(url|key)(=|$)/.test(arg));

const search = () =>
  runExample({
    name: 'seti',
    about:
      'Searches a synthetic radio observation, in 64 overlapping bands, for the drifting tones that were put into it.\n' +
      'With --url URL or --key KEY the job is offered to a coordinator that runs: --url x --help tells more.',
    quorum: 2,
    flags: {
      seed: integer(2026, 'of the synthetic observation', 0),
      columns: integer(2 ** 20, 'its channels', 2 ** 14),
    },
    run: async ({ grid, say, follow }, { seed, columns }) => {
      const observation = syntheticObservation(seed, null, columns);
      say(observation.description);
      const { rows, injected } = observation;
      const job = await submitSearch(grid, observation, planBands({ rows, columns }), null);
      await follow(job);
      const { hits, units } = await gatherHits(job);
      const report = matchTones(injected ?? [], hits);
      say(renderReport(report));
      return {
        answer: { found: report.found.length, falseHits: report.falseHits.length },
        expected: { found: injected?.length, falseHits: 0 },
        units,
      };
    },
  });

await (isOffer(process.argv.slice(2)) ? offer() : search());
