/** How a module's own code ended its unit. `trap` where an engine says it in words that are not known here. */
export type TrapKind =
  | 'unreachable'
  | 'memory-out-of-bounds'
  | 'table-out-of-bounds'
  | 'divide-by-zero'
  | 'integer-overflow'
  | 'indirect-call'
  | 'stack-overflow'
  | 'trap';

/**
 * Words by which each kind is told, in Chromium and Node (V8), Firefox (SpiderMonkey) and Safari (JavaScriptCore). The
 * first row that fits counts: SpiderMonkey says "index out of bounds" of a memory, and of a call past a table as well.
 */
const WORDS: readonly (readonly [kind: TrapKind, words: RegExp])[] = [
  ['unreachable', /unreachable/i],
  ['divide-by-zero', /divide by zero|division by zero|remainder by zero/i],
  ['integer-overflow', /unrepresentable|integer overflow|invalid conversion to integer|out of bounds trunc/i],
  ['indirect-call', /signature mismatch|null function|indirect call to null|call_indirect/i],
  ['table-out-of-bounds', /table|element segment/i],
  ['memory-out-of-bounds', /out of bounds|data segment/i],
  ['stack-overflow', /stack overflow/i],
];

/** Not errors of WebAssembly: V8 and JavaScriptCore throw a RangeError, SpiderMonkey an InternalError. */
const STACK = /call stack|too much recursion/i;

/**
 * The kind of what a call into a module threw, by its name and message; null where it was no trap, but an error of a
 * function that the module called.
 */
export const trapKind = (name: string, message: string): TrapKind | null => {
  if (name === 'RuntimeError') return WORDS.find(([, words]) => words.test(message))?.[0] ?? 'trap';
  if (name === 'RangeError' || name === 'InternalError') return STACK.test(message) ? 'stack-overflow' : null;
  return null;
};
