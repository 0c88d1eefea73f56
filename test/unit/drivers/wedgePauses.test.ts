// Goal: a scanner that pauses inside a read is read whole where its end was taught; half a read is
// no scan and types nothing, and nobody's typing is late. Method: a scan with a pause at each key.
import { describe, expect, it } from 'vitest';
import { createWedge } from '#drivers/scanner/wedge/wedge.ts';
import { type WedgeSettings, wedgeDefaults } from '#drivers/scanner/wedge/wedgeSettings.ts';
import { type DeviceKey, playOn } from '#test/support/wedgePage.ts';
import { personKeys, plainScanner, scanKeys } from '#test/support/wedgeScanner.ts';

const code = '4006381333931';
const computer = { hasAltGr: false, isCapsLockOn: false };
const style = { ...plainScanner, gapMs: 10, pressMs: 4 };

/** As wedgeLearning.ts makes of a test scan at 10 ms a key. */
const taught: WedgeSettings = {
  ...wedgeDefaults,
  suffix: ['Enter'],
  loneHoldMs: 28,
  idleMs: 60,
  averageMsMax: 28,
  charactersMinEnded: 4,
};

/** One or two keys may be a person's, and are not waited for. */
const places = [3, 4, 5, 6, 8, 10, 12, 13];
const pausesMs = [65, 130, 200, 280];

/** A scan with a pause before its key at `index`; its Enter is the last. */
function pausedScan(index: number, pauseMs: number, startMs = 1000): DeviceKey[] {
  return scanKeys(code, style, startMs).map((key, at) => {
    const isLater = Math.floor(at / 2) >= index;
    return { ...key, timeMs: key.timeMs + (isLater ? pauseMs : 0) };
  });
}

function play(keys: readonly DeviceKey[], settings = taught) {
  const wedge = createWedge<DeviceKey>(settings);
  const desk = playOn(wedge, keys, computer);
  return { ...desk, cutCount: wedge.cutCount() };
}

describe.each(places)('a pause before key %i', (index) => {
  it.each(pausesMs)('of %i ms cuts no read', (pauseMs) => {
    const whole = { typed: [], scans: [code], cutCount: 0 };
    expect(play(pausedScan(index, pauseMs))).toEqual(whole);
  });

  it('is waited for in the next read too', () => {
    const keys = [...pausedScan(index, 200), ...pausedScan(index, 200, 1500)];
    expect(play(keys)).toMatchObject({ typed: [], scans: [code, code], cutCount: 0 });
  });

  it('that does not end drops the read, and says so once', () => {
    const keys = pausedScan(index, 0).slice(0, 2 * index);
    expect(play(keys)).toEqual({ typed: [], scans: [], cutCount: 1 });
  });

  it('of 400 ms makes no scan of the rest, and the next read is whole', () => {
    const paused = pausedScan(index, 400);
    const { scans } = play([...paused, ...scanKeys(code, style, 3000)]);
    expect(scans).toEqual([code]);
  });
});

it('waits for no end where none was taught', () => {
  const keys = pausedScan(13, 0).slice(0, 26);
  const untaught = { ...taught, suffix: [] };
  expect(play(keys, untaught)).toEqual({ typed: [], scans: [code], cutCount: 0 });
});

it('takes a code after another at once, however soon it comes', () => {
  const other = '9520000000097';
  const keys = [...scanKeys(code, style, 1000), ...scanKeys(other, style, 1160)];
  expect(play(keys)).toMatchObject({ scans: [code, other], cutCount: 0 });
});

it.each([26, 40, 60, 100])('is not late with a person’s keys %i ms apart', (gapMs) => {
  const typed = [...'123456'];
  const touches = typed.map(() => ({ gapMs, holdMs: 60 }));
  const wedge = createWedge<DeviceKey>({ ...taught, averageMsMax: 25 });
  let lateMs = 0;
  const measured = {
    ...wedge,
    key(event: DeviceKey) {
      const outcome = wedge.key(event);
      lateMs = Math.max(lateMs, (wedge.nextTickMs() ?? event.timeMs) - event.timeMs);
      return outcome;
    },
  };
  const desk = playOn(measured, personKeys(typed, touches, 1000), computer);
  expect(desk).toEqual({ typed, scans: [] });
  expect(lateMs).toBeLessThanOrEqual(60);
});
