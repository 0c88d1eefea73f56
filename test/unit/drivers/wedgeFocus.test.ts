// Goal: half a scan that another window took the rest of is no scan and types nothing, and a
// person's keys are all there. Method: keys by hand into the pure wedge, cut at every one of them.
import { describe, expect, it } from 'vitest';
import { createWedge, type Wedge } from '#drivers/scanner/wedge/wedge.ts';
import type { WedgeKeyEvent } from '#drivers/scanner/wedge/wedgeKeys.ts';
import { wedgeDefaults } from '#drivers/scanner/wedge/wedgeSettings.ts';
import type { WedgeOutcome } from '#drivers/scanner/wedge/wedgeState.ts';
import { keysOf } from '#test/support/wedgePage.ts';
import { plainScanner, scanKeys } from '#test/support/wedgeScanner.ts';

const code = '4006381333931';
const style = { ...plainScanner, gapMs: 10, pressMs: 4 };

function newDesk(wedge: Wedge<WedgeKeyEvent> = createWedge()) {
  const typed: string[] = [];
  const scans: string[] = [];
  const take = ({ release, scan }: WedgeOutcome<WedgeKeyEvent>): void => {
    typed.push(...release.map(({ key }) => key));
    if (scan !== null) scans.push(scan);
  };
  const letPass = (untilMs: number): void => {
    for (let due = wedge.nextTickMs(); due !== null && due <= untilMs; due = wedge.nextTickMs()) {
      take(wedge.tick(due));
    }
  };
  return {
    wedge,
    typed,
    scans,
    take,
    letPass,
    press(events: readonly WedgeKeyEvent[]): void {
      for (const event of events) {
        letPass(event.timeMs);
        const outcome = wedge.key(event);
        take(outcome);
        if (!outcome.hold && event.down !== false) typed.push(event.key);
      }
    },
  };
}

const scan = scanKeys(code, style, 1000);
/** Down and up of each of 13 digits. */
const cuts = Array.from({ length: 26 }, (_, at) => at + 1);
const leastKeys = 3;

describe('a window that loses the keys', () => {
  it.each(cuts)('makes nothing of a scan after its first %i events', (at) => {
    const desk = newDesk();
    desk.press(scan.slice(0, at));
    desk.take(desk.wedge.leave());
    expect(desk.wedge.nextTickMs()).toBeNull();
    expect(desk.scans).toEqual([]);
    const keyCount = Math.ceil(at / 2);
    // One or two keys may be a person's, who wants them typed.
    const isKept = keyCount < leastKeys;
    expect(desk.typed).toEqual(isKept ? [...code.slice(0, keyCount)] : []);
    expect(desk.wedge.cutCount()).toBe(isKept ? 0 : 1);
  });

  it('has a scan whose end came, if only its keyup did not', () => {
    const desk = newDesk();
    desk.press(scan.slice(0, 27));
    desk.take(desk.wedge.leave());
    expect(desk).toMatchObject({ scans: [code], typed: [] });
    expect(desk.wedge.cutCount()).toBe(0);
  });

  it('gives a person back what is held, with an Enter', () => {
    const desk = newDesk();
    const keys = keysOf('12', null).map((key, at) => ({ ...key, timeMs: 1000 + at * 40 }));
    desk.press(keys);
    desk.take(desk.wedge.leave());
    expect(desk).toMatchObject({ scans: [], typed: ['1', '2'] });
  });

  it('forgets what is down: the next keyup is not held', () => {
    const desk = newDesk();
    desk.press(scan.slice(0, 7));
    desk.take(desk.wedge.leave());
    const [down] = scan.slice(6, 7);
    if (down === undefined) throw new Error('no key');
    expect(desk.wedge.key({ ...down, down: false, timeMs: 3000 }).hold).toBe(false);
  });

  it('reads the next scan as ever', () => {
    const desk = newDesk();
    desk.press(scan.slice(0, 11));
    desk.take(desk.wedge.leave());
    desk.wedge.comeBack(4000);
    desk.press(scanKeys(code, style, 4200));
    desk.letPass(6000);
    expect(desk).toMatchObject({ scans: [code], typed: [] });
    expect(desk.wedge.cutCount()).toBe(1);
  });
});

describe('a window that gets the keys back', () => {
  it.each(cuts.slice(0, 21).filter((at) => at % 2 === 0))(
    'takes the rest of a scan from event %i on for none',
    (at) => {
      const desk = newDesk(createWedge({ ...wedgeDefaults, suffix: ['Enter'] }));
      const [first] = scan.slice(at);
      desk.wedge.comeBack((first?.timeMs ?? 0) - 3);
      desk.press(scan.slice(at));
      desk.letPass(3000);
      expect(desk).toMatchObject({ scans: [], typed: [] });
      expect(desk.wedge.cutCount()).toBe(1);
    },
  );

  it('has what a person types at once', () => {
    const desk = newDesk();
    desk.wedge.comeBack(1000);
    desk.press(keysOf('12345', 'Enter').map((key, at) => ({ ...key, timeMs: 1010 + at * 60 })));
    desk.letPass(3000);
    expect(desk).toMatchObject({ scans: [], typed: [...'12345', 'Enter'] });
  });
});
