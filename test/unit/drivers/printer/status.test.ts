// Goal: a printer's bytes mean what the manuals say, in whatever pieces they come. Method: bytes
// from the manuals (printing.md §3.1 to §3.4), whole, split, broken off and with noise between.
import { describe, expect, it } from 'vitest';
import {
  createReplyReader,
  decodeAutomatic,
  decodePaperSensor,
  decodeRealTime,
  stopReason,
} from '#drivers/printer/status.ts';

describe('status', () => {
  it.each([
    [{ printer: 0x12, offlineCause: 0x12, error: null, paper: 0x12 }, null],
    [{ printer: 0x16, offlineCause: 0x12, error: null, paper: 0x12 }, null],
    [{ printer: 0x12, offlineCause: 0x12, error: null, paper: 0x1e }, null],
    [{ printer: 0x1a, offlineCause: 0x32, error: null, paper: 0x7e }, 'paper-out'],
    [{ printer: 0x1a, offlineCause: 0x16, error: null, paper: 0x12 }, 'cover-open'],
    [{ printer: 0x1a, offlineCause: 0x36, error: null, paper: 0x7e }, 'cover-open'],
    [{ printer: 0x1a, offlineCause: 0x52, error: null, paper: 0x12 }, 'error'],
    [{ printer: 0x1a, offlineCause: 0x12, error: null, paper: 0x12 }, 'offline'],
  ] as const)('reads real-time answers %j as %s', (answers, reason) => {
    expect(stopReason(decodeRealTime(answers))).toBe(reason);
  });

  it.each([
    [[0x10, 0, 0, 0], null],
    [[0x14, 0, 3, 0], null],
    [[0x18, 0, 0x0f, 0], 'paper-out'],
    [[0x38, 0, 0, 0], 'cover-open'],
    [[0x18, 0x08, 0, 0], 'error'],
  ] as const)('reads automatic status %j as %s', (bytes, reason) => {
    expect(stopReason(decodeAutomatic(bytes))).toBe(reason);
  });

  const stream = [
    ...[0x12, 0x13, 0x18, 0x13, 0x00, 0x11, 0x0f, 0x00],
    ...[0x37, 0x22, 0x30, 0x30, 0x30, 0x37, 0x00, 0x00],
    ...[0x37, 0x25, 0x00, 0x5f, 0x54, 0x4d, 0x00, 0x37, 0x23, 0x40, 0x00, 0x7e],
  ];
  const replies = [
    { type: 'realTime', byte: 0x12 },
    { type: 'automatic', bytes: [0x18, 0, 0x0f, 0] },
    { type: 'processId', id: '0007' },
    { type: 'transmitted', byte: 0 },
    { type: 'block', text: '7%' },
    { type: 'block', text: '_TM' },
    { type: 'block', text: '7#@' },
    { type: 'realTime', byte: 0x7e },
  ];

  it('tells replies apart in one piece and byte by byte', () => {
    expect(createReplyReader().push(Uint8Array.from(stream))).toEqual(replies);
    const reader = createReplyReader();
    expect(stream.flatMap((byte) => reader.push(Uint8Array.of(byte)))).toEqual(replies);
  });

  it('drops a reply that breaks off and a block without end', () => {
    const reader = createReplyReader();
    const broken = [0x10, 0x00, 0x12, ...[0x37, ...new Array<number>(200).fill(0x41)], 0x16];
    const types = reader.push(Uint8Array.from(broken)).map((reply) => reply.type);
    expect(types[0]).toBe('realTime');
    expect(types.at(-1)).toBe('realTime');
  });

  it('starts again at the byte that breaks a block', () => {
    const read = (bytes: readonly number[]) => createReplyReader().push(Uint8Array.from(bytes));
    // An id of five bytes is none, and what follows it is read for itself.
    expect(read([0x37, 0x22, 0x30, 0x30, 0x30, 0x30, 0x30, 0x12])).toEqual([
      { type: 'realTime', byte: 0x12 },
    ]);
    expect(read([0x5f, 0x54, 0x10, 0, 0, 0])).toEqual([
      { type: 'automatic', bytes: [0x10, 0, 0, 0] },
    ]);
    expect(read([0x37, 0x22, 0x30, 0x00])).toEqual([]);
  });

  it('reads the cause of an error, near end and the drawer pin', () => {
    const bad = { printer: 0x1e, offlineCause: 0x52, paper: 0x1e };
    expect(decodeRealTime({ ...bad, error: 0x1a })).toMatchObject({
      errorCause: 'cutter',
      isPaperNearEnd: true,
      isDrawerPinHigh: true,
    });
    expect(decodeRealTime({ ...bad, error: 0x3a }).errorCause).toBe('unrecoverable');
    expect(decodeRealTime({ ...bad, error: 0x52 }).errorCause).toBe('auto-recoverable');
    expect(decodeRealTime({ ...bad, error: null }).errorCause).toBe('other');
    expect(decodeRealTime({ ...bad, offlineCause: 0x12, error: 0x1a }).errorCause).toBeNull();
    expect(decodeAutomatic([0x1c, 0x08, 0x03, 0])).toMatchObject({
      errorCause: 'cutter',
      isPaperNearEnd: true,
      isPaperOut: false,
      isDrawerPinHigh: true,
    });
    expect(decodeAutomatic([0x18, 0x04, 0, 0]).errorCause).toBe('other');
    expect(stopReason(decodePaperSensor(0x0f))).toBe('paper-out');
    expect(stopReason(decodePaperSensor(0x03))).toBeNull();
  });
});
