const SYSTEMS = {
  darwin: 'darwin',
  win32: 'win32',
  windows: 'win32',
  linux: 'linux',
  android: 'android',
  freebsd: 'freebsd',
  openharmony: 'openharmony',
};
const PROCESSORS = {
  x64: 'x64',
  64: 'x64',
  arm64: 'arm64',
  arm: 'arm',
  ia32: 'ia32',
  ppc64: 'ppc64',
  riscv64: 'riscv64',
  s390x: 's390x',
};

/** For which system a prebuilt package is meant, read from its name (`@oxlint/binding-linux-arm64-musl`). */
export const platformOf = (name) => {
  const words = name.slice(name.lastIndexOf('/') + 1).split('-');
  const os = words.map((word) => SYSTEMS[word]).find((word) => word !== undefined);
  const cpu = words.map((word) => PROCESSORS[word]).find((word) => word !== undefined);
  const libc = words.includes('musl') ? 'musl' : words.includes('gnu') && os === 'linux' ? 'glibc' : undefined;
  return { ...(os && { os: [os] }), ...(cpu && { cpu: [cpu] }), ...(libc && { libc: [libc] }) };
};

/**
 * Adds to the `packages` of a lockfile the optional dependencies that npm left out because the registry had not got
 * them: `npm ci` refuses a lockfile without them, on every system, although it would install none of them here.
 * Only exact versions can be added. Returns the names added; changes `packages`.
 */
export const completeLock = (packages) => {
  const added = [];
  for (const [folder, entry] of Object.entries(packages)) {
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      const nested = `${folder}/node_modules/${name}`;
      const hoisted = `node_modules/${name}`;
      if (packages[hoisted] !== undefined || packages[nested] !== undefined || !/^\d/.test(version)) continue;
      packages[hoisted] = { version, ...(entry.dev && { dev: true }), ...platformOf(name), optional: true };
      added.push(name);
    }
  }
  return added;
};
