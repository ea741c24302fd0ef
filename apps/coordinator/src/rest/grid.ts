import { GridView, StatsView } from '@gossamer/protocol';
import type { Api, ApiContext } from './api-context.ts';
import { describe } from './describe.ts';

/** The grid as a whole. */
export const gridRoutes = (api: Api, { grid }: ApiContext): void => {
  const tag = 'grid';

  api.get(
    '/grid',
    {
      config: { access: 'public' },
      schema: describe({
        tag,
        access: 'public',
        summary: 'What a volunteer reads before consent',
        ok: { 200: GridView },
      }),
    },
    async () => grid.view(),
  );

  api.get(
    '/stats',
    {
      config: { access: 'operator' },
      schema: describe({
        tag,
        access: 'operator',
        summary: 'Throughput and queues over the last minutes',
        ok: { 200: StatsView },
      }),
    },
    async () => grid.stats(),
  );
};
