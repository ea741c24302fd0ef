import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import { clock } from '../words.ts';
import { ChartTable } from './chart-table.tsx';
import type { Line } from './line.ts';
import type { Data } from './series.ts';
import { timeRange } from './series.ts';

interface Props {
  title: string;
  /** What the values are, in words. */
  note: string;
  testid: string;
  lines: readonly Line[];
  data: Data;
  /** The same over longer stretches, for the table. */
  table: Data;
  format: (value: number) => string;
  /** The values are counts: no marks between whole numbers. */
  whole?: boolean;
}

const HEIGHT = 176;
/** Steps between marks of counts. */
const WHOLE = Array.from({ length: 10 }, (_, power) => [1, 2, 5].map((step) => step * 10 ** power)).flat();
const FONT = '12px ui-sans-serif, system-ui, sans-serif';

const seconds = ([from, to]: [number, number]): [number, number] => [from / 1000, to / 1000];
const aligned = ({ times, lines }: Data): uPlot.AlignedData => [times.map((at) => at / 1000), ...lines];

/** Lines over time, with what they were at the pointer, and a table that says the same. */
export const Chart = ({ title, note, testid, lines, data, table, format, whole = false }: Props): VNode => {
  const frame = useRef<HTMLDivElement>(null);
  const swatches = useRef<HTMLDListElement>(null);
  const plot = useRef<uPlot | null>(null);
  const at = useSignal<number | null>(null);
  const newest = useRef(data);
  newest.current = data;

  useEffect(() => {
    const host = frame.current!;
    // Canvas knows no custom properties: colours are read, resolved, from elements that have them.
    const swatch = (n: number) => () => getComputedStyle(swatches.current!.querySelectorAll('.swatch')[n]!).color;
    const ink = (): string => getComputedStyle(host).color;
    const grid = { stroke: () => getComputedStyle(host).borderTopColor, width: 1 };
    const current = new uPlot(
      {
        width: Math.max(200, host.clientWidth),
        height: HEIGHT,
        legend: { show: false },
        cursor: { drag: { x: false, y: false }, y: false, points: { size: 7 }, sync: { key: 'grid' } },
        scales: {
          x: { range: () => seconds(timeRange(newest.current, Date.now())) },
          y: { range: (_plot, _min, max) => [0, Math.max(1, max * 1.1)] },
        },
        axes: [
          {
            stroke: ink,
            font: FONT,
            grid: { show: false },
            ticks: { ...grid, size: 4 },
            size: 30,
            space: 90,
            values: (_plot, splits) => splits.map((second) => clock(second * 1000).slice(0, 5)),
            incrs: [60, 120, 300],
          },
          {
            stroke: ink,
            font: FONT,
            grid,
            ticks: { show: false },
            size: 48,
            space: 34,
            ...(whole ? { incrs: WHOLE } : {}),
            values: (_plot, splits) => splits.map((value) => value.toLocaleString('en', { notation: 'compact' })),
          },
        ],
        series: [
          {},
          ...lines.map((line, n) => ({
            label: line.label,
            stroke: swatch(n),
            width: 2,
            // A single point makes no line.
            points: { show: () => newest.current.times.length === 1 },
            ...(line.tone === 'two' ? { dash: [5, 4] } : {}),
          })),
        ],
        hooks: { setCursor: [({ cursor }) => (at.value = cursor.idx ?? null)] },
      },
      aligned(data),
      host,
    );
    plot.current = current;
    const size = new ResizeObserver(() => current.setSize({ width: host.clientWidth, height: HEIGHT }));
    size.observe(host);
    const dark = matchMedia('(prefers-color-scheme: dark)');
    const repaint = (): void => current.redraw(false);
    dark.addEventListener('change', repaint);
    return () => {
      dark.removeEventListener('change', repaint);
      size.disconnect();
      current.destroy();
    };
  }, []);
  useEffect(() => plot.current?.setData(aligned(data)), [data]);

  const shown = at.value !== null && at.value < data.times.length ? at.value : data.times.length - 1;
  const valueOf = (line: number): string => (shown < 0 ? 'none yet' : format(data.lines[line]![shown]!));
  return (
    <figure class="chart" data-testid={testid}>
      <figcaption>
        <h3>{title}</h3>
        <p class="hint">{note}</p>
      </figcaption>
      <dl class="legend" ref={swatches}>
        {lines.map((line, n) => (
          <div key={line.label}>
            <dt>
              <span class={`swatch ${line.tone}`} />
              {line.label}
            </dt>
            <dd>{valueOf(n)}</dd>
          </div>
        ))}
        <div class="legend-time">
          <dt class="unseen">At</dt>
          <dd>{shown < 0 ? '' : clock(data.times[shown]!)}</dd>
        </div>
      </dl>
      <div class="plot" ref={frame} aria-hidden="true" />
      {data.times.length === 0 && <p class="hint">The first points come in a few seconds.</p>}
      <ChartTable title={title} lines={lines} data={table} format={format} />
    </figure>
  );
};
