import type { ComponentChildren, VNode } from 'preact';

export interface Column<Row> {
  label: string;
  numeric?: boolean;
  /** Long text: on a narrow screen it takes the whole width. */
  wide?: boolean;
  cell: (row: Row) => ComponentChildren;
}

interface Props<Row> {
  /** What the table is, for those who do not see what stands around it. */
  caption: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  /** `data-` attributes of a row. */
  rowData?: (row: Row) => Record<`data-${string}`, string | number>;
  /** On a narrow screen each row becomes a card; false where there are few columns. */
  stacks?: boolean;
}

/** A table. The roles are said once more, since a row that is laid out as a card would lose them. */
export const Table = <Row,>({ caption, columns, rows, rowKey, rowData, stacks = true }: Props<Row>): VNode => (
  <table class={stacks ? 'table stacks' : 'table'} role="table">
    <caption class="unseen">{caption}</caption>
    <thead role="rowgroup">
      <tr role="row">
        {columns.map(({ label, numeric }) => (
          <th key={label} scope="col" role="columnheader" class={numeric === true ? 'numeric' : undefined}>
            {label}
          </th>
        ))}
      </tr>
    </thead>
    <tbody role="rowgroup">
      {rows.map((row) => (
        <tr key={rowKey(row)} role="row" {...rowData?.(row)}>
          {columns.map(({ label, numeric, wide, cell }) => (
            <td
              key={label}
              role="cell"
              data-label={label}
              class={numeric === true ? 'numeric' : wide === true ? 'wide' : undefined}
            >
              {cell(row)}
            </td>
          ))}
        </tr>
      ))}
    </tbody>
  </table>
);
