import type { Plugin } from 'esbuild';
import { faultText, importFault } from '../import-rule.ts';
import { missingText } from './missing-import.ts';

/** Marks esbuild's messages that this plugin wrote, so that they can be told from errors of syntax. */
export const CANNOT_TRAVEL = Symbol('cannot travel');

const asked = Symbol('asked');

/** Refuses, at the line where it stands, each import that cannot become part of one module for a browser. */
export const travelPlugin: Plugin = {
  name: 'travel',
  setup(build) {
    build.onResolve({ filter: /.*/ }, async ({ path, kind, importer, namespace, resolveDir, pluginData }) => {
      if (pluginData === asked || kind === 'entry-point') return undefined;
      const found = await build.resolve(path, { kind, importer, namespace, resolveDir, pluginData: asked });
      const fault = importFault(path, found.errors.length === 0) ?? importFault(found.path, true);
      if (fault === null) return undefined;
      const { absWorkingDir: program = resolveDir } = build.initialOptions;
      const text =
        fault === 'missing'
          ? missingText({ specifier: path, importer: resolveDir, program, here: process.cwd() })
          : faultText(fault, path);
      return { errors: [{ text, detail: CANNOT_TRAVEL }] };
    });
  },
};
