import { SetupError } from './say.mjs';

/** The least Node that runs the project: the first 20 that loads ES modules with require() and has what Vite needs. */
export const LEAST_NODE = [20, 19, 0];

/** Compares dotted versions given as number arrays; negative when `a` is the older. */
export const compareVersions = (a, b) => {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
};

/** Throws a SetupError that says what to do when `version` ("20.19.0") is too old. */
export const checkNode = (version = process.versions.node) => {
  if (compareVersions(version.split('.').map(Number), LEAST_NODE) >= 0) return;
  throw new SetupError(
    `this is Node ${version}, but Gossamer needs ${LEAST_NODE.join('.')} or later.\n` +
      `Install Node 20.20, 22 or 24 (from https://nodejs.org, your system's packages, or a version manager:\n` +
      `"nvm install 22", "fnm install 22") and run the same command again.`,
  );
};
