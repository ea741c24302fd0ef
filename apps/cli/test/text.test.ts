import type { JobView } from '@gossamer/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { printable } from '../src/printable.ts';
import { duration, paceOf } from '../src/pace.ts';
import { Progress, progressLine } from '../src/progress.ts';
import { table } from '../src/table.ts';
import { watchLines } from '../src/watch/follow-to-end.ts';

const view = (units: Partial<JobView['units']>, rest: Partial<JobView> = {}): JobView =>
  ({
    state: 'running',
    reason: null,
    waiting: null,
    inputs: 'closed',
    units: { total: 100, validated: 0, failed: 0, ...units },
    ...rest,
  }) as JobView;

/** A stream that keeps what is written. */
const stream = (isTTY: boolean) => {
  const written: string[] = [];
  return { written, stream: { isTTY, columns: 60, write: (text: string) => written.push(text) } as never };
};

describe('what people read', () => {
  it('CL22: the line of progress has bar, units, failures, rate and time left', () => {
    const line = progressLine(view({ validated: 40, failed: 10 }), paceOf(50, 100, 10, 20_000));
    expect(line).toBe('[############............] 50/100 units  10 failed  2.0/s  0:25 left');
  });

  it('CL58: the line of a job that waits has no time left, and says why it waits', () => {
    const waiting = 'It waits for a free slot; other jobs are served first.';
    const line = progressLine(view({ validated: 50 }, { waiting }), paceOf(50, 100, 10, 20_000));
    expect(line).toContain(`2.0/s  ${waiting}`);
  });

  it('CL22: it says why a job waits, is held or is over, and hides control characters', () => {
    const none = { rate: null, leftMs: null };
    expect(progressLine(view({}, { waiting: 'for a second device' }), none)).toContain('for a second device');
    expect(progressLine(view({}, { state: 'held', reason: 'a\u001b[2J' }), none)).toContain('held: a\ufffd[2J');
    expect(paceOf(5, 10, 5, 60_000)).toEqual(none);
    expect([0, 61_000, 3_600_000 * 2 + 5000].map(duration)).toEqual(['0:00', '1:01', '2:00:05']);
  });

  it('CL23: a terminal gets one line drawn anew within its width, a file a line now and then, --quiet nothing', () => {
    const terminal = stream(true);
    const progress = new Progress(terminal.stream, false);
    for (let n = 0; n < 5; n++) progress.update(view({ validated: n }, { waiting: 'x'.repeat(100) }), n * 100);
    progress.end();
    expect(terminal.written.filter((text) => text.includes('\n'))).toEqual(['\n']);
    expect(Math.max(...terminal.written.map((text) => text.length))).toBeLessThanOrEqual(60 + 5);
    progress.update(view({ validated: 5 }), 600);
    progress.clear();
    progress.end();
    expect(terminal.written.slice(-2)).toEqual([expect.stringContaining('5/100'), '\r\x1b[2K']);
    const log = stream(false);
    const plain = new Progress(log.stream, false);
    for (let n = 0; n <= 20; n++) plain.update(view({ validated: n }), n * 1000);
    plain.update(view({ validated: 100 }, { state: 'completed' }), 20_500);
    expect(log.written.map((text) => /\d+\/100/.exec(text)![0])).toEqual(['0/100', '10/100', '20/100', '100/100']);
    const waits = stream(false);
    const piped = new Progress(waits.stream, false);
    piped.update(view({ total: 0 }, { inputs: 'open', waiting: 'None of its inputs have come yet.' }), 0);
    piped.update(view({}, { inputs: 'open' }), 100);
    piped.update(view({}, { inputs: 'open', waiting: 'No volunteer is connected.' }), 200);
    piped.update(view({}, { inputs: 'open', waiting: '9 units wait for another device.' }), 300);
    piped.update(view({}, { inputs: 'open', waiting: '8 units wait for another device.' }), 400);
    expect(
      waits.written.map((text) =>
        text
          .trim()
          .split(/ {2}|\] /)
          .at(-1),
      ),
    ).toEqual(['0/100 units so far', 'No volunteer is connected.', '9 units wait for another device.']);
    const quiet = stream(true);
    new Progress(quiet.stream, true).update(view({}));
    expect(quiet.written).toEqual([]);
  });

  it('CL43: a log of a watch has what is new beside figures at once, figures now and then, and the last ones', () => {
    const said: string[] = [];
    let now = 0;
    const counts = ({ units }: ReturnType<typeof view>) => ({
      done: units.validated + units.failed,
      total: units.total,
    });
    const log = watchLines(
      { counts, line: progressLine },
      (text) => said.push(text),
      () => now,
    );
    for (let n = 0; n <= 25; n++, now += 1000) log.update(view({ validated: n }));
    log.update(view({ validated: 25, failed: 1 }));
    log.update(view({ validated: 25, failed: 2 }));
    log.update(view({ validated: 26, failed: 2 }, { waiting: 'No volunteer is connected.' }));
    log.update(view({ validated: 98, failed: 2 }));
    log.update(view({ validated: 98, failed: 2 }, { state: 'completed' }));
    log.end();
    log.end();
    expect(said.map((text) => text.replace(/^\S+ /, '').replace(/ {2}[\d.:]+(\/s| left)/g, ''))).toEqual([
      '0/100 units',
      '10/100 units',
      '20/100 units',
      '26/100 units  1 failed',
      '28/100 units  2 failed  No volunteer is connected.',
      '100/100 units  2 failed',
      '100/100 units  2 failed  completed',
    ]);
    log.update(view({ validated: 98, failed: 2 }, { state: 'completed' }));
    log.update(view({ validated: 99, failed: 2 }, { state: 'completed' }));
    log.end();
    expect(said.at(-1)).toContain('101/100');
    expect(said).toHaveLength(8);
  });

  it('CL24: no text of a stranger reaches the terminal with a control character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
        expect(printable(text)).not.toMatch(/[\p{Cc}\u202e]/u);
      }),
      { examples: [['\u001b]0;x\u0007'], ['a\r\nb'], ['\u202etxt.exe']] },
    );
  });

  it('CL24: a table is aligned on a terminal and tab-separated elsewhere', () => {
    const rows = [
      ['a', 5],
      ['bcd', 1000],
    ];
    expect(table(['NAME', 'UNITS'], rows, true)).toBe('NAME  UNITS\na         5\nbcd    1000');
    expect(table(['NAME', 'UNITS'], rows, false)).toBe('NAME\tUNITS\na\t5\nbcd\t1000');
  });
});
