// Goal: what a person does while a scanner types stays theirs, key by key.
// Method: both hands at one desk, each case on its own.
import { describe, expect, it } from 'vitest';
import { createWedge } from '#drivers/scanner/wedge/wedge.ts';
import { type DeviceKey, playOn } from '#test/support/wedgePage.ts';
import { endOf, personKeys, plainScanner, scanKeys } from '#test/support/wedgeScanner.ts';

const computer = { hasAltGr: true, isCapsLockOn: false };
const code = '4006381333931';

function play(keys: readonly DeviceKey[]) {
  return playOn(createWedge(), keys, computer);
}

function touch(key: string, timeMs: number, holdMs = 70): DeviceKey[] {
  return personKeys([key], [{ gapMs: 0, holdMs }], timeMs);
}

describe('a person at the keyboard while a scanner types', () => {
  const scan = scanKeys(code, plainScanner, 1000);

  it('keeps a digit pressed before, amid and after the scan, in order', () => {
    const keys = [...scan, ...touch('7', 970), ...touch('8', 1031), ...touch('a', 1081)];
    expect(play(keys)).toEqual({ typed: ['7', '8', 'a'], scans: [code] });
  });

  it('keeps Enter amid the scan, which does not cut it', () => {
    const keys = [...scan, ...touch('8', 1031), ...touch('Enter', 1050)];
    expect(play(keys)).toEqual({ typed: ['8', 'Enter'], scans: [code] });
  });

  it('keeps Backspace amid the scan, after what was typed before it', () => {
    const keys = [...scan, ...touch('8', 1021), ...touch('Backspace', 1050)];
    expect(play(keys)).toEqual({ typed: ['8', 'Backspace'], scans: [code] });
  });

  it('keeps Enter pressed right after the scan', () => {
    const keys = [...scan, ...touch('Enter', endOf(scan) + 10)];
    expect(play(keys)).toEqual({ typed: ['Enter'], scans: [code] });
  });

  it('may hold Shift: the scanner’s digits stay digits', () => {
    const base = { code: 'ShiftLeft', key: 'Shift', shift: true, by: 'person' } as const;
    const shift: DeviceKey[] = [
      { ...base, timeMs: 900, down: true },
      { ...base, timeMs: 1300, down: false },
    ];
    expect(play([...scan, ...shift]).scans).toEqual([code]);
  });

  it('may move by an arrow just after the scanner’s first key', () => {
    const keys = scanKeys(']E09520000000103', plainScanner, 1000);
    const base = { code: 'ArrowDown', key: 'ArrowDown', shift: false, by: 'person' } as const;
    const arrow: DeviceKey[] = [
      { ...base, timeMs: 1004, down: true },
      { ...base, timeMs: 1080, down: false },
    ];
    expect(play([...keys, ...arrow])).toEqual({
      typed: ['ArrowDown'],
      scans: [']E09520000000103'],
    });
  });

  it.each(['ArrowDown', 'Enter', 'F2'])('may press %s while the first key is down', (key) => {
    for (const timeMs of [1001, 1002, 1004, 1007, 1008]) {
      expect(play([...scan, ...touch(key, timeMs)])).toEqual({ typed: [key], scans: [code] });
    }
  });

  it('may leave Caps Lock on', () => {
    const keys = scanKeys('aBc-09', plainScanner, 0);
    const on = { ...computer, isCapsLockOn: true };
    expect(playOn(createWedge(), keys, on).scans).toEqual(['aBc-09']);
  });
});

describe('a code of several lines', () => {
  it('leaks none of them, however short', () => {
    const lines = ['BEGIN:VCARD', 'N:A', 'TEL:0123456'];
    let startMs = 1000;
    const keys = lines.flatMap((line) => {
      const typed = scanKeys(line, plainScanner, startMs);
      startMs = endOf(typed) + 3;
      return typed;
    });
    expect(play(keys)).toEqual({ typed: [], scans: lines });
  });
});

describe('the same read once more', () => {
  /** Which of `count` reads, each begun so long after the last, the scanner itself repeated. */
  const repeatsOf = (count: number, everyMs: number, gapMs: number) => {
    const wedge = createWedge<DeviceKey>();
    const repeats: (boolean | undefined)[] = [];
    const noted = {
      ...wedge,
      key(event: DeviceKey) {
        const outcome = wedge.key(event);
        if (outcome.scan !== null) repeats.push(wedge.lastScan()?.isRepeat);
        return outcome;
      },
    };
    const style = { ...plainScanner, gapMs, pressMs: gapMs / 2 };
    const reads = Array.from({ length: count }, (_, at) =>
      scanKeys(code, style, 1000 + at * everyMs),
    );
    const { scans } = playOn(noted, reads.flat(), computer);
    expect(scans).toEqual(Array.from({ length: count }, () => code));
    return { repeats, last: wedge.lastScan() };
  };

  it('is the scanner’s own within 80 ms of its end, and a second item from then on', () => {
    // Its 14 keys take 26 ms.
    expect(repeatsOf(2, 26 + 60, 2).repeats).toEqual([false, true]);
    expect(repeatsOf(2, 26 + 80, 2).repeats).toEqual([false, true]);
    expect(repeatsOf(2, 26 + 81, 2).repeats).toEqual([false, false]);
  });

  it.each([1, 2, 3, 4, 5, 6])('every 120 ms, at %i ms a key, ten times is ten', (gapMs) => {
    expect(repeatsOf(10, 120, gapMs).repeats).toEqual(Array.from({ length: 10 }, () => false));
  });

  it.each([7, 8, 9, 10, 15, 20])('is the scanner’s own, typed at once at %i ms a key', (gapMs) => {
    const durationMs = 13 * gapMs;
    expect(repeatsOf(2, durationMs + gapMs, gapMs).repeats).toEqual([false, true]);
    expect(repeatsOf(2, durationMs + 80, gapMs).repeats).toEqual([false, true]);
    expect(repeatsOf(2, durationMs + 81, gapMs).repeats).toEqual([false, false]);
  });

  it('comes with how it was typed', () => {
    const { last } = repeatsOf(2, 300, 6);
    expect(last).toMatchObject({ text: code, durationMs: 13 * 6, ending: 'cr' });
  });
});
