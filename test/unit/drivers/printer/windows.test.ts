// Goal: what is asked of Windows' spooler and of usbprint, in which order, and what its answers
// mean. Method: calls and answers written down from Microsoft's pages, replayed; no Windows here.
import * as koffi from 'koffi';
import { describe, expect, it } from 'vitest';
import type { DeviceError } from '#drivers/device.ts';
import { parseAddress } from '#drivers/deviceAddress.ts';
import type { Connection, Transport } from '#drivers/printer/wire/transport.ts';
import type { SpoolerCalls, UsbPrintCalls } from '#drivers/printer/wire/windowsCalls.ts';
import { declareTypes } from '#drivers/printer/wire/windowsKoffi.ts';
import { windowsSpoolerTransport } from '#drivers/printer/wire/windowsSpooler.ts';
import { parseUsbPrintKeys, usbPrintTransport } from '#drivers/printer/wire/windowsUsb.ts';
import { createManualTimers, type ManualTimers } from '#test/support/manualTimers.ts';
import { type RecordedCall, replay } from '#test/support/recordedCalls.ts';
import { recordedCommands } from '#test/support/recordedCommands.ts';

const printer = 77n;
const bytes = Uint8Array.of(1, 2, 3);
const opening = { call: 'openPrinter', args: ['Receipts'], answer: printer };
const starting = { call: 'startDocument', args: [printer, 'Puan'], answer: 5 };
const writing = { call: 'writePrinter', args: [printer, bytes], answer: 3 };
const ending = { call: 'endDocument', args: [printer], answer: null };
const looking = { call: 'jobStatus', args: [printer, 5] };
const deleting = { call: 'deleteJob', args: [printer, 5], answer: null };
const closing = { call: 'closePrinter', args: [printer], answer: null };

interface Spooled {
  readonly calls: ReturnType<typeof replay<SpoolerCalls>>;
  readonly timers: ManualTimers;
  readonly transport: Transport;
}

function spooler(...script: readonly RecordedCall[]): Spooled {
  const calls = replay<SpoolerCalls>(script);
  const timers = createManualTimers();
  return { calls, timers, transport: windowsSpoolerTransport('Receipts', calls, timers) };
}

async function connected(transport: Transport): Promise<Connection> {
  const opened = await transport.connect(1000);
  if (!opened.ok) throw new Error(opened.error.detail);
  return opened.value;
}

async function settle<T>(timers: ManualTimers, promise: Promise<T>): Promise<T> {
  await timers.advance(3000);
  return promise;
}

/** Prints three bytes and ends: what both steps answered. */
async function printOn(spooled: Spooled): Promise<readonly (DeviceError | null)[]> {
  const connection = await connected(spooled.transport);
  const written = await connection.write(bytes);
  const ended = await settle(spooled.timers, connection.end(2000));
  expect(spooled.calls.surprises).toEqual([]);
  expect(spooled.calls.left()).toEqual([]);
  expect(spooled.timers.pendingCount()).toBe(0);
  return [written, ended];
}

describe('the spooler of Windows', () => {
  it('takes a RAW document and looks until the job is gone from the queue', async () => {
    const spooled = spooler(
      ...[opening, starting, writing, ending],
      ...[{ ...looking, answer: 0x10 }, { ...looking, fault: 87 }, closing],
    );
    expect(await printOn(spooled)).toEqual([null, null]);
  });

  it('believes a job that is well for two seconds, however long it may take', async () => {
    const looks = Array.from({ length: 11 }, () => ({ ...looking, answer: 0x10 }));
    const { calls, timers, transport } = spooler(
      ...[opening, starting, writing, ending, ...looks, closing],
    );
    const connection = await connected(transport);
    expect(await connection.write(bytes)).toBeNull();
    const ended = connection.end(30_000);
    await timers.advance(2100);
    expect(await Promise.race([ended, Promise.resolve('waits')])).toBeNull();
    expect(calls.surprises).toEqual([]);
    expect(calls.left()).toEqual([]);
  });

  it('makes no job for a session without bytes', async () => {
    const { calls, timers, transport } = spooler(opening, closing);
    const connection = await connected(transport);
    expect(await settle(timers, connection.end(2000))).toBeNull();
    expect(calls.left()).toEqual([]);
    expect(calls.surprises).toEqual([]);
  });

  it('writes the rest where a part was taken', async () => {
    const rest = { call: 'writePrinter', args: [printer, bytes.subarray(1)], answer: 2 };
    const spooled = spooler(
      ...[opening, starting, { ...writing, answer: 1 }, rest, ending],
      ...[{ ...looking, answer: 0x80 }, closing],
    );
    expect(await printOn(spooled)).toEqual([null, null]);
  });

  it.each([
    ['error', 0x2, 'offline'],
    ['offline', 0x20, 'offline'],
    ['paper out', 0x40, 'paper-out'],
    ['blocked', 0x200, 'offline'],
    ['user intervention', 0x400, 'paper-out'],
  ])('deletes a job that is in trouble (%s), lest it be sent again', async (_what, bits, code) => {
    const spooled = spooler(
      ...[opening, starting, writing, ending],
      ...[{ ...looking, answer: bits }, deleting, closing],
    );
    expect(await printOn(spooled)).toMatchObject([null, { code }]);
  });

  it('deletes a job of which the spooler takes no more', async () => {
    const spooled = spooler(opening, starting, { ...writing, fault: 1167 }, deleting, closing);
    const losses: DeviceError[] = [];
    const connection = await connected(spooled.transport);
    connection.onLost((error) => losses.push(error));
    expect(await connection.write(bytes)).toMatchObject({ code: 'offline' });
    expect(losses).toHaveLength(1);
    expect(await settle(spooled.timers, connection.end(2000))).toMatchObject({ code: 'offline' });
    expect(spooled.calls.left()).toEqual([]);
  });

  it('deletes a job that the till cut short, instead of ending its document', async () => {
    const abandoned = spooler(opening, starting, writing, deleting, closing);
    const connection = await connected(abandoned.transport);
    expect(await connection.write(bytes)).toBeNull();
    const closed = { code: 'closed', detail: 'the till closed the printer' } as const;
    connection.abandon?.(closed);
    expect(await settle(abandoned.timers, connection.end(2000))).toEqual(closed);
    expect(abandoned.calls.left()).toEqual([]);
    expect(abandoned.calls.surprises).toEqual([]);
  });

  it('deletes a job whose last bytes are still under way at the end', async () => {
    const pending = spooler(opening, starting, writing, deleting, closing);
    const connection = await connected(pending.transport);
    expect(await connection.write(bytes)).toBeNull();
    const written = connection.write(bytes);
    expect(await settle(pending.timers, connection.end(2000))).toMatchObject({ code: 'timeout' });
    expect(await written).toMatchObject({ code: 'timeout' });
    expect(pending.calls.left()).toEqual([]);
    expect(pending.calls.surprises).toEqual([]);
  });

  it('leaves a slow job to the spooler at the deadline', async () => {
    const looks = Array.from({ length: 11 }, () => ({ ...looking, answer: 0x10 }));
    const spooled = spooler(opening, starting, writing, ending, ...looks, closing);
    expect(await printOn(spooled)).toEqual([null, null]);
  });

  it.each([
    [1801, 'no-hardware'],
    [5, 'failure'],
    [1722, 'offline'],
  ])('error %i at opening means %s', async (fault, code) => {
    const { transport, timers } = spooler({ ...opening, fault });
    expect(await transport.connect(1000)).toMatchObject({ ok: false, error: { code } });
    expect(timers.pendingCount()).toBe(0);
  });
});

const path = '\\\\?\\USB#VID_04B8&PID_0E15#J5AF01#{28d78fad-5a12-11d1-ae5b-0000f803a8c2}';
const registry = [
  'HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\DeviceClasses\\' +
    '{28d78fad-5a12-11d1-ae5b-0000f803a8c2}',
  `    ##?#${path.slice(4)}`,
  'HKEY_LOCAL_MACHINE\\x\\##?#USB#VID_0FE6&PID_811E#6&2a9f3c1&0&2#' +
    '{28d78fad-5a12-11d1-ae5b-0000f803a8c2}',
  '',
].join('\r\n');

describe('usbprint', () => {
  it('knows each printer by its key in the registry', () => {
    expect(parseUsbPrintKeys(registry)).toEqual([
      {
        path,
        vendorId: '04b8',
        productId: '0e15',
        serialNumber: 'J5AF01',
        usbPlace: null,
        name: null,
      },
      {
        path: '\\\\?\\USB#VID_0FE6&PID_811E#6&2a9f3c1&0&2#{28d78fad-5a12-11d1-ae5b-0000f803a8c2}',
        vendorId: '0fe6',
        productId: '811e',
        serialNumber: null,
        usbPlace: '6&2a9f3c1&0&2',
        name: null,
      },
    ]);
  });

  const device = 9n;
  const [read, firstWrite] = [{ name: 'read' }, { name: 'write' }];
  const none = new Uint8Array(0);
  const query = [
    'query',
    'HKLM\\SYSTEM\\CurrentControlSet\\Control\\DeviceClasses\\' +
      '{28d78fad-5a12-11d1-ae5b-0000f803a8c2}',
  ];
  const outcome = { exitCode: 0, output: registry, complaint: '' };

  /** Reads and writes come in any order: each transfer answers for itself. */
  function usbPrintDevice(overrides: Partial<UsbPrintCalls>): UsbPrintCalls {
    const answered = <T>(value: T) => Promise.resolve({ ok: true as const, value });
    return {
      openDevice: () => answered(device),
      startRead: () => answered(read),
      startWrite: () => answered(firstWrite),
      finish: (_device, transfer) => answered(transfer === read ? null : { count: 3, bytes: none }),
      cancel: () => answered(null),
      closeDevice: () => answered(null),
      ...overrides,
    };
  }

  it('opens what the registry names, writes, hears, and finishes before it closes', async () => {
    const log: string[] = [];
    let answers = 0;
    const calls = usbPrintDevice({
      openDevice(name) {
        log.push(name);
        return Promise.resolve({ ok: true, value: device });
      },
      finish(_device, transfer) {
        if (transfer !== read) {
          return Promise.resolve({ ok: true, value: { count: 3, bytes: none } });
        }
        answers += 1;
        if (log.includes('cancel')) {
          return Promise.resolve({ ok: false, error: { call: 'finish', code: 995 } });
        }
        const value = answers === 1 ? { count: 1, bytes: Uint8Array.of(0x12) } : null;
        return Promise.resolve({ ok: true, value });
      },
      cancel() {
        log.push('cancel');
        return Promise.resolve({ ok: true, value: null });
      },
      closeDevice() {
        log.push('close');
        return Promise.resolve({ ok: true, value: null });
      },
    });
    const timers = createManualTimers();
    const commands = recordedCommands([{ program: 'reg', args: query, outcome }]);
    const place = parseAddress('usb:04b8:0e15:J5AF01');
    const connection = await connected(usbPrintTransport(place, calls, commands, timers));
    const heard: number[] = [];
    connection.onData((chunk) => heard.push(...chunk));
    expect(await settle(timers, connection.write(bytes))).toBeNull();
    expect(await settle(timers, connection.end(1000))).toBeNull();
    expect(heard).toEqual([0x12]);
    expect(log).toEqual([path, 'cancel', 'close']);
    expect(timers.pendingCount()).toBe(0);
  });

  it.each([
    ['was unplugged', { ok: false, error: { call: 'finish', code: 1167 } } as const],
    ['took a part of a block', { ok: true, value: { count: 2, bytes: none } } as const],
  ])('is lost when the printer %s', async (_what, answer) => {
    const calls = usbPrintDevice({
      finish: (_device, transfer) =>
        Promise.resolve(transfer === read ? { ok: true, value: null } : answer),
    });
    const timers = createManualTimers();
    const place = { type: 'path', path } as const;
    const commands = recordedCommands([]);
    const connection = await connected(usbPrintTransport(place, calls, commands, timers));
    const written = connection.write(bytes);
    expect(await settle(timers, written)).toMatchObject({ code: 'offline' });
  });

  it.each([
    [2, 'no-hardware'],
    [32, 'claimed-elsewhere'],
    [5, 'claimed-elsewhere'],
  ])('error %i at opening means %s', async (code, meaning) => {
    const calls = usbPrintDevice({
      openDevice: () => Promise.resolve({ ok: false, error: { call: 'CreateFileW', code } }),
    });
    const place = { type: 'path', path } as const;
    const transport = usbPrintTransport(place, calls, recordedCommands([]), createManualTimers());
    expect(await transport.connect(100)).toMatchObject({ ok: false, error: { code: meaning } });
  });

  it('names the printer that the registry does not have', async () => {
    const commands = recordedCommands([{ program: 'reg', args: query, outcome }]);
    const place = parseAddress('usb:1111:2222');
    const calls = usbPrintDevice({});
    const transport = usbPrintTransport(place, calls, commands, createManualTimers());
    const opened = await transport.connect(100);
    expect(opened).toMatchObject({ ok: false, error: { code: 'no-hardware' } });
    if (!opened.ok) expect(opened.error.detail).toContain('1111:2222');
  });
});

describe('the declarations of Windows’ calls', () => {
  it('are understood by koffi', () => {
    const prototypes = declareTypes(koffi);
    expect(prototypes.length).toBeGreaterThan(10);
    for (const prototype of prototypes) {
      expect(() => koffi.proto(prototype), prototype).not.toThrow();
    }
  });
});
