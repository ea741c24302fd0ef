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
      work: plain(samples, ['leased', 'sessions']),
      workTable: bucketed(samples, TABLE_MS, ['leased', 'sessions']),
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
          testid="chart-work"
          title="At work"
          note="Attempts with devices, and devices connected"
          lines={[
            { label: 'Attempts leased', tone: 'one' },
            { label: 'Sessions', tone: 'two' },
          ]}
          data={data.work}
          table={data.workTable}
          format={whole}
          whole
        />
      </div>
    </section>
  );
};
