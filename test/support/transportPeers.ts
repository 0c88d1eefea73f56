// Owns the far ends of the wires that tests print through: a socket, a pseudo-terminal, two FIFOs,
// a model of usblp, and a shop's own adapter.
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { constants, openSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SerialPort } from 'serialport';
import type { TestContext } from 'vitest';
import { bridgeTransport } from '#drivers/printer/bridge/bridgeAdapter.ts';
import { type DeviceFiles, systemDeviceFiles } from '#drivers/printer/wire/deviceFiles.ts';
import { networkTransport } from '#drivers/printer/wire/network.ts';
import { serialTransport } from '#drivers/printer/wire/serial.ts';
import { systemFolders, usbLpTransport } from '#drivers/printer/wire/usbLp.ts';
import { success } from '#drivers/result.ts';
import { systemTimers } from '#drivers/timers.ts';
import { openPtyPair, type PtyPair } from '#drivers/virtual/ptyPair.ts';
import type { TransportPeer, TransportUnderTest } from '#test/conformance/transport.ts';
import { createUsblpModel } from '#test/support/usblpModel.ts';

/** More than Linux's largest socket buffers on both sides together. */
const SOCKET_FLOOD_BYTES = 24_000_000;
const PIPE_FLOOD_BYTES = 300_000;

/** Keeps what came, and tells when it was enough. */
function createInbox() {
  const chunks: Uint8Array[] = [];
  let size = 0;
  let waiters: { readonly count: number; readonly settle: () => void }[] = [];
  return {
    take(chunk: Uint8Array): void {
      chunks.push(chunk);
      size += chunk.length;
      const due = waiters.filter(({ count }) => size >= count);
      waiters = waiters.filter(({ count }) => size < count);
      for (const { settle } of due) settle();
    },
    async received(count: number): Promise<Uint8Array> {
      if (size < count) {
        await new Promise<void>((settle) => {
          waiters.push({ count, settle });
        });
      }
      return Buffer.concat(chunks);
    },
  };
}

interface SocketPeer extends TransportPeer {
  readonly port: number;
  close(): Promise<void>;
}

/** A printer on 127.0.0.1 that closes when the till does. */
async function startSocketPeer(): Promise<SocketPeer> {
  const inbox = createInbox();
  const sockets: net.Socket[] = [];
  let isHolding = false;
  const server = net.createServer((socket) => {
    sockets.push(socket);
    socket.on('data', inbox.take);
    socket.on('error', () => undefined);
    if (isHolding) socket.pause();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    received: inbox.received,
    say(bytes) {
      for (const socket of sockets) if (socket.writable) socket.write(bytes);
    },
    hold() {
      isHolding = true;
      for (const socket of sockets) socket.pause();
    },
    resume() {
      isHolding = false;
      for (const socket of sockets) socket.resume();
    },
    async vanish() {
      for (const socket of sockets) socket.resetAndDestroy();
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Nobody listens on port 1 of this computer. */
const absentTcp = networkTransport('127.0.0.1', 1, systemTimers);

export async function overTcp(): Promise<TransportUnderTest> {
  const peer = await startSocketPeer();
  return {
    transport: networkTransport('127.0.0.1', peer.port, systemTimers),
    peer,
    floodBytes: SOCKET_FLOOD_BYTES,
    reopens: true,
    absent: absentTcp,
    close: () => peer.close(),
  };
}

async function openPair(context: TestContext, folder: string): Promise<PtyPair> {
  const pair = await openPtyPair(join(folder, 'till'), join(folder, 'printer'));
  if (!pair.ok) context.skip(`${pair.error.code}: ${pair.error.detail}`);
  return pair.value;
}

/** The printer's end of a pair of pseudo-terminals. */
async function startPtyPeer(pair: PtyPair): Promise<TransportPeer & { close(): Promise<void> }> {
  const inbox = createInbox();
  const port = new SerialPort({ path: pair.farPath, baudRate: 19_200, autoOpen: false });
  await new Promise<void>((resolve, reject) => {
    port.open((error) => (error === null ? resolve() : reject(error)));
  });
  port.on('data', inbox.take);
  port.on('error', () => undefined);
  async function end(): Promise<void> {
    if (port.isOpen) await new Promise<void>((resolve) => port.close(() => resolve()));
    await pair.close();
  }
  return {
    received: inbox.received,
    say: (bytes) => void port.write(bytes),
    hold: () => void port.pause(),
    resume: () => void port.resume(),
    vanish: end,
    close: end,
  };
}

async function overPty(
  context: TestContext,
  transportTo: (path: string) => TransportUnderTest['transport'],
): Promise<TransportUnderTest> {
  const folder = await mkdtemp(join(tmpdir(), 'puan-pty-'));
  const peer = await startPtyPeer(await openPair(context, folder));
  // A test that skips itself closes nothing.
  context.onTestFinished(() => peer.close());
  return {
    transport: transportTo(join(folder, 'till')),
    peer,
    floodBytes: PIPE_FLOOD_BYTES,
    reopens: false,
    absent: transportTo(join(folder, 'nothing')),
    async close() {
      await peer.close();
      await rm(folder, { recursive: true });
    },
  };
}

export const overSerial = (context: TestContext): Promise<TransportUnderTest> =>
  overPty(context, (path) =>
    serialTransport({ address: path, baudRate: 19_200, flow: 'xon-xoff' }, systemTimers),
  );

const usbLpAt = (path: string, files: DeviceFiles) =>
  usbLpTransport({ type: 'path', path }, files, systemFolders, systemTimers);

/** A pseudo-terminal is a character device as usblp's node is: EAGAIN when full, EIO when gone. */
export const overUsbPty = (context: TestContext): Promise<TransportUnderTest> =>
  overPty(context, (path) => usbLpAt(path, systemDeviceFiles));

/** One node of two FIFOs, since one alone would read back what it wrote. */
const fifoFiles: DeviceFiles = {
  async open(path) {
    const out = await systemDeviceFiles.open(`${path}.out`);
    if (!out.ok) return out;
    const back = await systemDeviceFiles.open(`${path}.in`);
    if (!back.ok) return back;
    return success({
      read: (sizeBytes) => back.value.read(sizeBytes),
      write: (bytes) => out.value.write(bytes),
      async close() {
        await back.value.close();
        return out.value.close();
      },
    });
  },
};

export async function overUsbFifo(context: TestContext): Promise<TransportUnderTest> {
  const folder = await mkdtemp(join(tmpdir(), 'puan-fifo-'));
  const path = join(folder, 'lp0');
  const made = spawnSync('mkfifo', [`${path}.out`, `${path}.in`]);
  if (made.status !== 0) context.skip('this system has no mkfifo');
  const inbox = createInbox();
  const flags = constants.O_RDWR | constants.O_NONBLOCK;
  // Both ways in both modes, so that the FIFOs outlive a session.
  const reader = new net.Socket({ fd: openSync(`${path}.out`, flags), writable: false });
  const writer = new net.Socket({ fd: openSync(`${path}.in`, flags), readable: false });
  reader.on('data', inbox.take);
  return {
    transport: usbLpAt(path, fifoFiles),
    peer: {
      received: inbox.received,
      say: (bytes) => void writer.write(bytes),
      hold: () => void reader.pause(),
      resume: () => void reader.resume(),
      vanish: null,
    },
    floodBytes: PIPE_FLOOD_BYTES,
    reopens: true,
    absent: usbLpAt(join(folder, 'nothing'), fifoFiles),
    async close() {
      reader.destroy();
      writer.destroy();
      await rm(folder, { recursive: true });
    },
  };
}

export async function overUsblpModel(): Promise<TransportUnderTest> {
  const model = createUsblpModel();
  return {
    transport: usbLpAt('/dev/usb/lp0', model),
    peer: {
      async received(count) {
        while (model.received().length < count) await model.progress();
        return model.received();
      },
      say: model.say,
      hold: model.hold,
      resume: model.resume,
      vanish: () => Promise.resolve(model.unplug('ENODEV')),
    },
    floodBytes: PIPE_FLOOD_BYTES,
    reopens: true,
    absent: usbLpAt('/dev/usb/no-such-printer', systemDeviceFiles),
    close: () => Promise.resolve(),
  };
}

/** As a shop may have written it for escpos: CommonJS, callbacks, an event emitter. */
function adapterSource(port: number): string {
  return `
const net = require('node:net');
const { EventEmitter } = require('node:events');
class ShopAdapter extends EventEmitter {
  open(callback) {
    let isOpen = false;
    this.wire = net.connect(${port}, '127.0.0.1', () => { isOpen = true; callback(null); });
    this.wire.on('error', (error) => (isOpen ? this.emit('error', error) : callback(error)));
    this.wire.on('data', (data) => this.emit('data', data));
    return this;
  }
  write(data, callback) { this.wire.write(data, callback); return this; }
  close(callback) { this.wire.once('close', () => callback(null)); this.wire.end(); return this; }
}
module.exports = () => new ShopAdapter();
`;
}

export async function overBridge(): Promise<TransportUnderTest> {
  const peer = await startSocketPeer();
  const folder = await mkdtemp(join(tmpdir(), 'puan-adapter-'));
  const [path, absentPath] = [join(folder, 'adapter.cjs'), join(folder, 'absent.cjs')];
  await writeFile(path, adapterSource(peer.port));
  await writeFile(absentPath, adapterSource(1));
  return {
    transport: bridgeTransport(path, systemTimers),
    peer,
    floodBytes: SOCKET_FLOOD_BYTES,
    reopens: true,
    absent: bridgeTransport(absentPath, systemTimers),
    async close() {
      await peer.close();
      await rm(folder, { recursive: true });
    },
  };
}
