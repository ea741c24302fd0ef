import type { VNode } from 'preact';

/** Why this address will not do, and what will. */
export const Insecure = ({ publicUrl }: { publicUrl: string }): VNode => (
  <div class="notice" data-testid="insecure" role="note">
    <h2>This address is not secure, so nothing can run here</h2>
    <p>
      Over plain <code>http</code> on a network, browsers give a page no cryptography and no locks between tabs: it
      could not prove which device it is, or check what it is given to run.
    </p>
    {publicUrl.startsWith('https:') ? (
      <p>
        Open it by its secure address: <a href={publicUrl}>{publicUrl}</a>
      </p>
    ) : (
      <p>Ask the operator for an address that begins with https.</p>
    )}
    <details>
      <summary>For the operator: how to get https</summary>
      <p>
        Put a proxy with a certificate before the coordinator and set <code>GOSSAMER_PUBLIC_URL</code>. Recipes for a
        local network and for a server on the internet are in <code>docs/operations.md</code>. On the coordinator’s own
        machine <code>http://localhost</code> counts as secure.
      </p>
    </details>
  </div>
);
