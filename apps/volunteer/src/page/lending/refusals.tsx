import type { VNode } from 'preact';
import type { Refusal } from '../../shared/snapshot.ts';

/** Programs that did not run here because they are not what was signed. */
export const Refusals = ({ refusals }: { refusals: Refusal[] }): VNode | null =>
  refusals.length === 0 ? null : (
    <section class="notice" role="alert" data-testid="refusals">
      <p>
        <strong>Not run here.</strong> What arrived is not what the coordinator and the program’s signer signed. It was
        given back, and the operator is told.
      </p>
      <ul>
        {refusals.map(({ job, detail }) => (
          <li key={job}>
            {job}: {detail}.
          </li>
        ))}
      </ul>
      {refusals.some(({ reason }) => reason === 'coordinator-key') && (
        <p class="hint">
          If the grid was set up anew by somebody you trust, leave and forget this browser below: it then takes the
          coordinator’s key as new.
        </p>
      )}
    </section>
  );
