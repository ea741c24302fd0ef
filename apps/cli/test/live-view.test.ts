import { stripVTControlCharacters } from 'node:util';
import { EventEmitter } from 'node:events';
import type { BatchView, JobView } from '@gossamer/protocol';
import { until } from '@gossamer/sdk/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PaceMeter } from '../src/pace.ts';
import { fit, textWidth } from '../src/text-width.ts';
import { batchFrame } from '../src/watch/batch-frame.ts';
import { type FrameParts, frameOf } from '../src/watch/live-frame.ts';
import { LiveScreen } from '../src/watch/live-screen.ts';
import { LiveView } from '../src/watch/live-view.ts';
import { JOB_DRAWING } from '../src/watch/watch-job.ts';
import { Screen } from './screen.ts';

const job = (units: Partial<JobView['units']> = {}, rest: Partial<JobView> = {}): JobView =>
  ({
    name: 'a search',
    state: 'running',
    reason: null,
    waiting: null,
    inputs: 'closed',
    units: { total: 1000, validated: 400, failed: 12, provisional: 3, ...units },
    attempts: { leased: 8 },
    ...rest,
  }) as JobView;

const parts = (rest: Partial<FrameParts> = {}): FrameParts => ({
  view: job(),
  pace: { rate: 3.1, leftMs: 190_000 },
  devices: 4,
  away: false,
  columns: 80,
  colors: false,
  ...rest,
});

const textOf = (frame: FrameParts): string[] => frameOf(frame).map(({ text }) => text);

describe('the live view of a job', () => {
  it('CL42: it has name, state, bar, units, failures, attempts, rate, time left and devices', () => {
    expect(textOf(parts())).toEqual([
      'a search  running',
      `[${'#'.repeat(20)}${'.'.repeat(30)}]  41 %`,
      '412/1000 units  12 failed  3 provisional  8 attempts out',
      '3.1/s  3:10 left  4 devices on the grid',
    ]);
  });

  it('CL42: it says why a job waits, is held or is over, and that the coordinator is away', () => {
    const waiting = 'No volunteer is connected.';
    expect(textOf(parts({ view: job({}, { waiting }) })).at(-1)).toBe(waiting);
    expect(textOf(parts({ away: true, view: job({}, { waiting }) })).at(-1)).toMatch(/away: waiting for it/);
    expect(textOf(parts({ view: job({}, { state: 'held', reason: 'a\u001b[2Jnight' }) }))[0]).toBe(
      'a search  held: a\ufffd[2Jnight',
    );
    const over = textOf(parts({ view: job({ validated: 988, provisional: 0 }, { state: 'completed' }) }));
    expect(over.join('\n')).not.toMatch(/left|out|devices|running/);
    expect(over[1]).toMatch(/^\[#{50}\] 100 %$/);
  });

  it('CL58: a job that waits is told no time left, whatever it was paced at', () => {
    const waiting = 'It waits for a free slot; other jobs are served first.';
    const said = textOf(parts({ view: job({}, { waiting }) }));
    expect(said.join('\n')).not.toContain('left');
    expect(said.at(-1)).toBe(waiting);
  });

  it('CL49: that of a batch has its name, bar, units, jobs by state, pace and devices', () => {
    const units = { total: 960, cancelled: 60, validated: 440, failed: 10, provisional: 2 };
    const jobs = { total: 4, running: 2, held: 1, cancelled: 0, completed: 1, deleted: 0 };
    const view = { name: 'nights', units, jobs } as BatchView;
    const frame = (of: BatchView) => batchFrame({ ...parts(), view: of }).map(({ text }) => text);
    expect(frame(view)).toEqual([
      'nights',
      `[${'#'.repeat(25)}${'.'.repeat(25)}]  50 %`,
      '450/900 units  60 cancelled  10 failed  2 provisional',
      '4 jobs: 2 running, 1 held, 1 completed',
      '3.1/s  3:10 left  4 devices on the grid',
    ]);
    const over = { ...view, jobs: { ...jobs, running: 0, held: 0, completed: 4 } };
    expect(frame(over).join('\n')).not.toMatch(/left|devices/);
  });

  it('CL42: no line is wider than the terminal, whatever it holds, nor in its last column', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 60 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 120 }), text, text, (columns, name, waiting) => {
        for (const line of frameOf(parts({ columns, view: job({}, { name, waiting }), colors: true }))) {
          const plain = stripVTControlCharacters(line.text);
          expect(textWidth(plain)).toBe(line.width);
          expect(line.width).toBeLessThanOrEqual(Math.max(1, columns - 1));
          expect(plain).not.toMatch(/\p{Cc}/u);
        }
      }),
    );
  });

  it('CL42: letters of two columns are counted as such, and marks as none', () => {
    expect([textWidth('abc'), textWidth('日本'), textWidth('e\u0301'), textWidth('🛰️')]).toEqual([3, 4, 1, 2]);
    expect([fit('日本語', 6), fit('日本語', 5), fit('abcdef', 4), fit('a', 0)]).toEqual([
      '日本語',
      '日本…',
      'abc…',
      '',
    ]);
  });

  it('CL42: colours are there only where they are wanted', () => {
    expect(textOf(parts()).join('')).not.toContain('\x1b');
    expect(textOf(parts({ colors: true }))[2]).toContain('\x1b[31m12 failed\x1b[0m');
  });

  it('CL42: what is drawn takes the place of what was drawn, and what was above stays', () => {
    const frames = fc.array(
      fc.array(fc.string({ unit: fc.constantFrom('a', 'b', ' '), maxLength: 30 }), { maxLength: 6 }),
      {
        minLength: 1,
      },
    );
    fc.assert(
      fc.property(frames, (drawn) => {
        const screen = new Screen(30, 10);
        screen.write('$ gossamer watch\n');
        const live = new LiveScreen(screen);
        for (const lines of drawn) live.draw(lines.map((text) => ({ text, width: text.length })));
        const expected = ['$ gossamer watch', ...drawn.at(-1)!.map((line) => line.trimEnd())];
        expect(screen.text).toBe(expected.join('\n').trimEnd());
      }),
    );
  });

  it('CL42: a terminal that became narrower has no rest of it, and one of few rows gets what fits', () => {
    const line = (text: string) => ({ text, width: text.length });
    const screen = new Screen(40, 10);
    const live = new LiveScreen(screen);
    live.draw([line('a'.repeat(39)), line('b'.repeat(25))]);
    screen.resize(20);
    live.draw([line('c'.repeat(19)), line('d')]);
    expect(screen.text).toBe(`${'c'.repeat(19)}\nd`);
    const low = new Screen(40, 3);
    const small = new LiveScreen(low);
    for (const letter of ['x', 'y']) small.draw([1, 2, 3, 4].map((n) => line(letter + n)));
    expect(low.text).toBe('y1\ny2');
  });

  it('CL42: it is drawn anew when the size changes and when devices come, and no more after its end', async () => {
    const terminal = Object.assign(new EventEmitter(), {
      columns: 60,
      rows: 20,
      frames: [] as string[],
      write: (text: string) => terminal.frames.push(text),
    });
    let devices = 7;
    const view = new LiveView(JOB_DRAWING, terminal, async () => devices);
    view.update(job());
    await until(() => terminal.frames.at(-1)!.includes('7 devices'));
    terminal.columns = 14;
    terminal.emit('resize');
    expect(terminal.frames.at(-1)).toMatch(/\n412\/1000 uni…\n/);
    view.connection('lost');
    expect(terminal.frames.at(-1)).toContain('the coordina…');
    view.end();
    const drawn = terminal.frames.length;
    devices = 8;
    terminal.emit('resize');
    expect(terminal.listenerCount('resize')).toBe(0);
    expect(terminal.frames).toHaveLength(drawn);
  });

  it('CL42: the rate is that of the last minute', () => {
    const meter = new PaceMeter();
    let done = 0;
    for (let second = 0; second <= 60; second++) meter.at(second * 1000, (done = second * 10), 10_000);
    expect(meter.at(61_000, done, 10_000).rate).toBeCloseTo(10, 0);
    for (let second = 62; second <= 180; second++) meter.at(second * 1000, (done += 1), 10_000);
    const { rate, leftMs } = meter.at(181_000, done, 10_000);
    expect(rate).toBeCloseTo(1, 1);
    expect(leftMs! / 1000).toBeCloseTo(10_000 - done, -3);
  });
});
