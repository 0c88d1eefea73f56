// Owns the wedge row of the lab's matrix: key codes of a real keyboard device, read from evdev as a
// browser gets them, into the shipped decoder. No keyboard layout of the computer has a say in it.
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { createWedge, type Wedge } from '#drivers/scanner/wedge/wedge.ts';
import type { WedgeKeyEvent } from '#drivers/scanner/wedge/wedgeKeys.ts';
import { type WedgeSettings, wedgeDefaults } from '#drivers/scanner/wedge/wedgeSettings.ts';
import type { Check, Lab } from '#test/lab/check.ts';
import {
  altCodeStrokes,
  capsLockStroke,
  KEYBOARD_REPORT_BYTES,
  keyboardDescriptor,
  keystrokes,
  numpadStrokes,
} from '#test/lab/descriptors.ts';
import { type LabDevice, plugIn, pullOut } from '#test/lab/devices.ts';
import type { UsbIdentity } from '#test/lab/gadgets.ts';
import { keyboard } from '#test/lab/identities.ts';
import { pause, until } from '#test/lab/until.ts';

const EAN = '4006381333931';
const EVENT_BYTES = 24;
const EV_KEY = 1;

/** Keys of linux/input-event-codes.h by KeyboardEvent.code, in the order of their numbers. */
const runs: readonly (readonly [number, string])[] = [
  [2, 'Digit1 Digit2 Digit3 Digit4 Digit5 Digit6 Digit7 Digit8 Digit9 Digit0 Minus Equal'],
  [15, 'Tab KeyQ KeyW KeyE KeyR KeyT KeyY KeyU KeyI KeyO KeyP BracketLeft BracketRight Enter'],
  [29, 'ControlLeft KeyA KeyS KeyD KeyF KeyG KeyH KeyJ KeyK KeyL Semicolon Quote Backquote'],
  [42, 'ShiftLeft Backslash KeyZ KeyX KeyC KeyV KeyB KeyN KeyM Comma Period Slash ShiftRight'],
  [55, 'NumpadMultiply AltLeft Space CapsLock'],
  [71, 'Numpad7 Numpad8 Numpad9 NumpadSubtract Numpad4 Numpad5 Numpad6 NumpadAdd'],
  [79, 'Numpad1 Numpad2 Numpad3 Numpad0 NumpadDecimal'],
  [96, 'NumpadEnter'],
];
const codes: ReadonlyMap<number, string> = new Map(
  runs.flatMap(([first, names]) =>
    names.split(' ').map((name, index): [number, string] => [first + index, name]),
  ),
);

interface Page {
  readonly wedge: Wedge<WedgeKeyEvent>;
  /** What was read, oldest first. */
  readonly scans: string[];
  /** Codes of the keys that went on to the page. */
  readonly typed: string[];
}

/** A scanner's strokes, press and release, are this far apart. */
const STROKE_MS = 4;

/**
 * Does with the decoder what a page does. The codes are the kernel's. So is a person's pace; a
 * scanner's is set here, since an emulated keyboard beside other work has none that could be meant.
 */
class KeyReader implements Page {
  readonly wedge: Wedge<WedgeKeyEvent>;
  readonly scans: string[] = [];
  readonly typed: string[] = [];
  readonly #held = new Set<string>();
  #hasCapsLock: boolean = false;
  #rest = Buffer.alloc(0);
  #pace: 'kernel' | 'scanner' = 'kernel';
  #lastMs = 0;

  constructor(settings: WedgeSettings) {
    this.wedge = createWedge<WedgeKeyEvent>(settings);
  }

  /** From now on strokes come as from a scanner, some time after the last. */
  setScannerPace(): void {
    this.#pace = 'scanner';
    this.#lastMs += 1000;
  }

  read(chunk: Buffer): void {
    const bytes = Buffer.concat([this.#rest, chunk]);
    const whole = bytes.length - (bytes.length % EVENT_BYTES);
    for (let at = 0; at < whole; at += EVENT_BYTES) this.#event(bytes.subarray(at));
    this.#rest = bytes.subarray(whole);
  }

  /** Lets the silence after the last key pass. */
  silence(): void {
    for (let due = this.wedge.nextTickMs(); due !== null; due = this.wedge.nextTickMs()) {
      this.#take(this.wedge.tick(due + 1));
    }
  }

  #take({ release, scan }: { release: readonly WedgeKeyEvent[]; scan: string | null }): void {
    this.typed.push(...release.map(({ code }) => code));
    if (scan !== null) this.scans.push(scan);
  }

  #event(bytes: Buffer): void {
    const value = bytes.readInt32LE(20);
    if (bytes.readUInt16LE(16) !== EV_KEY || value === 2) return;
    const code = codes.get(bytes.readUInt16LE(18));
    if (code === undefined) throw new Error(`no name for key ${bytes.readUInt16LE(18)}`);
    const kernelMs =
      Number(bytes.readBigInt64LE(0)) * 1000 + Number(bytes.readBigInt64LE(8)) / 1000;
    const timeMs = this.#pace === 'kernel' ? kernelMs : this.#lastMs + STROKE_MS;
    this.#lastMs = timeMs;
    const down = value === 1;
    if (down) this.#held.add(code);
    else this.#held.delete(code);
    if (down && code === 'CapsLock') this.#hasCapsLock = !this.#hasCapsLock;
    const due = this.wedge.nextTickMs();
    if (due !== null && due < timeMs) this.#take(this.wedge.tick(due + 1));
    const shift = this.#held.has('ShiftLeft') || this.#held.has('ShiftRight');
    const alt = this.#held.has('AltLeft');
    // What a page sees as `key`: a character where the key types one, else the key's name.
    const isTyping = /^(Key|Digit|Numpad\d|Bracket|Minus|Equal|Semi|Quote|Comma|Per|Slash)/;
    const key = isTyping.test(code) ? 'x' : code;
    const outcome = this.wedge.key({
      ...{ code, key, shift, alt, timeMs, down },
      capsLock: this.#hasCapsLock,
    });
    this.#take(outcome);
    if (!outcome.hold && down) this.typed.push(code);
  }
}

/** A scanner that types, or a keyboard: USB has one kind for both. */
export async function keyboardDevice(lab: Lab, identity: UsbIdentity): Promise<LabDevice> {
  const device = await lab.devices.make(`keyboard${identity.serialNumber}`, {
    kind: 'hid',
    identity,
    interfaces: [
      { descriptor: keyboardDescriptor, reportBytes: KEYBOARD_REPORT_BYTES, isKeyboard: true },
    ],
  });
  lab.after(() => pullOut(device, 'input', identity));
  return device;
}

async function opened(lab: Lab, settings: Partial<WedgeSettings>) {
  const device = await keyboardDevice(lab, keyboard);
  const node = await plugIn(device, 'input', keyboard);
  const page = new KeyReader({ ...wedgeDefaults, ...settings });
  const child: ChildProcess = spawn('cat', [node], { stdio: ['ignore', 'pipe', 'ignore'] });
  lab.after(() => void child.kill('SIGKILL'));
  child.stdout?.on('data', (chunk: Buffer) => page.read(chunk));
  // Nothing says that the reader has the node open; a first Shift that arrives does.
  let count = 0;
  child.stdout?.on('data', () => {
    count += 1;
  });
  await until(async () => {
    await device.send([Uint8Array.of(2, 0, 0, 0, 0, 0, 0, 0), new Uint8Array(8)]);
    await pause(200);
    return count > 0;
  }, 'the reader of the keys');
  await pause(500);
  return { device, page };
}

/** The device has sent all; what the kernel still holds comes soon. */
async function strokesRead(page: KeyReader): Promise<void> {
  await pause(1500);
  page.silence();
}

function scans(
  what: string,
  strokes: readonly Uint8Array[],
  expected: string,
  settings: Partial<WedgeSettings> = {},
): Check {
  return {
    id: `wedge: ${what}`,
    async run(lab) {
      const { device, page } = await opened(lab, settings);
      page.setScannerPace();
      await device.send(strokes);
      await strokesRead(page);
      assert.deepEqual(page.scans, [expected], `typed instead: ${page.typed.join(' ')}`);
      assert.deepEqual(
        page.typed.filter((code) => !/^(Shift|Alt|CapsLock)/.test(code)),
        [],
        'nothing leaks',
      );
    },
  };
}

/** What a US scanner sends for the text is read back whatever this computer's layout is. */
const mixed = '[)>ABCdef-/.:;=_?';

const human: Check = {
  id: 'wedge: a person types, 60 to 150 ms a key',
  async run(lab) {
    const { device, page } = await opened(lab, {});
    for (const [index, report] of keystrokes('hello 4711\r').entries()) {
      await device.send(report);
      if (index % 2 === 1) await pause(60 + ((index * 37) % 90));
    }
    await pause(500);
    page.silence();
    assert.deepEqual(page.scans, []);
    const letters = ['KeyH', 'KeyE', 'KeyL', 'KeyL', 'KeyO', 'Space'];
    const digits = ['Digit4', 'Digit7', 'Digit1', 'Digit1', 'Enter'];
    assert.deepEqual(
      page.typed.filter((code) => !code.startsWith('Shift')),
      [...letters, ...digits],
    );
  },
};

const personThenScan: Check = {
  id: 'wedge: a person types, then a scan comes',
  async run(lab) {
    const { device, page } = await opened(lab, {});
    for (const character of 'ab') {
      await device.send(keystrokes(character));
      await pause(400);
    }
    page.setScannerPace();
    await device.send(keystrokes(`${EAN}\r`));
    await strokesRead(page);
    assert.deepEqual(page.scans, [EAN]);
    assert.deepEqual(
      page.typed.filter((code) => !code.startsWith('Shift')),
      ['KeyA', 'KeyB'],
    );
  },
};

export const wedgeChecks: readonly Check[] = [
  scans('an EAN, ended by Enter', keystrokes(`${EAN}\r`), EAN),
  scans('an EAN, ended by Tab', keystrokes(`${EAN}\t`), EAN),
  scans('an EAN without an end', keystrokes(EAN), EAN),
  scans('a US scanner: an AIM identifier and letters', keystrokes(`]C0${mixed}\r`), `]C0${mixed}`),
  // Set to Turkish Q, the scanner types i with the key of the apostrophe, and ü for a bracket.
  scans('a Turkish Q scanner', keystrokes("';[]123\r"), 'işğü123', { layout: 'turkish-q' }),
  scans('digits on the number pad', numpadStrokes(EAN), EAN),
  scans('Alt codes', [...altCodeStrokes('ABC123XY'), ...keystrokes('\r')], 'ABC123XY'),
  scans('Caps Lock is on', [...capsLockStroke(), ...keystrokes('ABCdef12\r')], 'ABCdef12'),
  human,
  personThenScan,
];
