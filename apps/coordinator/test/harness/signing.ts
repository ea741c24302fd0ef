import type { ManifestOptions } from '@gossamer/program';
import { manifestOf, registrationOf, signManifest } from '@gossamer/program';
import type { KeyPair } from '@gossamer/program/node';
import { makeKeyPair, signerOf } from '@gossamer/program/node';
import type { JobCard, JobSpecInput, KeyCreated, Problem, ProgramSignature, SignerView } from '@gossamer/protocol';
import { JobCard as CardSchema, utf8 } from '@gossamer/protocol';
import type { TestDevice } from './device.ts';
import type { TestGrid } from './grid.ts';
import { PROGRAM } from './grid.ts';

/** A submitter with an API key of its own. */
export class Submitter {
  readonly key: KeyCreated;
  readonly #grid: TestGrid;

  constructor(grid: TestGrid, key: KeyCreated) {
    this.#grid = grid;
    this.key = key;
  }

  static async join(grid: TestGrid, name = 'Sue'): Promise<Submitter> {
    return new Submitter(grid, await grid.rest.json<KeyCreated>('POST', '/v1/keys', { role: 'submitter', name }));
  }

  /** The status and the answer. */
  async call<T = Problem>(method: string, path: string, body?: unknown): Promise<{ status: number; body: T }> {
    const headers: Record<string, string> = { authorization: `Bearer ${this.key.secret}` };
    if (body !== undefined) headers['content-type'] = 'application/json';
    const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
    const response = await fetch(this.#grid.rest.url + path, init);
    return { status: response.status, body: (await response.json()) as T };
  }

  /** Registers a new signer, or the successor of one. */
  async signer(name = 'Ada', before: KeyPair | null = null): Promise<KeyPair> {
    const pair = makeKeyPair();
    const spec = await registrationOf(signerOf(pair), name, this.key.id, before === null ? null : signerOf(before));
    const { status, body } = await this.call('POST', '/v1/signers', spec);
    if (status !== 201) throw new Error(JSON.stringify(body));
    return pair;
  }

  /** Submits a job of the program of these tests. */
  async submit<T = { id: string }>(signature: ProgramSignature | null, spec: Partial<JobSpecInput> = {}) {
    const program = await this.#grid.rest.upload(PROGRAM);
    const source = { kind: 'range', start: 0, stop: 3 };
    const body = { name: 'A job', program, source, policy: { kind: 'quorum', quorum: 1 }, signature, ...spec };
    return this.call<T>('POST', '/v1/jobs', body);
  }
}

export const signed = async (pair: KeyPair, options: Partial<ManifestOptions> = {}): Promise<ProgramSignature> => {
  const limits = { deadlineMs: 60_000, resultBytes: 65_536 };
  return signManifest(signerOf(pair), await manifestOf(utf8(PROGRAM), { name: 'Double', limits, ...options }));
};

/** As the operator grants it. */
export const grant = (grid: TestGrid, { key }: KeyPair, policy: object = { tier: 'public' }): Promise<SignerView> =>
  grid.rest.json('PATCH', `/v1/signers/${key}`, policy);

/** Asks until a card comes; gives it as its tab reads it. */
export const nextCard = async (device: TestDevice): Promise<JobCard> => {
  for (;;) {
    const { cards } = await device.exchange({ slots: 1 });
    if (cards.length > 0) return CardSchema.parse(JSON.parse(cards[0]!));
  }
};
