import { run } from './run.mjs';

/** Settings of an outer `npm run` that would change what an inner npm does: whose they are is the outer command. */
const NOT_INHERITED = [
  /^npm_(lifecycle|package)_/i,
  /^npm_command$/i,
  /^npm_config_(json|workspace|workspaces|include_workspace_root|global|location|omit|only|production|dry_run|prefix)$/i,
  /^npm_config_(local_prefix|package_lock_only|parseable|silent|loglevel)$/i,
];

/** The environment for a program that set-up starts: without the outer npm's own variables, quiet, no telemetry. */
export const cleanEnvironment = (environment = process.env) => ({
  ...Object.fromEntries(Object.entries(environment).filter(([name]) => !NOT_INHERITED.some((rule) => rule.test(name)))),
  TURBO_TELEMETRY_DISABLED: '1',
  TURBO_NO_UPDATE_NOTIFIER: '1',
  DO_NOT_TRACK: '1',
  NPM_CONFIG_UPDATE_NOTIFIER: 'false',
  PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD: '1',
});

/** Runs npm itself: the one that started us where there is one, else the one on the PATH. */
export const npm = (args, options = {}) => {
  const script = process.env.npm_execpath;
  const env = cleanEnvironment();
  return script !== undefined && /npm-cli\.c?js$/.test(script)
    ? run(process.execPath, [script, ...args], { env, ...options })
    : run('npm', args, { env, shell: process.platform === 'win32', ...options });
};
