// Goal: reports become whole scans, and nothing else does.
// Method: the bytes captured from real scanners (scanners.md §2.2), their damage, and the clock.
import { describe, expect, it } from 'vitest';
import type { ScannerCommands } from '#drivers/configuration.ts';
import { commandsFor } from '#drivers/scanner/feedback.ts';
import { parseHidDescriptor } from '#drivers/scanner/hid/hidDescriptor.ts';
import { createHidReports } from '#drivers/scanner/hid/hidReports.ts';
import type { ProtocolEvent, ScanProtocol } from '#drivers/scanner/protocol.ts';
import {
  encodeHidScan,
  type HidModel,
  hidDescriptorOf,
  hidModels,
} from '#drivers/virtual/hidScanner.ts';

function protocolOf(model: HidModel | null, commands: ScannerCommands = 'none'): ScanProtocol {
  const parsed = model === null ? null : parseHidDescriptor(hidDescriptorOf(model));
  return createHidReports({ layout: parsed?.layout ?? null, commands }, () => false);
}

/** `head`, zeros up to the 61st byte, `tail`: 64 bytes as they were captured. */
function captured(head: string, tail: string): Uint8Array {
  const [start, end] = [head, tail].map((hex) => Buffer.from(hex.replace(/\s/g, ''), 'hex'));
  const report = new Uint8Array(64);
  report.set(start ?? [], 0);
  report.set(end ?? [], 64 - (end?.length ?? 0));
  return report;
}

function said(events: readonly ProtocolEvent[]): string[] {
  return events.map((event) => {
    if (event.type === 'frame') return event.text;
    return event.type === 'unreadable' ? event.reason : event.type;
  });
}

function ascii(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

const upcHoneywell = captured('02 0c 5d4530 333036303330323039323233', '63 41 00');
const upcSymbol = captured('02 0c 00 5d5867 333036303330323039323233', '63 00');
const ean = '4006381333931';

describe('captured bytes', () => {
  it.for(['honeywell', null] as const)('reads a UPC-A of Honeywell, layout %s', (model) => {
    const event = protocolOf(model).push(upcHoneywell, 7)[0];
    expect(event).toEqual({
      type: 'frame',
      text: ']E0306030209223',
      startedAtMs: 7,
      endedAtMs: 7,
    });
  });

  it.for(['symbol', null] as const)('reads the same of Symbol, layout %s', (model) => {
    expect(said(protocolOf(model).push(upcSymbol, 0))).toEqual([']Xg306030209223']);
  });

  it('joins a long QR code of Honeywell', () => {
    const protocol = protocolOf('honeywell');
    const part = 'a'.repeat(56);
    const first = captured(`02 38 5d5131 ${Buffer.from(part).toString('hex')}`, '73 31 01');
    const tail = Buffer.from('b'.repeat(53)).toString('hex');
    const last = captured(`02 35 5d5131 ${tail} 000000`, '73 31 00');
    expect(protocol.push(first, 0)).toEqual([]);
    expect(protocol.heldBytes()).toBe(56);
    expect(said(protocol.push(last, 4))).toEqual([`]Q1${part}${'b'.repeat(53)}`]);
    expect(protocol.heldBytes()).toBe(0);
    expect(protocol.expiresAtMs()).toBeNull();
  });

  it('takes the answer of a Newland for no scan', () => {
    const answer = captured('02 0e 02 00 00 08', '00');
    for (const model of ['honeywell', 'symbol', null] as const) {
      expect(said(protocolOf(model).push(answer, 0))).toEqual(['noise']);
    }
  });
});

describe.for(hidModels)('whole scans, %s layout', (model) => {
  it.for([8, 12, 13, 18, 55, 56, 57, 112, 140, 4000, 4096])('reads %i bytes', (length) => {
    const protocol = protocolOf(model);
    const text = Array.from({ length }, (_one, index) => index % 10).join('');
    const output = encodeHidScan(model, ascii(text)).flatMap((report) => protocol.push(report, 0));
    expect(said(output)).toEqual([`]E0${text}`]);
  });

  it('says too-long once beyond 4 KiB, then reads on', () => {
    const protocol = protocolOf(model);
    const reports = encodeHidScan(model, ascii('7'.repeat(20_000)));
    expect(said(reports.flatMap((report) => protocol.push(report, 0)))).toEqual(['too-long']);
    const [next] = encodeHidScan(model, ascii(ean));
    expect(said(protocol.push(next ?? new Uint8Array(), 9))).toEqual([`]E0${ean}`]);
  });

  it('takes off a suffix that it was set to add, and reads GS, UTF-8 and Latin-1', () => {
    const protocol = protocolOf(model);
    for (const [sent, read] of [
      [`${ean}\r\n`, ean],
      [`\u0002${ean}\u0003`, ean],
      ['0112345678901231\u001d10X', '0112345678901231\u001d10X'],
      ['Çay ₺', 'Çay ₺'],
    ] as const) {
      const output = encodeHidScan(model, ascii(sent)).flatMap((one) => protocol.push(one, 0));
      expect(said(output)).toEqual([`]E0${read}`]);
    }
    const [latin] = encodeHidScan(model, Uint8Array.of(0x4d, 0xfc, 0x6c, 0x6c));
    expect(said(protocol.push(latin ?? upcHoneywell, 0))).toEqual([']E0Müll']);
  });

  it('says noise for NUL, a line end within, and a lone mark of a frame', () => {
    const protocol = protocolOf(model);
    for (const bytes of [ascii('40\0'), ascii('40\r06'), ascii('\u000240')]) {
      const output = encodeHidScan(model, bytes).flatMap((one) => protocol.push(one, 0));
      expect(said(output)).toEqual(['noise']);
    }
  });
});

describe('bad reports', () => {
  const change = (at: number, value: number): Uint8Array => {
    const report = upcHoneywell.slice();
    report[at] = value;
    return report;
  };

  it('leaves out the other reports of the device', () => {
    expect(protocolOf('honeywell').push(change(0, 3), 0)).toEqual([]);
  });

  it('says noise for every count that the report cannot hold', () => {
    const protocol = protocolOf('honeywell');
    for (let count = 57; count <= 255; count += 1) {
      expect(said(protocol.push(change(1, count), 0))).toEqual(['noise']);
    }
    const symbol = upcSymbol.slice();
    symbol[2] = 1;
    expect(said(protocolOf('symbol').push(symbol, 0))).toEqual(['noise']);
  });

  it('says incomplete for a count of 0, and noise without an identifier', () => {
    expect(said(protocolOf('honeywell').push(change(1, 0), 0))).toEqual(['incomplete']);
    expect(said(protocolOf('honeywell').push(change(2, 0x20), 0))).toEqual(['noise']);
    expect(said(protocolOf('honeywell').push(change(4, 0x20), 0))).toEqual(['noise']);
  });

  it('says noise for a short report', () => {
    const protocol = protocolOf('honeywell');
    for (const length of [1, 2, 4, 16, 63]) {
      expect(said(protocol.push(upcHoneywell.subarray(0, length), 0))).toEqual(['noise']);
    }
    expect(protocol.push(new Uint8Array(), 0)).toEqual([]);
  });

  it('leaves out the rest of a scan that was spoiled midway', () => {
    const protocol = protocolOf('honeywell');
    const [first, second, third] = encodeHidScan('honeywell', ascii('1'.repeat(140)));
    const spoilt = second?.slice() ?? new Uint8Array();
    spoilt[1] = 200;
    expect(protocol.push(first ?? spoilt, 0)).toEqual([]);
    expect(said(protocol.push(spoilt, 0))).toEqual(['noise']);
    expect(protocol.push(third ?? spoilt, 0)).toEqual([]);
    expect(said(protocol.push(upcHoneywell, 0))).toEqual([']E0306030209223']);
  });
});

describe('scans that do not end', () => {
  const [first, last] = encodeHidScan('honeywell', ascii('1'.repeat(60)));

  it('drops one after 500 ms, and not before', () => {
    const protocol = protocolOf('honeywell');
    protocol.push(first ?? upcHoneywell, 100);
    expect(protocol.expiresAtMs()).toBe(600);
    expect(protocol.tick(599)).toEqual([]);
    expect(said(protocol.tick(600))).toEqual(['incomplete']);
    expect(protocol.expiresAtMs()).toBeNull();
    expect(said(protocol.push(upcHoneywell, 700))).toEqual([']E0306030209223']);
  });

  it('drops one that is followed too late, without a tick in between', () => {
    const protocol = protocolOf('honeywell');
    protocol.push(first ?? upcHoneywell, 0);
    expect(said(protocol.push(upcHoneywell, 500))).toEqual(['incomplete', ']E0306030209223']);
  });

  it('drops one at an unplug, and when another identifier comes', () => {
    const protocol = protocolOf('honeywell');
    protocol.push(first ?? upcHoneywell, 0);
    expect(said(protocol.end())).toEqual(['incomplete']);
    protocol.push(first ?? upcHoneywell, 0);
    const [other] = encodeHidScan('honeywell', ascii('X1'), { aim: ']Q1' });
    expect(said(protocol.push(other ?? upcHoneywell, 1))).toEqual(['incomplete', ']Q1X1']);
    expect(said(protocol.push(last ?? upcHoneywell, 2))).toEqual([']E01111']);
  });
});

describe('commands', () => {
  const answerOf = (aim: string) => encodeHidScan('honeywell', ascii('2123D1\u0006'), { aim })[0];
  const text = encodeHidScan('honeywell', ascii('REV 1'), { aim: ']X0' })[0] ?? upcHoneywell;

  it('beeps a Honeywell by its output report, and no other maker', () => {
    const beep = protocolOf('honeywell', 'honeywell').feedback('good', 0);
    expect(beep?.map((one) => Buffer.from(one).toString('hex'))).toEqual(['fd0316070d']);
    expect(protocolOf('honeywell', 'honeywell').feedback('bad', 0)).toBeNull();
    expect(protocolOf('symbol', 'none').feedback('good', 0)).toBeNull();
    expect(commandsFor('hid')).toEqual(['none', 'honeywell']);
    for (const commands of ['datalogic', 'cipherlab'] as const) {
      expect(protocolOf('symbol', commands).feedback('good', 0)).toBeNull();
    }
  });

  it('takes ]Z6 for no scan, ever', () => {
    expect(protocolOf('honeywell').push(answerOf(']Z6') ?? upcHoneywell, 0)).toEqual([]);
  });

  it('takes ]X0 for no scan for a second after a command, and for one otherwise', () => {
    const protocol = protocolOf('honeywell', 'honeywell');
    expect(said(protocol.push(text, 0))).toEqual([']X0REV 1']);
    protocol.feedback('good', 1000);
    expect(protocol.push(text, 1999)).toEqual([]);
    expect(said(protocol.push(text, 2000))).toEqual([']X0REV 1']);
  });

  it('takes ]X0 for a scan again once the answer ended', () => {
    const protocol = protocolOf('honeywell', 'honeywell');
    protocol.feedback('good', 0);
    expect(protocol.push(text, 30)).toEqual([]);
    expect(protocol.push(answerOf(']Z6') ?? upcHoneywell, 35)).toEqual([]);
    expect(said(protocol.push(text, 400))).toEqual([']X0REV 1']);
  });

  it('takes what began before the command for no answer', () => {
    const protocol = protocolOf('honeywell', 'honeywell');
    const [first, last] = encodeHidScan('honeywell', ascii('1'.repeat(60)), { aim: ']X0' });
    protocol.push(first ?? upcHoneywell, 0);
    protocol.feedback('good', 2);
    expect(said(protocol.push(last ?? upcHoneywell, 4))).toEqual([`]X0${'1'.repeat(60)}`]);
  });

  it('tells an answer from a scan where the device sends no identifiers', () => {
    const known = parseHidDescriptor(hidDescriptorOf('honeywell'))?.layout ?? null;
    if (known === null) throw new Error('no layout');
    const layout = { ...known, aimOffsets: null };
    const protocol = createHidReports({ layout, commands: 'honeywell' }, () => false);
    const pushed = (sent: string, timeMs: number): string[] => {
      const [report = upcHoneywell] = encodeHidScan('honeywell', ascii(sent));
      return said(protocol.push(report, timeMs));
    };
    protocol.feedback('good', 0);
    expect(pushed('\u0016\u0007\r', 20)).toEqual([]);
    expect(pushed('2123D1\u0006', 40)).toEqual([]);
    expect(pushed(ean, 60)).toEqual([ean]);
    expect(pushed('2123D1\u0006', 1000)).toEqual(['noise']);
  });

  it('reports a spoilt scan, though a command waits', () => {
    const protocol = protocolOf('honeywell', 'honeywell');
    protocol.feedback('good', 0);
    expect(said(protocol.push(upcHoneywell.with(1, 99), 300))).toEqual(['noise']);
  });

  it('reports no noise for an answer without an identifier', () => {
    const protocol = protocolOf('honeywell', 'honeywell');
    protocol.feedback('good', 0);
    expect(protocol.push(captured('02 0e 02 00 00 08', '00'), 5)).toEqual([]);
  });
});

it('shows each report on the device screen while that is open', () => {
  const protocol = createHidReports({ layout: null, commands: 'none' }, () => true);
  const [read, frame] = protocol.push(upcHoneywell, 0);
  expect(frame?.type).toBe('frame');
  expect(read).toEqual({
    type: 'read',
    read: { bytes: upcHoneywell, byteCount: 64, durationMs: 0, ending: 'packet' },
  });
});
