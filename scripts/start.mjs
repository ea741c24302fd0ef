// `npm start`: a coordinator on embedded SQLite that stays up, and how to give it the example's job.
import { fork } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from './lib/say.mjs';

const offer = (publicUrl, keys) => {
  const submitter = keys.find(({ role }) => role === 'submitter');
  const key = submitter?.secret ?? 'A_SUBMITTERS_KEY';
  const isUsual = publicUrl === 'http://localhost:8080';
  const url = isUsual ? '' : ` --url ${publicUrl}`;
  process.stdout.write(
    'To have programs of your own computed, in another terminal (README.md tells more):\n' +
      `  export GOSSAMER_KEY=${key}${isUsual ? '' : ` GOSSAMER_URL=${publicUrl}`}\n` +
      '  npx gossamer map ./PROGRAM.ts --range 0..1000 --quorum 1\n' +
      'The example job, a search for drifting tones in 64 units, is one command away (in another terminal):\n' +
      `  npm run example -- seti${url} --key ${key}\n` +
      'It waits for two independent devices: open the volunteer page in two browsers, or in one and a private window.\n' +
      'Ctrl-C ends the coordinator; nothing is lost.\n',
  );
};

const child = fork(join(ROOT, 'apps', 'coordinator', 'dist', 'main.js'), {
  cwd: ROOT,
  // Frames and facts of the hot path die young: with more room for them the garbage collector has a tenth less to do.
  execArgv: ['--max-semi-space-size=32'],
  env: { ...process.env, GOSSAMER_LOG_LEVEL: process.env.GOSSAMER_LOG_LEVEL ?? 'warn' },
});
child.once('message', ({ publicUrl, keys }) => offer(publicUrl, keys));
child.once('exit', (code, signal) => process.exit(code ?? (signal === 'SIGTERM' ? 0 : 1)));
for (const signal of ['SIGINT', 'SIGTERM']) {
  // A terminal sends Ctrl-C to both; another sender only to this process.
  process.on(signal, () => {
    if (signal === 'SIGTERM') child.kill(signal);
  });
}
