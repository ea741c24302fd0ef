import { afterAll, expect, it } from 'vitest';
import { Judge } from '../src/index.ts';
import { program } from './programs.ts';

const judge = new Judge({ limits: { timeMs: 20_000 } });
afterAll(() => judge.close());

it('JD26: each export is told in words, whatever it is, and however it came to be', async () => {
  const code = `
    export const number = 42, text = 'x', nothing = null, list = [1], object = {}, bytes = new Uint8Array(1), big = 1n;
    export let later; later = () => 1;
    export const made = (() => async (x) => x)();
    export async function declared() {}
    export function* generator() {}
    export const asyncGenerator = async function* () {};
    export class Shape {}
    export default class {}
    export const promise = Promise.resolve(1);`;
  expect(await judge.kinds(program(code))).toEqual({
    run: 'a function',
    number: 'a number',
    text: 'a string',
    nothing: 'null',
    list: 'an array',
    object: 'an object',
    bytes: 'bytes',
    big: 'a bigint',
    later: 'a function',
    made: 'a function',
    declared: 'a function',
    generator: 'a generator',
    asyncGenerator: 'an async generator',
    Shape: 'a class',
    default: 'a class',
    promise: 'a promise',
  });
});

it('JD26: a program that changes the built-ins changes nothing of it', async () => {
  const code = `
    Function.prototype.toString = () => 'class';
    Object.prototype.isPrototypeOf = () => true;
    Object.keys = () => [];
    export function* check() {}`;
  expect(await judge.kinds(program(code))).toEqual({ run: 'a function', check: 'a generator' });
});

it('JD26: a top level that throws is told as such', async () => {
  await expect(judge.kinds(program('throw new TypeError("no");'))).rejects.toMatchObject({ reason: 'threw' });
});
