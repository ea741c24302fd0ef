import { describe, expect, it } from 'vitest';
import { filter } from '../src/filter.ts';
import { UsageError, integer, path, readFlags, usageOf } from '../src/flags.ts';
import { progressLine } from '../src/progress-bar.ts';

const FLAGS = { size: integer(12, 'of it', 2), out: path('where it goes') };

describe('the flags of an example', () => {
  it('EG1: have their types, and their values where they are not given', () => {
    expect(readFlags(FLAGS, [], 2)).toEqual({ size: 12, out: null, tabs: 2, json: false, help: false });
    expect(readFlags(FLAGS, ['--size', '3', '--out=a.png', '--json', '--tabs', '4'], 2)).toEqual({
      size: 3,
      out: 'a.png',
      tabs: 4,
      json: true,
      help: false,
    });
    expect(readFlags({}, ['--tabs', '1'], 1).tabs).toBe(1);
  });

  it('EG1: what is wrong is said in words', () => {
    const mistakes: [string[], RegExp][] = [
      [['--size', '1'], /--size must be an integer from 2: 1/],
      [['--size', 'x'], /--size must be an integer/],
      [['--tabs', '1'], /--tabs: 2 independent devices must agree/],
      [['--sise', '3'], /--sise/],
      [['stray'], /stray/],
    ];
    for (const [args, says] of mistakes) {
      expect(() => readFlags(FLAGS, args, 2)).toThrow(UsageError);
      expect(() => readFlags(FLAGS, args, 2)).toThrow(says);
    }
    expect(usageOf('it', 'Does it.', FLAGS)).toMatch(
      /npm run example -- it[^]*--size N +of it \(default: 12\)[^]*--json/,
    );
  });
});

describe('the progress bar', () => {
  it('EG1: counts units that failed as done, and says what is left', () => {
    expect(progressLine({ validated: 1, failed: 1, total: 4 }, 2)).toMatch(
      /^█{16}░{16} 2\/4 units {2}1\.0\/s {2}2 s left$/,
    );
    expect(progressLine({ validated: 4, failed: 0, total: 4 }, 2)).toContain('done');
  });
});

describe('a filter', () => {
  const nowhere = { url: 'http://127.0.0.1:9', submitterKey: 'gss_none' };

  it('EG2: gives the lines of the real command', async () => {
    const lines: string[] = [];
    for await (const line of filter(nowhere, ['completion', 'bash'], [])) lines.push(line);
    expect(lines[0]).toBe('_gossamer() {');
    expect(lines.length).toBeGreaterThan(3);
  });

  it('EG2: a command that fails is an error with its status', async () => {
    const reading = async (): Promise<void> => {
      for await (const _ of filter(nowhere, ['map', 'none.ts', '--patience', '0'], ['1', '2'])) expect(_).toBe('');
    };
    await expect(reading()).rejects.toThrow('gossamer map ended with status 2');
  });
});
