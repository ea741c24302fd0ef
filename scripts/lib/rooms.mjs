/**
 * The rooms of the house and what each may import of ours (docs/architecture.md). The lint enforces it
 * (.oxlintrc.json); this table is what the lint, the packages' dependencies and their sources are tested against.
 */
export const ROOMS = {
  'packages/protocol': [],
  'packages/core': ['protocol'],
  'packages/store': ['protocol', 'core'],
  'packages/program': ['protocol'],
  'packages/judge': ['protocol', 'program'],
  'packages/simulator': ['protocol', 'core'],
  'packages/cage': ['protocol', 'program', 'program/globals', 'program/wasm'],
  'packages/sdk': ['protocol', 'program', 'program/node'],
  'apps/coordinator': ['protocol', 'core', 'store', 'program', 'program/wasm', 'program/node', 'judge', 'cage/served'],
  'apps/volunteer': ['protocol', 'program', 'sdk', 'cage/page', 'cage/engine'],
  'apps/dashboard': ['protocol', 'sdk'],
  'apps/cli': [
    'protocol',
    'sdk',
    'sdk/node',
    'program',
    'program/node',
    'judge',
    'cage/page',
    'cage/engine',
    'cage/served',
  ],
  'examples/harness': ['protocol', 'sdk', 'sdk/node', 'program', 'program/node'],
  'examples/seti': ['protocol', 'sdk', 'sdk/node', 'program', 'program/node', 'harness'],
  'examples/pi': ['protocol', 'sdk', 'sdk/node', 'program', 'program/node', 'harness'],
  'examples/primes': ['protocol', 'sdk', 'sdk/node', 'program', 'program/node', 'harness'],
  'examples/render': ['protocol', 'sdk', 'sdk/node', 'program', 'program/node', 'harness'],
  'examples/align': ['protocol', 'sdk', 'sdk/node', 'program', 'program/node', 'harness'],
};

/** Everything of ours that could be imported by name. */
export const EXPORTED = [
  'protocol',
  'core',
  'store',
  'program',
  'program/globals',
  'program/wasm',
  'program/node',
  'judge',
  'simulator',
  'cage/page',
  'cage/engine',
  'cage/served',
  'sdk',
  'sdk/node',
  'coordinator',
  'volunteer',
  'dashboard',
  'cli',
  'harness',
  'example-seti',
];
