#!/usr/bin/env node
import { runCli } from './run-cli.ts';

await runCli(process.argv.slice(2));
// Open connections and the bundler's process would keep this one alive.
process.exit();
