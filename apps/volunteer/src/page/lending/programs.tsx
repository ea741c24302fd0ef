import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { SlotView } from '../../shared/snapshot.ts';
import { ProgramPanel } from './program-panel.tsx';

interface Running {
  number: number;
  job: string;
}

const runningJobs = (slots: SlotView[]): Running[] => {
  const jobs = new Map<number, Running>();
  for (const slot of slots) if (slot.kind === 'running') jobs.set(slot.number, { number: slot.number, job: slot.job });
  return [...jobs.values()];
};

const Program = ({ number, job, onToggle }: Running & { onToggle: (open: boolean) => void }): VNode => {
  const [open, setOpen] = useState(false);
  return (
    <details
      class="program"
      data-testid="program"
      onToggle={(event) => {
        setOpen(event.currentTarget.open);
        onToggle(event.currentTarget.open);
      }}
    >
      <summary>What is “{job}”? Its signer, what it may use, and its source</summary>
      {open && <ProgramPanel number={number} />}
    </details>
  );
};

/** A way into each program that runs here. One that is being read stays, also while nothing of it runs. */
export const Programs = ({ slots }: { slots: SlotView[] }): VNode => {
  const [read, setRead] = useState<Running[]>([]);
  const running = runningJobs(slots);
  const others = read.filter(({ number }) => running.every((one) => one.number !== number));
  const toggle = (one: Running, open: boolean): void =>
    setRead((before) => [...before.filter(({ number }) => number !== one.number), ...(open ? [one] : [])]);
  const shown = [...running, ...others].sort((a, b) => a.number - b.number);
  return (
    <>
      {shown.map((one) => (
        <Program key={one.number} {...one} onToggle={(open) => toggle(one, open)} />
      ))}
    </>
  );
};
