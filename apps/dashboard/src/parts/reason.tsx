import type { VNode } from 'preact';

/** Why something is done, for all who see it. */
export const Reason = ({ value, hint }: { value: { value: string }; hint: string }): VNode => (
  <label class="field">
    <span>Reason</span>
    <textarea
      data-testid="reason"
      rows={2}
      maxLength={500}
      aria-describedby="reason-hint"
      value={value.value}
      onInput={(event) => (value.value = event.currentTarget.value)}
    />
    <span class="hint" id="reason-hint">
      {hint}
    </span>
  </label>
);
