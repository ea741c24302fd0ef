import { openFrame } from '@gossamer/cage/page';

interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL: () => string }): { createScriptURL(text: string): URL };
}

/** The page that the browser is started with: it opens the cage's frame and hands it to the engine. */
const start = async (): Promise<void> => {
  const { trustedTypes } = globalThis as unknown as { trustedTypes: TrustedTypes };
  const policy = trustedTypes.createPolicy('engine', { createScriptURL: () => 'engine.js' });
  const engine = new Worker(policy.createScriptURL(''), { type: 'module' });
  const { port } = await openFrame(document, `http://p1.cage.localhost:${location.port}/`);
  engine.postMessage(0, [port]);
};

start().catch((error: unknown) =>
  fetch('events', { method: 'POST', body: JSON.stringify({ kind: 'failed', message: String(error) }) }),
);
