// Goal: the edge to node-hid opens, reads, writes, loses and lists as its faults demand.
// Method: a library of this process that behaves as node-hid 3.4.0 was seen to (scanners.md §1),
// and Linux's device files written into a folder. The package itself is loaded once.
import { EventEmitter } from 'node:events';
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { DeviceError } from '#drivers/device.ts';
import {
  createHidSystem,
  type HidHandle,
  type HidLibrary,
  systemHid,
} from '#drivers/scanner/hid/hidDevices.ts';
import type { LinuxFolders } from '#drivers/scanner/hid/hidSysfs.ts';
import { hidDescriptorOf } from '#drivers/virtual/hidScanner.ts';

/** An open device that reads only while it has a listener, and answers what the test decides. */
class FakeHandle extends EventEmitter implements HidHandle {
  readonly written: number[][] = [];
  readonly features: number[][] = [];
  closeCount = 0;
  answerFeature: () => Promise<unknown> = async () => 2;
  takeWrite: () => Promise<unknown> = async () => 1;
  async write(bytes: number[]) {
    this.written.push(bytes);
    await this.takeWrite();
  }
  async sendFeatureReport(bytes: number[]) {
    this.features.push(bytes);
    await this.answerFeature();
  }
  async close() {
    this.closeCount += 1;
    this.removeAllListeners();
  }
}

type Listed = Awaited<ReturnType<HidLibrary['devicesAsync']>>;

function libraryOf(handle: FakeHandle | Error, listed: Listed = []): HidLibrary {
  return {
    HIDAsync: {
      async open() {
        if (handle instanceof Error) throw handle;
        return handle;
      },
    },
    devicesAsync: async () => listed,
  };
}

async function openOn(handle: FakeHandle | Error, listed: Listed = [], path = 'HID#1') {
  const system = createHidSystem({ load: async () => libraryOf(handle, listed), folders: null });
  const reports: number[][] = [];
  const losses: DeviceError[] = [];
  const opened = await system.open(path, null, {
    onData: (report) => reports.push([...report]),
    onClosed: (error) => losses.push(error),
  });
  return { opened, reports, losses };
}

async function mustOpen(handle: FakeHandle, listed: Listed = []) {
  const { opened, ...rest } = await openOn(handle, listed);
  if (!opened.ok) throw new Error(opened.error.detail);
  return { port: opened.value, ...rest };
}

const turn = () => new Promise<void>((resolve) => void setImmediate(resolve));
const scannerListed = {
  path: 'HID#1',
  vendorId: 0x0c2e,
  productId: 0x1007,
  serialNumber: '',
  product: 'Xenon',
  usagePage: 0x8c,
};

describe('an open device', () => {
  it('listens to errors before it reads, and passes each report on', async () => {
    const handle = new FakeHandle();
    const names: string[] = [];
    handle.on('newListener', (name: string) => names.push(name));
    const { reports } = await mustOpen(handle);
    expect(names).toEqual(['error', 'data']);
    handle.emit('data', Uint8Array.of(2, 1));
    expect(reports).toEqual([[2, 1]]);
  });

  it('closes after an error that is a plain string, and says so once', async () => {
    const handle = new FakeHandle();
    const { losses, port } = await mustOpen(handle);
    handle.emit('error', 'could not read from HID device');
    await turn();
    expect(losses).toEqual([{ code: 'offline', detail: 'could not read from HID device' }]);
    expect(handle.closeCount).toBe(1);
    await port.close();
    expect(handle.closeCount).toBe(1);
  });

  it('says nothing more once closed', async () => {
    const handle = new FakeHandle();
    const { losses, reports, port } = await mustOpen(handle);
    const [onError] = handle.listeners('error');
    const [onData] = handle.listeners('data');
    await Promise.all([port.close(), port.close()]);
    onData?.(Uint8Array.of(1));
    onError?.(new Error('late'));
    await turn();
    expect([reports, losses, handle.closeCount]).toEqual([[], [], 1]);
  });

  it('writes reports, and refuses more than eight that wait', async () => {
    const handle = new FakeHandle();
    const { port } = await mustOpen(handle);
    expect(await port.write(Uint8Array.of(0xfd, 1, 7))).toBeNull();
    expect(handle.written).toEqual([[0xfd, 1, 7]]);
    let letGo = (): void => undefined;
    const stuck = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    handle.takeWrite = () => stuck;
    const waiting = Array.from({ length: 8 }, () => port.write(Uint8Array.of(1)));
    expect((await port.write(Uint8Array.of(1)))?.code).toBe('busy');
    letGo();
    expect(await Promise.all(waiting)).toEqual(Array.from({ length: 8 }, () => null));
    handle.takeWrite = () => Promise.reject(new Error('hid_error: gone'));
    expect((await port.write(Uint8Array.of(1)))?.code).toBe('failure');
  });

  it.for([
    ['cannot open device with path /dev/hidraw0: Permission denied', 'not-permitted'],
    ['cannot open device with path /dev/hidraw0: No such file or directory', 'no-hardware'],
    [
      'hid_open_path: failed to open IOHIDDevice: (0xE00002C5) exclusive access',
      'claimed-elsewhere',
    ],
    ['libudev.so.1: cannot open shared object file', 'failure'],
  ] as const)('tells why it does not open: %s', async ([words, code]) => {
    const { opened } = await openOn(new Error(words));
    expect(opened).toEqual({ ok: false, error: { code, detail: words } });
  });

  it('says what is missing where the library cannot be loaded', async () => {
    const load = () => Promise.reject(new Error('libudev.so.1: cannot open shared object file'));
    const system = createHidSystem({ load, folders: null });
    const listener = { onData: () => undefined, onClosed: () => undefined };
    expect((await system.open('x', null, listener)).ok).toBe(false);
    expect(await system.list()).toBeNull();
    expect(await system.node('x')).toBeNull();
  });
});

describe('the feature report that enables', () => {
  it('is sent to Honeywell where no descriptor tells, and to nobody else', async () => {
    const handle = new FakeHandle();
    await mustOpen(handle, [scannerListed]);
    await turn();
    expect(handle.features).toEqual([[254, 1]]);
    const other = new FakeHandle();
    await mustOpen(other, [{ ...scannerListed, vendorId: 0x05e0 }]);
    await turn();
    expect(other.features).toEqual([]);
  });

  it('may be refused, or never be answered, without a scan being lost', async () => {
    for (const answer of [() => Promise.reject(new Error('EPIPE')), () => new Promise(() => 0)]) {
      const handle = new FakeHandle();
      handle.answerFeature = answer;
      const { reports, losses } = await mustOpen(handle, [scannerListed]);
      await turn();
      expect(handle.features).toEqual([[254, 1]]);
      handle.emit('data', Uint8Array.of(2));
      expect([reports, losses]).toEqual([[[2]], []]);
    }
  });
});

describe('a list of the library', () => {
  it('names scanners by usage page, and leaves their vendor twin alone', async () => {
    const twin = { ...scannerListed, path: 'HID#2', usagePage: 0xff8c };
    const { path: _path, ...pathless } = scannerListed;
    const load = async () => libraryOf(new FakeHandle(), [scannerListed, twin, pathless]);
    const system = createHidSystem({ load, folders: null });
    expect(await system.list()).toEqual([
      {
        path: 'HID#1',
        vendorId: '0c2e',
        productId: '1007',
        serialNumber: null,
        usbPlace: null,
        name: 'Xenon',
        usagePages: [0x8c],
        isPermitted: true,
      },
    ]);
    expect(await system.node('HID#1')).not.toBeNull();
    expect(await system.node('HID#9')).toBeNull();
    expect(await system.descriptor('HID#1')).toBeNull();
  });

  it('takes a list that fails once for no unplug', async () => {
    let library: HidLibrary | null = libraryOf(new FakeHandle(), [scannerListed]);
    const load = async () => {
      if (library === null) throw new Error('busy');
      return library;
    };
    const system = createHidSystem({ load, folders: null });
    const before = await system.node('HID#1');
    library = null;
    expect(await system.node('HID#1')).toEqual(before);
  });
});

describe('the files of Linux', () => {
  let root: string | null = null;
  afterEach(async () => {
    if (root !== null) await rm(root, { recursive: true });
    root = null;
  });

  async function makeFolders(): Promise<LinuxFolders> {
    root = await mkdtemp(join(tmpdir(), 'puan-hid-'));
    await mkdir(join(root, 'sys/class/hidraw'), { recursive: true });
    await mkdir(join(root, 'dev'));
    return { sys: join(root, 'sys'), dev: join(root, 'dev') };
  }

  async function plug(folders: LinuxFolders, name: string, uevent: string, descriptor: Uint8Array) {
    const device = join(folders.sys, 'devices/pci0/usb1/1-2/1-2.3/1-2.3:1.0', `0003:${name}`);
    await mkdir(device, { recursive: true });
    await writeFile(join(device, 'uevent'), uevent);
    await writeFile(join(device, 'report_descriptor'), descriptor);
    await mkdir(join(folders.sys, 'class/hidraw', name));
    await symlink(device, join(folders.sys, 'class/hidraw', name, 'device'));
    await writeFile(join(folders.dev, name), '');
  }

  const uevent =
    'DRIVER=hid-generic\nHID_ID=0003:00000C2E:00001007\nHID_NAME=Honeywell Xenon 1902\n' +
    'HID_PHYS=usb-xhci-1/input0\nHID_UNIQ=SN1234\n';

  it('name a scanner, its place and its descriptor; no library is loaded for it', async () => {
    const folders = await makeFolders();
    await plug(folders, 'hidraw3', uevent, hidDescriptorOf('honeywell'));
    await plug(folders, 'hidraw4', 'HID_ID=0003:000005E0:00002100\n', Uint8Array.of(5, 1));
    const load = () => Promise.reject(new Error('not to be loaded'));
    const system = createHidSystem({ load, folders });
    const path = join(folders.dev, 'hidraw3');
    expect(await system.list()).toEqual([
      {
        path,
        vendorId: '0c2e',
        productId: '1007',
        serialNumber: 'SN1234',
        usbPlace: '1-2.3',
        name: 'Honeywell Xenon 1902',
        usagePages: [0x8c],
        isPermitted: true,
      },
    ]);
    expect((await system.devices())?.map((one) => one.serialNumber)).toEqual(['SN1234', null]);
    expect(await system.descriptor(path)).toEqual(Buffer.from(hidDescriptorOf('honeywell')));
    expect(await system.descriptor(join(folders.dev, 'hidraw9'))).toBeNull();
    const link = join(folders.dev, 'scanner');
    await symlink(path, link);
    expect((await system.node(link))?.realPath).toBe(path);
    expect(await system.descriptor(link)).not.toBeNull();
  });

  it('show a node that this user may not open', async (context) => {
    if (process.getuid?.() === 0) return context.skip('nothing is closed to root');
    const folders = await makeFolders();
    await plug(folders, 'hidraw0', uevent, hidDescriptorOf('honeywell'));
    await chmod(join(folders.dev, 'hidraw0'), 0);
    const system = createHidSystem({ load: async () => libraryOf(new FakeHandle()), folders });
    expect((await system.devices())?.[0]?.isPermitted).toBe(false);
  });

  it('are none on a kernel without hidraw', async () => {
    const folders = { sys: '/nonexistent', dev: '/nonexistent' };
    const system = createHidSystem({ load: async () => libraryOf(new FakeHandle()), folders });
    expect(await system.list()).toBeNull();
  });
});

it('loads the package, and asks this computer without a fault', async () => {
  const listener = { onData: () => undefined, onClosed: () => undefined };
  const opened = await systemHid.open('/nonexistent/hidraw0', null, listener);
  expect(opened.ok ? 'opened' : opened.error.detail).toMatch(/cannot open device|libudev/);
  const listed = await systemHid.list();
  expect(listed === null || Array.isArray(listed)).toBe(true);
});
