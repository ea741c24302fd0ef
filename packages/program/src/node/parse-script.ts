/**
 * The script of the thread that parses an uploaded module. V8 only compiles and links it; nothing of it is evaluated.
 * Plain JavaScript as text, because a thread is started from text alike from sources and from the built package.
 * V8 tells where a syntax error is only through its inspector.
 */
export const PARSE_SCRIPT = `
'use strict';
const { parentPort, workerData } = require('node:worker_threads');
const { SourceTextModule } = require('node:vm');

const placeOf = (error) => {
  const { Session } = require('node:inspector');
  const session = new Session();
  session.connect();
  let place = null;
  globalThis.failure = error;
  session.post('Runtime.enable');
  session.post('Runtime.evaluate', { expression: 'failure' }, (refused, answer) => {
    if (refused) return;
    session.post('Runtime.getExceptionDetails', { errorObjectId: answer.result.objectId }, (none, found) => {
      const details = none ? undefined : found.exceptionDetails;
      if (details) place = { line: details.lineNumber + 1, column: details.columnNumber + 1 };
    });
  });
  session.disconnect();
  return place;
};

// A function that is declared is there without any evaluation; whatever else is exported is not yet.
const declared = (namespace) => {
  try {
    const { run } = namespace;
    return typeof run === 'function' ? Object.prototype.toString.call(run).slice(8, -1) : null;
  } catch {
    return null;
  }
};

const parse = async () => {
  let module;
  try {
    module = new SourceTextModule(workerData, { identifier: 'program.js' });
  } catch (error) {
    return { kind: 'unparsed', name: error.name, message: error.message, place: placeOf(error) };
  }
  if (module.dependencySpecifiers.length > 0) return { kind: 'imports' };
  await module.link(() => undefined);
  const names = Reflect.ownKeys(module.namespace).filter((key) => typeof key === 'string');
  return { kind: 'parsed', names, run: declared(module.namespace) };
};

parse().then((outcome) => parentPort.postMessage(outcome));
`;
