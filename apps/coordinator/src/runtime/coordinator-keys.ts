import { encodeAdmission, encodeSuccession } from '@gossamer/program';
import { makeKeyPair, signEd25519 } from '@gossamer/program/node';
import type { Admission, CoordinatorKeys } from '@gossamer/protocol';
import type { GridLog } from './grid-log.ts';

/** The coordinator's own signing keys: the first is made at the first start, each further one is signed by the one before. */
export class OwnKeys {
  readonly #grid: GridLog;
  readonly #now: () => number;
  #making: Promise<void> = Promise.resolve();

  constructor(grid: GridLog, now: () => number) {
    this.#grid = grid;
    this.#now = now;
  }

  /** Makes the first key when there is none. */
  async ensure(): Promise<void> {
    if (this.#grid.state.coordinatorKeys.length === 0) await this.#make();
  }

  /** From its end on, the new key signs. One at a time: each key is signed by the very one before it. */
  async rotate(): Promise<CoordinatorKeys> {
    const made = this.#making.then(() => this.#make());
    this.#making = made.catch(() => undefined);
    await made;
    return this.view();
  }

  view(): CoordinatorKeys {
    const keys = this.#grid.state.coordinatorKeys;
    const chain = keys.flatMap(({ pair, madeAt, statement }, at) =>
      statement === null
        ? []
        : [{ from: keys[at - 1]!.pair.key, to: pair.key, issuedAt: madeAt, signature: statement }],
    );
    return { current: this.#current().key, chain };
  }

  admit(claim: Omit<Admission, 'key' | 'signature' | 'issuedAt'>): Admission {
    const pair = this.#current();
    const admission = { ...claim, issuedAt: this.#now(), key: pair.key };
    return { ...admission, signature: signEd25519(pair, encodeAdmission(admission)) };
  }

  #current() {
    const last = this.#grid.state.coordinatorKeys.at(-1);
    if (last === undefined) throw new Error('the coordinator has no key yet');
    return last.pair;
  }

  #make(): Promise<void> {
    return this.#grid.recordNext('coordinator-key', () => {
      // Read here: a key whose writing seemed to fail may turn out to be there.
      const before = this.#grid.state.coordinatorKeys.at(-1)?.pair;
      const { key, seed } = makeKeyPair();
      const at = this.#now();
      const statement =
        before === undefined
          ? null
          : signEd25519(before, encodeSuccession({ from: before.key, to: key, issuedAt: at }));
      return [{ kind: 'coordinator-key-made', at, key, seed, statement }];
    });
  }
}
