import { type AnyNode, type Program, parse } from 'acorn';
import { simple } from 'acorn-walk';
import { analyze } from 'eslint-scope';
import { CAGE_GLOBALS } from '../globals.ts';

/** A name that a module uses, that nothing in it declares, and that is not there in a cage. */
export interface FreeName {
  name: string;
  /** Where it stands, UTF-16 units. */
  offset: number;
  /** It stands behind `instanceof`: what is asked is whether a value is one, of which there are none. */
  isType: boolean;
}

/** Objects through which a module may ask whether a name is there. */
const GLOBAL_OBJECTS = new Set(['globalThis', 'self', 'window', 'global']);

/** What a module does about names that may not be there. */
interface Guards {
  /** Names it asks for without needing them (`typeof x`, `'x' in globalThis`, `globalThis.x`), and where. */
  asked: Pick<FreeName, 'name' | 'offset'>[];
  /** Where names stand behind `instanceof`. */
  types: Set<number>;
  /** Blocks whose errors it catches: from, to. */
  caught: [start: number, end: number][];
  /** Names that it puts on the global itself, and so are there for all of it. */
  installed: Set<string>;
}

const guardsOf = (program: Program): Guards => {
  const guards: Guards = { asked: [], types: new Set(), caught: [], installed: new Set() };
  const ask = (name: string, { start }: AnyNode): void => void guards.asked.push({ name, offset: start });
  const isGlobal = (node: AnyNode): boolean => node.type === 'Identifier' && GLOBAL_OBJECTS.has(node.name);
  const install = (name: string): void => void guards.installed.add(name);
  simple(program, {
    AssignmentExpression({ left }) {
      if (left.type !== 'MemberExpression' || !isGlobal(left.object)) return;
      if (left.property.type === 'Identifier' && !left.computed) install(left.property.name);
      else if (left.property.type === 'Literal') install(String(left.property.value));
    },
    CallExpression({ callee, arguments: [target, second] }) {
      if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier') return;
      if (target === undefined || second === undefined || !isGlobal(target)) return;
      if (callee.property.name === 'defineProperty' && second.type === 'Literal') install(String(second.value));
      if (callee.property.name !== 'assign' || second.type !== 'ObjectExpression') return;
      for (const property of second.properties) {
        if (property.type === 'Property' && property.key.type === 'Identifier') install(property.key.name);
      }
    },
    UnaryExpression(node) {
      const { operator, argument } = node;
      if (operator === 'typeof' && argument.type === 'Identifier') ask(argument.name, node);
    },
    BinaryExpression(node) {
      const { operator, left, right } = node;
      if (operator === 'instanceof') guards.types.add(right.start);
      if (operator === 'in' && left.type === 'Literal' && isGlobal(right)) ask(String(left.value), node);
    },
    MemberExpression(node) {
      const { object, property, computed } = node;
      if (!isGlobal(object)) return;
      if (property.type === 'Identifier' && !computed) ask(property.name, node);
      else if (property.type === 'Literal') ask(String(property.value), node);
    },
    TryStatement({ handler, block }) {
      if (handler !== null && handler !== undefined) guards.caught.push([block.start, block.end]);
    },
  });
  return guards;
};

/**
 * The names of a module that no tab will know, in order. A name that the same file asks for first, anywhere, or that is
 * used where errors are caught, is taken to be one that it can do without.
 * @param fileOf the source that a character of the module comes from
 */
export const freeNames = (code: string, fileOf: (offset: number) => string): FreeName[] => {
  try {
    return findNames(code, fileOf);
  } catch (error) {
    // Nested deeper than can be read or walked: whatever is wrong with it is told by those who run it.
    if (error instanceof RangeError || error instanceof SyntaxError) return [];
    throw error;
  }
};

const findNames = (code: string, fileOf: (offset: number) => string): FreeName[] => {
  const program = parse(code, { ecmaVersion: 'latest', sourceType: 'module', ranges: true });
  // The types of the two describe one tree by different names.
  const scopes = analyze(program as unknown as Parameters<typeof analyze>[0], {
    ecmaVersion: 2025,
    sourceType: 'module',
  });
  const { asked, types, caught, installed } = guardsOf(program);
  const guarded = new Set(asked.map(({ name, offset }) => `${fileOf(offset)} ${name}`));
  return scopes
    .globalScope!.through.map(({ identifier }) => {
      const { start } = identifier as unknown as { start: number };
      return { name: identifier.name, offset: start, isType: types.has(start) };
    })
    .filter(({ name }) => !CAGE_GLOBALS.has(name) && !installed.has(name))
    .filter(({ offset }) => !caught.some(([start, end]) => offset >= start && offset < end))
    .filter(({ name, offset }) => !guarded.has(`${fileOf(offset)} ${name}`))
    .toSorted((a, b) => a.offset - b.offset);
};
