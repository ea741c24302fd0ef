import type { VNode } from 'preact';
import { Table } from '../parts/table.tsx';
import { clock } from '../words.ts';
import type { Line } from './line.ts';
import type { Data } from './series.ts';

interface Props {
  title: string;
  lines: readonly Line[];
  data: Data;
  format: (value: number) => string;
}

interface Row {
  at: number;
  values: number[];
}

/** The chart's twin for those who do not see it: newest first. */
export const ChartTable = ({ title, lines, data, format }: Props): VNode => {
  const rows: Row[] = data.times.map((at, n) => ({ at, values: data.lines.map((line) => line[n]!) })).toReversed();
  return (
    <details class="twin">
      <summary>{title} as a table</summary>
      {rows.length === 0 ? (
        <p class="hint">The first row comes after half a minute.</p>
      ) : (
        <Table
          caption={`${title}: means of half a minute, newest first`}
          rows={rows}
          rowKey={({ at }) => String(at)}
          stacks={false}
          columns={[
            { label: 'From', cell: ({ at }: Row) => clock(at) },
            ...lines.map((line, n) => ({
              label: line.label,
              numeric: true,
              cell: ({ values }: Row) => format(values[n]!),
            })),
          ]}
        />
      )}
    </details>
  );
};
