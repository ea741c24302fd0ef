import type { VNode } from 'preact';
import { connection, notice } from '../state.ts';
import { clock } from '../words.ts';

/** How the page hangs on to the coordinator, in words. */
export const Connection = (): VNode => {
  const at = connection.value;
  const tone = { connecting: 'waiting', live: 'good', lost: 'bad' }[at.kind];
  const words =
    at.kind === 'lost'
      ? `Connection lost. What you see is from ${clock(at.since)}; it is tried again by itself.`
      : { connecting: 'Connecting…', live: 'Live' }[at.kind];
  return (
    <p class={`connection ${tone}`} role="status" data-testid="connection" data-state={at.kind}>
      <span class="dot" aria-hidden="true" />
      {words}
    </p>
  );
};

/** What was done, or could not be. It stays until it is put away, so that nobody has to hurry to read it. */
export const NoticeBar = (): VNode => {
  const said = notice.value;
  return (
    <div class="notice-place" role="status">
      {said !== null && (
        <div class={`notice ${said.tone}`} data-testid="notice">
          <p>{said.text}</p>
          <button type="button" class="link" onClick={() => (notice.value = null)}>
            Put away
          </button>
        </div>
      )}
    </div>
  );
};
