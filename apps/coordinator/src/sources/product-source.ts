import type { Source } from '@gossamer/protocol';
import { ENCODING, LIMITS, ProblemError, utf8 } from '@gossamer/protocol';
import { rangeTotal } from './json-sources.ts';
import type { OpenedSource } from './opened-source.ts';

type ProductSource = Extract<Source, { kind: 'product' }>;

/** One parameter: `"name":` and how many values it has, each as JSON. */
interface Parameter {
  readonly key: string;
  readonly total: number;
  /** The longest of its values, bytes of JSON. */
  readonly longest: number;
  value: (index: number) => string;
}

const parameter = (name: string, axis: ProductSource['axes'][string]): Parameter => {
  const key = `${JSON.stringify(name)}:`;
  if (Array.isArray(axis)) {
    const values = axis.map((value) => JSON.stringify(value));
    const longest = Math.max(...values.map((value) => Buffer.byteLength(value)));
    return { key, total: values.length, longest, value: (index) => values[index]! };
  }
  const { start, step } = axis;
  const total = rangeTotal(axis);
  if (total === 0) throw new ProblemError('source-empty', `the parameter “${name}” has no value`);
  const longest = Math.max(String(start).length, String(start + (total - 1) * step).length);
  return { key, total, longest, value: (index) => String(start + index * step) };
};

/** Nothing is made before it is asked for: a unit's input follows from its index, a number of mixed radix. */
export const openProduct = ({ axes }: ProductSource, inlineLimit: number): OpenedSource => {
  const parameters = Object.entries(axes).map(([name, axis]) => parameter(name, axis));
  let [total, inlineBytes] = [1, 1 + parameters.length];
  for (const { key, total: values, longest } of parameters) {
    total *= values;
    inlineBytes += Buffer.byteLength(key) + longest;
  }
  if (inlineBytes > inlineLimit) {
    throw new ProblemError('source-invalid', `an input has ${inlineBytes} bytes; at most ${inlineLimit} are allowed`);
  }
  if (total > LIMITS.units) throw new ProblemError('source-too-large', `${total} combinations`);
  const text = (index: number): string => {
    const members: string[] = [];
    let rest = index;
    for (let at = parameters.length - 1; at >= 0; at--) {
      const { key, total: values, value } = parameters[at]!;
      members.push(key + value(rest % values));
      rest = Math.floor(rest / values);
    }
    return `{${members.reverse().join()}}`;
  };
  const inputs = (indices: readonly number[]) =>
    indices.map((index) => ({ kind: 'inline', encoding: ENCODING.json, body: utf8(text(index)) }) as const);
  return { total, inlineBytes, inputs };
};
