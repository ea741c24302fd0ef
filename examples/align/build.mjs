// Compiles the program to dist/align.wasm, by the command of docs/wasm.md.
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const FLAGS = '-O3 --runtime stub --importMemory --initialMemory 4 --maximumMemory 64 --use abort=grid/abort';

process.chdir(fileURLToPath(new URL('src/assembly', import.meta.url)));
const { error } = await asc.main(['align.ts', ...FLAGS.split(' '), '--outFile', '../../dist/align.wasm'], {
  stderr: process.stderr,
});
if (error !== null) process.exitCode = 1;
