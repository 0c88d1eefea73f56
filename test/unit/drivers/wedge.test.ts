// Goal: each rule that tells a scanner from a person, on its own.
// Method: keys by hand into the pure wedge, on the simulated page.
import { describe, expect, it } from 'vitest';
import { createWedge } from '#drivers/scanner/wedge/wedge.ts';
import type { WedgeKeyEvent } from '#drivers/scanner/wedge/wedgeKeys.ts';
import { keysOf, type PageRecord, type TimelessKey, typeOn } from '#test/support/wedgePage.ts';

const paceMs = 5;

function type(keys: readonly TimelessKey[], gapMs: number): PageRecord {
  return typeOn(
    createWedge(),
    keys,
    keys.map(() => gapMs),
  );
}

function press(code: string, timeMs: number, more: Partial<WedgeKeyEvent> = {}): WedgeKeyEvent {
  return { code, key: code.slice(-1).toLowerCase(), shift: false, timeMs, ...more };
}

describe('a scan', () => {
  it('is read by position: a Turkish keyboard shows other characters', () => {
    // What Windows reports for `]E0299.1/2` from a US-layout scanner under Turkish Q.
    const keys: TimelessKey[] = [
      { code: 'BracketRight', key: 'ü', shift: false },
      { code: 'KeyE', key: 'E', shift: true },
      ...keysOf('0299', null),
      { code: 'Period', key: 'ç', shift: false },
      { code: 'Digit1', key: '1', shift: false },
      { code: 'Slash', key: '.', shift: false },
      { code: 'Digit2', key: '2', shift: false },
      { code: 'Enter', key: 'Enter', shift: false },
    ];
    expect(type(keys, paceMs)).toEqual({ typed: [], scans: [']E0299.1/2'], suffixCount: 1 });
  });

  it('may come from the number pad', () => {
    const keys = [...'4006381333931'].map((digit) => ({
      code: `Numpad${digit}`,
      key: digit,
      shift: false,
    }));
    const page = type([...keys, { code: 'NumpadEnter', key: 'Enter', shift: false }], paceMs);
    expect(page.scans).toEqual(['4006381333931']);
  });

  it('may hold GS and end with CR, both typed as Ctrl chords', () => {
    const keys: TimelessKey[] = [
      ...keysOf('80189521', null),
      { code: 'ControlLeft', key: 'Control', shift: false, control: true },
      { code: 'BracketRight', key: 'ü', shift: false, control: true },
      ...keysOf('10', null),
      { code: 'KeyM', key: 'm', shift: false, control: true },
      { code: 'KeyJ', key: 'j', shift: false, control: true },
    ];
    const page = type(keys, paceMs);
    expect(page.scans).toEqual(['80189521\u001d10']);
    expect(page.typed).toEqual(['Control']);
  });

  it('survives one slow key', () => {
    const keys = keysOf('4006381333931', 'Enter');
    const gapsMs = keys.map((_key, index) => (index === 7 ? 95 : paceMs));
    expect(typeOn(createWedge(), keys, gapsMs).scans).toEqual(['4006381333931']);
  });

  it('swallows a doubled suffix, which would press a button, but no later Enter', () => {
    const keys = [...keysOf('4006381333931', 'Enter'), ...keysOf('', 'Enter')];
    expect(type(keys, paceMs)).toMatchObject({ typed: [], suffixCount: 2 });
    const late = keys.map((_key, index) => (index === keys.length - 1 ? 200 : paceMs));
    expect(typeOn(createWedge(), keys, late)).toMatchObject({ typed: ['Enter'], suffixCount: 1 });
  });

  it('swallows a suffix that comes after silence had ended the scan', () => {
    const keys = keysOf('4006381333931', 'Enter');
    const gapsMs = keys.map((key) => (key.code === 'Enter' ? 150 : paceMs));
    expect(typeOn(createWedge(), keys, gapsMs)).toEqual({
      typed: [],
      scans: ['4006381333931'],
      suffixCount: 1,
    });
  });

  it('is cut at 4,096 characters, so that it stays bounded', () => {
    const page = type(keysOf('7'.repeat(5000), 'Enter'), 1);
    expect(page.scans).toEqual(['7'.repeat(4096)]);
    expect(page.typed).toEqual([]);
  });

  it('is not given away when a busy page comes late to its own timer', () => {
    const wedge = createWedge();
    wedge.key(press('Digit4', 0));
    expect(wedge.tick(120)).toEqual({ release: [], scan: null });
    for (let index = 1; index < 8; index += 1) wedge.key(press('Digit4', index * paceMs));
    expect(wedge.key(press('Enter', 45))).toEqual({ hold: true, release: [], scan: '44444444' });
  });
});

describe('a person', () => {
  it('gets a lone key back after 45 ms', () => {
    const wedge = createWedge<WedgeKeyEvent>();
    const key = press('Digit1', 1000);
    expect(wedge.key(key)).toEqual({ hold: true, release: [], scan: null });
    expect(wedge.nextTickMs()).toBe(1045);
    expect(wedge.tick(1044)).toEqual({ release: [], scan: null });
    expect(wedge.tick(1045).release[0]).toBe(key);
    expect(wedge.nextTickMs()).toBeNull();
  });

  it('gets it back even when the page is late, one turn later', () => {
    const wedge = createWedge();
    wedge.key(press('Digit1', 1000));
    expect(wedge.tick(1500).release).toEqual([]);
    expect(wedge.nextTickMs()).toBe(1508);
    expect(wedge.tick(1700).release).toHaveLength(1);
  });

  it('types five quick characters and Enter like any other', () => {
    expect(type(keysOf('12345', 'Enter'), paceMs).typed).toEqual([...'12345', 'Enter']);
  });

  it('holds a key down without making a scan of it', () => {
    const wedge = createWedge();
    wedge.key(press('Digit1', 0));
    wedge.tick(45);
    for (let timeMs = 500; timeMs < 1000; timeMs += 33) {
      const outcome = wedge.key(press('Digit1', timeMs, { repeat: true }));
      expect(outcome).toEqual({ hold: false, release: [], scan: null });
    }
  });

  it('uses chords, Space, dead keys and keys that type nothing without delay', () => {
    const wedge = createWedge();
    const passes: WedgeKeyEvent[] = [
      press('KeyP', 0, { control: true }),
      press('Space', 300, { key: ' ' }),
      press('Digit3', 600, { key: 'Dead', shift: true }),
      press('Numpad4', 900, { key: 'ArrowLeft' }),
      press('Backspace', 1200, { key: 'Backspace' }),
      press('Enter', 1500, { key: 'Enter' }),
      press('IntlBackslash', 1800, { key: '<' }),
    ];
    for (const key of passes) {
      expect(wedge.key(key), key.code).toEqual({ hold: false, release: [], scan: null });
    }
  });

  it('gets what is held before the chord that follows it', () => {
    const wedge = createWedge();
    const digit = press('Digit1', 0);
    wedge.key(digit);
    const outcome = wedge.key(press('KeyA', 20, { control: true }));
    expect(outcome).toEqual({ hold: false, release: [digit], scan: null });
  });
});
