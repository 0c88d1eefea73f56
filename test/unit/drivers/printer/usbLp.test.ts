// Goal: nothing is lost and nothing waits for ever at a usblp node, and a printer is found again
// under another name. Method: a model of the node with faults, and a folder that looks like /sys.
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DeviceError } from '#drivers/device.ts';
import { parseAddress } from '#drivers/deviceAddress.ts';
import type { Connection } from '#drivers/printer/wire/transport.ts';
import { listUsbPrinters, systemFolders, usbLpTransport } from '#drivers/printer/wire/usbLp.ts';
import { createManualTimers, type ManualTimers } from '#test/support/manualTimers.ts';
import { createUsblpModel, type UsblpModel } from '#test/support/usblpModel.ts';

const path = { type: 'path', path: '/dev/usb/lp0' } as const;

interface Session {
  readonly model: UsblpModel;
  readonly timers: ManualTimers;
  readonly connection: Connection;
  readonly losses: DeviceError[];
}

async function openSession(): Promise<Session> {
  const model = createUsblpModel();
  const timers = createManualTimers();
  const connected = await usbLpTransport(path, model, systemFolders, timers).connect(1000);
  if (!connected.ok) throw new Error(connected.error.detail);
  const losses: DeviceError[] = [];
  connected.value.onLost((error) => losses.push(error));
  return { model, timers, connection: connected.value, losses };
}

/** What a promise came to while time moved on, or `pending`. */
async function after<T>(timers: ManualTimers, promise: Promise<T>, durationMs: number) {
  let outcome: { readonly value: T } | 'pending' = 'pending';
  void promise.then((value) => {
    outcome = { value };
  });
  await timers.advance(durationMs);
  return outcome as { readonly value: T } | 'pending';
}

const receipt = Uint8Array.from({ length: 20_000 }, (_, index) => index % 251);

describe('writing to usblp', () => {
  it('hands everything over in order before it says that it was written', async () => {
    const { model, timers, connection } = await openSession();
    expect(await after(timers, connection.write(receipt), 500)).toEqual({ value: null });
    expect(Buffer.compare(model.received(), receipt)).toBe(0);
  });

  it('keeps a write pending without paper, calls rarely, and goes on afterwards', async () => {
    const { model, timers, connection } = await openSession();
    model.hold();
    const written = connection.write(receipt);
    expect(await after(timers, written, 60_000)).toBe('pending');
    // 100 reads and at most 50 writes a second.
    expect(model.callCount()).toBeLessThan(60 * 160);
    model.resume();
    expect(await after(timers, written, 500)).toEqual({ value: null });
    expect(Buffer.compare(model.received(), receipt)).toBe(0);
  });

  it.each(['EAGAIN', 'EINTR', 'ENOSPC'])('tries again after %s', async (code) => {
    const { model, timers, connection, losses } = await openSession();
    model.failNext('write', code, code, code);
    expect(await after(timers, connection.write(receipt), 500)).toEqual({ value: null });
    expect(Buffer.compare(model.received(), receipt)).toBe(0);
    expect(losses).toEqual([]);
  });

  it('keeps two writes in order', async () => {
    const { model, timers, connection } = await openSession();
    const both = Promise.all([
      connection.write(Uint8Array.of(1, 2)),
      connection.write(Uint8Array.of(3)),
    ]);
    expect(await after(timers, both, 100)).toEqual({ value: [null, null] });
    expect([...model.received()]).toEqual([1, 2, 3]);
  });
});

describe('the end of a usblp session', () => {
  it('waits until the last block has left, since closing would throw it away', async () => {
    const { model, timers, connection } = await openSession();
    model.hold();
    void connection.write(Uint8Array.of(1, 2, 3));
    const ended = connection.end(2000);
    expect(await after(timers, ended, 1000)).toBe('pending');
    expect(model.openCount()).toBe(1);
    model.resume();
    expect(await after(timers, ended, 500)).toEqual({ value: null });
    expect([...model.received()]).toEqual([1, 2, 3]);
    expect(model.openCount()).toBe(0);
    expect(timers.pendingCount()).toBe(0);
  });

  it('closes at the deadline all the same, and says that bytes were left', async () => {
    const { model, timers, connection } = await openSession();
    model.hold();
    const written = connection.write(Uint8Array.of(1, 2, 3));
    const ended = connection.end(2000);
    expect(await after(timers, ended, 2000)).toMatchObject({ value: { code: 'timeout' } });
    expect(await written).toMatchObject({ code: 'closed' });
    expect(model.openCount()).toBe(0);
    expect(timers.pendingCount()).toBe(0);
  });

  it('may be asked for twice; nothing is written afterwards', async () => {
    const { model, timers, connection } = await openSession();
    const both = Promise.all([connection.end(100), connection.end(100)]);
    expect(await after(timers, both, 100)).toEqual({ value: [null, null] });
    expect(await connection.write(Uint8Array.of(9))).toMatchObject({ code: 'closed' });
    expect(model.received().length).toBe(0);
  });
});

describe('an unplugged usblp printer', () => {
  it.each(['EIO', 'ENODEV'] as const)('is lost with %s, once', async (code) => {
    const { model, timers, connection, losses } = await openSession();
    model.hold();
    const written = connection.write(receipt);
    await timers.advance(100);
    model.unplug(code);
    expect(await after(timers, written, 100)).toMatchObject({ value: { code: 'offline' } });
    expect(losses).toHaveLength(1);
    expect(losses[0]?.detail).toContain(code);
    expect(await after(timers, connection.end(500), 500)).toMatchObject({
      value: { code: 'offline' },
    });
    expect(timers.pendingCount()).toBe(0);
    expect(model.openCount()).toBe(0);
  });

  it('is noticed by reading alone', async () => {
    const { model, timers, losses } = await openSession();
    model.unplug('ENODEV');
    await timers.advance(20);
    expect(losses).toHaveLength(1);
  });
});

describe('reading from usblp', () => {
  it('delivers what the printer says, however long, and forgets the old listener', async () => {
    const { model, timers, connection } = await openSession();
    const heard: number[] = [];
    connection.onData(() => heard.push(-1));
    connection.onData((chunk) => heard.push(...chunk));
    model.say(receipt.subarray(0, 1500));
    await timers.advance(50);
    expect(heard).toEqual([...receipt.subarray(0, 1500)]);
  });

  it('writes to a printer that cannot be read at all', async () => {
    const model = createUsblpModel();
    model.failNext('read', 'EINVAL');
    const timers = createManualTimers();
    const connected = await usbLpTransport(path, model, systemFolders, timers).connect(1000);
    if (!connected.ok) throw new Error(connected.error.detail);
    const written = connected.value.write(Uint8Array.of(7));
    expect(await after(timers, written, 100)).toEqual({ value: null });
  });
});

describe('opening a usblp node', () => {
  it.each([
    ['ENOENT', 'no-hardware'],
    ['ENODEV', 'no-hardware'],
    ['EBUSY', 'claimed-elsewhere'],
    ['EACCES', 'not-permitted'],
    ['EIO', 'offline'],
  ])('%s means %s', async (fault, code) => {
    const model = createUsblpModel();
    model.failNext('open', fault);
    const timers = createManualTimers();
    const transport = usbLpTransport(path, model, systemFolders, timers);
    expect(await transport.connect(1000)).toMatchObject({ ok: false, error: { code } });
    expect(timers.pendingCount()).toBe(0);
  });

  it('gives up at the deadline and closes a node that opens later', async () => {
    const model = createUsblpModel();
    let openNow = (): void => undefined;
    const late = new Promise<void>((resolve) => {
      openNow = resolve;
    });
    const files = { open: (node: string) => late.then(() => model.open(node)) };
    const timers = createManualTimers();
    const connecting = usbLpTransport(path, files, systemFolders, timers).connect(300);
    expect(await after(timers, connecting, 300)).toMatchObject({
      value: { ok: false, error: { code: 'timeout' } },
    });
    openNow();
    await timers.advance(0);
    expect(model.openCount()).toBe(0);
  });
});

describe('finding a USB printer', () => {
  let root = '';
  beforeEach(async (context) => {
    if (process.platform === 'win32') context.skip('Windows has no /sys, and few may make links');
    root = await mkdtemp(join(tmpdir(), 'puan-sys-'));
  });
  afterEach(() => rm(root, { recursive: true }));

  /** The folders and links that the kernel shows for one printer. */
  async function plug(node: string, place: string, serialNumber: string | null): Promise<void> {
    const device = join(root, 'devices/usb1', place);
    const printerInterface = join(device, `${place}:1.0`);
    await mkdir(join(printerInterface, 'usbmisc', node), { recursive: true });
    await writeFile(join(device, 'idVendor'), '04b8\n');
    await writeFile(join(device, 'idProduct'), '0e15\n');
    await writeFile(join(device, 'manufacturer'), 'EPSON\n');
    await writeFile(join(device, 'product'), 'TM-T20II\n');
    if (serialNumber !== null) await writeFile(join(device, 'serial'), `${serialNumber}\n`);
    const classFolder = join(root, 'class/usbmisc', node);
    await mkdir(classFolder, { recursive: true });
    await writeFile(join(classFolder, 'uevent'), `MAJOR=180\nMINOR=0\nDEVNAME=usb/${node}\n`);
    await symlink(printerInterface, join(classFolder, 'device'));
  }

  const unplug = (node: string) => rm(join(root, 'class/usbmisc', node), { recursive: true });

  async function openedPath(address: string): Promise<string> {
    const model = createUsblpModel();
    const opened: string[] = [];
    const files = {
      open(node: string) {
        opened.push(node);
        return model.open(node);
      },
    };
    const folders = { sysFolder: root, devFolder: '/dev' };
    const place = parseAddress(address);
    const timers = createManualTimers();
    const connected = await usbLpTransport(place, files, folders, timers).connect(100);
    return connected.ok ? (opened[0] ?? '') : connected.error.detail;
  }

  it('lists what the kernel shows', async () => {
    await plug('lp0', '1-2', 'J5AF01');
    expect(await listUsbPrinters({ sysFolder: root, devFolder: '/dev' })).toEqual([
      {
        path: '/dev/usb/lp0',
        vendorId: '04b8',
        productId: '0e15',
        serialNumber: 'J5AF01',
        usbPlace: '1-2',
        name: 'EPSON TM-T20II',
      },
    ]);
  });

  it('finds it by serial number under another node after a replug', async () => {
    await plug('lp0', '1-2', 'J5AF01');
    expect(await openedPath('usb:04b8:0e15:J5AF01')).toBe('/dev/usb/lp0');
    await unplug('lp0');
    expect(await openedPath('usb:04b8:0e15:J5AF01')).toContain('no USB printer');
    await plug('lp1', '1-3', 'J5AF01');
    expect(await openedPath('usb:04b8:0e15:J5AF01')).toBe('/dev/usb/lp1');
  });

  it('tells two of a model apart by place, and refuses to guess', async () => {
    await plug('lp0', '1-2', null);
    await plug('lp1', '1-4.1', null);
    expect(await openedPath('usb:04b8:0e15@1-4.1')).toBe('/dev/usb/lp1');
    expect(await openedPath('usb:04b8:0e15@1-2')).toBe('/dev/usb/lp0');
    expect(await openedPath('usb:04b8:0e15')).toContain('/dev/usb/lp0 at 1-2');
  });

  it('finds none where there is no usblp', async () => {
    expect(await listUsbPrinters({ sysFolder: join(root, 'none'), devFolder: '/dev' })).toEqual([]);
  });
});
