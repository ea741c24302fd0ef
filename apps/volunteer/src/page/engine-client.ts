import type { Remote } from 'comlink';
import { proxy, releaseProxy, transfer, wrap } from 'comlink';
import engineUrl from '../engine/main.ts?worker&url';
import type { EngineApi, EngineOptions, SlotPicture, Snapshot } from '../shared/snapshot.ts';
import { Cages } from './cages.ts';

interface Policy {
  createScriptURL(text: string): string;
}

declare global {
  interface Window {
    trustedTypes?: { createPolicy(name: string, rules: Policy): Policy };
  }
}

/** The one policy of this page, made once: whatever it is asked, it says the engine's address. */
const address = (): string => {
  const rules: Policy = { createScriptURL: () => engineUrl };
  return (window.trustedTypes?.createPolicy('engine', rules) ?? rules).createScriptURL('');
};

let trusted: string | undefined;

export interface EngineListener {
  snapshot(snapshot: Snapshot): void;
  picture(picture: SlotPicture): void;
}

/** The engine as the page holds it: a worker of our own, spoken to through Comlink. */
export interface Engine {
  api: Remote<EngineApi>;
  /** Ends it at once. */
  end(): void;
}

/** Starts the engine. Before consent nothing calls this. */
export const startEngine = (options: EngineOptions, listener: EngineListener): Engine => {
  trusted ??= address();
  const worker = new Worker(trusted, { type: 'module', name: 'engine' });
  const cages = new Cages();
  const api = wrap<EngineApi>(worker);
  void api.start(
    proxy({
      snapshot: (snapshot: Snapshot) => listener.snapshot(snapshot),
      picture: (picture: SlotPicture) => listener.picture(picture),
      openFrame: async (id: number, url: string) => {
        const port = await cages.open(id, url);
        return transfer(port, [port]);
      },
      closeFrame: (id: number) => cages.close(id),
    }),
    options,
  );
  return {
    api,
    end: () => {
      api[releaseProxy]();
      worker.terminate();
      cages.closeAll();
    },
  };
};
