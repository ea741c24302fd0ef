import { GRID, type GridFunction, MEMORY, RUN } from './abi.ts';
import { type Draft, type MemoryLimits, newDraft } from './draft.ts';
import { WasmFault } from './fault.ts';
import { isWasm, MAGIC } from './is-wasm.ts';
import type { WasmLimits } from './limits.ts';
import { Reader } from './reader.ts';
import { CUSTOM_SECTION, SECTIONS, type Section, TAG_SECTION } from './sections.ts';
import { readCustom } from './sections/custom.ts';
import { signature } from './value-type.ts';

/** What a module is, for people and for the cage, once it may run. */
export interface WasmModuleInfo {
  memory: MemoryLimits;
  /** Functions of `grid` that it imports. */
  imports: readonly GridFunction[];
  exports: readonly string[];
  /** Functions that it defines. */
  functions: number;
  /** It has a function that runs before `run`. */
  hasStart: boolean;
  usesSimd: boolean;
}

const VERSION = [0x01, 0x00, 0x00, 0x00];
const HEADER_BYTES = 8;
const RUN_TYPE = signature([], []);
const FUNCTION_KIND = 0;

/**
 * Reads every section and every instruction of a module, and throws a WasmFault where something is not allowed. It
 * takes time and memory in proportion to the bytes, whatever they announce. It does not check that instructions fit
 * each other: the engine does (`WebAssembly.validate`), and only what both accept may run.
 */
export const validateWasm = (bytes: Uint8Array, limits: WasmLimits): WasmModuleInfo => {
  if (bytes.byteLength > limits.moduleBytes) {
    const text = `the module has ${bytes.byteLength} bytes; ${limits.moduleBytes} are allowed`;
    throw new WasmFault('module-too-large', 0, text);
  }
  readHeader(bytes);
  const reader = new Reader(bytes, 'the module', HEADER_BYTES);
  const draft = newDraft(limits);
  readSections(reader, draft);
  return finish(draft, reader.at);
};

const readHeader = (bytes: Uint8Array): void => {
  if (!isWasm(bytes)) throw new WasmFault('not-wasm', 0, 'this is no module of WebAssembly in its binary form');
  if (bytes.byteLength < HEADER_BYTES)
    throw new WasmFault('truncated', bytes.byteLength, 'the module ends in its header');
  if (!VERSION.every((byte, i) => bytes[MAGIC.length + i] === byte)) {
    throw new WasmFault('version', MAGIC.length, 'only core modules of version 1 are allowed, no components');
  }
};

const readSections = (reader: Reader, draft: Draft): void => {
  let next = 0;
  while (reader.left > 0) {
    const { at } = reader;
    const id = reader.byte();
    const place = SECTIONS.findIndex((section) => section.id === id);
    const section = SECTIONS[place];
    const content = reader.inner(
      reader.u32(),
      section === undefined ? `section ${id}` : `the section of ${section.what}`,
    );
    if (id === CUSTOM_SECTION) {
      readCustom(content);
      continue;
    }
    if (section === undefined) throw unknownSection(id, at);
    if (place < next) throw outOfOrder(section, at);
    next = place + 1;
    section.read(content, draft);
    content.expectEnd();
  }
};

const unknownSection = (id: number, at: number): WasmFault =>
  id === TAG_SECTION
    ? new WasmFault('tags', at, 'the module has tags; compile without exceptions')
    : new WasmFault('section-unknown', at, `section ${id} is not known here; compile for WebAssembly 2.0`);

const outOfOrder = ({ what }: Section, at: number): WasmFault =>
  new WasmFault('section-order', at, `the section of ${what} stands twice, or behind one that it must precede`);

/** What can be judged only when all sections are read. */
const finish = (draft: Draft, at: number): WasmModuleInfo => {
  const { memory, functions, imports, exports } = draft;
  const defined = functions.length - imports.length;
  if (draft.bodies !== defined) {
    throw new WasmFault('malformed', at, `${defined} functions are declared, ${draft.bodies} have a body`);
  }
  if (draft.announcedSegments !== null && draft.announcedSegments !== draft.segments) {
    const text = `${draft.announcedSegments} segments of data are announced, ${draft.segments} are there`;
    throw new WasmFault('malformed', at, text);
  }
  if (memory === null) {
    const text = `the module imports no memory; it must import ${GRID}.${MEMORY}: compile with --import-memory (asc: --importMemory)`;
    throw new WasmFault('memory-missing', at, text);
  }
  checkRun(draft, at);
  return {
    memory,
    imports,
    exports: [...exports.keys()],
    functions: defined,
    hasStart: draft.hasStart,
    usesSimd: draft.usesSimd,
  };
};

const checkRun = ({ exports, functions }: Draft, at: number): void => {
  const run = exports.get(RUN);
  if (run === undefined || run.kind !== FUNCTION_KIND) {
    throw new WasmFault('run-missing', at, `the module exports no function "${RUN}"; compile with --export=${RUN}`);
  }
  const type = functions[run.index]!;
  if (type !== RUN_TYPE) throw new WasmFault('run-signature', at, `"${RUN}" is ${type}; it must be ${RUN_TYPE}`);
};
