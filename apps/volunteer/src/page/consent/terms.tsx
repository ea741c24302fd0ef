import type { GridView } from '@gossamer/protocol';
import type { VNode } from 'preact';

/** What lending means: what is used, what is told, what is kept apart, and what is not promised. */
export const Terms = ({ view }: { view: GridView }): VNode => (
  <section class="terms" aria-label="Terms">
    <div>
      <h2>Who runs it</h2>
      <p>
        {view.name} is run by {view.operator}. Researchers send it programs; it cuts them into units, and has results
        confirmed before they count, as far as their researchers ask for it.
      </p>
    </div>
    <div>
      <h2>What it uses</h2>
      <p>
        The processor, as many slots as you lend; memory; some network for programs, inputs and results; and
        electricity. It stops when you pause, leave, or close the tab.
      </p>
    </div>
    <div>
      <h2>What it learns</h2>
      <p>
        No name, no account. A key made in this browser stands for it, so that credit adds up. The coordinator sees the
        network address, the kind of browser and system, how many processors and how much memory the browser tells of,
        and how long units take. The address is not kept, only a scrambled trace of its network. You may have all that
        is kept as a file, and have it deleted.
      </p>
    </div>
    <div>
      <h2>What holds programs back</h2>
      <p>
        Each runs in a sandbox without network, files, camera, or sight of this page or other tabs, and is ended when it
        runs too long. Two things no page can promise: a program may fill the memory of its tab, and browsers themselves
        have bugs.
      </p>
    </div>
  </section>
);
