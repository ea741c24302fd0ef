import { ENCODING, utf8 } from '@gossamer/protocol';
import type { JudgeError, JudgeValue, JudgedProgram } from '../src/index.ts';

export const json = (value: unknown): JudgeValue => ({ encoding: ENCODING.json, body: utf8(JSON.stringify(value)) });
export const text = (body: string): JudgeValue => ({ encoding: ENCODING.json, body: utf8(body) });
export const bytes = (...body: number[]): JudgeValue => ({ encoding: ENCODING.bytes, body: Uint8Array.from(body) });

let programs = 0;

/** A program with this module text, of which only the judge's exports matter. */
export const program = (code: string): JudgedProgram => ({
  sha256: (programs++).toString(16).padStart(64, '0'),
  text: `export const run = (input) => input;\n${code}`,
});

/** A program whose `equals(a, b)` has this body. */
export const equals = (body: string): JudgedProgram => program(`export function equals(a, b) { ${body} }`);

/** What a verdict was refused with. */
export const refused = async (verdict: Promise<boolean>): Promise<JudgeError> => {
  try {
    throw new Error(`it gave the verdict ${await verdict}`);
  } catch (error) {
    return error as JudgeError;
  }
};
