import { PROTOCOL_VERSION } from '@gossamer/protocol';
import { effect, signal } from '@preact/signals';
import type { Farewell, ProgramView, SlotPicture, Snapshot } from '../shared/snapshot.ts';
import type { Engine } from './engine-client.ts';
import { startEngine } from './engine-client.ts';
import { consentTo, grid } from './grid.ts';
import { forgetAll, recall, remember, watchMemory } from './memory.ts';
import { reloadOnce, versionsAgree } from './reload.ts';
import { slotsAtStart, slotsMax } from './slots.ts';

/** Where the volunteer is: asked for consent, lending, on the way out, or gone. */
export type Phase = 'consent' | 'lending' | 'leaving' | 'left';

const max = slotsMax(navigator.hardwareConcurrency);

export const phase = signal<Phase>('consent');
export const slots = signal(slotsAtStart(location.search, recall().slots, max));
export const slotsLimit = max;
/** The volunteer lets this browser run programs that nobody vetted. */
export const playground = signal(recall().playground);
export const snapshot = signal<Snapshot | null>(null);
/** What came of being forgotten; null where nobody asked for it. */
export const farewell = signal<Farewell | null>(null);
/** True where the browser lets pages compute for a grid at all: WebCrypto and Web Locks need a secure origin. */
export const secure: boolean = isSecureContext && 'subtle' in crypto && 'locks' in navigator;

let engine: Engine | undefined;
let drawPicture: (picture: SlotPicture) => void = () => undefined;

/** Where pictures go; the canvas says so when it is there. */
export const onPicture = (draw: (picture: SlotPicture) => void): void => {
  drawPicture = draw;
};

/** A short word on the browser and its system, for the operator's list of devices. */
const platform = (): string => {
  const agent = navigator.userAgent;
  const browser = /(Firefox|Edg|Chrome|Safari)\/(\d+)/.exec(agent);
  const system = /(Android|iPhone|iPad|Windows|Macintosh|CrOS|Linux)/.exec(agent);
  return `${browser?.[1] ?? 'browser'} ${browser?.[2] ?? ''} on ${system?.[1] ?? 'an unknown system'}`.slice(0, 120);
};

const reload = (): void => location.reload();

const lend = (): void => {
  phase.value = 'lending';
  engine = startEngine(
    { slots: slots.value, paused: recall().paused, playground: playground.value, platform: platform() },
    {
      snapshot: (next) => {
        snapshot.value = next;
        if (next.connection.kind === 'connected') versionsAgree(sessionStorage);
        if (next.connection.kind === 'mismatch') reloadOnce(sessionStorage, reload);
      },
      picture: (picture) => drawPicture(picture),
    },
  );
};

/** Consent is given: it is remembered, and work begins. */
export const start = (): void => {
  if (grid.value.kind !== 'ready' || phase.value === 'lending') return;
  remember({ consent: consentTo(grid.value.view), slots: slots.value, paused: false });
  lend();
};

/** Goes on where an earlier visit gave consent to this same grid; a grid that cannot be asked is taken as the same. */
export const resumeVisit = (): void => {
  const { consent } = recall();
  if (!secure || consent === null || phase.value !== 'consent') return;
  if (grid.value.kind === 'ready' && consent !== consentTo(grid.value.view)) return;
  lend();
};

export const setPaused = (paused: boolean): void => {
  remember({ paused });
  void (paused ? engine?.api.pause() : engine?.api.resume());
  if (snapshot.value !== null) snapshot.value = { ...snapshot.value, paused };
};

export const setSlots = (count: number): void => {
  slots.value = Math.max(1, Math.min(max, count));
  if (phase.value === 'lending') {
    remember({ slots: slots.value });
    void engine?.api.setSlots(slots.value);
  }
};

/** Remembered at once, also before consent. */
export const setPlayground = (optedIn: boolean): void => {
  playground.value = optedIn;
  remember({ playground: optedIn });
  void engine?.api.setPlayground(optedIn);
};

/** The program of a job that runs here; null when nothing of it is here any more. */
export const programOf = async (job: number): Promise<ProgramView | null> => (await engine?.api.program(job)) ?? null;

/**
 * Takes consent back. `forget`: this browser's key and all that the page remembers are deleted too, and the grid is asked
 * to do the same. Other tabs hear of it first, so that none of them signs in meanwhile.
 */
export const leave = async (forget: boolean): Promise<void> => {
  phase.value = 'leaving';
  farewell.value = null;
  if (forget) {
    forgetAll();
    playground.value = false;
    farewell.value = (await engine?.api.forget()) ?? null;
  } else {
    await engine?.api.leave();
    remember({ consent: null });
  }
  engine?.end();
  engine = undefined;
  snapshot.value = null;
  phase.value = 'left';
};

/** The text of all that the grid keeps of this browser's device; rejects while it cannot be asked. */
export const record = async (): Promise<string> => {
  if (engine === undefined) throw new Error('nothing runs here');
  return engine.api.record();
};

/** Follows what other tabs of this browser decide, and the version that the coordinator tells. */
export const follow = (): void => {
  watchMemory((memory) => {
    if (phase.value !== 'lending') return;
    if (memory.consent === null) return void leave(false);
    if (snapshot.value !== null && snapshot.value.paused !== memory.paused) setPaused(memory.paused);
  });
  effect(() => {
    if (grid.value.kind === 'ready' && grid.value.view.protocol !== PROTOCOL_VERSION) {
      reloadOnce(sessionStorage, reload);
    }
  });
};
