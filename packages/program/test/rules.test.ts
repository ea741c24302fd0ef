import { createHash } from 'node:crypto';
import { builtinModules } from 'node:module';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NODE_BUILTINS, importFault, placeAt, programModule, sha256Of } from '../src/index.ts';
import { stripPaths } from '../src/node/strip-paths.ts';

describe('the rules of a program', () => {
  it('PR15: the list of built-ins holds every module of this Node', () => {
    const bare = builtinModules.filter((name) => !name.startsWith('_') && !name.startsWith('node:'));
    expect(bare.map((name) => name.split('/')[0]!).filter((name) => !NODE_BUILTINS.has(name))).toEqual([]);
  });

  it('PR15: an npm package with the name of a built-in may be bundled, with the prefix node: never', () => {
    expect(importFault('buffer', true)).toBeNull();
    expect(importFault('buffer', false)).toBe('node-builtin');
    expect(importFault('node:buffer', true)).toBe('node-builtin');
    expect(importFault('//example.org/x.js', true)).toBe('url');
    expect(importFault('lodash', false)).toBe('missing');
  });

  it('PR16: the hash is the SHA-256 of the bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (random) => {
        const bytes = new Uint8Array(random);
        const sha256 = await sha256Of(bytes);
        expect(sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
      }),
    );
    expect((await programModule('ü')).size).toBe(2);
  });

  it('PR17: a place counts lines and columns from 1', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-c]{0,5}$/)), fc.nat(20), (lines, at) => {
        const text = lines.join('\n');
        const { line, column } = placeAt(text, Math.min(at, text.length));
        const before = text.split('\n').slice(0, line - 1);
        expect(before.reduce((sum, part) => sum + part.length + 1, 0) + column - 1).toBe(Math.min(at, text.length));
      }),
    );
  });

  it('PR18: only names of wrappers lose their folders', () => {
    const code = 'a({"../x/node_modules/y/i.js"(e){}});b({"../../z/q.ts"(){}});c("../../z/q.ts")';
    expect(stripPaths(code, ['../x/node_modules/y/i.js', '../../z/q.ts']).code).toBe(
      'a({"y/i.js"(e){}});b({"q.ts"(){}});c("../../z/q.ts")',
    );
  });
});
