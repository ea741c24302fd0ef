import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { useRef } from 'preact/hooks';
import { signInWords } from '../api/errors.ts';
import { signIn } from '../session.ts';

/** `why`: what ended the sign-in before. */
export const SignIn = ({ why }: { why: string | null }): VNode => {
  const key = useSignal('');
  const trouble = useSignal<string | null>(null);
  const busy = useSignal(false);
  const input = useRef<HTMLInputElement>(null);
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (busy.value) return;
    busy.value = true;
    trouble.value = null;
    try {
      const given = key.value.trim();
      if (given === '') trouble.value = 'Paste the key of an operator first.';
      else await signIn(given);
    } catch (error) {
      trouble.value = signInWords(error);
    }
    busy.value = false;
    input.current?.focus();
  };
  return (
    <form class="sign-in" onSubmit={(event) => void submit(event)}>
      <h1 tabIndex={-1}>Sign in</h1>
      <p class="lead">The operator’s view of the grid: its health, its jobs and who computes them.</p>
      {/* For managers of passwords, which file a key under a name. */}
      <input type="text" autocomplete="username" value="operator" readOnly hidden />
      <label class="field">
        <span>Operator’s key</span>
        <input
          ref={input}
          type="password"
          data-testid="key-input"
          autocomplete="current-password"
          spellcheck={false}
          aria-invalid={trouble.value !== null}
          aria-describedby="sign-in-trouble sign-in-hint"
          value={key.value}
          onInput={(event) => (key.value = event.currentTarget.value)}
        />
      </label>
      <p class="trouble" id="sign-in-trouble" role="alert" data-testid="sign-in-error">
        {trouble.value ?? why}
      </p>
      <button type="submit" class="button primary" data-testid="sign-in" disabled={busy.value}>
        {busy.value ? 'Signing in…' : 'Sign in'}
      </button>
      <p class="hint" id="sign-in-hint">
        The coordinator printed it once, at its first start. The page does not keep it; the sign-in lasts half a day.
      </p>
    </form>
  );
};
