import { spawn } from 'node:child_process';
import { ROOT } from './say.mjs';

const TAIL_CHARACTERS = 64_000;

/** The end of a log: its last `lines` lines that are not empty. */
export const tail = (text, lines = 40) =>
  text
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
    .slice(-lines)
    .join('\n');

const endGroup = (child, signal) => {
  try {
    if (process.platform === 'win32') child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch {
    // It ended by itself in the meantime.
  }
};

/**
 * Runs a program without a terminal and keeps the end of what it prints.
 * Ends the whole process group after `timeoutMs`, or when nothing was printed for `silenceMs`.
 * `everyMinute` is called each minute with the seconds so far, so that a long quiet step can say that it lives.
 * Never rejects: resolves to { code, output, why } where `why` is null, 'timeout', 'silence' or the error of starting.
 */
export const run = (command, args, options = {}) =>
  new Promise((resolve) => {
    const { env = process.env, cwd = ROOT, timeoutMs = 0, silenceMs = 0, everyMinute, shell = false } = options;
    const started = Date.now();
    let output = '';
    let why = null;
    let silence;
    const child = spawn(command, args, {
      cwd,
      env,
      shell,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: process.platform !== 'win32',
    });
    const end = (reason) => {
      why = reason;
      endGroup(child, 'SIGTERM');
      setTimeout(() => endGroup(child, 'SIGKILL'), 3000).unref();
    };
    const listen = () => {
      clearTimeout(silence);
      if (silenceMs > 0) silence = setTimeout(() => end('silence'), silenceMs);
    };
    const timeout = timeoutMs > 0 ? setTimeout(() => end('timeout'), timeoutMs) : undefined;
    const minute = everyMinute && setInterval(() => everyMinute(Math.round((Date.now() - started) / 1000)), 60_000);
    const collect = (chunk) => {
      output = (output + chunk).slice(-TAIL_CHARACTERS);
      listen();
    };
    const interrupt = () => end('interrupted');
    process.once('SIGINT', interrupt);
    process.once('SIGTERM', interrupt);
    const finish = (code) => {
      clearTimeout(timeout);
      clearTimeout(silence);
      clearInterval(minute);
      process.off('SIGINT', interrupt);
      process.off('SIGTERM', interrupt);
      resolve({ code: code ?? 1, output, why });
    };
    child.stdout.setEncoding('utf8').on('data', collect);
    child.stderr.setEncoding('utf8').on('data', collect);
    child.once('error', (error) => {
      why = error.message;
      finish(127);
    });
    child.once('close', finish);
    listen();
  });
