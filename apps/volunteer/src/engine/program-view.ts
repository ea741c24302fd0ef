import { fingerprintOf } from '@gossamer/program';
import type { JobCard } from '@gossamer/protocol';
import type { ProgramView } from '../shared/snapshot.ts';
import type { LoadedProgram } from './programs.ts';

const described = ({ module, kind }: { module: string; kind: string }, name: string): string =>
  `${module}.${name} (${kind})`;

/** What the browser's own reader of modules finds in it; nothing is run. */
const wasmParts = async (bytes: ArrayBuffer): Promise<ProgramView['source']> => {
  const module = await WebAssembly.compile(bytes);
  return {
    kind: 'wasm',
    imports: WebAssembly.Module.imports(module).map((one) => described(one, one.name)),
    exports: WebAssembly.Module.exports(module).map(({ name, kind }) => `${name} (${kind})`),
  };
};

/** What the page tells of a job's program, once it was vetted. */
export const programView = async (card: JobCard, { bytes }: LoadedProgram): Promise<ProgramView> => {
  const { manifest, admission } = card.signed;
  const { signer, tier } = admission;
  return {
    job: card.name,
    submitter: card.submitter,
    manifest,
    signer: signer === null ? null : { name: signer.name, fingerprint: await fingerprintOf(signer.key) },
    tier,
    limits: card.limits,
    source: manifest.kind === 'js' ? { kind: 'text', text: new TextDecoder().decode(bytes) } : await wasmParts(bytes),
  };
};
