import { CAGE_GLOBALS } from '@gossamer/program/globals';
import { defineProperty, deleteProperty, getOwnPropertyDescriptor, getPrototypeOf, ownKeys } from './primordials.ts';

/** Ways from an allowed object to the network, to other code, or to the machine. */
const MEMBERS: readonly [string, readonly string[]][] = [
  ['URL', ['createObjectURL', 'revokeObjectURL']],
  ['WebAssembly', ['compileStreaming', 'instantiateStreaming']],
];

/** WebIDL constants of old file systems: numbers that no script can delete. */
const isConstant = (owner: object, key: PropertyKey): boolean =>
  (key === 'TEMPORARY' || key === 'PERSISTENT') && typeof getOwnPropertyDescriptor(owner, key)?.value === 'number';

/** The global's prototypes below `Object.prototype`. */
const chain = (global: object): object[] => {
  const protos: object[] = [];
  for (
    let proto = getPrototypeOf(global);
    proto !== null && proto !== Object.prototype;
    proto = getPrototypeOf(proto)
  ) {
    protos.push(proto);
  }
  return protos;
};

const lockConstructor = (sample: object, value: unknown): void => {
  const proto = getPrototypeOf(sample) as object;
  defineProperty(proto, 'constructor', { value, writable: false, enumerable: false, configurable: false });
};

/** Code from text is refused by the CSP; here once more, for all four kinds of functions. */
const lockFunctions = (global: object): void => {
  const refuse = function Function(): never {
    throw new EvalError('code cannot be made from text in a cage');
  };
  defineProperty(refuse, 'prototype', { value: Function.prototype, writable: false });
  lockConstructor(function () {}, refuse);
  lockConstructor(async function () {}, refuse);
  lockConstructor(function* () {}, refuse);
  lockConstructor(async function* () {}, refuse);
  defineProperty(global, 'Function', { value: refuse, writable: true, enumerable: false, configurable: true });
};

/** `await` and `slice` read these; the boot's own use must not run a program's code. */
const lockSpecies = (): void => {
  const fixed = { writable: false, enumerable: false, configurable: false };
  defineProperty(ArrayBuffer, Symbol.species, { value: ArrayBuffer, ...fixed });
  defineProperty(Promise, Symbol.species, { value: Promise, ...fixed });
  defineProperty(Promise.prototype, 'constructor', { value: Promise, ...fixed });
};

/** Takes away what is not allowed, before the floor is laid. */
export const scrub = (global: object): void => {
  for (const proto of chain(global)) {
    for (const key of ownKeys(proto)) deleteProperty(proto, key);
  }
  for (const key of ownKeys(global)) {
    if (!CAGE_GLOBALS.has(key)) deleteProperty(global, key);
  }
  for (const [name, members] of MEMBERS) {
    const owner = (global as Record<string, unknown>)[name] as object;
    for (const member of members) deleteProperty(owner, member);
  }
  lockFunctions(global);
  lockSpecies();
};

/** What is there that should not be, by name: the boot runs nothing unless this is empty. */
export const leftovers = (global: object): string[] => {
  const left: string[] = [];
  for (const proto of chain(global)) {
    for (const key of ownKeys(proto)) if (!isConstant(proto, key)) left.push(String(key));
  }
  for (const key of ownKeys(global)) {
    if (!CAGE_GLOBALS.has(key) && !isConstant(global, key)) left.push(String(key));
  }
  for (const [name, members] of MEMBERS) {
    const owner = (global as Record<string, unknown>)[name] as object;
    for (const member of members) if (member in owner) left.push(`${name}.${member}`);
  }
  const makers = [function () {}, async function () {}, function* () {}, async function* () {}];
  for (const maker of makers) {
    const lock = getOwnPropertyDescriptor(getPrototypeOf(maker)!, 'constructor');
    if (lock?.configurable !== false || lock.writable !== false) left.push('Function.prototype.constructor');
  }
  if (getOwnPropertyDescriptor(Promise.prototype, 'constructor')?.configurable !== false) {
    left.push('Promise.prototype.constructor');
  }
  if (getOwnPropertyDescriptor(ArrayBuffer, Symbol.species)?.configurable !== false) {
    left.push('ArrayBuffer[Symbol.species]');
  }
  return left;
};
