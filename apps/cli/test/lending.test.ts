import { describe, expect, it, vi } from 'vitest';
import type { Cli } from '../src/cli.ts';
import { LendingProgress } from '../src/lending/lending-progress.ts';
import { type Shown, lineOf, readShown } from '../src/lending/shown.ts';
import { useGossamer } from './gossamer.ts';

const { run } = useGossamer();

const tab = (state: string, figures: Partial<Shown> = {}): Shown => ({
  state,
  detail: `it is ${state}`,
  credit: 0,
  verified: 0,
  waiting: 0,
  notConfirmed: 0,
  ...figures,
});

/** A progress whose lines are gathered; away from a terminal unless `columns` says how wide one is. */
const progressOf = ({ columns = 0, quiet = false, json = false } = {}) => {
  const told: string[] = [];
  const stream = {
    isTTY: columns > 0,
    columns,
    write: (text: string) => told.push(text),
  } as unknown as NodeJS.WriteStream;
  const out = { json: async (value: unknown) => void told.push(JSON.stringify(value)) };
  const say = (text: string) => void (quiet || told.push(text));
  return { told, progress: new LendingProgress({ json, quiet, say, out } as unknown as Cli, stream) };
};

describe('gossamer volunteer', () => {
  it('CL93: tabs are told together: each state with how many are in it, and the sums', () => {
    expect(lineOf([tab('connected', { verified: 1000, waiting: 2, credit: 1.5 })])).toBe(
      'connected: 1,000 verified, 2 waiting, credit 1.5',
    );
    const three = [
      tab('connected', { credit: 1 }),
      tab('no work right now', { credit: 2, notConfirmed: 1 }),
      tab('connected'),
    ];
    expect(lineOf(three)).toBe('2 connected, 1 no work right now: 0 verified, 0 waiting, 1 not confirmed, credit 3');
  });

  it('CL93: away from a terminal a new state is told at once, figures alone now and then, and why a tab is refused', async () => {
    const { told, progress } = progressOf();
    await progress.update([tab('connected')], 0);
    await progress.update([tab('connected', { verified: 1 })], 1000);
    await progress.update([tab('no work right now', { verified: 2 })], 2000);
    await progress.update([tab('no work right now', { verified: 3 })], 61_999);
    await progress.update([tab('no work right now', { verified: 4 })], 62_000);
    await progress.update([tab('refused')], 62_001);
    expect(told.map((line) => line.replace(/, 0 waiting.*/, ''))).toEqual([
      'connected: 0 verified',
      'no work right now: 2 verified',
      'no work right now: 4 verified',
      'refused: 0 verified',
      'it is refused',
    ]);
  });

  it('CL93: on a terminal it is one line that fits; with --json each change is an object; with --quiet nothing is said', async () => {
    const narrow = progressOf({ columns: 20 });
    await narrow.progress.update([tab('no work right now')]);
    narrow.progress.say('a sentence');
    expect(narrow.told).toEqual(['\r\x1b[2Kno work right now:…', '\n', 'a sentence']);
    const json = progressOf({ json: true });
    for (const verified of [1, 1, 2]) await json.progress.update([tab('connected', { verified })]);
    expect(json.told.map((line) => (JSON.parse(line) as { tabs: Shown[] }).tabs[0]!.verified)).toEqual([1, 2]);
    const quiet = progressOf({ quiet: true });
    await quiet.progress.update([tab('connected')]);
    expect(quiet.told).toEqual([]);
  });

  it('CL93: a page that asks for consent anew is told as that: what was said to it before is not given by the command', async () => {
    const page = (texts: Record<string, string>) => ({
      querySelector: (selector: string) => (selector in texts ? { textContent: texts[selector] } : null),
    });
    vi.stubGlobal('document', page({ '[data-testid="start"]': 'Start computing' }));
    const asks = readShown();
    const figures = { '[data-testid="credit"]': '1,234.5', '[data-testid="units-valid"]': '–' };
    vi.stubGlobal('document', page({ '[data-testid="connection"]': 'connected', ...figures }));
    const lends = readShown();
    vi.unstubAllGlobals();
    expect(lends).toMatchObject({ state: 'connected', credit: 1234.5, verified: 0 });
    const { told, progress } = progressOf();
    await progress.update([asks]);
    expect(told).toEqual(['consent is asked for: 0 verified, 0 waiting, credit 0', asks.detail]);
    const terminal = progressOf({ columns: 40 });
    await terminal.progress.update([asks]);
    expect(terminal.told.slice(1)).toEqual(['\n', asks.detail]);
  });

  it('CL94: what cannot be lent is refused before a browser starts', async () => {
    const refused = async (...args: string[]) => {
      const { status, stderr } = await run(['volunteer', ...args]);
      return [status, stderr.split('\n')[0]];
    };
    expect(await refused('--tabs', '0')).toEqual([2, expect.stringContaining('expected 1 to 16')]);
    expect(await refused('--slots', '10000')).toEqual([2, expect.stringContaining('expected 1 to')]);
    const { status, stderr } = await run(['volunteer', '--patience', '0', '--url', 'http://127.0.0.1:9']);
    expect([status, stderr]).toEqual([5, expect.stringContaining('http://127.0.0.1:9')]);
    const none = await run(['volunteer'], { env: { GOSSAMER_CHROMIUM: '/no/browser' } });
    expect([none.status, none.stderr]).toEqual([2, expect.stringContaining('GOSSAMER_CHROMIUM names /no/browser')]);
  });
});
