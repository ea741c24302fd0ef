import type { ComponentChildren, VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { ProgramView } from '../../shared/snapshot.ts';
import { programOf } from '../state.ts';
import { dataText, plural, sizeText } from '../words.ts';

/** Characters that are shown at once: laying out more takes the page seconds. */
const SHOWN = 100_000;

const TIERS: Record<ProgramView['tier'], string> = {
  public: 'Public: the operator lets it run on every volunteer’s browser.',
  playground: 'Playground: nobody vetted it. It runs on browsers that were set apart for that and opted in.',
};

const usesText = ({ limits, manifest }: ProgramView): string => {
  const { memoryBytes } = manifest.limits;
  const memory =
    memoryBytes === null ? 'memory without a bound (browsers have none)' : `${sizeText(memoryBytes)} of memory`;
  return `${limits.deadlineMs / 1000} s of one processor for each unit, ${sizeText(limits.resultBytes)} for a result, ${memory}. No network, no files, no clock.`;
};

const Fact = ({ label, children }: { label: string; children: ComponentChildren }): VNode => (
  <div>
    <dt>{label}</dt>
    <dd>{children}</dd>
  </div>
);

/** Text only: whatever it holds, it is never markup. */
const Source = ({ text }: { text: string }): VNode => {
  const [whole, setWhole] = useState(false);
  const cut = !whole && text.length > SHOWN;
  return (
    <>
      <pre class="source" tabIndex={0} aria-label="Source of the program" data-testid="source">
        {cut ? text.slice(0, SHOWN) : text}
      </pre>
      {cut && (
        <button type="button" class="button" onClick={() => setWhole(true)}>
          Show all {plural(text.length, 'character')}
        </button>
      )}
    </>
  );
};

const Parts = ({ title, names }: { title: string; names: string[] }): VNode => (
  <Fact label={title}>{names.length === 0 ? 'nothing' : <span class="mono">{names.join(', ')}</span>}</Fact>
);

/** Bytes are no text to read here, but its reader may have tools for them. */
const Module = ({ sha256 }: { sha256: string }): VNode => (
  <Fact label="To read it">
    <a href={`/v1/blobs/${sha256}`} download={`${sha256.slice(0, 12)}.wasm`}>
      Download the module
    </a>
    . Tools for WebAssembly show it as text.
  </Fact>
);

const Facts = ({ program }: { program: ProgramView }): VNode => {
  const { manifest, signer, tier, source, submitter } = program;
  return (
    <>
      <dl class="program-facts">
        <Fact label="Signed by">
          {signer === null ? (
            'nobody'
          ) : (
            <>
              {signer.name}, whose key is <span class="mono">{signer.fingerprint}</span>
            </>
          )}
        </Fact>
        <Fact label="Sent by">{submitter}</Fact>
        <Fact label="Where it may run">{TIERS[tier]}</Fact>
        <Fact label="What it may use">{usesText(program)}</Fact>
        <Fact label="Data that it reads">
          {dataText(program.data) ?? 'none, beside its inputs'}
          {program.data.length > 0 &&
            '. It is fetched when the program asks for it, and kept in this browser for the next units.'}
        </Fact>
        <Fact label="What it is">
          {manifest.kind === 'js' ? 'JavaScript' : 'WebAssembly'}, {sizeText(manifest.size)}
        </Fact>
        <Fact label="SHA-256">
          <span class="mono">{manifest.sha256}</span>
        </Fact>
        {manifest.kind === 'wasm' && <Module sha256={manifest.sha256} />}
        {source.kind === 'wasm' && <Parts title="Imports" names={source.imports} />}
        {source.kind === 'wasm' && <Parts title="Exports" names={source.exports} />}
        {source.kind === 'refused' && <Fact label="It is not run, because">{source.reason}</Fact>}
      </dl>
      {source.kind === 'text' && <Source text={source.text} />}
    </>
  );
};

/**
 * All that there is to know of a program that runs here: its manifest was verified before it ran; the names of job and
 * submitter are the coordinator’s word.
 */
export const ProgramPanel = ({ number }: { number: number }): VNode => {
  const [program, setProgram] = useState<ProgramView | null | 'asked' | 'failed'>('asked');
  useEffect(() => {
    programOf(number).then(setProgram, () => setProgram('failed'));
  }, [number]);
  if (program === 'asked') return <p class="quiet">One moment…</p>;
  if (program === 'failed') return <p role="alert">Its program cannot be shown.</p>;
  if (program === null) return <p>Nothing of this job is here any more.</p>;
  return <Facts program={program} />;
};
