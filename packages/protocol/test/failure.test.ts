import fc from 'fast-check';
import { expect, test } from 'vitest';
import { failureOf, failureText } from '../src/index.ts';

const sizeOf = (text: string): number => new TextEncoder().encode(text).byteLength;

test('DB1: how an attempt failed is read as it was told', () => {
  const failure = { phase: 'run', message: 'no "table" ä😀', stack: 'at run', log: ['one', ''] } as const;
  expect(failureOf(failureText(failure, 8192))).toEqual(failure);
  expect(failureOf('{"phase":"load","message":"m"}')).toEqual({ phase: 'load', message: 'm', stack: '', log: [] });
});

test('DB1: a text of another form is the message', () => {
  for (const text of ['', 'it broke', '{', '{}', '{"phase":"x","message":"m"}', '{"phase":"run","message":1}', '[]']) {
    expect(failureOf(text)).toEqual({ phase: null, message: text, stack: '', log: [] });
  }
  expect(failureOf('{"phase":"run","message":"m","stack":7,"log":["a",1,null,"b"]}')).toEqual({
    phase: 'run',
    message: 'm',
    stack: '',
    log: ['a', 'b'],
  });
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(typeof failureOf(`{${text}`).message).toBe('string');
    }),
  );
});

test('DB2: of what is too long the oldest lines go first, then the stack, then the message', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.constantFrom('ß€😀'.repeat(300), '"\\'.repeat(90)),
  );
  fc.assert(
    fc.property(text, text, fc.array(text), fc.integer({ min: 100, max: 4000 }), (message, stack, log, limit) => {
      const told = failureText({ phase: 'run', message, stack, log }, limit);
      expect(sizeOf(told)).toBeLessThanOrEqual(limit);
      const read = failureOf(told);
      const [whole, lines] = [read.log.length === log.length, log.map((line) => line.toWellFormed())];
      expect(read.log).toEqual(lines.slice(log.length - read.log.length));
      if (read.stack !== stack.toWellFormed())
        expect(read.message === message.toWellFormed() || read.stack === '').toBe(true);
      if (whole) return;
      // One more line would not have fitted.
      const more = failureText({ ...read, log: lines.slice(log.length - read.log.length - 1) }, 1_000_000);
      expect(sizeOf(more)).toBeGreaterThan(limit);
    }),
  );
});
