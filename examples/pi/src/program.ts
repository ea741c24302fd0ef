import { defineProgram, type ProgramContext } from '@gossamer/program';
import { scatter } from './scatter.ts';

/** Points of one unit, and how many units there are. */
export interface PiParams {
  points: number;
  units: number;
}

/** The share of random points of the unit square that lie within the quarter circle is π / 4. */
export const { run, split, reduce, answer } = defineProgram({
  run: (_unit: number, ctx: ProgramContext<PiParams>) => {
    const draw = scatter((picture) => ctx.picture(picture));
    let inside = 0;
    for (let i = 0; i < ctx.params.points; i++) {
      const [x, y] = [Math.random(), Math.random()];
      const isInside = x * x + y * y < 1;
      if (isInside) inside += 1;
      draw(x, y, isInside);
    }
    return { inside, points: ctx.params.points };
  },
  // Made when a unit is given out: a billion of them would cost nothing either.
  split: ({ units }: PiParams) => ({ length: units, at: (index: number) => index }),
  reduce: (acc: { inside: number; points: number } | undefined, result) =>
    acc === undefined ? result : { inside: acc.inside + result.inside, points: acc.points + result.points },
  answer: ({ inside, points }) => ({ pi: (4 * inside) / points }),
});
