import type { ProgramKind } from '@gossamer/protocol';
import type { VNode } from 'preact';
import type { SlotView } from '../../shared/snapshot.ts';

const PROGRAM_WORD: Record<ProgramKind, string> = { js: 'JavaScript', wasm: 'WebAssembly' };

/** Run time in words: `48 s`, `3 min 05 s`. */
export const duration = (ms: number): string => {
  const seconds = Math.floor(ms / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`;
};

/** How far a lease is: its finished units, and of the one that runs what its program says. */
export const share = ({ position, units, progress }: SlotView & { kind: 'running' }): number =>
  Math.min(1, (position + (progress ?? 0)) / units);

const Row = ({ slot, number }: { slot: SlotView; number: number }): VNode => {
  switch (slot.kind) {
    case 'idle':
      return (
        <li class="slot idle">
          <span class="slot-number">{number}</span>
          <span class="slot-text">free</span>
        </li>
      );
    case 'fetching':
      return (
        <li class="slot">
          <span class="slot-number">{number}</span>
          <span class="slot-text">
            {slot.job} <span class="quiet">fetching its data</span>
          </span>
        </li>
      );
    case 'running': {
      const silent = slot.progress === null && slot.units === 1;
      return (
        <li class="slot running">
          <span class="slot-number">{number}</span>
          <span class="slot-text">
            {slot.job}{' '}
            <span class="quiet">
              unit {slot.unit.toLocaleString('en')}
              {slot.units > 1 && `, ${slot.position + 1} of ${slot.units}`}, in {PROGRAM_WORD[slot.program]}
            </span>
          </span>
          <span class="slot-time">{duration(slot.runMs)}</span>
          {silent ? (
            <progress aria-label={`Slot ${number} runs`} />
          ) : (
            <progress aria-label={`Progress of slot ${number}`} max={1} value={share(slot)} />
          )}
        </li>
      );
    }
  }
};

export const SlotList = ({ slots }: { slots: SlotView[] }): VNode => (
  <ol class="slot-list">
    {slots.map((slot, at) => (
      <Row key={at} slot={slot} number={at + 1} />
    ))}
  </ol>
);
