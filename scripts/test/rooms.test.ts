import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOMS } from '../lib/rooms.mjs';
import { ROOT } from '../lib/say.mjs';

interface Manifest {
  name: string;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
}

const rooms = Object.entries(ROOMS).filter(([room]) => existsSync(join(ROOT, room, 'package.json')));
const manifest = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8')) as Manifest;

const sources = (room: string): { path: string; text: string }[] => {
  const folder = join(ROOT, room, 'src');
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => ({ path: `${room}/src/${name}`, text: readFileSync(join(folder, name), 'utf8') }));
};

/** At the beginning of a line or in an expression, not in the example of a docstring. */
const ofOurs = /^(?!\s*\*).*(?:from\s+|import\s*\(\s*|import\s+)'@gossamer\/([^']+)'/gm;

describe('the rooms', () => {
  it.each(rooms)('HO6: %s depends on no package of ours that it may not import', (room, allowed) => {
    const packages = new Set(allowed.map((name) => name.split('/')[0]));
    const { dependencies = {} } = manifest(room);
    const depended = Object.keys(dependencies).flatMap((name) => /^@gossamer\/(.*)$/.exec(name)?.[1] ?? []);
    expect(depended.filter((name) => !packages.has(name))).toEqual([]);
  });

  it.each(rooms)('HO6: %s imports nothing of ours that its package.json does not name', (room) => {
    const { name: self, dependencies = {}, devDependencies = {} } = manifest(room);
    // Its own name may stand in a message or an example; to import itself by name works without being named.
    const named = new Set([self, ...Object.keys(dependencies), ...Object.keys(devDependencies)]);
    const unnamed = sources(room).flatMap(({ path, text }) =>
      [...text.matchAll(ofOurs)]
        .map(([, name]) => `@gossamer/${name?.split('/')[0]}`)
        .filter((name) => !named.has(name))
        .map((name) => `${path}: ${name}`),
    );
    expect(unnamed).toEqual([]);
  });

  it('HO6: sdk imports program/node dynamically only, so that a page that uses it carries no bundler', () => {
    const importsValues = /^(?:import|export)\s+(?!type\b)[^;]*?from\s+'@gossamer\/program\/node'/m;
    expect(importsValues.test("import { bundle } from '@gossamer/program/node';")).toBe(true);
    const found = sources('packages/sdk').filter(({ text }) => importsValues.test(text));
    expect(found.map(({ path }) => path)).toEqual([]);
  });

  it('HO7: every version of every workspace is pinned', () => {
    const folders = [...rooms.map(([room]) => room), '.', 'e2e'];
    const loose = folders.flatMap((folder) => {
      const { dependencies = {}, devDependencies = {} } = manifest(folder);
      return Object.entries({ ...dependencies, ...devDependencies })
        .filter(([, version]) => !/^\d+\.\d+\.\d+/.test(version))
        .map(([name, version]) => `${folder}: ${name} ${version}`);
    });
    expect(loose).toEqual([]);
  });
});
