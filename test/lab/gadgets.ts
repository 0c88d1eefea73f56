// Owns USB devices on the kernel's dummy controller (configfs gadgets). Runs in the lab's guest, in
// the process of the device's side only.
import { execFileSync, spawn } from 'node:child_process';
import {
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  readSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import net from 'node:net';
import { until } from '#test/lab/until.ts';

export interface UsbIdentity {
  readonly vendorId: number;
  readonly productId: number;
  readonly manufacturer: string;
  readonly product: string;
  /** Empty: a device without one. */
  readonly serialNumber: string;
}

export interface HidInterface {
  readonly descriptor: readonly number[];
  readonly reportBytes: number;
  readonly isKeyboard: boolean;
}

const ROOT = '/sys/kernel/config/usb_gadget';
const READ_BYTES = 65_536;
const POLL_MS = 5;
/** What the cable may hold of a printer that takes nothing more. */
const BEHIND_BYTES_MAX = 1024;

function codeOf(error: unknown): string | undefined {
  return error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
}

/** What a call gives, or null where it fails by this code: busy, or not there yet. */
function unless<T>(code: string, call: () => T): T | null {
  try {
    return call();
  } catch (error) {
    if (codeOf(error) === code) return null;
    throw error;
  }
}

/** Null when the device cannot take or give anything just now. */
const unlessBusy = <T>(call: () => T): T | null => unless('EAGAIN', call);

function freeController(): string {
  const used = readdirSync(ROOT).map((name) => readFileSync(`${ROOT}/${name}/UDC`, 'utf8').trim());
  const free = readdirSync('/sys/class/udc').find((controller) => !used.includes(controller));
  if (free === undefined) throw new Error('no dummy controller is free');
  return free;
}

interface GadgetFunction {
  /** Such as `hid.scanner0`: its kind and a name of its own. */
  readonly name: string;
  readonly attributes: Readonly<Record<string, string | Uint8Array>>;
}

class Gadget {
  readonly #folder: string;

  constructor(name: string, identity: UsbIdentity, functions: readonly GadgetFunction[]) {
    this.#folder = `${ROOT}/${name}`;
    const hex = (value: number) => `0x${value.toString(16)}`;
    mkdirSync(this.#folder);
    this.#write('idVendor', hex(identity.vendorId));
    this.#write('idProduct', hex(identity.productId));
    this.#write('bcdUSB', '0x0200');
    mkdirSync(`${this.#folder}/strings/0x409`);
    this.#write('strings/0x409/manufacturer', identity.manufacturer);
    this.#write('strings/0x409/product', identity.product);
    if (identity.serialNumber !== '') {
      this.#write('strings/0x409/serialnumber', identity.serialNumber);
    }
    mkdirSync(`${this.#folder}/configs/c.1`);
    for (const { name: kind, attributes } of functions) {
      mkdirSync(`${this.#folder}/functions/${kind}`);
      for (const [key, value] of Object.entries(attributes)) {
        this.#write(`functions/${kind}/${key}`, value);
      }
      symlinkSync(`${this.#folder}/functions/${kind}`, `${this.#folder}/configs/c.1/${kind}`);
    }
  }

  #write(file: string, value: string | Uint8Array): void {
    writeFileSync(`${this.#folder}/${file}`, value);
  }

  read(file: string): string {
    return readFileSync(`${this.#folder}/${file}`, 'utf8').trim();
  }

  plug(): void {
    this.#write('UDC', freeController());
  }

  unplug(): void {
    try {
      this.#write('UDC', '\n');
    } catch (error) {
      if (codeOf(error) !== 'ENODEV') throw error;
    }
  }
}

/** What the device got from the host, and what it can send; bytes of a serial line, or reports. */
export interface DeviceSide {
  plug(): void | Promise<void>;
  unplug(): void | Promise<void>;
  /** Resolves once the host has taken it. `channel` is the interface of a device with several. */
  send(bytes: Uint8Array, channel: number): Promise<void>;
  /** All that the host sent since it was plugged in. */
  received(): Uint8Array;
}

function isOpenBy(pid: number, node: string): boolean {
  const folder = `/proc/${pid}/fd`;
  return readdirSync(folder).some((file) => {
    try {
      return readlinkSync(`${folder}/${file}`) === node;
    } catch {
      // Closed meanwhile.
      return false;
    }
  });
}

/** Reads in a child: a read that blocks in our own threads could not be called off. */
async function collect(node: string): Promise<{ bytes(): Uint8Array; stop(): void }> {
  const child = spawn('cat', [node], { stdio: ['ignore', 'pipe', 'ignore'] });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  // A HID gadget keeps the host's last report only: the reader must be there before the first.
  await until(() => isOpenBy(child.pid ?? 0, node), `a reader of ${node}`);
  return { bytes: () => Buffer.concat(chunks), stop: () => void child.kill('SIGKILL') };
}

export function hidGadget(
  name: string,
  identity: UsbIdentity,
  interfaces: readonly HidInterface[],
): DeviceSide {
  const kinds = interfaces.map((_one, index) => `hid.${name}${index}`);
  const gadget = new Gadget(
    name,
    identity,
    interfaces.map(({ descriptor, reportBytes, isKeyboard }, index) => ({
      name: kinds[index] ?? '',
      attributes: {
        protocol: isKeyboard ? '1' : '0',
        subclass: isKeyboard ? '1' : '0',
        report_length: String(reportBytes),
        // All that the host says then comes as SET_REPORT, in order.
        no_out_endpoint: '1',
        report_desc: Uint8Array.from(descriptor),
      },
    })),
  );
  const nodes = kinds.map((kind) => {
    const minor = gadget.read(`functions/${kind}/dev`).split(':')[1] ?? '';
    return `/dev/hidg${minor}`;
  });
  let collected: Awaited<ReturnType<typeof collect>> | null = null;
  return {
    async plug() {
      gadget.plug();
      await until(() => nodes.every((node) => existsSync(node)));
      collected = await collect(nodes[0] ?? '');
    },
    unplug() {
      collected?.stop();
      gadget.unplug();
    },
    async send(bytes, channel) {
      const node = nodes[channel] ?? '';
      const file = openSync(node, constants.O_RDWR | constants.O_NONBLOCK);
      try {
        await until(() => unlessBusy(() => writeSync(file, bytes)) !== null);
      } finally {
        closeSync(file);
      }
    },
    received: () => collected?.bytes() ?? new Uint8Array(),
  };
}

export function serialGadget(name: string, identity: UsbIdentity): DeviceSide {
  const kind = `acm.${name}`;
  const gadget = new Gadget(name, identity, [{ name: kind, attributes: {} }]);
  const node = `/dev/ttyGS${gadget.read(`functions/${kind}/port_num`)}`;
  let collected: Awaited<ReturnType<typeof collect>> | null = null;
  return {
    async plug() {
      gadget.plug();
      await until(() => existsSync(node));
      execFileSync('stty', ['-F', node, 'raw', '-echo', '-echoe', '-echok']);
      collected = await collect(node);
    },
    unplug() {
      collected?.stop();
      gadget.unplug();
    },
    async send(bytes) {
      // Not blocking: a till that never opened the port must not stop the device.
      const file = openSync(node, constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
      let sent = 0;
      try {
        await until(() => {
          sent += unlessBusy(() => writeSync(file, bytes.subarray(sent))) ?? 0;
          return sent === bytes.length;
        });
      } finally {
        closeSync(file);
      }
    },
    received: () => collected?.bytes() ?? new Uint8Array(),
  };
}

/** The kernel numbers printers' nodes in the order in which they were made; it has four. */
let printerCount = 0;

export interface PrinterGadget extends DeviceSide {
  /** False: takes nothing more, as a printer that is out of paper with a full buffer. */
  setTaking(isTaking: boolean): void;
}

/**
 * A USB printer. With a TCP port, what the host sends goes there and the answers come back, so that
 * a virtual printer stands behind the cable; without one, it only keeps what came.
 */
export function printerGadget(
  name: string,
  identity: UsbIdentity,
  behindPort: number | null,
): PrinterGadget {
  const gadget = new Gadget(name, identity, [
    {
      name: `printer.${name}`,
      attributes: { pnp_string: 'MFG:EPSON;CMD:ESC/POS;MDL:TM-LAB;CLS:PRINTER;', q_len: '10' },
    },
  ]);
  const node = `/dev/g_printer${printerCount}`;
  printerCount += 1;
  const chunks: Buffer[] = [];
  const buffer = Buffer.alloc(READ_BYTES);
  let open: { readonly file: number; readonly timer: NodeJS.Timeout } | null = null;
  let behind: net.Socket | null = null;
  let isTaking = true;

  function take(file: number): void {
    while (isTaking && (behind?.writableLength ?? 0) < BEHIND_BYTES_MAX) {
      const size = unlessBusy(() => readSync(file, buffer)) ?? 0;
      if (size === 0) return;
      const chunk = Buffer.from(buffer.subarray(0, size));
      chunks.push(chunk);
      behind?.write(chunk);
    }
  }
  function joinBehind(port: number): void {
    const socket = net.connect({ port, host: '127.0.0.1', noDelay: true });
    socket.on('data', (chunk) => {
      if (open === null) return;
      const { file } = open;
      unlessBusy(() => writeSync(file, chunk));
    });
    socket.on('error', () => undefined);
    // A printer that was switched off and on is still plugged in.
    socket.on('close', () => {
      if (behind === socket) joinBehind(port);
    });
    behind = socket;
  }
  function unplug(): void {
    gadget.unplug();
    if (open !== null) {
      clearInterval(open.timer);
      closeSync(open.file);
      open = null;
    }
    const old = behind;
    behind = null;
    old?.destroy();
  }
  return {
    async plug() {
      chunks.length = 0;
      gadget.plug();
      await until(() => existsSync(node));
      // One opener only, and its driver holds one lock over a read that blocks.
      const flags = constants.O_RDWR | constants.O_NONBLOCK;
      // Its node is there before the host has chosen it.
      const file = await until(() => unless('ENODEV', () => openSync(node, flags)));
      open = { file, timer: setInterval(() => take(file), POLL_MS) };
      if (behindPort !== null) joinBehind(behindPort);
    },
    unplug,
    async send(bytes) {
      if (open === null) throw new Error('a printer that is not plugged in says nothing');
      const { file } = open;
      await until(() => unlessBusy(() => writeSync(file, bytes)) !== null);
    },
    received: () => Buffer.concat(chunks),
    setTaking(isOn) {
      isTaking = isOn;
    },
  };
}
