import type { VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { SlotPicture, Snapshot } from '../../shared/snapshot.ts';
import { onPicture } from '../state.ts';
import { Threads } from './threads.tsx';
import { follows } from './turn.ts';

interface Caption {
  job: string;
  unit: number;
}

const paint = (canvas: HTMLCanvasElement, { width, height, rgba }: SlotPicture): void => {
  // Setting a size clears a canvas, also to the same size.
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  canvas.getContext('2d')?.putImageData(new ImageData(rgba, width, height), 0, 0);
};

const idleText = ({ connection, paused, slots }: Snapshot): string => {
  if (connection.kind === 'elsewhere') return 'Another tab computes';
  if (paused) return 'Paused';
  return slots.some((slot) => slot.kind !== 'idle') ? 'The program has drawn nothing yet' : 'Waiting for work';
};

/** The live picture of what is computed: of one slot for a while, then of another one. */
export const Stage = ({ now }: { now: Snapshot }): VNode => {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [caption, setCaption] = useState<Caption | null>(null);
  const running = now.slots.filter((slot) => slot.kind === 'running');

  useEffect(() => {
    const turn = follows();
    onPicture((picture) => {
      if (canvas.current === null || !turn(picture.slot, performance.now())) return;
      paint(canvas.current, picture);
      setCaption((old) =>
        old?.job === picture.job && old.unit === picture.unit ? old : { job: picture.job, unit: picture.unit },
      );
    });
    return () => onPicture(() => undefined);
  }, []);

  const shown = caption !== null && running.some((slot) => slot.job === caption.job);
  const first = running[0];
  const text = shown ? caption : first === undefined ? null : { job: first.job, unit: first.unit };
  return (
    <figure class="stage">
      <div class="stage-window">
        <canvas
          ref={canvas}
          data-testid="picture"
          role="img"
          aria-label={caption === null ? 'No picture yet' : `Picture of unit ${caption.unit} of ${caption.job}`}
          width={512}
          height={288}
          class={shown ? '' : 'resting'}
        />
        {!shown && <Threads />}
        {!shown && <p class="stage-idle">{idleText(now)}</p>}
      </div>
      {text !== null && (
        <figcaption>
          <strong>{text.job}</strong>
          <span>unit {text.unit.toLocaleString('en')}</span>
          <span class="quiet">for {running.find((slot) => slot.job === text.job)?.submitter}</span>
        </figcaption>
      )}
    </figure>
  );
};
