import type { ComponentChildren, VNode } from 'preact';
import type { Snapshot } from '../../shared/snapshot.ts';
import { plural } from '../words.ts';

const Figure = ({
  id,
  value,
  label,
  children,
}: {
  id: string;
  value: number | undefined;
  label: string;
  children: ComponentChildren;
}): VNode => (
  <div class="figure">
    <dt>{label}</dt>
    <dd class="figure-value" data-testid={id}>
      {value === undefined ? '–' : value.toLocaleString('en', { maximumFractionDigits: 1 })}
    </dd>
    <dd class="figure-note">{children}</dd>
  </div>
);

const failures = ({ errored, overran }: Snapshot['tally']): string => {
  const parts = [
    ...(errored > 0 ? [`${plural(errored, 'unit')} ended with an error of the program`] : []),
    ...(overran > 0 ? [`${plural(overran, 'unit')} ran too long and ${overran === 1 ? 'was' : 'were'} ended`] : []),
  ];
  return parts.length === 0 ? '' : ` ${parts.join('; ')}: no fault of yours.`;
};

/** What this device has come to, and how sure the grid is of it. */
export const StandingView = ({ now }: { now: Snapshot }): VNode => {
  const { standing, tally, unsent } = now;
  return (
    <section class="standing" aria-labelledby="standing-title">
      <h2 id="standing-title">What this browser has done</h2>
      <dl class="figures">
        <Figure id="credit" value={standing?.credit} label="Credit">
          For verified units only; each job says what one of its units is worth.
        </Figure>
        <Figure id="units-valid" value={standing?.valid} label="Verified">
          Confirmed by others or by a check, or taken on this browser’s word, as its job and its record allow.
        </Figure>
        <Figure id="units-waiting" value={standing?.waiting} label="Waiting">
          Returned; not final yet: others must compute the same unit, or check later work of this browser.
        </Figure>
        <Figure id="units-invalid" value={standing?.invalid} label="Not confirmed">
          {(standing?.invalid ?? 0) > 0
            ? 'Others found something else there, or a check refused it. Unsteady memory or an overclocked processor can do this.'
            : 'None of your results was found wrong.'}
        </Figure>
      </dl>
      <p class="hint">
        This visit: {plural(tally.returned, 'unit')} computed
        {unsent > 0 && `, ${unsent.toLocaleString('en')} of them on the way to the coordinator`}.{failures(tally)}
      </p>
    </section>
  );
};
