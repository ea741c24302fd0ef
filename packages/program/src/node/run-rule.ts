import { type AnyNode, type Expression, parse, type Program } from 'acorn';

/** What an export `run` is that can compute no unit, in words, and where it is made (UTF-16 units). */
export interface RunFault {
  kind: string;
  offset: number;
}

/** How many names for other names are followed. */
const MOST_NAMES = 20;

/** What may be behind a name of the top level. */
type Binding = AnyNode | null;

const LITERALS: Record<string, string> = {
  string: 'a string',
  number: 'a number',
  boolean: 'a boolean',
  bigint: 'a bigint',
};

/** What a value of this expression is in words, where it is known to be none that runs; null where it is not known. */
const kindOf = (node: AnyNode): string | null => {
  switch (node.type) {
    case 'FunctionDeclaration':
    case 'FunctionExpression':
      if (!node.generator) return null;
      return node.async ? 'an async generator' : 'a generator';
    case 'ClassDeclaration':
    case 'ClassExpression':
      return 'a class';
    case 'Literal':
      if (isThere(node.regex)) return 'a regular expression';
      return node.value === null ? 'null' : (LITERALS[typeof node.value] ?? null);
    case 'TemplateLiteral':
      return 'a string';
    case 'ObjectExpression':
      return 'an object';
    case 'ArrayExpression':
      return 'an array';
    case 'UnaryExpression':
      return node.operator === 'void' ? 'undefined' : null;
    default:
      return null;
  }
};

/** What is declared at the top level, by name; null for what is declared without a value. */
const bindingsOf = (program: Program): Map<string, Binding> => {
  const found = new Map<string, Binding>();
  for (const statement of program.body) {
    const node = statement.type === 'ExportNamedDeclaration' ? (statement.declaration ?? statement) : statement;
    if (node.type === 'FunctionDeclaration' || node.type === 'ClassDeclaration') found.set(node.id.name, node);
    else if (node.type === 'VariableDeclaration') {
      for (const { id, init } of node.declarations) if (id.type === 'Identifier') found.set(id.name, init ?? null);
    }
  }
  return found;
};

/** The parser leaves out, or says null, where there is nothing. */
const isThere = <Node>(node: Node | null | undefined): node is Node => node !== null && node !== undefined;

/** The name at the top level that is exported as `run`; null where there is none that can be followed. */
const localName = (program: Program): string | null => {
  for (const statement of program.body) {
    if (statement.type !== 'ExportNamedDeclaration' || isThere(statement.source)) continue;
    for (const { exported, local } of statement.specifiers) {
      if (exported.type === 'Identifier' && exported.name === 'run' && local.type === 'Identifier') return local.name;
    }
    if (isThere(statement.declaration) && bindingsOf({ ...program, body: [statement.declaration] }).has('run'))
      return 'run';
  }
  return null;
};

/** Whether a name is given another value anywhere, in whatever scope: then nothing is known of it. */
const isAssigned = (program: Program, name: string): boolean => {
  const open: unknown[] = [program];
  const isName = (node: Expression | AnyNode): boolean => node.type === 'Identifier' && node.name === name;
  while (open.length > 0) {
    const node = open.pop();
    if (typeof node !== 'object' || node === null) continue;
    if (Array.isArray(node)) {
      for (const item of node) open.push(item);
      continue;
    }
    const { type } = node as AnyNode;
    if (type === 'AssignmentExpression') {
      const { left } = node as Extract<AnyNode, { type: 'AssignmentExpression' }>;
      // A pattern may hold it at any depth.
      if (left.type !== 'MemberExpression' && (isName(left) || left.type !== 'Identifier')) return true;
    }
    if (type === 'UpdateExpression' && isName((node as Extract<AnyNode, { type: 'UpdateExpression' }>).argument))
      return true;
    for (const value of Object.values(node)) if (typeof value === 'object' && value !== null) open.push(value);
  }
  return false;
};

/**
 * Whether what a module exports as `run` is known, by its text alone, to be something that cannot run: a number, an object, a
 * class, a generator. null where it may run: what a call gives, or what is assigned later, is not followed.
 */
export const runFault = (code: string): RunFault | null => {
  let program: Program;
  try {
    program = parse(code, { ecmaVersion: 'latest', sourceType: 'module' });
  } catch {
    // Whatever is wrong with it is told by those who run it.
    return null;
  }
  const bindings = bindingsOf(program);
  let name = localName(program);
  for (let names = 0; name !== null && names < MOST_NAMES; names++) {
    const binding = bindings.get(name);
    if (binding === undefined || binding === null || isAssigned(program, name)) return null;
    if (binding.type !== 'Identifier') {
      const kind = kindOf(binding);
      return kind === null ? null : { kind, offset: binding.start };
    }
    name = binding.name;
  }
  return null;
};
