import { afterAll, describe, expect, it } from 'vitest';
import { Judge, type JudgedProgram, type JudgeReason } from '../src/index.ts';
import { bytes, equals, json, program, refused } from './programs.ts';

const MB = 2 ** 20;
const limits = { memoryBytes: 32 * MB, outputBytes: 10_000 };
/** For what ends by itself, and for what does not. */
const judge = new Judge({ limits: { ...limits, timeMs: 20_000 } });
const hasty = new Judge({ limits: { ...limits, timeMs: 500 } });
afterAll(() => Promise.all([judge.close(), hasty.close()]));
const honest = equals('return a === b');

/** The attack gets the reason, and the next honest call its verdict. */
const withstands = async (attack: JudgedProgram, reason: JudgeReason): Promise<void> => {
  const asked = reason === 'time' ? hasty : judge;
  expect(await refused(asked.equals(attack, json(1), json(1)))).toMatchObject({ reason });
  expect(await asked.equals(honest, json(1), json(1))).toBe(true);
};

describe('attacks', () => {
  it.each([
    ['in equals', equals('for (;;);')],
    ['at the top level', program('for (;;); export const equals = () => true;')],
    [
      'in a chain of promises',
      program('const f = () => void Promise.resolve().then(f); f(); await new Promise(() => {});'),
    ],
    ['in a getter of the exports', program('export const equals = new Proxy(() => true, { apply() { for (;;); } });')],
    ['in a getter of what is thrown', equals('throw { get message() { for (;;); } }')],
    ['in a conversion of what is thrown', equals('throw Object.assign(() => {}, { toString() { for (;;); } })')],
    ['in a getter of what is returned', equals('return { get x() { for (;;); } }')],
    ['that catches what ends it', equals('for (;;) { try { for (;;); } catch {} finally { continue; } }')],
    ['of a regular expression', equals('return /^(a+)+$/.test("a".repeat(40) + "b")')],
  ])('JD10: a loop without end is interrupted: %s', async (_, attack) => {
    await withstands(attack, 'time');
    const { message } = await refused(hasty.equals(attack, json(1), json(1)));
    expect(message).toBe('the program gave no answer within 500 ms');
  });

  it.each([
    ['an array of a thousand million holes, searched', 'const x = []; x[4294967294] = 1; return x.indexOf(5) > 0'],
    ['an object that is as long as can be', 'return Array.prototype.lastIndexOf.call({ length: 2 ** 53 - 1 }, 5) > 0'],
  ])('JD11: a loop that cannot be interrupted ends with its thread: %s', async (_, body) => {
    const attack = equals(body);
    const error = await refused(hasty.equals(attack, json(1), json(1)));
    expect(error).toMatchObject({ reason: 'time', message: expect.stringContaining('could not be interrupted') });
    await withstands(attack, 'time');
  });

  it.each([
    ['long texts', 'const x = []; for (;;) x.push("x".repeat(1 << 20) + x.length)'],
    ['typed arrays', 'const x = []; for (;;) x.push(new Uint8Array(1 << 20))'],
    ['one large array', 'return new Uint8Array(1 << 30)'],
    ['small objects', 'const x = []; for (;;) x.push({ x })'],
    ['recursion', 'const f = () => f() + 1; f()'],
    ['recursion of the parser', 'return eval("(".repeat(1e6))'],
    ['recursion of a built-in', 'let x = []; for (let i = 0; i < 2e4; i++) x = [x]; return JSON.stringify(x)'],
  ])('JD12: memory and stack are bounded: %s', (_, body) => withstands(equals(body), 'memory'));

  it('JD12: a program that holds on to all its memory cannot be called', async () => {
    const holding =
      'const x = []; for (let n = 1 << 20; n > 8; n >>= 1) try { for (;;) x.push(new Uint8Array(n)); } catch {}';
    await withstands(program(`${holding} export const equals = () => x.length > 0;`), 'memory');
  });

  it('JD12: values that leave no room for a program are refused', async () => {
    for (const size of [40, 15]) {
      const large = { ...bytes(), body: new Uint8Array(size * MB) };
      expect(await refused(judge.equals(honest, large, large))).toMatchObject({ reason: 'memory' });
    }
    const many = json(Array.from({ length: 400_000 }, () => ({})));
    expect((await refused(judge.equals(honest, many, many))).reason).toBe('memory');
    expect(await judge.equals(honest, json(1), json(1))).toBe(true);
  });

  it.each([
    ['a text', 'return "x".repeat(10_001)'],
    ['a text that grows on its way out', 'return "\\u00e4".repeat(9000)'],
    ['a text of two megabytes', 'return "x".repeat(2 ** 21)'],
  ])('JD13: what is returned is bounded: %s', (_, body) => withstands(equals(body), 'output'));

  it('JD14: changing the built-ins changes nothing of the judge', async () => {
    const tampering = program(
      'JSON.stringify = () => "true"; JSON.parse = () => 1; Reflect.apply = () => true; String.prototype.slice = () => "y"; Object.prototype.kind = "returned"; Object.prototype.type = "boolean"; Function.prototype.call = () => true; export const equals = () => { throw new Error("no verdict"); };',
    );
    const error = await refused(judge.equals(tampering, json(1), json(1)));
    expect(error).toMatchObject({ reason: 'threw', message: expect.stringContaining('Error: no verdict') });
  });
});
