import type { ProgramKind, SignerPolicy, SignerView, Tier } from '@gossamer/protocol';
import { LIMITS } from '@gossamer/protocol';
import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { LANE_WORDS, TIER_WORDS } from '../signers/signer-words.ts';
import { revokeSigner, rotateKey, setPolicy } from '../views/signers-state.ts';
import { plural } from '../words.ts';
import { Dialog } from './dialog.tsx';

/** What the form begins with where nothing was granted: what a first grant gives, unless told. */
const FIRST: SignerPolicy = {
  tier: 'public',
  lanes: ['js', 'wasm'],
  limits: { deadlineMs: 86_400_000, resultBytes: LIMITS.largeResult },
};

const NumberField = (props: {
  label: string;
  id: string;
  max: number;
  min: number;
  value: { value: number };
}): VNode => {
  const { label, id, min, max, value } = props;
  return (
    <label class="field">
      <span>{label}</span>
      <input
        type="number"
        data-testid={id}
        required
        min={min}
        max={max}
        step="any"
        value={value.value}
        onInput={(event) => (value.value = event.currentTarget.valueAsNumber)}
      />
    </label>
  );
};

export const PolicyQuestion = ({ signer }: { signer: SignerView }): VNode => {
  const { tier, lanes, limits } = signer.policy ?? FIRST;
  const asked = { tier: useSignal(tier), lanes: useSignal(lanes) };
  const [seconds, bytes] = [useSignal(limits.deadlineMs / 1000), useSignal(limits.resultBytes)];
  const policy = (): SignerPolicy => ({
    tier: asked.tier.value,
    lanes: asked.lanes.value,
    limits: { deadlineMs: Math.round(seconds.value * 1000), resultBytes: Math.round(bytes.value) },
  });
  const toggle = (lane: ProgramKind, on: boolean): void => {
    asked.lanes.value = [...asked.lanes.value.filter((one) => one !== lane), ...(on ? [lane] : [])];
  };
  return (
    <Dialog title={`What may programs of “${signer.name}”?`} verb="Grant this" act={() => setPolicy(signer, policy())}>
      <p>
        Compare the fingerprint with what its owner told you by another way: <code>{signer.fingerprint}</code>
      </p>
      <fieldset class="checks">
        <legend>Where they run</legend>
        {(Object.keys(TIER_WORDS) as Tier[]).map((one) => (
          <label key={one} class="check">
            <input
              type="radio"
              name="tier"
              data-tier={one}
              checked={asked.tier.value === one}
              onInput={() => (asked.tier.value = one)}
            />
            {TIER_WORDS[one]}
          </label>
        ))}
      </fieldset>
      <fieldset class="checks">
        <legend>What they are</legend>
        {(Object.keys(LANE_WORDS) as ProgramKind[]).map((lane) => (
          <label key={lane} class="check">
            <input
              type="checkbox"
              data-lane={lane}
              checked={asked.lanes.value.includes(lane)}
              onInput={(event) => toggle(lane, event.currentTarget.checked)}
            />
            {LANE_WORDS[lane]}
          </label>
        ))}
      </fieldset>
      <NumberField label="Seconds of a unit, at the most" id="policy-seconds" min={0.1} max={86_400} value={seconds} />
      <NumberField
        label="Bytes of a result, at the most"
        id="policy-bytes"
        min={1}
        max={LIMITS.largeResult}
        value={bytes}
      />
      <p class="hint">
        Jobs that run follow at once: where they may not run any more, they end and are given elsewhere.
      </p>
    </Dialog>
  );
};

export const RevokeSigner = ({ signer }: { signer: SignerView }): VNode => (
  <Dialog title={`Revoke the signer “${signer.name}”?`} verb="Revoke it" danger act={() => revokeSigner(signer)}>
    <p data-testid="revoke-cost">
      {signer.openJobs === 0
        ? 'It has no open job.'
        : `${plural(signer.openJobs, 'open job is', 'open jobs are')} cancelled at once, on every device.`}{' '}
      It signs for no job any more, and cannot be given back; its owner may register another key.
    </p>
  </Dialog>
);

export const Rotate = (): VNode => (
  <Dialog title="Make the coordinator a new key?" verb="Make it" act={rotateKey}>
    <p>
      The present key signs the new one, and browsers that know it follow. What runs goes on. It is of use when the
      present one may have leaked; it cannot be taken back.
    </p>
  </Dialog>
);
