import { GRID, GRID_FUNCTIONS, MEMORY, TOOLS_NAMESPACE, isGridFunction } from '../abi.ts';
import type { Draft } from '../draft.ts';
import { WasmFault, hex } from '../fault.ts';
import { indexOf } from '../index-of.ts';
import { WASM_BOUNDS } from '../limits.ts';
import { readMemory } from '../memory.ts';
import type { Reader } from '../reader.ts';

const KIND = { function: 0, table: 1, memory: 2, global: 3, tag: 4 } as const;

export const readImports = (reader: Reader, draft: Draft): void => {
  const count = reader.count('imports', WASM_BOUNDS.imports, 4);
  for (let i = 0; i < count; i++) readImport(reader, draft);
};

const readImport = (reader: Reader, draft: Draft): void => {
  const { at } = reader;
  const namespace = reader.name('an import');
  const name = reader.name('an import');
  const kind = reader.byte();
  const named = `${JSON.stringify(namespace)}.${JSON.stringify(name)}`;
  if (kind === KIND.tag) throw new WasmFault('tags', at, `${named} is a tag; compile without exceptions`);
  const ofTools = namespace === TOOLS_NAMESPACE && name === MEMORY && kind === KIND.memory;
  if (namespace !== GRID && !ofTools) {
    const text = `${named} is imported; only the memory and the functions of "${GRID}" are there`;
    throw new WasmFault('import-foreign', at, text);
  }
  if (kind === KIND.function) readFunction(reader, draft, name, at);
  else if (kind === KIND.memory) readMemoryImport(reader, draft, namespace, name, at);
  else
    throw new WasmFault('import-kind', at, `${named} is imported as kind ${hex(kind)}, not as a function or a memory`);
};

const readFunction = (reader: Reader, draft: Draft, name: string, at: number): void => {
  const type = draft.types[indexOf(reader, draft.types.length, 'type')]!;
  if (!isGridFunction(name)) {
    throw new WasmFault(
      'import-unknown',
      at,
      `"${GRID}" has no function ${JSON.stringify(name)}; docs/wasm.md lists them`,
    );
  }
  const expected = GRID_FUNCTIONS[name];
  if (type !== expected) {
    throw new WasmFault('import-signature', at, `${GRID}.${name} is imported as ${type}; it is ${expected}`);
  }
  draft.functions.push(type);
  draft.imports.push(name);
};

const readMemoryImport = (reader: Reader, draft: Draft, namespace: string, name: string, at: number): void => {
  if (draft.memory !== null) throw new WasmFault('memory-second', at, 'a second memory is imported; a module has one');
  if (name !== MEMORY) {
    throw new WasmFault('import-unknown', at, `a memory is imported as ${GRID}.${name}; its name is ${GRID}.${MEMORY}`);
  }
  draft.memory = { namespace, ...readMemory(reader, draft.limits) };
};
