import type { StatsSample } from '@gossamer/protocol';
import type { VNode } from 'preact';
import { useMemo } from 'preact/hooks';
import { count, rate } from '../words.ts';
import { Chart } from './chart.tsx';
import { bucketed, plain } from './series.ts';

const BUCKET_MS = 5000;
const TABLE_MS = 30_000;

const whole = (value: number): string => count(Math.round(value));

/** The last ten minutes of the grid. */
export const GridCharts = ({ samples }: { samples: readonly StatsSample[] }): VNode => {
  const data = useMemo(
    () => ({
      rates: bucketed(samples, BUCKET_MS, ['validated', 'returned']),
      rateTable: bucketed(samples, TABLE_MS, ['validated', 'returned']),
      queue: plain(samples, ['queue']),
      queueTable: bucketed(samples, TABLE_MS, ['queue']),
      leased: plain(samples, ['leased']),
      leasedTable: bucketed(samples, TABLE_MS, ['leased']),
      sessions: plain(samples, ['sessions']),
      sessionsTable: bucketed(samples, TABLE_MS, ['sessions']),
    }),
    [samples],
  );
  return (
    <section class="charts" aria-labelledby="charts-title">
      <h2 id="charts-title">The last ten minutes</h2>
      <div class="chart-grid">
        <Chart
          testid="chart-throughput"
          title="Throughput"
          note="A second, mean of five seconds"
          lines={[
            { label: 'Units validated', tone: 'one' },
            { label: 'Results returned', tone: 'two' },
          ]}
          data={data.rates}
          table={data.rateTable}
          format={rate}
        />
        <Chart
          testid="chart-queue"
          title="Queue"
          note="Work units that wait for a device"
          lines={[{ label: 'Units waiting', tone: 'one' }]}
          data={data.queue}
          table={data.queueTable}
          format={whole}
          whole
        />
        <Chart
          testid="chart-leased"
          title="Leased"
          note="Attempts that devices have"
          lines={[{ label: 'Attempts leased', tone: 'one' }]}
          data={data.leased}
          table={data.leasedTable}
          format={whole}
          whole
        />
        <Chart
          testid="chart-sessions"
          title="Sessions"
          note="Devices that are connected"
          lines={[{ label: 'Sessions', tone: 'one' }]}
          data={data.sessions}
          table={data.sessionsTable}
          format={whole}
          whole
        />
      </div>
    </section>
  );
};
