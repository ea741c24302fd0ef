import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { bundleFrame } from '../../../src/served/bundle.ts';
import type { CageDocument } from '../../../src/served/document.ts';

/** Walls that are taken away to see whether the suite notices. */
export interface Mutation {
  scrub?: boolean;
  csp?: boolean;
  allowlist?: boolean;
  /** Another boot instead of ours: a file beside the test's page. */
  boot?: string;
}

const CSP = 'Content-Security-Policy';
const ALLOWLIST = 'Connection-Allowlist';

const bootOf = ({ scrub, boot }: Mutation): string | undefined => (scrub === true ? 'boot-without-scrub.ts' : boot);

/** The frame's script with the boot of the mutation; null where that is the product's own. */
export const mutantScript = (mutation: Mutation): string | null => {
  const boot = bootOf(mutation);
  return boot === undefined ? null : bundleFrame(fileURLToPath(new URL(`../browser/${boot}`, import.meta.url)));
};

/** A cage's document without the walls that its headers are. Throws where it has not got such a wall. */
export const withoutWalls = ({ html, headers: own }: CageDocument, { csp, allowlist }: Mutation): CageDocument => {
  const headers = { ...own };
  if (csp === true) headers[nameIn(headers, CSP)] = 'sandbox allow-scripts';
  if (allowlist === true) delete headers[nameIn(headers, ALLOWLIST)];
  return { html, headers };
};

const SCRIPT = /<script>([\s\S]*)<\/script>/;

/**
 * A cage's document as it is served, with another script, which its content security policy allows instead of its own.
 * Throws where the policy allows no script by its hash.
 */
export const withScript = ({ html, headers }: CageDocument, script: string): CageDocument => {
  const own = SCRIPT.exec(html)?.[1];
  const csp = nameIn(headers, CSP);
  const policy = headers[csp]!;
  if (own === undefined || !policy.includes(hashOf(own))) throw new Error(`no script of a cage is allowed: ${policy}`);
  return {
    html: html.replace(SCRIPT, () => `<script>${script}</script>`),
    headers: { ...headers, [csp]: policy.replace(hashOf(own), hashOf(script)) },
  };
};

const hashOf = (script: string): string => `'sha256-${createHash('sha256').update(script, 'utf8').digest('base64')}'`;

/** A header's name as it is written there. */
const nameIn = (headers: Record<string, string>, name: string): string => {
  const found = Object.keys(headers).find((key) => key.toLowerCase() === name.toLowerCase());
  if (found === undefined) throw new Error(`the cage's document has no ${name}`);
  return found;
};
