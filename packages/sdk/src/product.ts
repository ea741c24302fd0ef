import type { SourceInput } from '@gossamer/protocol';
import { errorOf } from './error-kinds.ts';
import type { InputSource } from './inputs.ts';
import { jsonText } from './json-text.ts';

/** The values of one parameter: a list, or `range(start, stop, step)`. */
export type AxisValues<Value = unknown> = readonly Value[] | InputSource<number>;

/** One input of a product: a value of each parameter. */
export type Combination<Axes> = {
  [Name in keyof Axes]: Axes[Name] extends readonly (infer Value)[] ? Value : number;
};

interface Axis {
  name: string;
  source: Extract<SourceInput, { kind: 'product' }>['axes'][string];
  total: number;
  value: (index: number) => unknown;
}

const axisOf = (name: string, values: AxisValues): Axis => {
  if (Array.isArray(values)) {
    if (values.length === 0) throw errorOf('source-empty', `the parameter "${name}" has no value`);
    values.forEach((value, at) => jsonText(value, `value ${at} of the parameter "${name}"`));
    return { name, source: values as never, total: values.length, value: (index) => (values as unknown[])[index] };
  }
  const numbers = values as InputSource<number>;
  const source = (numbers as { source?: (blob: never) => SourceInput }).source?.('' as never);
  if (source?.kind !== 'range') {
    throw errorOf('usage', `the parameter "${name}" is a list of values, or range(start, stop)`);
  }
  const { start, stop, step = 1 } = source;
  const total = Math.ceil((stop - start) / step);
  return { name, source: { start, stop, step }, total, value: (index) => numbers.echo(index) };
};

/**
 * Every combination of the parameters' values, the last one changing fastest: `product({ rate: [0.1, 0.2], seed:
 * range(0, 1000) })` has 2000 inputs such as `{ rate: 0.1, seed: 0 }`. However many: nothing is stored.
 */
export const product = <const Axes extends Record<string, AxisValues>>(axes: Axes): InputSource<Combination<Axes>> => {
  const all = Object.entries(axes).map(([name, values]) => axisOf(name, values));
  if (all.length === 0) throw errorOf('source-empty', 'product() needs a parameter');
  const source = { kind: 'product', axes: Object.fromEntries(all.map((axis) => [axis.name, axis.source])) } as const;
  const echo = (unit: number): Combination<Axes> => {
    const members: [string, unknown][] = [];
    let rest = unit;
    for (const { name, total, value } of all.toReversed()) {
      members.unshift([name, value(rest % total)]);
      rest = Math.floor(rest / total);
    }
    return Object.fromEntries(members) as Combination<Axes>;
  };
  return { kind: 'source', content: null, source: () => source, echo };
};
