import type { VNode } from 'preact';
import { plural } from '../words.ts';
import { setSlots, slots, slotsLimit } from '../state.ts';

/** How much of the computer is lent. Moving it takes effect at once. */
export const SlotsControl = (): VNode => (
  <div class="slots-control">
    <label for="slots">Slots lent</label>
    <input
      id="slots"
      data-testid="slots"
      type="range"
      min={1}
      max={slotsLimit}
      step={1}
      value={slots.value}
      disabled={slotsLimit === 1}
      aria-valuetext={`${slots.value} of ${slotsLimit}`}
      aria-describedby="slots-hint"
      onInput={(event) => setSlots(event.currentTarget.valueAsNumber)}
    />
    <output for="slots">
      {slots.value} of {slotsLimit}
    </output>
    <p class="hint" id="slots-hint">
      Each slot keeps one of the {plural(slotsLimit, 'logical processor')} that this browser counts busy.
    </p>
  </div>
);
