/**
 * A submitter's script that reads results and may be killed at any moment: node reader.mjs URL KEY JOB FILE.
 * A result and its cursor are one line of the file, so that they are kept together or not at all: the next run goes on after
 * the last line that is whole.
 */
import { Gossamer } from '@gossamer/sdk/node';
import { existsSync, openSync, readFileSync, truncateSync, writeSync } from 'node:fs';

const [url, apiKey, id, file] = process.argv.slice(2);

const kept = existsSync(file) ? readFileSync(file, 'utf8') : '';
const whole = kept.slice(0, kept.lastIndexOf('\n') + 1);
if (whole !== kept) truncateSync(file, Buffer.byteLength(whole));
const last = whole.trimEnd().split('\n').at(-1);
const after = last ? { after: JSON.parse(last).cursor } : {};

const out = openSync(file, 'a');
const job = new Gossamer({ url, apiKey }).jobs.get(id);
for await (const { unit, output, cursor } of job.results(after)) {
  writeSync(out, `${JSON.stringify({ unit, output, cursor })}\n`);
}
