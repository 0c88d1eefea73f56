// Owns the language of a HID POS scanner: reports in, whole scans out. Pure.
import type { ScannerCommands } from '#drivers/configuration.ts';
import { commandsFor, feedbackCommand } from '#drivers/scanner/feedback.ts';
import { guessHidLayout, type HidLayout } from '#drivers/scanner/hid/hidDescriptor.ts';
import {
  type ProtocolEvent,
  type RawRead,
  rawBytesMax,
  type ScanProtocol,
} from '#drivers/scanner/protocol.ts';
import { frameBytesMax } from '#drivers/scanner/serial/framer.ts';
import { decodeChecked } from '#drivers/scanner/text.ts';

export interface HidReportSettings {
  /** From the report descriptor; null where the system does not show it. */
  readonly layout: HidLayout | null;
  readonly commands: ScannerCommands;
}

/** A continued report follows at once; what does not come within this was lost. */
const continuationMs = 500;
/** So long after a command, and up to `]Z6`, text under `]X0` is its answer, nobody's number. */
const answerMs = 1000;

/** Honeywell's output report for a command: this id, the length, the bytes (python_hon_usbhid). */
const commandReportId = 0xfd;

const stx = 0x02;
const etx = 0x03;
/** ENQ, ACK and NAK: how Honeywell's end an answer; no scan holds one. */
const answerEnds: readonly number[] = [0x05, 0x06, 0x15];
const bracket = 0x5d;

interface State {
  readonly settings: HidReportSettings;
  readonly held: Uint8Array;
  length: number;
  /** Null while no scan is going on. */
  chain: { readonly aim: string; readonly startedAtMs: number } | null;
  /** The rest of a spoiled scan is left out: it would look like a whole one. */
  isSkipping: boolean;
  lastReportMs: number;
  /** The last command, until its answer ends. */
  command: { readonly bytes: Uint8Array; readonly sentAtMs: number } | null;
}

interface Part {
  /** The AIM identifier, or an empty string where the descriptor has none. */
  readonly aim: string;
  readonly bytes: Uint8Array;
  readonly isContinued: boolean;
}

type ReadReport =
  | { readonly type: 'part'; readonly part: Part }
  /** Another report of the device: its battery, its settings. */
  | { readonly type: 'other' }
  /** `hasIdentifier` when it begins like a scan, and so is no answer to a command. */
  | { readonly type: 'bad'; readonly isContinued: boolean; readonly hasIdentifier: boolean };

const identifier = /^\][A-Za-z][0-9A-Za-z]$/;

function withoutPadding(bytes: Uint8Array): Uint8Array {
  let { length } = bytes;
  while (length > 0 && bytes[length - 1] === 0) length -= 1;
  return bytes.subarray(0, length);
}

function usedBytes(layout: HidLayout, report: Uint8Array): Uint8Array | null {
  const { count, data } = layout;
  const field = report.subarray(data.offset, data.offset + data.sizeBytes);
  if (count === null) return withoutPadding(field);
  const low = report[count.offset];
  const high = count.sizeBytes === 2 ? report[count.offset + 1] : 0;
  if (low === undefined || high === undefined) return null;
  const used = high * 256 + low;
  return used > field.length ? null : field.subarray(0, used);
}

function readReport(layout: HidLayout | null, report: Uint8Array): ReadReport {
  if (layout === null) {
    return { type: 'bad', isContinued: false, hasIdentifier: false };
  }
  const { reportId, continued, aimOffsets } = layout;
  if (reportId !== null && report[0] !== reportId) return { type: 'other' };
  const flags = continued === null ? 0 : report[continued.offset];
  const isContinued = ((flags ?? 0) & (continued?.mask ?? 0)) !== 0;
  const bytes = usedBytes(layout, report);
  const aim = (aimOffsets ?? []).map((at) => String.fromCharCode(report[at] ?? 0)).join('');
  const isKnown = aimOffsets === null || identifier.test(aim);
  if (flags === undefined || bytes === null || !isKnown) {
    const hasIdentifier = aimOffsets === null || report[aimOffsets[0]] === bracket;
    return { type: 'bad', isContinued, hasIdentifier };
  }
  return { type: 'part', part: { aim, bytes, isContinued } };
}

/** The scan's text, what a scanner may be set to add taken off; null when it is none. */
function decode(bytes: Uint8Array): string | null {
  const isFramed = bytes[0] === stx && bytes.at(-1) === etx;
  return decodeChecked(isFramed ? bytes.subarray(1, -1) : bytes);
}

function drop(state: State): void {
  state.length = 0;
  state.chain = null;
}

/** A report for the device screen; the device's other reports are shown as well. */
function toRead(report: Uint8Array): RawRead {
  const bytes = report.slice(0, rawBytesMax);
  return { bytes, byteCount: report.length, durationMs: 0, ending: 'packet' };
}

/** Drops a scan whose rest did not come. */
function expire(state: State, timeMs: number, output: ProtocolEvent[]): void {
  if (timeMs - state.lastReportMs < continuationMs) return;
  if (state.chain !== null) output.push({ type: 'unreadable', reason: 'incomplete' });
  drop(state);
  state.isSkipping = false;
}

/** Whether an answer to `command` may come at `timeMs`: a scan before it is none. */
function isPending(
  command: State['command'],
  timeMs: number,
): command is NonNullable<typeof command> {
  if (command === null) return false;
  return timeMs >= command.sentAtMs && timeMs - command.sentAtMs < answerMs;
}

/** `]Z6` always ends an answer; `]X0` is one only while a command waits for it. */
function isAnswer(command: State['command'], aim: string, bytes: Uint8Array, timeMs: number) {
  if (aim === ']Z6') return true;
  if (!isPending(command, timeMs)) return false;
  if (aim === ']X0') return true;
  // Without identifiers only what is said tells a scan from an answer.
  const isEcho = command.bytes.every((byte, at) => byte === bytes[at]);
  return aim === '' && (isEcho || answerEnds.some((byte) => bytes.includes(byte)));
}

function finish(state: State, chain: NonNullable<State['chain']>, output: ProtocolEvent[]): void {
  const { aim, startedAtMs } = chain;
  const bytes = state.held.subarray(0, state.length);
  drop(state);
  if (isAnswer(state.command, aim, bytes, startedAtMs)) {
    if (aim === ']Z6') state.command = null;
    return;
  }
  const body = decode(bytes);
  if (body === null) {
    output.push({ type: 'unreadable', reason: 'noise' });
    return;
  }
  if (body === '') {
    output.push({ type: 'unreadable', reason: 'incomplete' });
    return;
  }
  output.push({ type: 'frame', text: aim + body, startedAtMs, endedAtMs: state.lastReportMs });
}

function takePart(state: State, part: Part, timeMs: number, output: ProtocolEvent[]): void {
  if (state.isSkipping) {
    state.isSkipping = part.isContinued;
    return;
  }
  if (state.chain !== null && state.chain.aim !== part.aim) {
    output.push({ type: 'unreadable', reason: 'incomplete' });
    drop(state);
  }
  const chain = state.chain ?? { aim: part.aim, startedAtMs: timeMs };
  if (state.length + part.bytes.length > frameBytesMax) {
    drop(state);
    state.isSkipping = part.isContinued;
    output.push({ type: 'unreadable', reason: 'too-long' });
    return;
  }
  state.held.set(part.bytes, state.length);
  state.length += part.bytes.length;
  state.chain = chain;
  if (!part.isContinued) finish(state, chain, output);
}

function takeBad(
  state: State,
  { isContinued, hasIdentifier }: ReadReport & { readonly type: 'bad' },
  timeMs: number,
  output: ProtocolEvent[],
): void {
  // Some answer without an identifier (Newland: `02 0e 02 00 00 08 …`).
  const mayBeAnswer = !hasIdentifier && isPending(state.command, timeMs);
  const isReported = !state.isSkipping && !(mayBeAnswer && state.chain === null);
  drop(state);
  state.isSkipping = isContinued;
  if (isReported) output.push({ type: 'unreadable', reason: 'noise' });
}

function push(state: State, report: Uint8Array, timeMs: number): readonly ProtocolEvent[] {
  const output: ProtocolEvent[] = [];
  expire(state, timeMs, output);
  const read = readReport(state.settings.layout ?? guessHidLayout(report), report);
  if (read.type === 'other') return output;
  state.lastReportMs = timeMs;
  if (read.type === 'bad') takeBad(state, read, timeMs, output);
  else takePart(state, read.part, timeMs, output);
  return output;
}

/** Each `push` takes exactly one input report, with its id where the device numbers them. */
export function createHidReports(
  settings: HidReportSettings,
  isTracing: () => boolean,
): ScanProtocol {
  const state: State = {
    settings,
    held: new Uint8Array(frameBytesMax),
    length: 0,
    chain: null,
    isSkipping: false,
    lastReportMs: Number.NEGATIVE_INFINITY,
    command: null,
  };
  const isBusy = (): boolean => state.chain !== null || state.isSkipping;
  return {
    push(report, timeMs) {
      const events = push(state, report, timeMs);
      return isTracing() ? [{ type: 'read', read: toRead(report) }, ...events] : events;
    },
    tick(timeMs) {
      const output: ProtocolEvent[] = [];
      if (isBusy()) expire(state, timeMs, output);
      return output;
    },
    end() {
      const isHalf = state.chain !== null;
      drop(state);
      state.isSkipping = false;
      return isHalf ? [{ type: 'unreadable', reason: 'incomplete' }] : [];
    },
    expiresAtMs: () => (isBusy() ? state.lastReportMs + continuationMs : null),
    heldBytes: () => state.length,
    feedback(outcome, timeMs) {
      if (!commandsFor('hid').includes(settings.commands)) return null;
      const command = feedbackCommand(settings.commands, outcome, false);
      if (command === null) return null;
      state.command = { bytes: command, sentAtMs: timeMs };
      return [Uint8Array.of(commandReportId, command.length, ...command)];
    },
  };
}
