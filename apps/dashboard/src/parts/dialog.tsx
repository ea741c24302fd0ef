import { useSignal } from '@preact/signals';
import type { ComponentChildren, VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { answer } from '../actions.ts';
import { question } from '../state.ts';

interface Props {
  title: string;
  /** What the button says that does it. */
  verb: string;
  danger?: boolean;
  /** Null: nothing to be done yet. */
  act: (() => Promise<void>) | null;
  children: ComponentChildren;
}

const close = (): void => {
  question.value = null;
};

/** A question in front of everything else. It stays open, and says why, when what it asked for could not be done. */
export const Dialog = ({ title, verb, danger = false, act, children }: Props): VNode => {
  const element = useRef<HTMLDialogElement>(null);
  const busy = useSignal(false);
  const trouble = useSignal<string | null>(null);
  useEffect(() => {
    const before = document.activeElement;
    element.current!.showModal();
    return () => {
      // The button that opened it may have gone with what it was for.
      if (before instanceof HTMLElement && before.isConnected) before.focus();
      else document.querySelector('h1')?.focus();
    };
  }, []);
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (busy.value || act === null) return;
    busy.value = true;
    trouble.value = await answer(act);
    busy.value = false;
  };
  return (
    <dialog ref={element} class="dialog" aria-labelledby="dialog-title" onClose={close}>
      <form onSubmit={(event) => void submit(event)}>
        <h2 id="dialog-title">{title}</h2>
        {children}
        {trouble.value !== null && (
          <p class="callout bad" role="alert">
            {trouble.value}
          </p>
        )}
        <div class="row end">
          <button type="button" class="button" data-testid="dismiss" onClick={close}>
            Leave as it is
          </button>
          <button
            type="submit"
            class={danger ? 'button primary danger' : 'button primary'}
            data-testid="confirm"
            disabled={busy.value || act === null}
          >
            {verb}
          </button>
        </div>
      </form>
    </dialog>
  );
};
