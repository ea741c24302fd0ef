import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { workspaces } from '../lib/build.mjs';
import { missingPackages } from '../lib/install.mjs';
import { alive } from '../lib/lock.mjs';
import { completeLock, platformOf } from '../lib/lockfile.mjs';
import { checkNode } from '../lib/node-version.mjs';
import { cleanEnvironment } from '../lib/npm.mjs';
import { run, tail } from '../lib/run.mjs';
import { ROOT } from '../lib/say.mjs';

describe('set-up', () => {
  it.each(['18.20.4', '20.18.9'])('SU2: Node %s is refused with what to install', (version) => {
    expect(() => checkNode(version)).toThrow(/this is Node .*needs 20\.19\.0 or later[^]*Install Node/);
  });

  it.each(['20.19.0', '20.20.2', '22.0.0', '24.1.0'])('SU2: Node %s is taken', (version) => {
    expect(() => checkNode(version)).not.toThrow();
  });

  it('SU3: what is installed fits the lockfile only with every package in its version', () => {
    const lock = {
      '': {},
      'node_modules/a': { version: '1.0.0' },
      'node_modules/b': { version: '2.0.0', optional: true },
      'node_modules/ours': { resolved: 'packages/ours', link: true },
    };
    const { 'node_modules/b': _, '': __, ...installed } = lock;
    expect(missingPackages(lock, installed)).toEqual([]);
    expect(missingPackages(lock, { ...installed, 'node_modules/a': { version: '1.0.1' } })).toEqual(['node_modules/a']);
    expect(missingPackages(lock, { 'node_modules/a': { version: '1.0.0' } })).toEqual(['node_modules/ours']);
  });

  it('SU11: the commands of our packages are files that a checkout has: npm links them before anything is built', () => {
    const commands = (workspaces() as string[]).flatMap((folder) => {
      const { bin = {} } = JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8')) as { bin?: object };
      return Object.values(bin).map((path) => join(folder, String(path)));
    });
    expect(commands).toEqual(['apps/cli/bin/gossamer.mjs']);
    const { stdout } = spawnSync('git', ['ls-files', '-s', ...commands], { cwd: ROOT, encoding: 'utf8' });
    // Where there is no repository, as in an archive of it, the file itself is looked at.
    if (stdout !== '') expect(stdout).toMatch(/^100755 /);
    expect(statSync(join(ROOT, commands[0]!)).mode & 0o100).toBe(0o100);
  });

  it('SU11: a command that is not built yet says so', () => {
    const folder = mkdtempSync(join(tmpdir(), 'gossamer-bin-'));
    mkdirSync(join(folder, 'bin'));
    cpSync(join(ROOT, 'apps/cli/bin/gossamer.mjs'), join(folder, 'bin/gossamer.mjs'));
    const { status, stderr } = spawnSync(process.execPath, [join(folder, 'bin/gossamer.mjs')], { encoding: 'utf8' });
    rmSync(folder, { recursive: true });
    expect([status, stderr]).toEqual([1, expect.stringContaining('npm run setup')]);
  });

  it('SU4: an inner npm does not inherit what was said to the outer one', () => {
    const environment = cleanEnvironment({
      PATH: '/bin',
      npm_config_json: 'true',
      npm_config_omit: 'dev',
      npm_lifecycle_event: 'predemo',
      npm_package_name: 'gossamer',
      npm_config_cache: '/cache',
    });
    expect(environment).toMatchObject({ PATH: '/bin', npm_config_cache: '/cache', TURBO_TELEMETRY_DISABLED: '1' });
    const names = Object.keys(environment);
    expect(names.filter((name) => /^npm_(lifecycle|package|config_json|config_omit)/.test(name))).toEqual([]);
  });

  it('SU5: optional packages that a registry did not have are added to the lockfile for their own systems', () => {
    const packages = {
      'node_modules/tool': {
        dev: true,
        optionalDependencies: { '@tool/linux-arm64-musl': '1.2.3', '@tool/odd': '^1.0.0' },
      },
      'node_modules/other': { optionalDependencies: { '@tool/have': '1.0.0' } },
      'node_modules/@tool/have': { version: '1.0.0', optional: true },
    };
    expect(completeLock(packages)).toEqual(['@tool/linux-arm64-musl']);
    expect(packages).toHaveProperty(['node_modules/@tool/linux-arm64-musl'], {
      version: '1.2.3',
      dev: true,
      os: ['linux'],
      cpu: ['arm64'],
      libc: ['musl'],
      optional: true,
    });
    expect(completeLock(packages)).toEqual([]);
  });

  it.each([
    ['@turbo/windows-64', { os: ['win32'], cpu: ['x64'] }],
    ['@oxlint/binding-android-arm-eabi', { os: ['android'], cpu: ['arm'] }],
    ['@oxlint-tsgolint/darwin-arm64', { os: ['darwin'], cpu: ['arm64'] }],
    ['@oxfmt/binding-linux-ppc64-gnu', { os: ['linux'], cpu: ['ppc64'], libc: ['glibc'] }],
  ])('SU5: %s is read as the package of its system', (name, platform) => {
    expect(platformOf(name)).toEqual(platform);
  });
});

describe('steps of set-up', () => {
  it('SU6: a step that falls silent is ended with all that it started', async () => {
    const child = "require('child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])";
    const script = `console.log('pid', ${child}.pid); setInterval(() => {}, 1000)`;
    const { why, output } = await run(process.execPath, ['-e', script], { silenceMs: 1500 });
    expect(why).toBe('silence');
    const grandchild = Number(/pid (\d+)/.exec(output)?.[1]);
    expect(grandchild).toBeGreaterThan(1);
    await vi.waitFor(() => expect(alive(grandchild)).toBe(false), { timeout: 20_000 });
  });

  it('SU6: a step is ended after its time limit although it keeps talking', async () => {
    const script = "setInterval(() => console.log('still here'), 50)";
    expect(await run(process.execPath, ['-e', script], { silenceMs: 30_000, timeoutMs: 1500 })).toMatchObject({
      why: 'timeout',
      output: expect.stringContaining('still here'),
    });
  });

  it('SU6: a step that cannot be started is an answer, not an exception', async () => {
    expect(await run('/nowhere/at-all', [])).toMatchObject({ code: 127, why: expect.stringContaining('ENOENT') });
  });

  it('SU6: of a long log the end is shown', () => {
    expect(tail('a\n\nb\nc\n', 2)).toBe('b\nc');
  });
});
