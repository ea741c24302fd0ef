import { afterAll, describe, expect, it } from 'vitest';
import { Judge } from '../src/index.ts';
import { ELEMENT_TYPES, ENCODING, typedArrayOf } from '@gossamer/protocol';
import { bytes, equals, json, program, refused, text } from './programs.ts';

const judge = new Judge();
afterAll(() => judge.close());

/** What `equals` of a program says of itself: it throws the value of this expression as text. */
const told = async (expression: string): Promise<string> => {
  const { message } = await refused(judge.equals(equals(`throw String(${expression})`), json(1), json(1)));
  return message.replace('the program threw ', '');
};

describe('verdicts', () => {
  it('JD1: two results agree or disagree as the program says', async () => {
    const near = equals('return Math.abs(a.x - b.x) < 0.1');
    expect(await judge.equals(near, json({ x: 1 }), json({ x: 1.05 }))).toBe(true);
    expect(await judge.equals(near, json({ x: 1 }), json({ x: 1.5 }))).toBe(false);
  });

  it('JD1: a result is right or wrong as the program says, by its input and the parameters', async () => {
    const half = program('export const check = (input, result, { params }) => input === result * params.factor;');
    expect(await judge.check(half, json(6), json(2), { factor: 3 })).toBe(true);
    expect(await judge.check(half, json(6), json(2), { factor: 4 })).toBe(false);
    const none = program('export const check = (input, result, ctx) => ctx.params === undefined;');
    expect(await judge.check(none, json(6), json(2), undefined)).toBe(true);
  });

  it('JD1: a program may bundle helpers, export by another name and await at its top level', async () => {
    const awaiting = program(
      'const half = await Promise.resolve(0.5); const same = (a, b) => a * half === b; export { same as equals };',
    );
    expect(await judge.equals(awaiting, json(4), json(2))).toBe(true);
  });

  it('TA8: typed arrays arrive with their type; one that is not whole is no result', async () => {
    for (const type of ELEMENT_TYPES) {
      const body = new Uint8Array(16).map((_, at) => at);
      const [array] = [typedArrayOf(type, body)];
      const value = { encoding: ENCODING[type], body };
      const text = `a instanceof ${array.constructor.name} && String([...a]) === "${[...array].join()}" && a.length === b.length`;
      expect(await judge.equals(equals(`return ${text}`), value, value)).toBe(true);
    }
    const broken = { encoding: ENCODING.float64, body: new Uint8Array(9) };
    expect(await judge.equals(equals('return true'), broken, { ...broken, body: new Uint8Array(9).fill(1) })).toBe(
      false,
    );
  });

  it('JD2: JSON arrives as its value', async () => {
    const value = { text: 'ä\u0000\u2028😀', list: [1, null, true, 1e300], __proto__x: {} };
    const same = equals(`return a.text === "ä\\u0000\\u2028😀" && JSON.stringify(a) === JSON.stringify(b)`);
    expect(await judge.equals(same, json(value), json(value))).toBe(true);
    expect(await judge.equals(equals('return a === null && b === ""'), json(null), json(''))).toBe(true);
  });

  it('JD2: bytes arrive as a Uint8Array that is the call’s own', async () => {
    const sum = equals('a.fill(0, 0, 1); return a instanceof Uint8Array && a.join() === "0,255,3" && b.length === 0');
    const body = Uint8Array.of(9, 9, 1, 255, 3, 9);
    const view = { ...bytes(), body: body.subarray(2, 5) };
    expect(await judge.equals(sum, view, bytes())).toBe(true);
    expect([...body]).toEqual([9, 9, 1, 255, 3, 9]);
  });

  it.each([
    ['cut off', text('{"x":')],
    ['with a zero after it', text('1\u0000')],
    ['of bytes that are no UTF-8', { ...text(''), body: Uint8Array.of(0x22, 0xff, 0x22) }],
    ['nested too deeply for the engine', text('['.repeat(100_000) + ']'.repeat(100_000))],
  ])(
    'JD3: JSON that cannot be read agrees with its own bytes only, whatever the program says: %s',
    async (_, broken) => {
      const always = equals('return true');
      expect(await judge.equals(always, broken, json(1))).toBe(false);
      expect(await judge.equals(always, json(1), broken)).toBe(false);
      expect(await judge.equals(equals('return false'), broken, { ...broken, body: broken.body.slice() })).toBe(true);
      const accepting = program('export const check = () => true;');
      expect(await judge.check(accepting, json(1), broken, {})).toBe(false);
      expect((await refused(judge.check(accepting, broken, json(1), {}))).reason).toBe('crashed');
    },
  );

  it('JD4: a function that is missing is named', async () => {
    const error = await refused(judge.check(equals('return true'), json(1), json(1), {}));
    expect(error).toMatchObject({ name: 'JudgeError', reason: 'missing' });
    expect(error.message).toContain('check');
    expect((await refused(judge.equals(program('export const equals = 1;'), json(1), json(1)))).reason).toBe('missing');
  });

  it.each([
    ['1', 'a number'],
    ['"true"', 'a string'],
    ['undefined', 'undefined'],
    ['null', 'null'],
    ['new Boolean(true)', 'an object'],
    ['[true]', 'an array'],
    ['() => true', 'a function'],
    ['{ toJSON: () => true }', 'an object'],
  ])('JD5: only true and false are verdicts: %s', async (value, words) => {
    const error = await refused(judge.equals(equals(`return ${value}`), json(1), json(1)));
    expect(error.reason).toBe('result');
    expect(error.message).toContain(words);
  });

  it('JD5: a promise is none, and is told of', async () => {
    const error = await refused(
      judge.equals(program('export async function equals() { return true; }'), json(1), json(1)),
    );
    expect(error.reason).toBe('result');
    expect(error.message).toContain('a promise: it cannot be async');
  });

  it.each([
    [
      'an error with its place',
      'throw new TypeError("no such band")',
      'TypeError: no such band (at equals (program.js:2:',
    ],
    ['null', 'throw null', 'null'],
    ['a text', 'throw "why"', 'why'],
    ['a symbol', 'throw Symbol("s")', 'Symbol(s)'],
    ['an object', 'throw {}', 'an object without a message'],
    ['a function', 'throw function f() {}', 'function f'],
    [
      'what throws when it is read',
      'throw { get message() { throw { get message() { throw 1; } }; } }',
      'cannot be told',
    ],
    ['what cannot be converted', 'throw new Proxy({}, { get() { throw 1; } })', '1'],
    ['what browsers add', 'return new TextEncoder()', 'nothing of what browsers add'],
  ])('JD6: what a program throws is told: %s', async (_, body, words) => {
    const error = await refused(judge.equals(equals(body), json(1), json(1)));
    expect(error.reason).toBe('threw');
    expect(error.message).toContain(words);
  });

  it('JD6: what it says is cut to a bound', async () => {
    const long = equals('const e = new Error("x".repeat(1e6)); e.name = e.message; e.stack = e.message; throw e');
    expect((await refused(judge.equals(long, json(1), json(1)))).message.length).toBeLessThan(4096);
  });

  it.each([
    ['a syntax error', 'export const equals = ;', 'program.js:2:'],
    ['a static import', 'import "./other.js";', "'other.js'"],
    ['a top level that throws', 'throw new Error("at once");', 'at once'],
    ['a top level that rejects', 'await Promise.reject(new Error("later"));', 'later'],
    ['a top level that never ends', 'await new Promise(() => {});', 'awaits what never comes'],
  ])('JD6: a program that cannot be loaded is told: %s', async (_, code, words) => {
    const error = await refused(judge.equals(program(code), json(1), json(1)));
    expect(error.reason).toBe('threw');
    expect(error.message).toContain(words);
  });

  it('JD7: nothing stays from one call to the next, and no program sees another one', async () => {
    const counting = program(
      'let calls = 0; export const equals = () => { globalThis.seen ??= 0; Array.prototype.mark ??= 0; return calls++ + globalThis.seen++ + Array.prototype.mark++ === 0; };',
    );
    for (let i = 0; i < 3; i++) expect(await judge.equals(counting, json(1), json(1))).toBe(true);
    const looking = equals('return globalThis.seen === undefined && [].mark === undefined');
    expect(await judge.equals(looking, json(1), json(1))).toBe(true);
  });

  it('JD8: clock and chance are the same in every call, and the zone is UTC', async () => {
    const expression = '[Date.now(), new Date(), Math.random(), Math.random(), new Date(2020, 6, 1, 12).toISOString()]';
    const first = await told(expression);
    expect(first).toContain('946684800000,Sat Jan 01 2000 00:00:00 GMT+0000');
    expect(first).toContain('2020-07-01T12:00:00.000Z');
    expect(await told(expression)).toBe(first);
  });

  it('JD9: a program has the language and a console that does nothing', async () => {
    const names =
      'fetch require process performance setTimeout setInterval queueMicrotask WebAssembly XMLHttpRequest Worker std os print scriptArgs navigator';
    const types = `${JSON.stringify(names.split(' '))}.filter((name) => typeof globalThis[name] !== 'undefined')`;
    expect(await told(`${types} + '.'`)).toBe('.');
    expect(await told('console.log("x") + console.error("y")')).toBe('NaN');
  });

  it.each(['"node:fs"', '"./program.js"', '"data:text/javascript,export default 1"'])(
    'JD9: nothing can be imported, at the top level or later: %s',
    async (specifier) => {
      const { reason, message } = await refused(judge.equals(program(`await import(${specifier});`), json(1), json(1)));
      expect(reason).toBe('threw');
      expect(message).toMatch(/could not load module|awaits what never comes/);
    },
  );
});
