// Loaded into a process before its program: on being asked it collects all garbage, and tells what is left, bytes.
process.on('message', (asked) => {
  if (asked !== 'heap') return;
  globalThis.gc();
  globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  process.send({ kind: 'heap', bytes: heapUsed + external });
});
