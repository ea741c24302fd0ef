import { expose } from 'comlink';
import type { EngineApi } from '../shared/snapshot.ts';
import { Engine } from './engine.ts';

let engine: Engine | undefined;

const api: EngineApi = {
  start(page, options) {
    engine = new Engine(page, options);
    void engine.start();
  },
  setSlots: (slots) => engine?.setSlots(slots),
  setPlayground: (playground) => engine?.setPlayground(playground),
  program: async (job) => engine?.program(job) ?? null,
  pause: () => engine?.pause(),
  resume: () => engine?.resume(),
  leave: async () => engine?.leave(),
  forget: async () => (await engine?.forget()) ?? { grid: 'untold', device: null },
  record: async () => {
    if (engine === undefined) throw new Error('it has not started');
    return engine.record();
  },
};

expose(api);
